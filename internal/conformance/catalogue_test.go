package conformance_test

import (
	"testing"

	"github.com/podpattern/podpattern/internal/catalogue"
	"github.com/stretchr/testify/require"
)

// Every helper keeps what its package promises: the API server takes it without a
// word, native and classic, and it may run where Pod Security restricted is
// enforced, unless its purpose forbids that, whatever carries the pod.
func TestCatalogue(t *testing.T) {
	for _, u := range catalogue.Uses() {
		t.Run(u.Helper+"/"+u.Why, func(t *testing.T) {
			judged := requireRestricted
			if u.Unrestricted != "" {
				judged = requireAccepted
			}
			pod := catalogue.Pod(u)
			judged(t, print(t, pod))
			judged(t, print(t, pod.InlineConfig()))
			judged(t, print(t, pod.Deployment(2), pod.Service(), pod.NetworkPolicy()))
			judged(t, print(t, pod.Job()))
			judged(t, print(t, catalogue.Classic(u).Deployment(2)))
		})
	}
}

// The API server takes a pod with all of them.
func TestTheWholeCatalogueInOnePod(t *testing.T) {
	pod := catalogue.Pod(catalogue.One()...)
	requireAccepted(t, print(t, pod.Deployment(2), pod.Service(), pod.NetworkPolicy()))
	require.Greater(t, len(catalogue.One()), 30)
}
