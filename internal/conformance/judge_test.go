package conformance_test

import (
	"testing"

	"github.com/podpattern/podpattern/internal/conformance/apiserver"
	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
)

// root is the folder of the main module.
const root = "../.."

// judge gives the API server's verdicts on a manifest.
func judge(t *testing.T, manifest []byte) []apiserver.Verdict {
	t.Helper()
	verdicts, err := apiserver.Judge(manifest)
	require.NoError(t, err)
	return verdicts
}

// requireRestricted wants a manifest that the API server takes without a word,
// and that may run where Pod Security restricted is enforced.
func requireRestricted(t *testing.T, manifest []byte) {
	t.Helper()
	for _, v := range judge(t, manifest) {
		require.True(t, v.Fine(), v)
		require.Empty(t, v.Forbidden, v)
	}
}

// requireAccepted wants a manifest that the API server takes without a word.
func requireAccepted(t *testing.T, manifest []byte) {
	t.Helper()
	for _, v := range judge(t, manifest) {
		require.True(t, v.Fine(), v)
	}
}

// print gives the manifest of some objects.
func print(t *testing.T, objects ...pattern.Object) []byte {
	t.Helper()
	manifest, err := pattern.YAML(objects...)
	require.NoError(t, err)
	return manifest
}
