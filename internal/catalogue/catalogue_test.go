package catalogue_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/podpattern/podpattern/internal/catalogue"
	"github.com/podpattern/podpattern/pattern/check"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
)

// All helpers can live in one pod, and any of them.
func TestHelpersLiveInOnePod(t *testing.T) {
	all := catalogue.One()
	t.Run("all", func(t *testing.T) { requireFine(t, all) })
	random := rand.New(rand.NewPCG(1, 2))
	for i := range 100 {
		var some []catalogue.Use
		for _, k := range random.Perm(len(all))[:1+random.IntN(len(all))] {
			some = append(some, all[k])
		}
		t.Run(fmt.Sprint(i), func(t *testing.T) { requireFine(t, some) })
	}
}

// requireFine wants that there is nothing to be said against a pod with these
// helpers, but what is said of one that can't run restricted.
func requireFine(t *testing.T, uses []catalogue.Use) {
	t.Helper()
	pod := catalogue.Pod(uses...)
	require.Empty(t, pod.Findings())
	require.Empty(t, pod.Deployment(2).Findings())
}

// What a pod has is its own: one that is built after another is what it was before.
func TestHelpersLeaveNothingBehind(t *testing.T) {
	want, err := catalogue.Pod().YAML()
	require.NoError(t, err)
	for _, u := range catalogue.Uses() {
		_, err := catalogue.Pod(u).YAML()
		require.NoError(t, err)
		text, err := catalogue.Pod().YAML()
		require.NoError(t, err)
		require.Equal(t, string(want), string(text), "%s/%s", u.Helper, u.Why)
	}
}

// A pod with one helper has nothing to be said against it, however the helper
// starts and whatever carries the pod; a Job must be able to end, so only native
// helpers go into one.
func TestEachHelperIsWithoutAFinding(t *testing.T) {
	for _, u := range catalogue.Uses() {
		t.Run(u.Helper+"/"+u.Why, func(t *testing.T) {
			pod := catalogue.Pod(u)
			require.Empty(t, pod.Findings())
			require.Empty(t, pod.Deployment(2).Findings())
			require.Empty(t, pod.Job().Findings())
			require.Empty(t, pod.InlineConfig().Findings())
			late := func(f check.Finding) bool { return f.Rule == "classic-order" } // the app may be up first
			require.Empty(t, slices.DeleteFunc(catalogue.Classic(u).Deployment(2).Findings(), late))
		})
	}
}

// The configuration of a helper can come from a volume instead. A helper with several
// files, such as a script beside its configuration, has the configuration in a
// folder of its own.
func TestEachConfigurationCanComeFromAVolume(t *testing.T) {
	tried := 0
	for _, u := range catalogue.Uses() {
		files := generatedFiles(t, u)
		if len(files) == 0 {
			continue
		}
		t.Run(u.Helper+"/"+u.Why, func(t *testing.T) {
			taken := 0
			for _, file := range files {
				pod := catalogue.Configured(u, file)
				if found := pod.Findings(); len(found) > 0 {
					require.Equal(t, "config-from", found[0].Rule, "%v", found)
					continue
				}
				taken++
				spec, err := pod.Build()
				require.NoError(t, err)
				require.Equal(t, "fill-configuration", spec.Spec.InitContainers[0].Name)
			}
			require.NotZero(t, taken, "none of %v", files)
		})
		tried++
	}
	require.Greater(t, tried, 10)
}

// generatedFiles are those of the pod's ConfigMaps that a helper brings.
func generatedFiles(t *testing.T, u catalogue.Use) []string {
	objects, err := catalogue.Pod(u).Objects()
	require.NoError(t, err)
	var files []string
	for _, o := range objects {
		if m, ok := o.(*corev1.ConfigMap); ok && m.Immutable != nil {
			files = append(files, slices.Sorted(maps.Keys(m.Data))...)
		}
	}
	return files
}
