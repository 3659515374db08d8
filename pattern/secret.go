package pattern

import (
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// SecretBuilder is an immutable value that stands for a Secret: one that exists,
// or, given [SecretBuilder.Data], one that the library prints.
type SecretBuilder struct{ o objectRef }

// Secret names a Secret of the pod's namespace. An empty name is an error.
func Secret(name string) SecretBuilder { return SecretBuilder{newObjectRef("Secret", name)} }

// Namespace replaces the namespace; by default that of the pod that uses it.
func (s SecretBuilder) Namespace(namespace string) SecretBuilder {
	s.o = s.o.in(namespace)
	return s
}

// Data sets a key: it replaces the one of that name. The value is printed in
// clear, under stringData: keep what is truly secret out of generated files.
func (s SecretBuilder) Data(key, value string) SecretBuilder {
	s.o = s.o.set(key, value)
	return s
}

// Optional lets the pod start where the Secret or the key doesn't exist.
func (s SecretBuilder) Optional() SecretBuilder { s.o.optional = true; return s }

// Volume is the handle of a volume with the keys as files, read-only by nature.
func (s SecretBuilder) Volume(name string) Volume {
	v := newVolume(name, &corev1.VolumeSource{Secret: &corev1.SecretVolumeSource{SecretName: s.o.name, Optional: s.o.optionally()}}, s.o.at)
	v.object = s.generated()
	return Volume{v}.badAll(s.o.faults())
}

func (s SecretBuilder) envVar(name, key string) (corev1.EnvVar, *flaw) {
	return corev1.EnvVar{Name: name, ValueFrom: &corev1.EnvVarSource{SecretKeyRef: &corev1.SecretKeySelector{LocalObjectReference: s.o.ref(), Key: key, Optional: s.o.optionally()}}},
		s.o.keyFlaws(".valueFrom.secretKeyRef", key)
}

func (s SecretBuilder) envFrom() (corev1.EnvFromSource, *flaw) {
	return corev1.EnvFromSource{SecretRef: &corev1.SecretEnvSource{LocalObjectReference: s.o.ref(), Optional: s.o.optionally()}}, s.o.faults()
}

func (s SecretBuilder) projection() (corev1.VolumeProjection, *flaw) {
	return corev1.VolumeProjection{Secret: &corev1.SecretProjection{LocalObjectReference: s.o.ref(), Optional: s.o.optionally()}}, s.o.faults()
}

func (s SecretBuilder) generated() *generated {
	return s.o.generated(func(data map[string]string, meta metav1.ObjectMeta) runtime.Object {
		return &corev1.Secret{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Secret"}, ObjectMeta: meta, StringData: data}
	})
}
