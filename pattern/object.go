package pattern

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/podpattern/podpattern/pattern/check"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// Object is something that can be printed: a [PodBuilder] and all that it gives,
// [ConfigMap], [Secret], [Namespace], and whatever is wrapped in [Raw]. It is
// lazy: nothing is built before it is asked for.
type Object interface {
	objects(*session) []runtime.Object
}

// Objects builds everything in the order in which it can be applied: before each
// object comes what it needs, such as a ConfigMap that a helper's configuration
// is in. An object that several need comes once.
func Objects(objects ...Object) ([]runtime.Object, error) {
	s, out := collect(0, here(ofConstructor), objects)
	if err := s.findings().Err(); err != nil {
		return nil, err
	}
	return out, nil
}

// session is one run over some objects.
type session struct {
	target version
	at     stack // of the call that asks
	pods   []sessionPod
	found  check.Findings
}

// sessionPod is a pod that was built in the session.
type sessionPod struct {
	last     *edit[podDraft]
	built    *built
	readOnly bool // built for a Service or the like, which carries no pod
	selects  *flaw
}

// carry builds a pod for a workload that carries it.
func (s *session) carry(p PodBuilder, kind workload) *built {
	b := p.build(kind, s.target)
	i := slices.IndexFunc(s.pods, func(o sessionPod) bool { return o.last == p.last && o.readOnly })
	if i < 0 {
		s.pods = append(s.pods, sessionPod{last: p.last, built: b})
	} else {
		s.pods[i].built, s.pods[i].readOnly = b, false
	}
	return b
}

// read gives a pod to one who only asks about it: that of its workload, if it
// has one already.
func (s *session) read(p PodBuilder) *built {
	for _, o := range s.pods {
		if o.last == p.last {
			return o.built
		}
	}
	b := p.build(asRead, s.target)
	s.pods = append(s.pods, sessionPod{last: p.last, built: b, readOnly: true})
	return b
}

// report adds a finding about an object that is no pod.
func (s *session) report(f *flaw) {
	s.found = append(s.found, f.finding(""))
}

// findings gives the findings of the session, those of each pod once.
func (s *session) findings() check.Findings {
	var out check.Findings
	for _, p := range s.pods {
		out = append(out, p.built.found...)
		if p.selects != nil && p.built.kind == asPod && !p.readOnly {
			out = append(out, p.selects.finding(""))
		}
	}
	return append(out, s.found...)
}

// collect builds the objects, each once.
func collect(target version, at stack, objects []Object) (*session, []runtime.Object) {
	s := &session{target: target, at: at}
	var out []runtime.Object
	for i, o := range objects {
		if isNil(o) {
			s.report(missing("nil-argument", "", fmt.Sprintf("object %d is nil", i+1)))
			continue
		}
		for _, x := range o.objects(s) {
			if s.new(out, x) {
				out = append(out, x)
			}
		}
	}
	return s, out
}

// new says whether an object is not there yet, and reports another one of its
// kind, namespace and name.
func (s *session) new(there []runtime.Object, o runtime.Object) bool {
	id := identity(o)
	for _, t := range there {
		if id == "" || identity(t) != id {
			continue
		}
		if !reflect.DeepEqual(t, o) {
			f := flaw{rule: "object-clash", field: "metadata.name", value: id, at: s.at, detail: "two objects of this kind and name differ", fix: "give one of the two another name"}
			s.report(&f)
		}
		return false
	}
	return true
}

func identity(o runtime.Object) string {
	m, err := meta.Accessor(o)
	if err != nil || m.GetName() == "" {
		return ""
	}
	return o.GetObjectKind().GroupVersionKind().GroupKind().String() + " " + m.GetNamespace() + "/" + m.GetName()
}

// Raw wraps an object that this library doesn't make, as it is at this moment. A
// nil one, and one without apiVersion and kind, are errors.
func Raw(o runtime.Object) Object {
	if isNil(o) {
		return raw{bad: missing("nil-object", "", "give Raw an object")}
	}
	r := raw{o: o.DeepCopyObject()}
	if kind := o.GetObjectKind().GroupVersionKind(); kind.Kind == "" || kind.Version == "" {
		r.bad = missing("raw-kind", "kind", "set apiVersion and kind in the object's TypeMeta")
	}
	return r
}

type raw struct {
	o   runtime.Object
	bad *flaw
}

func (r raw) objects(s *session) []runtime.Object {
	if r.bad != nil {
		s.report(r.bad)
		return nil
	}
	return []runtime.Object{r.o.DeepCopyObject()}
}

// isNil says whether an interface holds nothing, or a pointer to nothing.
func isNil(v any) bool {
	return v == nil || reflect.ValueOf(v).Kind() == reflect.Pointer && reflect.ValueOf(v).IsNil()
}

func (p PodBuilder) objects(s *session) []runtime.Object {
	b := s.carry(p, asPod)
	return append(b.plan.objects, b.pod())
}

func (c ConfigMapBuilder) objects(s *session) []runtime.Object { return c.o.object(s, c.generated()) }

func (b SecretBuilder) objects(s *session) []runtime.Object { return b.o.object(s, b.generated()) }

// object prints a ConfigMap or Secret by itself, where there may be no data.
func (r objectRef) object(s *session, g generated) []runtime.Object {
	if f := r.faults(); f != nil {
		for ; f != nil; f = f.prev {
			moved := f.under("")
			moved.field = strings.Replace(moved.field, ".name", "metadata.name", 1)
			s.report(&moved)
		}
		return nil
	}
	if g.data == nil {
		s.report(&flaw{rule: "no-data", field: "data", at: s.at, detail: r.kind + " " + r.name + " has no data to print", fix: "give it some with Data, or leave it out"})
		return nil
	}
	return []runtime.Object{g.make("")}
}

// Objects gives the pod and what helpers generate beside it, in the order in
// which they can be applied.
func (p PodBuilder) Objects() ([]runtime.Object, error) { return Objects(p) }

// selectorLabels gives the labels by which the pod is found.
func (b *built) selectorLabels() map[string]string {
	keys := b.selector
	if keys == nil {
		keys = []string{appLabel}
	}
	out := make(map[string]string, len(keys))
	for _, k := range keys {
		v, set := b.t.Labels[k]
		if !set {
			v = b.t.Name
		}
		out[k] = v
	}
	return out
}

const appLabel = "app"

// selected gives the template of a workload, with the labels that its selector
// asks for, and the selector.
func (b *built) selected() (corev1.PodTemplateSpec, *metav1.LabelSelector) {
	t := b.unnamed()
	selector := b.selectorLabels()
	labels := maps.Clone(t.Labels)
	for k, v := range selector {
		set(&labels, k, v)
	}
	t.Labels = labels
	return t, &metav1.LabelSelector{MatchLabels: selector}
}

// unnamed gives the template without what is the workload's.
func (b *built) unnamed() corev1.PodTemplateSpec {
	t := b.t
	t.Name, t.Namespace = "", ""
	return t
}
