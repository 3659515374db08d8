package pattern

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
)

// podVariable is a variable, or a source of some, for several containers.
type podVariable struct {
	only   []string // nil: all
	env    *corev1.EnvVar
	from   *corev1.EnvFromSource
	object *generated
	at     stack
}

// Env sets a variable in all containers of the pod, the helpers included, before
// their own; it replaces what an earlier call said, and goes before what a helper
// gives. A container that sets the variable itself keeps its value.
func (p PodBuilder) Env(name, value string) PodBuilder { return p.For().Env(name, value) }

// EnvFrom appends all keys of a ConfigMap or Secret as variables to all
// containers of the pod.
func (p PodBuilder) EnvFrom(source EnvSource) PodBuilder { return p.For().EnvFrom(source) }

// For selects containers by name for the one call that follows; the next call is
// for the pod as a whole again:
//
//	pod.For("web", "worker").Env("TZ", "UTC").For("web").Env("MODE", "fast")
//
// Without names it selects all. A name that the pod doesn't have is an error.
func (p PodBuilder) For(containers ...string) Selection {
	return Selection{p, slices.Clone(containers)}
}

// Selection is some containers of a pod; see [PodBuilder.For].
type Selection struct {
	pod  PodBuilder
	only []string
}

// Env is [PodBuilder.Env] for the selected containers.
func (s Selection) Env(name, value string) PodBuilder {
	if bad := badEnvName("spec.containers.env.name", name); bad != nil {
		return s.pod.reject(bad)
	}
	return s.add(podVariable{only: s.only, env: &corev1.EnvVar{Name: name, Value: value}, at: here(ofConstructor)})
}

// EnvFrom is [PodBuilder.EnvFrom] for the selected containers.
func (s Selection) EnvFrom(source EnvSource) PodBuilder {
	if isNil(source) {
		return s.pod.reject(missing("nil-argument", "spec.containers.envFrom", "give a ConfigMap or a Secret"))
	}
	from, bad := source.envFrom()
	p := s.add(podVariable{only: s.only, from: &from, object: source.generated(), at: here(ofConstructor)})
	for ; bad != nil; bad = bad.prev {
		f := bad.under("spec.containers.envFrom")
		p = p.reject(&f)
	}
	return p
}

func (s Selection) add(v podVariable) PodBuilder {
	return s.pod.add(func(d *podDraft) { d.variables = append(d.variables, v) })
}
