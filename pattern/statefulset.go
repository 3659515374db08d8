package pattern

import (
	"github.com/podpattern/podpattern/internal/names"
	"github.com/podpattern/podpattern/pattern/check"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// StatefulSetBuilder is an immutable builder of a StatefulSet; see also
// [Manifest].
type StatefulSetBuilder struct{ Manifest[*appsv1.StatefulSet] }

// StatefulSet carries the pod in a StatefulSet of n replicas, with a claim for
// each [ClaimTemplate] that the pod mounts. Its Service is that of the pod's own
// name; otherwise as [PodBuilder.Deployment].
func (p PodBuilder) StatefulSet(n int) StatefulSetBuilder {
	m := Manifest[*appsv1.StatefulSet]{pod: p.last, make: func(s *session) (*appsv1.StatefulSet, []runtime.Object) {
		b := s.carry(p, asStatefulSet)
		if len(b.t.Name) > 52 {
			s.report(&flaw{rule: "object-name", level: check.Broken, field: "metadata.name", value: b.t.Name, at: b.origin, detail: "is longer than 52 characters, so the label of its revision is longer than 63 and no pod is made", fix: "choose a shorter name"})
		}
		t, selector := b.selected()
		return &appsv1.StatefulSet{
			TypeMeta:   metav1.TypeMeta{APIVersion: appsv1.SchemeGroupVersion.String(), Kind: "StatefulSet"},
			ObjectMeta: b.workloadMeta(t.Labels),
			Spec: appsv1.StatefulSetSpec{
				Replicas:             new(clamp32(n)),
				ServiceName:          b.t.Name,
				Selector:             selector,
				Template:             t,
				VolumeClaimTemplates: b.claims(),
			},
		}, b.plan.objects
	}}
	m.template = func(o *appsv1.StatefulSet) *corev1.PodTemplateSpec { return &o.Spec.Template }
	return StatefulSetBuilder{m.flawed(replicas(n))}
}

// ServiceName replaces the headless Service that gives the pods their names. What
// is no DNS label is an error.
func (d StatefulSetBuilder) ServiceName(name string) StatefulSetBuilder {
	if !names.IsLabel(name) {
		return StatefulSetBuilder{d.flawed(notLabel("spec.serviceName", name, "the name of a headless Service"))}
	}
	return StatefulSetBuilder{d.changed(func(o *appsv1.StatefulSet) { o.Spec.ServiceName = name })}
}

// Edit changes the finished StatefulSet. It must be a pure function; a nil one is
// an error.
func (d StatefulSetBuilder) Edit(f func(*appsv1.StatefulSet)) StatefulSetBuilder {
	return StatefulSetBuilder{d.edited(f)}
}
