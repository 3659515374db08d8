package pattern

import (
	"strings"

	"k8s.io/apimachinery/pkg/runtime"
)

// Object is something that can be printed: a [PodBuilder] and all that it gives,
// [ConfigMap], [Secret], [Namespace], and whatever is wrapped in [Raw]. It is
// lazy: nothing is built before it is asked for.
type Object interface {
	objects(*session) []runtime.Object
	about() *edit[podDraft] // the pod that it carries or asks about; nil: none
}

// Objects builds everything in the order in which it can be applied: before each
// object comes what it needs, such as a ConfigMap that a helper's configuration
// is in. An object that several need comes once.
func Objects(objects ...Object) ([]runtime.Object, error) {
	return (&session{leaves: true}).objects(objects)
}

func (s *session) objects(objects []Object) ([]runtime.Object, error) {
	out := s.collect(objects)
	if err := s.findings().Err(); err != nil {
		return nil, err
	}
	s.release()
	return out, nil
}

func (p PodBuilder) about() *edit[podDraft] { return p.last }

func (p PodBuilder) objects(s *session) []runtime.Object {
	b := s.carry(p, asPod)
	return append(b.plan.objects, b.pod())
}

func (c ConfigMapBuilder) about() *edit[podDraft] { return nil }

func (c ConfigMapBuilder) objects(s *session) []runtime.Object { return c.o.object(s, c.generated()) }

func (b SecretBuilder) about() *edit[podDraft] { return nil }

func (b SecretBuilder) objects(s *session) []runtime.Object { return b.o.object(s, b.generated()) }

// object prints a ConfigMap or Secret by itself, where there may be no data.
func (r objectRef) object(s *session, g *generated) []runtime.Object {
	if f := r.faults(); f != nil {
		for ; f != nil; f = f.prev {
			moved := f.under("")
			moved.field = strings.Replace(moved.field, ".name", "metadata.name", 1)
			s.report(&moved)
		}
		return nil
	}
	if g == nil {
		s.report(&flaw{rule: "no-data", field: "data", at: r.at, detail: r.kind + " " + r.name + " has no data to print", fix: "give it some with Data, or leave it out"})
		return nil
	}
	o := g.make("")
	if g.namespace == "" {
		s.homeless[g.data] = o
	}
	return []runtime.Object{o}
}

// Objects gives the pod and what helpers generate beside it, in the order in
// which they can be applied.
func (p PodBuilder) Objects() ([]runtime.Object, error) { return Objects(p) }
