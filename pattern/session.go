package pattern

import (
	"fmt"
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
	leaves bool      // what was built of a pod goes once its last object is made
	text   *yamlText // gets the objects; nil: they aren't printed
	pods   []sessionPod
	latest *built                  // of the workload that is being made
	places map[*edit[podDraft]]int // of the pods
	there  map[objectID]runtime.Object
	found  check.Findings
	// homeless are ConfigMaps and Secrets without a namespace that were asked for by
	// themselves, and housed those that a pod with a namespace carries: one that is
	// both is the pod's.
	homeless map[*keyValue]runtime.Object
	housed   []*keyValue
}

// report adds a finding about an object that is no pod.
func (s *session) report(f *flaw) {
	s.found = append(s.found, f.finding(""))
}

// findings gives the findings of the session, those of each pod once.
func (s *session) findings() check.Findings {
	var out check.Findings
	for _, p := range s.pods {
		out = append(out, p.found...)
		if p.readOnly || p.selected {
			continue
		}
		for i := range p.selects {
			if f := p.selects[i].finding(""); !p.allowed.allow(f) {
				out = append(out, f)
			}
		}
	}
	return once(append(out, s.found...))
}

// recheck looks at the pod template of the workload that was built last, once its
// edits are done.
func (s *session) recheck(t *corev1.PodTemplateSpec, editedAt stack) {
	b := s.latest
	for _, f := range check.Template(t, b.checkOptions()...) {
		known := func(o check.Finding) bool { return o.Rule == f.Rule && o.Path == f.Path }
		if !slices.ContainsFunc(b.found, known) && !b.allows(f) {
			f.At = editedAt.String()
			s.found = append(s.found, f)
		}
	}
}

// collect builds the objects, each once.
func (s *session) collect(objects []Object) []runtime.Object {
	s.pods = make([]sessionPod, 0, len(objects))
	s.there = make(map[objectID]runtime.Object, len(objects))
	s.homeless = make(map[*keyValue]runtime.Object)
	out := make([]runtime.Object, 0, len(objects))
	lastAbout := s.lastAbout(objects)
	for i, o := range objects {
		if isNil(o) {
			s.report(missing("nil-argument", "", fmt.Sprintf("object %d is nil", i+1)))
			continue
		}
		for _, x := range o.objects(s) {
			if s.new(x) {
				out = append(out, x)
				s.print(x)
			}
		}
		if last, is := lastAbout[o.about()]; is && last == i {
			if at, there := s.place(o.about()); there {
				s.pods[at].leave()
			}
		}
	}
	made := len(out)
	for _, data := range s.housed {
		if o := s.homeless[data]; o != nil {
			out = slices.DeleteFunc(out, func(x runtime.Object) bool { return x == o })
		}
	}
	if moved := namespacesFirst(out); s.text != nil && (moved || len(out) < made) {
		*s.text = yamlText{}
		s.print(out...)
	}
	s.references(out)
	return out
}

func (s *session) print(objects ...runtime.Object) {
	if s.text == nil {
		return
	}
	for _, o := range objects {
		s.text.add(o)
	}
}

// references looks at what the objects say of each other.
func (s *session) references(objects []runtime.Object) {
	for _, f := range check.References(objects) {
		if !slices.ContainsFunc(s.pods, func(p sessionPod) bool { return p.allowed.allow(f) }) {
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

// namespacesFirst moves each Namespace before the first object that is in it, and says
// whether there was one to move.
func namespacesFirst(objects []runtime.Object) (moved bool) {
	if !slices.ContainsFunc(objects, func(o runtime.Object) bool { _, is := o.(*corev1.Namespace); return is }) {
		return false
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
				objects[first], moved = o, true
			}
		}
	}
	return moved
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
