package pattern

import (
	"maps"

	"github.com/podpattern/podpattern/pattern/check"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// Manifest is what the builders of all objects can do: build the object, and
// print it. Like them it is an immutable value.
type Manifest[T runtime.Object] struct {
	make   func(*session) (o T, before []runtime.Object)
	pod    *edit[podDraft] // that it carries or asks about; nil: none
	edits  *edit[T]
	verify func(*session, T) // looks at the edited object; nil: nothing to see
	// template gives the pod template in the object; nil: it has none.
	template func(T) *corev1.PodTemplateSpec
	editedAt stack
	flaws    *flaw
}

// changed gives a manifest with one more edit.
func (m Manifest[T]) changed(f func(T)) Manifest[T] {
	if m.make == nil && m.flaws == nil {
		m.flaws = zeroManifest()
	}
	m.edits = push(m.edits, func(o *T) { f(*o) })
	return m
}

// edited is changed for a function of the user, which may be nil.
func (m Manifest[T]) edited(f func(T)) Manifest[T] {
	if f == nil {
		return m.flawed(missing("nil-argument", "", "give Edit a function"))
	}
	m.editedAt = here(ofConstructor)
	return m.changed(f)
}

// flawed gives a manifest that reports f, unless that is nil, when it is built.
func (m Manifest[T]) flawed(f *flaw) Manifest[T] {
	if f != nil {
		m.flaws = m.flaws.and(f)
	}
	return m
}

func zeroManifest() *flaw {
	return invalid("zero-builder", "", nil, "the object was never started", "make it by a method of pattern.Pod")
}

func (m Manifest[T]) about() *edit[podDraft] { return m.pod }

func (m Manifest[T]) objects(s *session) []runtime.Object {
	if m.make == nil && m.flaws == nil {
		m.flaws = zeroManifest()
	}
	for f := m.flaws; f != nil; f = f.prev {
		s.report(f)
	}
	if m.make == nil {
		return nil
	}
	o, before := m.make(s)
	replay(m.edits, &o)
	if m.verify != nil {
		m.verify(s, o)
	}
	if m.template != nil && m.editedAt != (stack{}) {
		s.recheck(m.template(o), m.editedAt)
	}
	return append(before, o)
}

// Build gives the object, or all findings that make it unusable, joined.
func (m Manifest[T]) Build() (T, error) {
	var none T
	s := &session{}
	out := m.objects(s)
	if err := s.findings().Err(); err != nil {
		return none, err
	}
	s.release()
	return out[len(out)-1].(T), nil
}

// Objects gives the object and what it needs, in the order in which they can be
// applied.
func (m Manifest[T]) Objects() ([]runtime.Object, error) { return Objects(m) }

// Findings gives all findings, the warnings too, that building it brings.
func (m Manifest[T]) Findings() check.Findings {
	s := &session{}
	m.objects(s)
	return s.findings()
}

// YAML gives what [YAML] does for this object alone.
func (m Manifest[T]) YAML() ([]byte, error) { return YAML(m) }

// MarshalJSON gives the object, or a List where it needs others.
func (m Manifest[T]) MarshalJSON() ([]byte, error) { return marshalJSON(m) }

// workloadMeta is the metadata of what carries the pod.
func (b *built) workloadMeta(labels map[string]string) metav1.ObjectMeta {
	return metav1.ObjectMeta{Name: b.t.Name, Namespace: b.t.Namespace, Labels: maps.Clone(labels)}
}

// replicas reports a number of replicas that can't be.
func replicas(n int) *flaw {
	if n < 0 || clamp32(n) != int32(n) {
		return invalid("replicas", "spec.replicas", n, "must be greater than or equal to 0", "a number from 0")
	}
	return nil
}
