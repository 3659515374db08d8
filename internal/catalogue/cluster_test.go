package catalogue_test

import (
	"testing"

	"github.com/podpattern/podpattern/internal/catalogue"
	"github.com/stretchr/testify/require"
)

// A helper that no cluster has run is one of which nobody knows whether it starts.
func TestEveryHelperWasRunOnACluster(t *testing.T) {
	run := catalogue.OnCluster()
	for _, u := range catalogue.One() {
		require.NotEmpty(t, run[u.Helper], "%s: internal/conformance/e2e has to run it", u.Helper)
		delete(run, u.Helper)
	}
	require.Empty(t, run, "there is no such helper")
}
