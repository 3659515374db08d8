package pattern

import (
	"slices"
	"strings"

	"github.com/podpattern/podpattern/pattern/check"
	corev1 "k8s.io/api/core/v1"
)

// volumePath gives where a volume stands in the finished object.
func (b *built) volumePath(name string) string {
	for i, v := range b.t.Spec.Volumes {
		if v.Name == name {
			return b.kind.path + "spec.volumes" + index(i)
		}
	}
	for i, c := range b.claims() {
		if c.Name == name && b.kind == asStatefulSet {
			return "spec.volumeClaimTemplates" + index(i)
		}
	}
	return b.kind.path + "spec.volumes"
}

// locate adds to a finding of the checks the lines of Go that made its parties.
func (b *built) locate(f *check.Finding) {
	for i := range f.Parties {
		p := &f.Parties[i]
		if d := b.draftAt(p.Path); d != nil {
			p.At = d.origin.String()
			if f.At == "" { // the first that isn't somebody else's
				f.At = p.At
			}
		}
	}
	rest, _ := strings.CutPrefix(f.Path, b.kind.path+"spec.volumes[")
	if i := leadingNumber(rest); f.At == "" && rest != f.Path && i < len(b.t.Spec.Volumes) {
		for _, v := range b.plan.volumes {
			if v.volume.name == b.t.Spec.Volumes[i].Name {
				f.At = v.volume.at.String()
			}
		}
	}
	if f.At == "" {
		f.At = b.origin.String()
	}
}

func leadingNumber(s string) int {
	n := 0
	for _, c := range s {
		if c < '0' || c > '9' {
			break
		}
		n = n*10 + int(c-'0')
	}
	return n
}

// draftAt finds the container that a path is about.
func (b *built) draftAt(path string) *draft {
	rest, _ := strings.CutPrefix(path, b.kind.path)
	if digits, ok := strings.CutPrefix(rest, "spec.initContainers["); ok {
		return b.initDraft(leadingNumber(digits))
	}
	if digits, ok := strings.CutPrefix(rest, "spec.containers["); ok {
		return b.regularDraft(leadingNumber(digits))
	}
	return nil
}

// The plan says where each container stands, and an Edit of the pod may have
// changed the lists since: then the name says it.

// place gives the index of a draft in a list of the finished pod.
func place(list []corev1.Container, d *draft, planned int) int {
	if planned >= 0 && planned < len(list) && list[planned].Name == d.c.Name {
		return planned
	}
	if i := slices.IndexFunc(list, func(c corev1.Container) bool { return c.Name == d.c.Name }); i >= 0 {
		return i
	}
	return max(planned, 0)
}

// initDraft gives the draft of spec.initContainers[i]; nil: somebody else's.
func (b *built) initDraft(i int) *draft {
	if i >= len(b.t.Spec.InitContainers) {
		return nil
	}
	name := b.t.Spec.InitContainers[i].Name
	if i < len(b.plan.starters) && b.plan.starters[i].name == name {
		return b.plan.starters[i].d
	}
	for _, s := range b.plan.starters {
		if s.name == name {
			return s.d
		}
	}
	return nil
}

// regularDraft gives the draft of spec.containers[i]; nil: somebody else's.
func (b *built) regularDraft(i int) *draft {
	if i >= len(b.t.Spec.Containers) {
		return nil
	}
	name := b.t.Spec.Containers[i].Name
	if k := i - b.firstRegular; k >= 0 && k < len(b.plan.regular) && b.plan.regular[k].c.Name == name {
		return b.plan.regular[k]
	}
	for _, d := range b.plan.regular {
		if d.c.Name == name {
			return d
		}
	}
	return nil
}

// placed is a container of the finished pod.
type placed struct {
	*corev1.Container
	d       *draft // nil: somebody else's
	regular bool   // it starts with the apps
}

// containers gives all containers: the apps and what starts with them, then those
// that start before.
func (b *built) containers() []placed {
	out := make([]placed, 0, len(b.t.Spec.InitContainers)+len(b.t.Spec.Containers))
	for i := range b.t.Spec.Containers {
		out = append(out, placed{&b.t.Spec.Containers[i], b.regularDraft(i), true})
	}
	for i := range b.t.Spec.InitContainers {
		out = append(out, placed{&b.t.Spec.InitContainers[i], b.initDraft(i), false})
	}
	return out
}
