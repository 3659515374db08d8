package pattern

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/podpattern/podpattern/internal/release"
	"github.com/podpattern/podpattern/pattern/check"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// session is one run over some objects.
type session struct {
	target release.Minor
	pods   []sessionPod
	places map[*edit[podDraft]]int // of the pods
	there  map[objectID]runtime.Object
	found  check.Findings
	// homeless are ConfigMaps and Secrets without a namespace that were asked for by
	// themselves, and housed those that a pod with a namespace carries: one that is
	// both is the pod's.
	homeless map[*keyValue]runtime.Object
	housed   []*keyValue
}

// sessionPod is a pod that was built in the session.
type sessionPod struct {
	last     *edit[podDraft]
	built    *built
	readOnly bool   // built for a Service or the like, which carries no pod
	selects  []flaw // what a Service asks in vain of a pod without a Deployment
}

// carry builds a pod for a workload that carries it.
func (s *session) carry(p PodBuilder, kind workload) *built {
	b := p.build(kind, s.target)
	if b.t.Namespace != "" {
		s.housed = append(s.housed, b.carried...)
	}
	if i, there := s.place(p); there && s.pods[i].readOnly {
		s.pods[i].built, s.pods[i].readOnly = b, false
		return b
	}
	s.keep(p, sessionPod{built: b})
	return b
}

// read gives a pod to one who only asks about it: that of its workload, if it
// has one already.
func (s *session) read(p PodBuilder) *built {
	if i, there := s.place(p); there {
		return s.pods[i].built
	}
	b := p.build(asRead, s.target)
	s.keep(p, sessionPod{built: b, readOnly: true})
	return b
}

// place gives where a pod is among those that were built.
func (s *session) place(p PodBuilder) (int, bool) {
	if s.places == nil { // one pod, or none, needs no map
		return 0, len(s.pods) == 1 && s.pods[0].last == p.last
	}
	i, there := s.places[p.last]
	return i, there
}

func (s *session) keep(p PodBuilder, kept sessionPod) {
	kept.last = p.last
	s.pods = append(s.pods, kept)
	switch {
	case len(s.pods) == 1:
		return
	case s.places == nil:
		s.places = make(map[*edit[podDraft]]int, cap(s.pods))
		s.places[s.pods[0].last] = 0
	}
	if _, there := s.places[p.last]; !there {
		s.places[p.last] = len(s.pods) - 1
	}
}

// release gives the room of the pods to other sessions; this one is at its end.
func (s *session) release() {
	for _, p := range s.pods {
		p.built.release()
	}
	s.pods = nil
}

// report adds a finding about an object that is no pod.
func (s *session) report(f *flaw) {
	s.found = append(s.found, f.finding(""))
}

// selects notes which labels a Service or a NetworkPolicy asks of the pod, where
// what carries the pod adds none.
func (s *session) selects(p PodBuilder, b *built, who string, at stack) {
	i, _ := s.place(p)
	for _, k := range slices.Sorted(maps.Keys(b.selectorLabels())) {
		if _, there := b.t.Labels[k]; !there {
			s.pods[i].selects = append(s.pods[i].selects, flaw{rule: "service-selects-nothing", level: check.Broken, field: selectorOf(who), value: k, at: at,
				detail: "the " + who + " looks for a label that pod " + b.t.Name + " doesn't have", fix: fmt.Sprintf("give the pod Label(%q, %q)", k, b.t.Name)})
		}
	}
}

// selectorOf gives the field by which an object finds pods.
func selectorOf(kind string) string {
	if kind == "NetworkPolicy" {
		return "spec.podSelector"
	}
	return "spec.selector"
}

// findings gives the findings of the session, those of each pod once.
func (s *session) findings() check.Findings {
	var out check.Findings
	for _, p := range s.pods {
		out = append(out, p.built.found...)
		if p.readOnly || p.built.kind.selects {
			continue
		}
		for i := range p.selects {
			if f := p.selects[i].finding(""); !p.built.allows(f) {
				out = append(out, f)
			}
		}
	}
	return once(append(out, s.found...))
}

// recheck looks at the pod template of the workload that was built last, once its
// edits are done.
func (s *session) recheck(t *corev1.PodTemplateSpec, editedAt stack) {
	b := s.pods[len(s.pods)-1].built
	for _, f := range check.Template(t, b.checkOptions()...) {
		known := func(o check.Finding) bool { return o.Rule == f.Rule && o.Path == f.Path }
		if !slices.ContainsFunc(b.found, known) && !b.allows(f) {
			f.At = editedAt.String()
			s.found = append(s.found, f)
		}
	}
}

// collect builds the objects, each once.
func collect(target release.Minor, objects []Object) (*session, []runtime.Object) {
	s := &session{target: target, pods: make([]sessionPod, 0, len(objects)),
		there: make(map[objectID]runtime.Object, len(objects)), homeless: make(map[*keyValue]runtime.Object)}
	out := make([]runtime.Object, 0, len(objects))
	for i, o := range objects {
		if isNil(o) {
			s.report(missing("nil-argument", "", fmt.Sprintf("object %d is nil", i+1)))
			continue
		}
		for _, x := range o.objects(s) {
			if s.new(x) {
				out = append(out, x)
			}
		}
	}
	for _, data := range s.housed {
		if o := s.homeless[data]; o != nil {
			out = slices.DeleteFunc(out, func(x runtime.Object) bool { return x == o })
		}
	}
	namespacesFirst(out)
	s.references(out)
	return s, out
}

// references looks at what the objects say of each other.
func (s *session) references(objects []runtime.Object) {
	for _, f := range check.References(objects) {
		if !slices.ContainsFunc(s.pods, func(p sessionPod) bool { return p.built.allows(f) }) {
			f.At = here(ofFlaw).String()
			s.found = append(s.found, f)
		}
	}
}

// new says whether an object is not there yet, and reports another one of its
// kind, namespace and name.
func (s *session) new(o runtime.Object) bool {
	id := idOf(o)
	if id.name == "" {
		return true
	}
	t, there := s.there[id]
	if !there {
		s.there[id] = o
		return true
	}
	if !reflect.DeepEqual(t, o) {
		s.report(&flaw{rule: "object-clash", field: "metadata.name", value: id.String(), at: here(ofFlaw), detail: "two objects of this kind and name differ", fix: "give one of the two another name"})
	}
	return false
}

// namespacesFirst moves each Namespace before the first object that is in it.
func namespacesFirst(objects []runtime.Object) {
	if !slices.ContainsFunc(objects, func(o runtime.Object) bool { _, is := o.(*corev1.Namespace); return is }) {
		return
	}
	users := make(map[string]int)
	for i := len(objects) - 1; i >= 0; i-- {
		if m, err := meta.Accessor(objects[i]); err == nil {
			users[m.GetNamespace()] = i
		}
	}
	for i, o := range objects {
		if n, ok := o.(*corev1.Namespace); ok {
			if first, used := users[n.Name]; used && first < i {
				copy(objects[first+1:i+1], objects[first:i])
				objects[first] = o
			}
		}
	}
}

// objectID is what no two objects may share.
type objectID struct {
	schema.GroupKind
	name, namespace string
}

// idOf gives no name for what has none.
func idOf(o runtime.Object) objectID {
	m, err := meta.Accessor(o)
	if err != nil {
		return objectID{}
	}
	return objectID{o.GetObjectKind().GroupVersionKind().GroupKind(), m.GetName(), m.GetNamespace()}
}

func (id objectID) String() string {
	return strings.TrimSpace(id.GroupKind.String() + " " + id.name + " " + id.namespace)
}

// once leaves out findings that say the same: two workloads of one pod share its
// own.
func once(fs check.Findings) check.Findings {
	if len(fs) < 2 {
		return fs
	}
	seen := make(map[string]bool, len(fs))
	return slices.DeleteFunc(fs, func(f check.Finding) bool {
		text := f.Error()
		again := seen[text]
		seen[text] = true
		return again
	})
}
