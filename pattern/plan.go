package pattern

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// plan is what must be added to the pod.
type plan struct {
	starters []starter // spec.initContainers as a whole: those there and the new ones
	regular  []*draft  // to append to spec.containers
	volumes  []declared
	sites    []*site // what containers that were there get
	pod      podAdditions
	objects  []runtime.Object // to create before the pod
}

// apply carries the plan out on a typed template. It only adds.
func (pl *plan) apply(t *corev1.PodTemplateSpec) {
	for _, s := range pl.sites {
		s.apply(&t.Spec.Containers[s.index])
	}
	if len(pl.starters) > len(t.Spec.InitContainers) {
		there := t.Spec.InitContainers
		t.Spec.InitContainers = make([]corev1.Container, 0, len(pl.starters))
		for _, s := range pl.starters {
			if s.d != nil {
				t.Spec.InitContainers = append(t.Spec.InitContainers, s.d.c)
			} else { // they keep their order
				t.Spec.InitContainers = append(t.Spec.InitContainers, there[0])
				there = there[1:]
			}
		}
	}
	t.Spec.Containers = slices.Grow(t.Spec.Containers, len(pl.regular))
	for _, d := range pl.regular {
		t.Spec.Containers = append(t.Spec.Containers, d.c)
	}
	t.Spec.Volumes = slices.Grow(t.Spec.Volumes, len(pl.volumes))
	for _, v := range pl.volumes {
		if v.volume.source != nil {
			t.Spec.Volumes = append(t.Spec.Volumes, corev1.Volume{Name: v.volume.name})
			v.volume.source.DeepCopyInto(&t.Spec.Volumes[len(t.Spec.Volumes)-1].VolumeSource)
		}
	}
	pl.pod.apply(t)
}

// claims gives the claim templates among the volumes, for a StatefulSet.
func (pl *plan) claims() []corev1.PersistentVolumeClaim {
	var out []corev1.PersistentVolumeClaim
	for _, v := range pl.volumes {
		if v.volume.claim != nil {
			out = append(out, corev1.PersistentVolumeClaim{ObjectMeta: metav1.ObjectMeta{Name: v.volume.name}, Spec: *v.volume.claim.DeepCopy()})
		}
	}
	return out
}
