package pattern

import (
	"github.com/podpattern/podpattern/internal/names"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// NamespaceBuilder is an immutable builder of a Namespace; see also [Manifest].
type NamespaceBuilder struct{ Manifest[*corev1.Namespace] }

// Namespace is a namespace. A name that is no DNS label is an error.
func Namespace(name string) NamespaceBuilder {
	m := Manifest[*corev1.Namespace]{make: func(*session) (*corev1.Namespace, []runtime.Object) {
		return &corev1.Namespace{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Namespace"}, ObjectMeta: metav1.ObjectMeta{Name: name}}, nil
	}}
	if !names.IsLabel(name) {
		m = m.flawed(notLabel("metadata.name", name, "at most 63 of a-z, 0-9 and -"))
	}
	return NamespaceBuilder{m}
}

// SecurityLevel is a level of Pod Security.
// docs: concepts/security/pod-security-standards.
type SecurityLevel string

const (
	// Privileged forbids nothing.
	Privileged SecurityLevel = "privileged"
	// Baseline forbids what gives a pod rights on its node.
	Baseline SecurityLevel = "baseline"
	// Restricted asks of a pod what [PodBuilder.Hardened] gives it.
	Restricted SecurityLevel = "restricted"
)

// Enforce lets the namespace refuse pods that don't keep to a level.
func (n NamespaceBuilder) Enforce(level SecurityLevel) NamespaceBuilder {
	if level != Privileged && level != Baseline && level != Restricted {
		return NamespaceBuilder{n.flawed(invalid("security-level", "metadata.labels", string(level), "is no level of Pod Security", "use Privileged, Baseline or Restricted"))}
	}
	return n.Label("pod-security.kubernetes.io/enforce", string(level))
}

// Label sets a label: it replaces the one of that key.
func (n NamespaceBuilder) Label(key, value string) NamespaceBuilder {
	return NamespaceBuilder{n.flawed(labelFlaw("metadata.labels", key, value)).changed(func(o *corev1.Namespace) { set(&o.Labels, key, value) })}
}

// Edit changes the finished Namespace. It must be a pure function; a nil one is
// an error.
func (n NamespaceBuilder) Edit(f func(*corev1.Namespace)) NamespaceBuilder {
	return NamespaceBuilder{n.edited(f)}
}
