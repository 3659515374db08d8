package pattern

import (
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// DeploymentBuilder is an immutable builder of a Deployment; see also [Manifest].
type DeploymentBuilder struct{ Manifest[*appsv1.Deployment] }

// Deployment carries the pod in a Deployment of n replicas, with the pod's name,
// namespace and labels. It selects by the label app, which it adds where the pod
// has none; see [PodBuilder.SelectorLabels]. A negative n is an error.
func (p PodBuilder) Deployment(n int) DeploymentBuilder {
	m := Manifest[*appsv1.Deployment]{pod: p.last, make: func(s *session) (*appsv1.Deployment, []runtime.Object) {
		b := s.carry(p, asDeployment)
		t, selector := b.selected()
		return &appsv1.Deployment{
			TypeMeta:   metav1.TypeMeta{APIVersion: appsv1.SchemeGroupVersion.String(), Kind: "Deployment"},
			ObjectMeta: b.workloadMeta(t.Labels),
			Spec: appsv1.DeploymentSpec{
				Replicas: new(clamp32(n)),
				Selector: selector,
				Template: t,
			},
		}, b.plan.objects
	}}
	m.template = func(o *appsv1.Deployment) *corev1.PodTemplateSpec { return &o.Spec.Template }
	return DeploymentBuilder{m.flawed(replicas(n))}
}

// NoReplicas leaves the number of replicas to an autoscaler: none is written.
func (d DeploymentBuilder) NoReplicas() DeploymentBuilder {
	return DeploymentBuilder{d.changed(func(o *appsv1.Deployment) { o.Spec.Replicas = nil })}
}

// Edit changes the finished Deployment. It must be a pure function; a nil one is
// an error.
func (d DeploymentBuilder) Edit(f func(*appsv1.Deployment)) DeploymentBuilder {
	return DeploymentBuilder{d.edited(f)}
}
