package pattern

import (
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// ConfigMapBuilder is an immutable value that stands for a ConfigMap: one that
// exists, or, given [ConfigMapBuilder.Data], one that the library prints. Its name
// stays when its data changes, so nothing restarts by itself; [Container.Config]
// is the way for a file whose change rolls the pods.
type ConfigMapBuilder struct{ o objectRef }

// ConfigMap names a ConfigMap of the pod's namespace. An empty name is an error.
func ConfigMap(name string) ConfigMapBuilder {
	return ConfigMapBuilder{newObjectRef("ConfigMap", name)}
}

// Namespace replaces the namespace; by default that of the pod that uses it.
func (c ConfigMapBuilder) Namespace(namespace string) ConfigMapBuilder {
	c.o = c.o.in(namespace)
	return c
}

// Data sets a key: it replaces the one of that name. A pod that uses a ConfigMap
// with data carries it: it is printed before the pod.
func (c ConfigMapBuilder) Data(key, value string) ConfigMapBuilder {
	c.o = c.o.set(key, value)
	return c
}

// Optional lets the pod start where the ConfigMap or the key doesn't exist.
func (c ConfigMapBuilder) Optional() ConfigMapBuilder { c.o.optional = true; return c }

// Volume is the handle of a volume with the keys as files, read-only by nature.
func (c ConfigMapBuilder) Volume(name string) Volume {
	v := newVolume(name, &corev1.VolumeSource{ConfigMap: &corev1.ConfigMapVolumeSource{LocalObjectReference: c.o.ref(), Optional: c.o.optionally()}}, c.o.at)
	v.object = c.generated()
	return Volume{v}.badAll(c.o.faults())
}

func (c ConfigMapBuilder) envVar(name, key string) (corev1.EnvVar, *flaw) {
	return corev1.EnvVar{Name: name, ValueFrom: &corev1.EnvVarSource{ConfigMapKeyRef: &corev1.ConfigMapKeySelector{LocalObjectReference: c.o.ref(), Key: key, Optional: c.o.optionally()}}},
		c.o.keyFlaws(".valueFrom.configMapKeyRef", key)
}

func (c ConfigMapBuilder) envFrom() (corev1.EnvFromSource, *flaw) {
	return corev1.EnvFromSource{ConfigMapRef: &corev1.ConfigMapEnvSource{LocalObjectReference: c.o.ref(), Optional: c.o.optionally()}}, c.o.faults()
}

func (c ConfigMapBuilder) projection() (corev1.VolumeProjection, *flaw) {
	return corev1.VolumeProjection{ConfigMap: &corev1.ConfigMapProjection{LocalObjectReference: c.o.ref(), Optional: c.o.optionally()}}, c.o.faults()
}

func (c ConfigMapBuilder) generated() *generated {
	return c.o.generated(func(data map[string]string, meta metav1.ObjectMeta) runtime.Object {
		return &corev1.ConfigMap{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "ConfigMap"}, ObjectMeta: meta, Data: data}
	})
}
