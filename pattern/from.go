package pattern

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/podpattern/podpattern/pattern/check"
	corev1 "k8s.io/api/core/v1"
)

// From starts a builder from a pod, or a pod template, that somebody else wrote: what
// the builder adds comes to what is there, and without any addition Build gives it
// back as it was, but for the status. Of the containers that are there all regular
// ones are apps to helpers that wire apps; For names others.
//
// What is wrong with the pod already doesn't keep it from being built: PodBuilder.Findings
// has it, and says so with [check.Finding.Brought]. Build fails for what the builder
// brings about. A nil one is an error.
//
//	pattern.From(pod).WithSidecar(sidecar.LogShipper(logs, sidecar.Loki(url))).Build()
func From[T corev1.Pod | corev1.PodTemplateSpec](there *T) PodBuilder {
	origin := here(ofObject)
	if there == nil {
		bad := missing("nil-argument", "", "give From a pod or a template")
		return PodBuilder{push(nil, func(s *podDraft) { s.flaws = append(s.flaws, *bad) })}
	}
	var t corev1.PodTemplateSpec
	switch there := any(there).(type) {
	case *corev1.Pod:
		there.ObjectMeta.DeepCopyInto(&t.ObjectMeta)
		there.Spec.DeepCopyInto(&t.Spec)
	case *corev1.PodTemplateSpec:
		there.DeepCopyInto(&t)
	}
	return PodBuilder{push(nil, func(s *podDraft) {
		s.origin = origin
		s.from = &t // never written to
		t.DeepCopyInto(&s.t)
	})}
}

// markBrought marks the findings that the pod had before the builder changed it.
func (b *built) markBrought() {
	if b.from == nil {
		return
	}
	had := make(map[string]int)
	for _, f := range b.checked(b.from, b.fromOptions()) {
		had[b.identity(&f, &b.from.Spec)]++
	}
	for i := range b.found {
		if id := b.identity(&b.found[i], &b.t.Spec); had[id] > 0 {
			had[id]--
			b.found[i].Brought = true
		}
	}
}

// fromOptions are for the pod as it was, in which other bundles have their helpers.
func (b *built) fromOptions() []check.Option {
	if len(b.otherHelpers) == 0 {
		return b.targetOptions()
	}
	return append(b.targetOptions(), check.Intended(check.Intent{Helpers: b.otherHelpers}))
}

// identity is the same for a finding of the pod before and after other containers and
// volumes have come. A warning about the pod as a whole may count its containers.
func (b *built) identity(f *check.Finding, spec *corev1.PodSpec) string {
	path := named(strings.TrimPrefix(f.Path, b.kind.path), spec)
	if f.Level == check.Warning && !strings.Contains(path, "[") {
		return f.Rule + "\n" + path
	}
	return fmt.Sprint(f.Rule, "\n", path, "\n", f.Value, "\n", f.Detail)
}

// named writes a path with the names of containers and volumes in place of their
// places.
func named(path string, spec *corev1.PodSpec) string {
	for _, list := range [...]struct {
		prefix string
		name   func(i int) string
		n      int
	}{
		{"spec.containers[", func(i int) string { return spec.Containers[i].Name }, len(spec.Containers)},
		{"spec.initContainers[", func(i int) string { return spec.InitContainers[i].Name }, len(spec.InitContainers)},
		{"spec.volumes[", func(i int) string { return spec.Volumes[i].Name }, len(spec.Volumes)},
	} {
		rest, ok := strings.CutPrefix(path, list.prefix)
		digits, rest, closed := strings.Cut(rest, "]")
		if i, err := strconv.Atoi(digits); ok && closed && err == nil && i >= 0 && i < list.n {
			return list.prefix + list.name(i) + "]" + rest
		}
	}
	return path
}
