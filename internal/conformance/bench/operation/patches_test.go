package operation

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	jsonpatch "github.com/evanphx/json-patch/v5"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
)

// Both ways put the same helper into the pod, and neither writes to what it is given.
func TestInjectionsAgree(t *testing.T) {
	i, err := newInjection()
	require.NoError(t, err)
	pod := i.pod.DeepCopy()
	want := pod.DeepCopy()
	require.NoError(t, i.bundle.ApplyToPod(want))
	require.NotEqual(t, pod, want)
	requireSame := func(got *corev1.Pod) {
		t.Helper()
		require.Equal(t, sorted(want), sorted(got))
	}
	merged, err := i.merged(i.pod)
	require.NoError(t, err)
	requireSame(merged)
	for _, f := range []func() ([]byte, error){i.mergedPatch, func() ([]byte, error) { return i.bundle.JSONPatch(i.raw) }} {
		text, err := f()
		require.NoError(t, err)
		patch, err := jsonpatch.DecodePatch(text)
		require.NoError(t, err)
		after, err := patch.Apply(i.raw)
		require.NoError(t, err)
		got := &corev1.Pod{}
		require.NoError(t, json.Unmarshal(after, got))
		requireSame(got)
	}
	all, err := patches()
	require.NoError(t, err)
	for _, o := range all {
		_, err := o.Run()
		require.NoError(t, err)
	}
	require.Equal(t, pod, i.pod)
}

// sorted gives a pod in which the order of what is merged by name says nothing, without
// the bundle's record of itself.
func sorted(pod *corev1.Pod) *corev1.Pod {
	p := pod.DeepCopy()
	maps.DeleteFunc(p.Annotations, func(key, _ string) bool { return strings.HasPrefix(key, "bundles.") })
	slices.SortFunc(p.Spec.Volumes, func(a, b corev1.Volume) int { return strings.Compare(a.Name, b.Name) })
	slices.SortFunc(p.Spec.InitContainers, func(a, b corev1.Container) int { return strings.Compare(a.Name, b.Name) })
	for i := range p.Spec.Containers {
		slices.SortFunc(p.Spec.Containers[i].Env, func(a, b corev1.EnvVar) int { return strings.Compare(a.Name, b.Name) })
	}
	return p
}
