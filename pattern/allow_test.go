package pattern_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/podpattern/podpattern/pattern/check"
	"github.com/stretchr/testify/require"
)

// Allow knows each rule that can be allowed, those of the builder too.
func TestAllowKnowsEveryRule(t *testing.T) {
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	found := 0
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		source, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, m := range regexp.MustCompile(`rule: "([a-z-]+)", level: check\.(?:Broken|Warning)`).FindAllStringSubmatch(string(source), -1) {
			found++
			require.Empty(t, of(with(web()).Allow(m[1], "because").Findings(), "allow-rule"), m[1])
		}
	}
	require.Greater(t, found, 10)
	for _, r := range check.Rules() {
		require.Empty(t, of(with(web()).Allow(r.ID, "because").Findings(), "allow-rule"), r.ID)
	}
	f := of(with(web()).Allow("port-clash", "a typo").Findings(), "allow-rule")
	require.Len(t, f, 1)
	require.Contains(t, f[0].At, "allow_test.go:")
}
