package conformance_test

import (
	"encoding/json"
	"flag"
	"maps"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	jsonpatch "github.com/evanphx/json-patch/v5"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
)

// The pipelines that are compared do the same: each puts the container, the volume, the
// file and the variables into the pod, and leaves the rest.
func TestInjectionPipelinesAgree(t *testing.T) {
	r := newInjectionRun(t)
	before := r.pod.DeepCopy()
	for name, patch := range map[string]func([]byte) ([]byte, error){
		"JSONPatch": r.bundle.JSONPatch, "template": r.template.templated, "as Istio": r.template.templatedTwice, "by hand": r.template.byHand,
	} {
		t.Run(name, func(t *testing.T) {
			text, err := patch(r.raw)
			require.NoError(t, err)
			decoded, err := jsonpatch.DecodePatch(text)
			require.NoError(t, err)
			after, err := decoded.Apply(r.raw)
			require.NoError(t, err)
			var pod corev1.Pod
			require.NoError(t, json.Unmarshal(after, &pod))
			requireInjected(t, r, &pod)
		})
	}
	merged, err := r.template.overlaid(r.pod)
	require.NoError(t, err)
	requireInjected(t, r, merged)
	requireInjected(t, r, r.template.appended(r.pod))
	for name, f := range r.pipelines() {
		require.NoError(t, f(), name)
	}
	require.Equal(t, before, r.pod, "no pipeline writes to its input")
}

// requireInjected holds a pod to the one that has the bundle, whose record it need not
// have.
func requireInjected(t *testing.T, r *injectionRun, pod *corev1.Pod) {
	t.Helper()
	want, got := r.with.DeepCopy(), pod.DeepCopy()
	for _, p := range []*corev1.Pod{want, got} {
		p.ManagedFields = nil
		delete(p.Annotations, "bundles.podpattern.dev/"+r.bundle.Name())
		delete(p.Annotations, "sidecar.example.com/status")
		slices.SortFunc(p.Spec.Volumes, func(a, b corev1.Volume) int { return strings.Compare(a.Name, b.Name) })
		for i := range p.Spec.Containers {
			slices.SortFunc(p.Spec.Containers[i].Env, func(a, b corev1.EnvVar) int { return strings.Compare(a.Name, b.Name) })
		}
	}
	require.Equal(t, want, got)
}

// An injection takes a small part of the processor's time of the pipelines that others
// have. Each round measures all, one right after the other, and the median of the rounds'
// ratios counts: so it matters little what else the machine does. The bounds leave room.
func TestInjectionIsFasterThanOtherPipelines(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes some seconds")
	}
	const rounds = 9
	all := newInjectionRun(t).pipelines()
	took := make(map[string][]float64)
	for range rounds {
		for _, name := range slices.Sorted(maps.Keys(all)) {
			took[name] = append(took[name], processorTime(t, all[name]))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(took)) {
		t.Logf("%-36s %6.0f µs", name, median(took[name])/1000)
	}
	for _, tt := range []struct {
		fast, slow string
		atLeast    float64
	}{
		{"typed/ApplyTo", "raw/template-merge-diff", 5},
		{"typed/ApplyTo", "raw/template-merge-diff-as-Istio", 6},
		{"typed/ApplyTo", "typed/template-merge", 2.5},
		{"typed/ApplyTo-no-change", "raw/template-merge-diff", 4},
		{"raw/JSONPatch", "raw/template-merge-diff", 2.5},
		{"raw/JSONPatch", "raw/template-merge-diff-as-Istio", 3},
		{"raw/JSONPatch", "raw/typed-diff", 1.2},
		{"raw/JSONPatch-no-change", "raw/typed-diff", 1.1},
	} {
		ratios := make([]float64, rounds)
		for i := range ratios {
			ratios[i] = took[tt.slow][i] / took[tt.fast][i]
		}
		t.Logf("%s is %.1f times as fast as %s", tt.fast, median(ratios), tt.slow)
		require.GreaterOrEqual(t, median(ratios), tt.atLeast, "%s and %s", tt.fast, tt.slow)
	}
}

// processorTime gives the processor's time of one call in nanoseconds, that of collecting
// its garbage included.
func processorTime(t *testing.T, f func() error) float64 {
	t.Helper()
	duration := flag.Lookup("test.benchtime").Value
	was := duration.String()
	require.NoError(t, duration.Set("40ms"))
	defer func() { require.NoError(t, duration.Set(was)) }()
	var took time.Duration
	var failed error
	result := testing.Benchmark(func(b *testing.B) {
		start := processorTimeSoFar(t)
		for b.Loop() {
			if err := f(); err != nil {
				failed = err
			}
		}
		took = processorTimeSoFar(t) - start
	})
	require.NoError(t, failed)
	return float64(took) / float64(result.N)
}

// processorTimeSoFar is that of all threads of the process.
func processorTimeSoFar(t *testing.T) time.Duration {
	var u syscall.Rusage
	require.NoError(t, syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func median(list []float64) float64 {
	list = slices.Sorted(slices.Values(list))
	return list[len(list)/2]
}
