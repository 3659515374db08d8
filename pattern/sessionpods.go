package pattern

import (
	"fmt"
	"maps"
	"slices"

	"github.com/podpattern/podpattern/pattern/check"
)

// sessionPod is a pod that was built in the session.
type sessionPod struct {
	last     *edit[podDraft]
	built    *built // nil: another pod has its room
	found    check.Findings
	allowed  allowances
	selected bool   // one that carries it gives it the labels by which a Service finds it
	readOnly bool   // built for a Service or the like, which carries no pod
	selects  []flaw // what a Service asks in vain of a pod without a Deployment
}

// carry builds a pod for a workload that carries it.
func (s *session) carry(p PodBuilder, kind workload) *built {
	b := p.build(kind, s.target)
	if b.t.Namespace != "" {
		s.housed = append(s.housed, b.carried...)
	}
	s.latest = b
	i, there := s.place(p.last)
	if there && s.pods[i].readOnly {
		s.pods[i].has(b)
		s.pods[i].readOnly = false
		return b
	}
	if there && kind.selects {
		s.pods[i].selected = true
	}
	s.keep(p, b, false)
	return b
}

// read gives a pod to one who only asks about it: that of its workload, if it
// has one already.
func (s *session) read(p PodBuilder) *built {
	if i, there := s.place(p.last); there {
		return s.pods[i].built
	}
	b := p.build(asRead, s.target)
	s.keep(p, b, true)
	return b
}

// place gives where a pod is among those that were built.
func (s *session) place(last *edit[podDraft]) (int, bool) {
	if s.places == nil { // one pod, or none, needs no map
		return 0, len(s.pods) == 1 && s.pods[0].last == last
	}
	i, there := s.places[last]
	return i, there
}

func (s *session) keep(p PodBuilder, b *built, readOnly bool) {
	s.pods = append(s.pods, sessionPod{last: p.last, readOnly: readOnly})
	s.pods[len(s.pods)-1].has(b)
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

func (p *sessionPod) has(b *built) {
	p.built, p.found, p.allowed, p.selected = b, b.found, b.allowed, b.kind.selects
}

// leave gives the room of a pod to the next.
func (p *sessionPod) leave() {
	if p.built != nil {
		p.built.release()
		p.built = nil
	}
}

// release leaves all pods; the session is at its end.
func (s *session) release() {
	for i := range s.pods {
		s.pods[i].leave()
	}
}

// lastAbout gives the place of the last object that is about each pod.
func (s *session) lastAbout(objects []Object) map[*edit[podDraft]]int {
	if !s.leaves {
		return nil
	}
	out := make(map[*edit[podDraft]]int, len(objects))
	for i, o := range objects {
		if isNil(o) {
			continue
		}
		if pod := o.about(); pod != nil {
			out[pod] = i
		}
	}
	return out
}

// selects notes which labels a Service or a NetworkPolicy asks of the pod, where
// what carries the pod adds none.
func (s *session) selects(p PodBuilder, b *built, who string, at stack) {
	i, _ := s.place(p.last)
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
