package names_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/podpattern/podpattern/internal/names"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/util/validation"
)

// What is exact agrees with the API's own validation for every string.
func TestExactNames(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	text := func(most int) string {
		b := make([]byte, r.IntN(most+1))
		for i := range b {
			b[i] = "ab9-._/A"[r.IntN(8)]
		}
		return string(b)
	}
	long := func(n int) string { return strings.Repeat("a", n) }
	samples := []string{"", "/", "a/", "/a", "a/b/c", "a/B", "A/b", long(63), long(64), long(253), long(254),
		long(253) + "/" + long(63), long(254) + "/a", "a/" + long(64), "a.b/c", "a..b/c", "a-.b", "a.-b", "é", "a\n", "a_b", "a.", ".a"}
	for range 20000 {
		samples = append(samples, text(6))
	}
	good := [3]int{}
	for _, s := range samples {
		require.Equal(t, len(validation.IsQualifiedName(s)) == 0, names.IsLabelKey(s), "%q", s)
		require.Equal(t, len(validation.IsValidLabelValue(s)) == 0, names.IsLabelValue(s), "%q", s)
		require.Equal(t, len(validation.IsDNS1123Subdomain(s)) == 0, names.IsSubdomain(s), "%q", s)
		for i, ok := range []bool{names.IsLabelKey(s), names.IsLabelValue(s), names.IsSubdomain(s)} {
			if ok {
				good[i]++
			}
		}
	}
	for _, n := range good {
		require.Greater(t, n, 100)
	}
}
