package names_test

import (
	"fmt"
	"math/rand"
	"regexp"
	"strings"
	"testing"

	"github.com/podpattern/podpattern/internal/names"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/util/validation"
)

func TestJoin(t *testing.T) {
	for _, tt := range []struct {
		limit int
		parts []string
		want  string
	}{
		{63, []string{"web"}, "web"},
		{63, []string{"web", "tmp"}, "web-tmp"},
		{7, []string{"web", "tmp"}, "web-tmp"},
		{63, nil, ""},
	} {
		require.Equal(t, tt.want, names.Join(tt.limit, tt.parts...))
	}
}

// A name that is cut ends in a hash of the whole, so that two that differ do so
// still.
func TestJoinCuts(t *testing.T) {
	seen := make(map[string]string)
	for n := range 200 {
		whole := strings.Repeat("long-name-", 7) + fmt.Sprint(n)
		for _, limit := range []int{names.Port, 40, names.Label, 70} {
			cut := names.Join(limit, whole, "tmp")
			require.LessOrEqual(t, len(cut), limit)
			require.True(t, names.IsLabel(cut) || limit > names.Label, cut)
			require.Equal(t, cut, names.Join(limit, whole, "tmp"))
			key := fmt.Sprint(limit, cut)
			require.Empty(t, seen[key], "%s and %s are both %s", whole, seen[key], cut)
			seen[key] = whole
		}
	}
	for limit := names.Port; limit < 40; limit++ {
		require.NotContains(t, names.Join(limit, strings.Repeat("a-.", 20)), "--")
	}
}

func TestHash(t *testing.T) {
	require.Regexp(t, regexp.MustCompile(`^[0-9a-f]{10}$`), names.Hash())
	require.Equal(t, names.Hash("a", "b"), names.Hash("a", "b"))
	for _, other := range [][]string{{"ab"}, {"a", "b", ""}, {"b", "a"}, {"a"}, {"a\x00b"}} {
		require.NotEqual(t, names.Hash("a", "b"), names.Hash(other...), "%q", other)
	}
}

func TestEnv(t *testing.T) {
	for in, want := range map[string]string{"db": "DB", "my-db": "MY_DB", "a.b/c": "A_B_C", "Web2": "WEB2", "": "", "ü": "_"} {
		require.Equal(t, want, names.Env(in))
	}
}

// strange gives strings around what names may be made of.
func strange() []string {
	r := rand.New(rand.NewSource(1))
	letters := []rune("aAzZ09-_.=/ ü\x00")
	out := []string{"", "a", "-", "a-", "-a", "a--b", "1", "a1", "1a", "A", "_", "_1", "a.b", strings.Repeat("a", 15), strings.Repeat("a", 16), strings.Repeat("a", 63), strings.Repeat("a", 64), strings.Repeat("a", 253), strings.Repeat("a", 254), ".", "..", "..a", ".a"}
	for range 20000 {
		s := make([]rune, r.Intn(6))
		for i := range s {
			s[i] = letters[r.Intn(len(letters))]
		}
		out = append(out, string(s))
	}
	return out
}

func TestPlainNamesAreNamesToTheAPIToo(t *testing.T) {
	for _, s := range strange() {
		require.Equal(t, len(validation.IsDNS1123Label(s)) == 0, names.IsLabel(s), "IsLabel is exact: %q", s)
		require.Equal(t, len(validation.IsValidPortName(s)) == 0, names.IsPort(s), "IsPort is exact: %q", s)
		if names.IsKey(s) {
			require.Empty(t, validation.IsConfigMapKey(s), "%q", s)
		}
		if names.IsEnv(s) {
			require.Empty(t, validation.IsEnvVarName(s), "%q", s)
		}
	}
}

// What is usual must not need the slow way.
func TestUsualNamesArePlain(t *testing.T) {
	for _, s := range []string{"http", "metrics", "grpc-web"} {
		require.True(t, names.IsPort(s), s)
	}
	for _, s := range []string{"tls.crt", "DB_PASSWORD", ".dockerconfigjson"} {
		require.True(t, names.IsKey(s), s)
	}
	for _, s := range []string{"DB_HOST", "PATH", "_x", "http_proxy", "A1"} {
		require.True(t, names.IsEnv(s), s)
	}
}
