package pattern

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
)

// keepMounted leaves the pod the volumes of a bundle that go while something else mounts
// them: without them the API server would refuse the pod. left is the pod without the
// bundle's other parts.
func (x *tenancy) keepMounted(bundle string, left *corev1.PodTemplateSpec, wanted []item) {
	for i := range x.items {
		name := x.items[i].key
		if len(x.by[i]) != 1 || x.by[i][0] != bundle || slices.ContainsFunc(wanted, func(w item) bool { return w.key == name }) {
			continue
		}
		mounts := func(c corev1.Container) bool {
			return slices.ContainsFunc(c.VolumeMounts, func(m corev1.VolumeMount) bool { return m.Name == name }) ||
				slices.ContainsFunc(c.VolumeDevices, func(d corev1.VolumeDevice) bool { return d.Name == name })
		}
		if slices.ContainsFunc(left.Spec.Containers, mounts) || slices.ContainsFunc(left.Spec.InitContainers, mounts) {
			x.by[i] = nil
		}
	}
}
