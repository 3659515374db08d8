package pattern

import (
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// DaemonSetBuilder is an immutable builder of a DaemonSet; see also [Manifest].
type DaemonSetBuilder struct{ Manifest[*appsv1.DaemonSet] }

// DaemonSet carries the pod in a DaemonSet: one on each node; otherwise as
// [PodBuilder.Deployment].
func (p PodBuilder) DaemonSet() DaemonSetBuilder {
	m := Manifest[*appsv1.DaemonSet]{pod: p.last, make: func(s *session) (*appsv1.DaemonSet, []runtime.Object) {
		b := s.carry(p, asDaemonSet)
		t, selector := b.selected()
		return &appsv1.DaemonSet{
			TypeMeta:   metav1.TypeMeta{APIVersion: appsv1.SchemeGroupVersion.String(), Kind: "DaemonSet"},
			ObjectMeta: b.workloadMeta(t.Labels),
			Spec:       appsv1.DaemonSetSpec{Selector: selector, Template: t},
		}, b.plan.objects
	}}
	m.template = func(o *appsv1.DaemonSet) *corev1.PodTemplateSpec { return &o.Spec.Template }
	return DaemonSetBuilder{m}
}

// Edit changes the finished DaemonSet. It must be a pure function; a nil one is
// an error.
func (d DaemonSetBuilder) Edit(f func(*appsv1.DaemonSet)) DaemonSetBuilder {
	return DaemonSetBuilder{d.edited(f)}
}
