package pattern

import (
	"slices"
	"strings"

	"github.com/podpattern/podpattern/internal/names"
	"github.com/podpattern/podpattern/internal/release"
	"github.com/podpattern/podpattern/pattern/check"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation"
)

// PodBuilder is an immutable builder of a pod and of the workloads that carry
// it. Every method returns a new value; a base can be kept and forked. No method
// fails: Build reports all that is wrong, each finding with the line of the call
// that caused it.
type PodBuilder struct{ last *edit[podDraft] }

// podDraft is a pod while its edits are replayed.
type podDraft struct {
	t         corev1.PodTemplateSpec
	from      *corev1.PodTemplateSpec // see From; nil: the pod is all the builder's
	origin    stack
	specs     []spec
	variables []podVariable
	declares  []Volume
	edits     []podEdit
	images    []func(string) string
	dials     []upstream
	selector  []string
	allowed   allowances
	needs     []need
	flaws     []flaw
	target    release.Minor
	inline    bool
	hardened  bool
}

// Pod starts a pod of that name, which its workloads and Services have too. A
// name that is no DNS subdomain is an error; so is one of more than 63
// characters, which the API server takes and then cuts to make the host name.
func Pod(name string) PodBuilder {
	origin := here(ofObject)
	bad := podNameFlaw(name)
	return PodBuilder{push(nil, func(s *podDraft) {
		s.origin = origin
		s.t.Name = name
		s.reportAll(bad)
	})}
}

func podNameFlaw(name string) *flaw {
	if name == "" {
		return missing("object-name", "metadata.name", "name the pod")
	}
	if names.IsLabel(name) {
		return nil
	}
	if msgs := validation.IsDNS1123Subdomain(name); len(msgs) > 0 {
		return invalid("object-name", "metadata.name", name, strings.Join(msgs, "; "), "at most 63 of a-z, 0-9, - and .")
	}
	if len(name) > validation.DNS1123LabelMaxLength {
		f := invalid("name-hostname", "metadata.name", name, "is longer than 63 characters, so the host name is cut", "choose a shorter name")
		f.level = check.Broken
		return f
	}
	return nil
}

func (p PodBuilder) add(run func(*podDraft)) PodBuilder {
	if p.last == nil {
		zero := zeroPod()
		p.last = push(nil, func(s *podDraft) { s.flaws = append(s.flaws, *zero) })
	}
	return PodBuilder{push(p.last, run)}
}

func zeroPod() *flaw {
	return invalid("zero-builder", "", nil, "a pod was never started", "start it with pattern.Pod")
}

func (p PodBuilder) reject(f *flaw) PodBuilder {
	return p.add(func(s *podDraft) { s.flaws = append(s.flaws, *f) })
}

// reportUnder reports the flaws of an element of a list.
func (s *podDraft) reportUnder(f *flaw, list string, i int) {
	for ; f != nil; f = f.prev {
		s.flaws = append(s.flaws, f.under(list+index(i)))
	}
}

func (s *podDraft) reportAll(f *flaw) {
	for ; f != nil; f = f.prev {
		s.flaws = append(s.flaws, f.under(""))
	}
}

// WithApp appends app containers. The first app is the pod's default container.
// This and the other With… methods take a list that may be empty.
func (p PodBuilder) WithApp(c ...AppContainer) PodBuilder { return with(p, c) }

// WithSidecar appends sidecars.
func (p PodBuilder) WithSidecar(c ...SidecarContainer) PodBuilder { return with(p, c) }

// WithAmbassador appends ambassadors.
func (p PodBuilder) WithAmbassador(c ...AmbassadorContainer) PodBuilder { return with(p, c) }

// WithAdapter appends adapters.
func (p PodBuilder) WithAdapter(c ...AdapterContainer) PodBuilder { return with(p, c) }

// WithInit appends init containers.
func (p PodBuilder) WithInit(c ...InitContainer) PodBuilder { return with(p, c) }

func with[R Role](p PodBuilder, cs []Container[R]) PodBuilder {
	for _, c := range cs {
		added := c.spec()
		p = p.add(func(s *podDraft) {
			if s.specs == nil {
				s.specs = make([]spec, 0, 4)
			}
			s.specs = append(s.specs, added)
		})
	}
	return p
}

// WithVolume declares volumes that no container mounts by a handle, as those that
// only an Edit uses. Volumes that are mounted need no declaration.
func (p PodBuilder) WithVolume(v ...Volume) PodBuilder {
	v = slices.Clone(v)
	for _, x := range v {
		if x.v == nil {
			f := zeroVolume()
			f.field = "spec.volumes"
			p = p.reject(f)
		}
	}
	return p.add(func(s *podDraft) { s.declares = append(s.declares, v...) })
}

// Target says for which minor version of Kubernetes the pod is, such as "1.33":
// what that version doesn't have on by default is replaced where there is an
// older way, and else an error. By default it is the oldest that upstream
// supports. The -target flag of [Main] goes before it.
func (p PodBuilder) Target(minor string) PodBuilder {
	v, ok := release.Parse(minor)
	if !ok {
		return p.reject(invalid("target-version", "", minor, "is no version of Kubernetes", `such as "1.35"`))
	}
	return p.add(func(s *podDraft) { s.target = v })
}

// InlineConfig lets the files that helpers generate ride in annotations of the
// pod, mounted by downwardAPI volumes, in place of ConfigMaps: the pod then
// stands by itself. All annotations of a pod together hold 256 KiB.
func (p PodBuilder) InlineConfig() PodBuilder {
	return p.add(func(s *podDraft) { s.inline = true })
}

// Apply passes the pod through functions, such as an organisation's rules for all
// pods. A nil one is an error.
func (p PodBuilder) Apply(fs ...func(PodBuilder) PodBuilder) PodBuilder {
	for _, f := range fs {
		if f == nil {
			p = p.reject(missing("nil-argument", "", "give Apply a function"))
			continue
		}
		p = f(p)
	}
	return p
}

// Edit changes the finished pod, for what no method does. It runs last, before
// the checks, and must be a pure function. Another name or namespace, and a nil f,
// are errors.
func (p PodBuilder) Edit(f func(*corev1.PodTemplateSpec)) PodBuilder {
	if f == nil {
		return p.reject(missing("nil-argument", "", "give Edit a function"))
	}
	at := here(ofConstructor)
	return p.add(func(s *podDraft) { s.edits = append(s.edits, podEdit{f, at}) })
}

// podEdit is a function that was given to Edit.
type podEdit struct {
	f  func(*corev1.PodTemplateSpec)
	at stack
}

// run changes the pod, but not its name, which other objects have in theirs.
func (e podEdit) run(t *corev1.PodTemplateSpec, b *built) {
	name, namespace := t.Name, t.Namespace
	e.f(t)
	if t.Name != name || t.Namespace != namespace {
		b.resolver.report(flaw{rule: "edit-name", field: "metadata.name", value: t.Namespace + "/" + t.Name, at: e.at, detail: "Edit changed the name or the namespace", fix: "use Pod and Namespace"})
		t.Name, t.Namespace = name, namespace
	}
}
