package webhook_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/check"
	"github.com/podpattern/podpattern/pattern/webhook"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/util/net"
)

// requireWarnings holds warnings to what the API server passes on whole.
// upstream: kubernetes/apiserver pkg/endpoints/filters/warning.go
func requireWarnings(t testing.TB, warnings []string) {
	t.Helper()
	require.NotEmpty(t, warnings)
	total := 0
	for i, w := range warnings {
		require.LessOrEqual(t, len(w), 256)
		require.NotEmpty(t, w)
		require.NotContains(t, warnings[:i], w)
		_, err := net.NewWarningHeader(299, "", w)
		require.NoError(t, err)
		total += utf8.RuneCountInString(w)
	}
	require.LessOrEqual(t, total, 4096)
}

func TestWarnings(t *testing.T) {
	b := pattern.Bundle("logging", pattern.Sidecar("shipper", "shipper:latest"))
	r, e := ask(t, b, request{object: deployment})
	require.Equal(t, webhook.Injected, e.Outcome)
	require.NotNil(t, r.Patch)
	requireWarnings(t, r.Warnings)
	require.Len(t, r.Warnings, len(e.Findings))
	for i, f := range e.Findings {
		require.Equal(t, check.Warning, f.Level)
		require.True(t, strings.HasPrefix(r.Warnings[i], "bundle logging: spec.template."+strings.TrimPrefix(f.Path, "spec.template.")+": "), r.Warnings[i])
	}
}

func TestWarningsAreBounded(t *testing.T) {
	var helpers []pattern.Helper
	for i := range 60 {
		helpers = append(helpers, pattern.Sidecar(fmt.Sprint("shipper-", i, strings.Repeat("-long", 10)), "shipper"))
	}
	r, e := ask(t, pattern.Bundle("logging", helpers...), request{})
	require.Greater(t, len(e.Findings), 60, "else this is no test")
	requireWarnings(t, r.Warnings)
	require.Len(t, r.Warnings, 16)
	require.Regexp(t, `^and \d\d+ warnings more$`, r.Warnings[15])

	strange := with(t, pod, strings.Repeat("\x1b\u0085ä", 300), "metadata", "annotations", webhook.DefaultOptOut)
	r, _ = ask(t, logging(), request{object: strange})
	requireWarnings(t, r.Warnings)
	require.True(t, strings.HasSuffix(r.Warnings[0], "…"))
	require.Contains(t, r.Warnings[0], webhook.DefaultOptOut)
	require.NotContains(t, r.Warnings[0], string(unicode.ReplacementChar), "it is cut between characters")
}

func TestTheOptOutWarningOfAWorkloadAndItsTemplateIsOne(t *testing.T) {
	object := with(t, with(t, deployment, "no", "metadata", "annotations", webhook.DefaultOptOut), "no", "spec", "template", "metadata", "annotations", webhook.DefaultOptOut)
	r, _ := ask(t, logging(), request{object: object})
	require.Len(t, r.Warnings, 1)
}
