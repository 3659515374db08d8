package pattern

import (
	"cmp"
	"slices"
	"sync"

	"github.com/podpattern/podpattern/internal/release"
	"github.com/podpattern/podpattern/pattern/check"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// workload is what carries a pod.
type workload struct {
	name string // its kind
	path string // where the pod template stands in it, with a dot behind
	read bool   // nothing carries it: somebody asks about the pod
	// selects says that it adds the labels by which a Service finds the pod.
	selects bool
	// ends says that its pods run to their end.
	ends bool
}

var (
	asPod         = workload{name: "Pod"}
	asRead        = workload{name: "Pod", read: true}
	asDeployment  = workload{name: "Deployment", path: "spec.template.", selects: true}
	asStatefulSet = workload{name: "StatefulSet", path: "spec.template.", selects: true}
	asDaemonSet   = workload{name: "DaemonSet", path: "spec.template.", selects: true}
	asJob         = workload{name: "Job", path: "spec.template.", ends: true}
	asCronJob     = workload{name: "CronJob", path: "spec.jobTemplate.spec.template.", ends: true}
)

// built is a pod that was built: the result and all that is known about it.
type built struct {
	podDraft
	resolver
	plan
	found check.Findings
	// otherHelpers are the containers that other bundles have added.
	otherHelpers []string
	thereClaims  []string // templates of claims that the pod had before
	// firstRegular is the place of the first container in spec.containers that the
	// plan added.
	firstRegular int
	checkedPod   corev1.Pod // room for the checks of one that no workload carries
}

// builts are those that no session has, *built: the next pod is built in their room.
var builts = sync.Pool{New: func() any { return new(built) }}

// release gives the room to the next pod. What was made of this one has all in copies, but
// for what a function of the user was given and may have kept.
func (b *built) release() {
	if len(b.edits) > 0 || b.editsDrafts() {
		return
	}
	b.room.clean()
	*b = built{resolver: resolver{room: b.room}}
	builts.Put(b)
}

// build runs the edits, resolves them and checks the result. target is that of
// the caller, which goes before the pod's own; 0 is none.
func (p PodBuilder) build(kind workload, target release.Minor) *built {
	b := builts.Get().(*built)
	if p.last == nil {
		b.found = check.Findings{zeroPod().finding("")}
		return b
	}
	s := &b.podDraft
	replay(p.last, s)
	b.resolver = resolver{room: b.room, base: &s.t, kind: kind, target: cmp.Or(target, s.target, release.Default), inline: s.inline, hardened: s.hardened && (s.t.Spec.OS == nil || s.t.Spec.OS.Name != corev1.Windows), variables: s.variables, declares: s.declares, needs: s.needs}
	s.t.Spec.RestartPolicy = kind.restartPolicy(s.t.Spec.RestartPolicy)
	b.plan = b.resolver.resolve(s.specs)
	b.firstRegular = len(s.t.Spec.Containers)
	b.plan.apply(&s.t)
	s.mapImages()
	b.defaultContainer()
	if s.hardened {
		harden(&s.t.Spec)
	}
	for _, edit := range s.edits {
		edit.run(&s.t, b)
	}
	b.find()
	return b
}

// restartPolicy gives a Job the policy that it must have.
func (w workload) restartPolicy(set corev1.RestartPolicy) corev1.RestartPolicy {
	if set == "" && w.ends {
		return corev1.RestartPolicyOnFailure
	}
	return set
}

const defaultContainer = "kubectl.kubernetes.io/default-container"

// defaultContainer names the app for kubectl, where it would take another one.
func (b *built) defaultContainer() {
	if len(b.plan.regular) == 0 || b.plan.regular[0].role == appRole || len(b.t.Spec.Containers) > len(b.plan.regular) {
		return
	}
	i := slices.IndexFunc(b.plan.regular, func(d *draft) bool { return d.role == appRole })
	if _, there := b.t.Annotations[defaultContainer]; i >= 0 && !there {
		set(&b.t.Annotations, defaultContainer, b.plan.regular[i].c.Name)
	}
}

// Build gives the pod, or all findings that make it unusable, joined: errors.As
// finds a [check.Finding] and a *field.Error in them. What helpers generate
// beside the pod is in [PodBuilder.Objects].
func (p PodBuilder) Build() (*corev1.Pod, error) {
	b := p.build(asPod, 0)
	if err := b.found.Err(); err != nil {
		return nil, err
	}
	defer b.release()
	return b.pod(), nil
}

func (b *built) pod() *corev1.Pod {
	return &corev1.Pod{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Pod"}, ObjectMeta: b.t.ObjectMeta, Spec: b.t.Spec}
}

// Template gives the pod as a template, for a workload that this library doesn't
// make; otherwise as [PodBuilder.Build].
func (p PodBuilder) Template() (*corev1.PodTemplateSpec, error) {
	b := p.build(asPod, 0)
	if err := b.found.Err(); err != nil {
		return nil, err
	}
	return &b.t, nil
}

// Findings gives all findings, the warnings too, that building the pod brings.
func (p PodBuilder) Findings() check.Findings { return p.build(asPod, 0).found }
