package pattern

import (
	"fmt"
	"reflect"

	"github.com/podpattern/podpattern/pattern/check"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime"
)

// session is one run over some objects.
type session struct {
	target version
	at     stack // of the call that asks
	pods   []sessionPod
	places map[*edit[podDraft]]int // of the pods
	there  map[string]runtime.Object
	found  check.Findings
}

// sessionPod is a pod that was built in the session.
type sessionPod struct {
	last     *edit[podDraft]
	built    *built
	readOnly bool  // built for a Service or the like, which carries no pod
	selects  *flaw // what a Service asks in vain of a pod without a workload
}

// carry builds a pod for a workload that carries it.
func (s *session) carry(p PodBuilder, kind workload) *built {
	b := p.build(kind, s.target)
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
		s.places = map[*edit[podDraft]]int{s.pods[0].last: 0}
	}
	if _, there := s.places[p.last]; !there {
		s.places[p.last] = len(s.pods) - 1
	}
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
			if s.new(x) {
				out = append(out, x)
			}
		}
	}
	return s, out
}

// new says whether an object is not there yet, and reports another one of its
// kind, namespace and name.
func (s *session) new(o runtime.Object) bool {
	id := identity(o)
	if id == "" {
		return true
	}
	if s.there == nil {
		s.there = make(map[string]runtime.Object)
	}
	t, there := s.there[id]
	if !there {
		s.there[id] = o
		return true
	}
	if !reflect.DeepEqual(t, o) {
		s.report(&flaw{rule: "object-clash", field: "metadata.name", value: id, at: s.at, detail: "two objects of this kind and name differ", fix: "give one of the two another name"})
	}
	return false
}

func identity(o runtime.Object) string {
	m, err := meta.Accessor(o)
	if err != nil || m.GetName() == "" {
		return ""
	}
	return o.GetObjectKind().GroupVersionKind().GroupKind().String() + " " + m.GetNamespace() + "/" + m.GetName()
}
