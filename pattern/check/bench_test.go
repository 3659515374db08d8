package check_test

import (
	"bytes"
	"os"
	"testing"

	"github.com/podpattern/podpattern/pattern/check"
	"github.com/stretchr/testify/require"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"
)

// quickstart gives the pod template of the example quickstart, which has an app, two
// native sidecars and an init container.
func quickstart(t testing.TB) *corev1.PodTemplateSpec {
	t.Helper()
	stream, err := os.ReadFile("../../examples/quickstart/quickstart.yaml")
	require.NoError(t, err)
	for _, document := range documents(stream) {
		if bytes.Contains(document, []byte("kind: Deployment\n")) {
			var d appsv1.Deployment
			require.NoError(t, yaml.UnmarshalStrict(document, &d))
			return &d.Spec.Template
		}
	}
	t.Fatal("no Deployment")
	return nil
}

func BenchmarkPod(b *testing.B) {
	p := quickstart(b)
	if found := check.Template(p, check.CarriedBy("Deployment")); len(found) > 0 {
		b.Log(found)
	}
	b.ReportAllocs()
	for b.Loop() {
		check.Template(p)
	}
}

// BenchmarkDeepCopy is what the cost of a check is compared with.
func BenchmarkDeepCopy(b *testing.B) {
	p := quickstart(b)
	b.ReportAllocs()
	for b.Loop() {
		p.DeepCopy()
	}
}

// A check that finds nothing allocates nothing, so that a webhook can make one at each pod.
func TestNothingFoundAllocatesNothing(t *testing.T) {
	p := quickstart(t)
	require.Empty(t, check.Template(p))
	if raced {
		return // the detector drops what is kept for the next check, now and then
	}
	require.Zero(t, testing.AllocsPerRun(100, func() { check.Template(p) }))
}
