package conformance_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/podpattern/podpattern/internal/conformance/apiserver"
	"github.com/podpattern/podpattern/pattern/check"
	"github.com/stretchr/testify/require"
	appsv1 "k8s.io/api/apps/v1"
	"sigs.k8s.io/yaml"
)

// A check says more than the API server's validation, and takes less time. Each is
// measured many times in turn, and the best time counts: that is what the machine
// can do, whatever else it does meanwhile.
func TestACheckIsFasterThanTheAPIServer(t *testing.T) {
	d := quickstart(t)
	validate, err := apiserver.Validation(&d.Spec.Template)
	require.NoError(t, err)
	require.Empty(t, validate())
	require.Empty(t, check.Template(&d.Spec.Template))

	const times = 100
	measure := func(f func()) time.Duration {
		start := time.Now()
		for range times {
			f()
		}
		return time.Since(start) / times
	}
	best := [2]time.Duration{time.Hour, time.Hour}
	for range 50 {
		best[0] = min(best[0], measure(func() { check.Template(&d.Spec.Template) }))
		best[1] = min(best[1], measure(func() { validate() }))
	}
	t.Logf("the quickstart's Deployment: a check takes %v, ValidatePodTemplateSpec %v: ratio %.2f", best[0], best[1], float64(best[0])/float64(best[1]))
	require.Less(t, best[0], best[1])
}

// quickstart reads the Deployment that the quickstart prints.
func quickstart(t *testing.T) *appsv1.Deployment {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "examples/quickstart/quickstart.yaml"))
	require.NoError(t, err)
	for _, document := range bytes.Split(text, []byte("\n---\n")) {
		var d appsv1.Deployment
		require.NoError(t, yaml.Unmarshal(document, &d))
		if d.Kind == "Deployment" {
			return &d
		}
	}
	require.Fail(t, "no Deployment")
	return nil
}
