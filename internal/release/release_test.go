package release_test

import (
	"testing"

	"github.com/podpattern/podpattern/internal/release"
	"github.com/stretchr/testify/require"
)

func TestParse(t *testing.T) {
	for text, want := range map[string]release.Minor{
		"1.35": 35, "v1.35": 35, "1.35.2": 35, "1.1": 1, "1.999": 999,
		"": 0, "latest": 0, "1": 0, "1.": 0, "1.0": 0, "1.-1": 0, "1.035": 0, "1.35.2.1": 0, "1.35.x": 0, "2.1": 0, "1.35 ": 0, "1.+35": 0, "1.1000": 0, "vv1.35": 0,
	} {
		got, ok := release.Parse(text)
		require.Equal(t, want != 0, ok, text)
		if ok {
			require.Equal(t, want, got, text)
			require.Equal(t, want.String(), got.String())
		}
	}
	require.Equal(t, "1.35", release.Minor(35).String())
}

func TestHas(t *testing.T) {
	require.True(t, release.Minor(29).Has(release.NativeSidecars))
	require.False(t, release.Minor(28).Has(release.NativeSidecars))
}
