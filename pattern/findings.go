package pattern

import (
	"slices"
	"strings"

	"github.com/podpattern/podpattern/internal/release"
	"github.com/podpattern/podpattern/pattern/check"
	corev1 "k8s.io/api/core/v1"
)

// find collects the findings: what calls found wrong with their arguments, what
// the resolver found and what the checks find in the result.
func (b *built) find() {
	own := b.ownFindings()
	var found check.Findings
	if b.origin != (stack{}) { // of a pod that was never started there is nothing more to say
		found = b.checked(&b.t, b.checkOptions())
	}
	if len(own)+len(found) == 0 {
		return
	}
	own = b.lend(own, found)
	found = slices.DeleteFunc(found, func(f check.Finding) bool { return follows(f, own) || b.ofRefused(f) })
	b.found = append(own, found...)
	b.found = slices.DeleteFunc(b.found, b.allows)
	check.Sort(b.found)
	b.markBrought()
}

// lend gives the findings of the checks the lines of Go that the builder knows: of
// the call that found the same, else of the containers. It returns those of the
// builder's own that no check says too.
func (b *built) lend(own, found check.Findings) check.Findings {
	said := make([]bool, len(own))
	for i := range found {
		f := &found[i]
		b.locate(f)
		exact := false
		for j := range own {
			o := &own[j]
			switch {
			case o.Path == f.Path && (o.Rule == f.Rule || o.Level == check.Rejected && f.Level == check.Rejected && !neverMade(o)):
				f.At, said[j], exact = o.At, true, true
				if f.Detail == "" && f.Type == o.Type {
					f.Detail, f.Fix = o.Detail, o.Fix
				}
				if f.Level == check.Warning {
					f.Level = o.Level // a builder need not put up with it
				}
			case !exact && o.Rule == f.Rule && (len(f.Parties) == 0 || len(o.Parties) > 0 && o.Parties[0].Container == f.Parties[0].Container):
				f.At = o.At
			}
		}
	}
	left := own[:0]
	for j := range own {
		if !said[j] {
			left = append(left, own[j])
		}
	}
	return left
}

func (b *built) checkOptions() []check.Option {
	return append(b.targetOptions(), check.Intended(b.intent()))
}

// targetOptions are those that have nothing to do with what the builder added.
func (b *built) targetOptions() []check.Option {
	var opts []check.Option
	if b.resolver.target != release.Default {
		opts = append(opts, check.Target(b.resolver.target.String()))
	}
	if b.kind.path != "" {
		opts = append(opts, check.Under(strings.TrimSuffix(b.kind.path, ".")))
	}
	if b.kind.name != asPod.name {
		opts = append(opts, check.CarriedBy(b.kind.name))
	}
	if claims := append(claimNames(b.claims()), b.thereClaims...); len(claims) > 0 {
		opts = append(opts, check.Claims(claims...))
	}
	return opts
}

func (b *built) checked(t *corev1.PodTemplateSpec, opts []check.Option) check.Findings {
	if b.kind.path == "" {
		b.checkedPod.ObjectMeta, b.checkedPod.Spec = t.ObjectMeta, t.Spec
		return check.Pod(&b.checkedPod, opts...)
	}
	return check.Template(t, opts...)
}

func claimNames(claims []corev1.PersistentVolumeClaim) []string {
	out := make([]string, len(claims))
	for i := range claims {
		out[i] = claims[i].Name
	}
	return out
}

// follows says whether a finding is only what follows from one of the builder's
// own: from a value that was never made, or from a field that the target doesn't
// have, of which the builder knows the call.
func follows(f check.Finding, own check.Findings) bool {
	return slices.ContainsFunc(own, func(o check.Finding) bool {
		switch {
		case o.Path == "": // it is about no field
			return false
		case neverMade(&o):
			return strings.HasPrefix(f.Path, o.Path)
		case o.Rule == "target-version":
			return f.Level != check.Warning && (strings.HasPrefix(f.Path, o.Path) || strings.HasPrefix(o.Path, f.Path))
		}
		return false
	})
}

// ofRefused says whether a finding is a warning about a helper that refused its
// options, and so may not be finished.
func (b *built) ofRefused(f check.Finding) bool {
	return f.Level == check.Warning && b.ofFlawed(&f, "helper-option")
}

// ofFlawed says whether a finding is about a container that has a flaw of a rule.
func (b *built) ofFlawed(f *check.Finding, rule string) bool {
	return slices.ContainsFunc(f.Parties, func(p check.Party) bool {
		return slices.ContainsFunc(b.drafts, func(d *draft) bool {
			return d.c.Name == p.Container && slices.ContainsFunc(d.flaws, func(f flaw) bool { return f.rule == rule })
		})
	})
}

// neverMade says whether a finding is about a value without a constructor.
func neverMade(f *check.Finding) bool { return f.Rule == "zero-builder" || f.Rule == "zero-volume" }

// allows says whether the pod allows a finding.
func (b *built) allows(f check.Finding) bool { return b.allowed.allow(f) }

// ownFindings are those that the checks can't know of.
func (b *built) ownFindings() check.Findings {
	var out check.Findings
	for _, list := range [...][]flaw{b.podDraft.flaws, b.resolver.flaws} {
		for i := range list {
			path := b.kind.path
			if strings.HasPrefix(list[i].field, "metadata.name") || list[i].field == "" {
				path = "" // the workload's own
			}
			out = append(out, b.finding(&list[i], path))
		}
	}
	out = append(out, b.workloadFindings()...)
	for i, s := range b.plan.starters {
		if s.d != nil {
			out = b.draftFindings(out, s.d, "spec.initContainers", place(b.t.Spec.InitContainers, s.d, i))
		}
	}
	first := b.firstRegular
	for i, d := range b.plan.regular {
		out = b.draftFindings(out, d, "spec.containers", place(b.t.Spec.Containers, d, first+i))
	}
	for _, v := range b.volumeFlaws {
		out = append(out, b.finding(&v.flaw, b.volumePath(v.volume)))
	}
	if b.kind != asStatefulSet && !b.kind.read {
		for _, v := range b.plan.volumes {
			if v.volume.claim != nil {
				out = append(out, b.finding(&flaw{rule: "claim-template", value: v.volume.name, at: v.volume.at, detail: "only a StatefulSet makes claims from a template", fix: "use PVC or Ephemeral, or a StatefulSet"}, b.kind.path+"spec.volumes"))
			}
		}
	}
	return out
}

// workloadFindings are those about the pod and what carries it.
func (b *built) workloadFindings() check.Findings {
	var out check.Findings
	add := func(path string, f flaw) { out = append(out, b.finding(&f, b.kind.path+path)) }
	for _, k := range b.selector {
		if _, there := b.t.Labels[k]; !there && k != appLabel {
			add("metadata.labels", flaw{rule: "selector-label", value: k, at: b.origin, detail: "SelectorLabels names a label that the pod doesn't have", fix: "give it to the pod with Label"})
		}
	}
	return out
}

func (b *built) draftFindings(out check.Findings, d *draft, list string, i int) check.Findings {
	if len(d.flaws) == 0 {
		return out
	}
	path := b.kind.path + list + index(i)
	for k := range d.flaws {
		f, path := &d.flaws[k], path
		if strings.HasPrefix(f.field, "spec.") || strings.HasPrefix(f.field, "metadata.") {
			path = b.kind.path // what it wants of the pod
		}
		g := b.finding(f, path)
		if !f.at.named() { // a helper found it, deep in itself
			g.At = d.origin.String()
		}
		g.Parties = append([]check.Party{{Container: d.c.Name, Path: join(path, f.field), At: d.origin.String()}}, g.Parties...)
		out = append(out, g)
	}
	return out
}

// finding turns a flaw of what stands at path into a finding.
func (b *built) finding(f *flaw, path string) check.Finding {
	out := f.finding(path)
	for _, p := range f.others {
		party := check.Party{Container: p.name, At: p.at.String()}
		if p.d != nil {
			party.Container = p.d.c.Name
			if party.At == "" {
				party.At = p.d.origin.String()
			}
		}
		out.Parties = append(out.Parties, party)
	}
	return out
}
