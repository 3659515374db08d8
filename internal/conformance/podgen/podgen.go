// Package podgen makes pods at random, most of them nearly right: what tests of
// validation need. It knows the API by reflection, so that a field that a new
// version brings is drawn too.
package podgen

import (
	"math/rand/v2"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Generator makes pods. It is not safe for use by several goroutines.
type Generator struct {
	r     *rand.Rand
	bad   float64 // how likely a value is a bad one
	seeds []*corev1.Pod
	paths [][]step
}

// New gives a generator. Two with the same seed make the same pods. The pods that
// it is given are mutated now and then.
func New(seed uint64, seeds ...*corev1.Pod) *Generator {
	return &Generator{r: rand.New(rand.NewPCG(seed, 0x706f64)), seeds: seeds, paths: specPaths}
}

// Pod gives the next pod: a good one, a good one or a seed with some fields
// changed, or one that is random from end to end.
func (g *Generator) Pod() *corev1.Pod {
	n := g.r.IntN(100)
	switch {
	case n < 10:
		return g.Good()
	case n < 75:
		p := g.Good()
		g.Mutate(p, 1+g.r.IntN(3))
		return p
	case n < 90 && len(g.seeds) > 0:
		p := g.Seed()
		g.Mutate(p, 1+g.r.IntN(3))
		return p
	default:
		return g.wild()
	}
}

// Seed gives a copy of one of the pods that the generator was given.
func (g *Generator) Seed() *corev1.Pod {
	p := g.seeds[g.r.IntN(len(g.seeds))].DeepCopy()
	p.ObjectMeta.Name, p.ObjectMeta.Namespace, p.ObjectMeta.UID = name, namespace, uid
	return p
}

// What no field of a spec decides is the same in all pods.
const (
	name      = "pod"
	namespace = "default"
	uid       = "1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed"
)

// Claim is the name of a volume that mounts name and no pod has: of a claim of a
// StatefulSet.
const Claim = "claim"

func newPod() *corev1.Pod {
	return &corev1.Pod{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Pod"},
		ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: namespace, UID: uid},
	}
}

func (g *Generator) chance(p float64) bool { return g.r.Float64() < p }

func pick[T any](g *Generator, from []T) T { return from[g.r.IntN(len(from))] }
