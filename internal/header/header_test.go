package header_test

import (
	"testing"

	"github.com/podpattern/podpattern/internal/header"
	"github.com/stretchr/testify/require"
)

func TestIsName(t *testing.T) {
	for _, name := range []string{"Host", "X-Scope-OrgID", "x_under", "M-SEARCH", "a.b~c"} {
		require.True(t, header.IsName(name), name)
	}
	for _, name := range []string{"", "Ho st", "Host:", "X\nY", "Größe", "a/b", `"a"`, "(a)", "@a", "\x00"} {
		require.False(t, header.IsName(name), "%q", name)
	}
}

func TestIsValue(t *testing.T) {
	require.True(t, header.IsValue(`max-age=1; "a" ü $(b)`))
	for _, value := range []string{"a\nb", "a\r", "a\x00"} {
		require.False(t, header.IsValue(value), "%q", value)
	}
}
