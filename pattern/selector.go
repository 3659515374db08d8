package pattern

import (
	"maps"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// selectorLabels gives the labels by which the pod is found.
func (b *built) selectorLabels() map[string]string {
	keys := b.selector
	if keys == nil {
		keys = []string{appLabel}
	}
	out := make(map[string]string, len(keys))
	for _, k := range keys {
		v, set := b.t.Labels[k]
		if !set {
			v = b.t.Name
		}
		out[k] = v
	}
	return out
}

const appLabel = "app"

// selected gives the template of a workload, with the labels that its selector
// asks for, and the selector.
func (b *built) selected() (corev1.PodTemplateSpec, *metav1.LabelSelector) {
	t := b.unnamed()
	selector := b.selectorLabels()
	labels := maps.Clone(t.Labels)
	for k, v := range selector {
		set(&labels, k, v)
	}
	t.Labels = labels
	return t, &metav1.LabelSelector{MatchLabels: selector}
}

// unnamed gives the template without what is the workload's.
func (b *built) unnamed() corev1.PodTemplateSpec {
	t := b.t
	t.Name, t.Namespace = "", ""
	return t
}
