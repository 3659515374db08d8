package conformance_test

import (
	"flag"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/podpattern/podpattern/internal/conformance/podgen"
	"github.com/podpattern/podpattern/pattern/check"
	"github.com/stretchr/testify/require"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
)

var (
	pods  = flag.Int("pods", 100_000, "how many random pods are checked and judged")
	first = flag.Uint64("seed", 1, "where the random pods start")
)

// shards is how many streams of pods there are; the pods are the same on every
// machine.
const shards = 8

// Of a random pod a check says what the API server says: the same errors at the
// same fields, in the same words.
func TestDifferential(t *testing.T) {
	seeds := seedPods(t)
	var sums [shards]*tally
	var group sync.WaitGroup
	for i := range shards {
		group.Go(func() {
			sums[i] = newTally()
			g := podgen.New(*first+uint64(i), seeds...)
			r := rand.New(rand.NewPCG(*first, uint64(i)))
			for n := range *pods / shards {
				sums[i].step(r, n, g)
			}
		})
	}
	group.Wait()
	sum := sums[0]
	for _, s := range sums[1:] {
		sum.add(s)
	}
	t.Log(sum)
	sum.requireQuirks(t)
	sum.requireRules(t)
	sum.requireFields(t)
	sum.require(t)
}

// step takes the next pod: by itself, and now and then in a template or a workload
// too, and as its author checks it.
func (s *tally) step(r *rand.Rand, n int, g *podgen.Generator) {
	p := g.Pod()
	s.pod(&carriers[0], p)
	switch n % 10 {
	case 0, 1:
		s.pod(&carriers[1], p)
	case 2:
		s.workload(r, &carriers[2+r.IntN(len(carriers)-2)], p.DeepCopy())
	case 3, 4, 5:
		s.intended(r, p)
	}
}

// workload takes a pod that fits a kind of workload, mostly.
func (s *tally) workload(r *rand.Rand, c *carrier, p *corev1.Pod) {
	if r.IntN(20) == 0 {
		p.Labels = map[string]string{"app": "other"} // not that of the selector
	}
	if strings.HasSuffix(c.kind, "Job") && r.IntN(4) > 0 {
		p.Spec.RestartPolicy = []corev1.RestartPolicy{corev1.RestartPolicyNever, corev1.RestartPolicyOnFailure}[r.IntN(2)]
	}
	s.pod(c, p)
}

// seedPods gives the pods of the 26 seeds.
func seedPods(t *testing.T) []*corev1.Pod {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root, "examples/seeds/testdata/*.yaml"))
	require.NoError(t, err)
	require.Len(t, files, 26)
	var out []*corev1.Pod
	for _, file := range files {
		stream, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, document := range strings.Split(string(stream), "\n---\n") {
			o, err := check.Decode([]byte(document))
			require.NoError(t, err, file)
			p := &corev1.Pod{}
			p.APIVersion, p.Kind = "v1", "Pod"
			switch o := o.(type) {
			case *corev1.Pod:
				p.Spec = o.Spec
			case *appsv1.Deployment:
				p.Spec = o.Spec.Template.Spec
			case *appsv1.StatefulSet:
				p.Spec = o.Spec.Template.Spec
			case *appsv1.DaemonSet:
				p.Spec = o.Spec.Template.Spec
			case *batchv1.Job:
				p.Spec = o.Spec.Template.Spec
			default:
				continue
			}
			out = append(out, p)
		}
	}
	require.GreaterOrEqual(t, len(out), 26)
	return out
}
