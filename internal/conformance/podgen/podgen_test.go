package podgen_test

import (
	"testing"

	"github.com/podpattern/podpattern/internal/conformance/podgen"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
)

func seed() *corev1.Pod {
	return &corev1.Pod{Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "seed", Image: "seed:1"}}}}
}

// One seed makes one stream, and another one another.
func TestDeterministic(t *testing.T) {
	a, b, c := podgen.New(1, seed()), podgen.New(1, seed()), podgen.New(2, seed())
	others := 0
	for range 200 {
		p := a.Pod()
		require.Equal(t, p, b.Pod())
		if !equal(p, c.Pod()) {
			others++
		}
	}
	require.Greater(t, others, 190)
}

func equal(a, b *corev1.Pod) bool { return a.String() == b.String() }

// The pods that the generator is given stay as they are.
func TestSeedsAreCopied(t *testing.T) {
	p := seed()
	g := podgen.New(3, p)
	for range 500 {
		g.Pod()
	}
	require.Equal(t, seed(), p)
	require.Equal(t, "seed", g.Seed().Spec.Containers[0].Name)
}

func TestCount(t *testing.T) {
	p := seed()
	p.Spec.Containers = append(p.Spec.Containers, corev1.Container{Ports: []corev1.ContainerPort{{ContainerPort: 80}}})
	p.Spec.Volumes = []corev1.Volume{{Name: "a", VolumeSource: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{Medium: "Memory"}}}}
	counts := map[string]int{}
	podgen.Count(p, counts)
	require.Equal(t, 1, counts["containers[*].name"])
	require.Equal(t, 2, counts["containers[*]"])
	require.Equal(t, 1, counts["containers[*].ports[*].containerPort"])
	require.Equal(t, 1, counts["volumes[*].emptyDir.medium"])
	require.Zero(t, counts["volumes[*].configMap"])
}

func TestFields(t *testing.T) {
	fields := podgen.Fields()
	require.Contains(t, fields, "containers[*].ports[*].name")
	require.Contains(t, fields, "volumes[*].configMap.items[*].key")
	require.Contains(t, fields, "ephemeralContainers")
	require.NotContains(t, fields, "ephemeralContainers[*].name")
	require.IsIncreasing(t, fields)
}
