package check_test

import (
	"testing"

	"github.com/podpattern/podpattern/pattern/check"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
)

func debugger(name string) func(*corev1.Pod) {
	return func(p *corev1.Pod) {
		p.Spec.EphemeralContainers = append(p.Spec.EphemeralContainers, corev1.EphemeralContainer{EphemeralContainerCommon: corev1.EphemeralContainerCommon{Name: name, Image: "busybox:1"}})
	}
}

// What is wrong in one that must go anyhow isn't said.
func TestEphemeralContainers(t *testing.T) {
	only := []string{"A spec.ephemeralContainers: Forbidden: cannot be set on create"}
	try(t,
		example{"ephemeral-containers", "any", debugger("debug"), only},
		example{"ephemeral-containers", "with a name that is none", debugger("Debug"), only},
		example{"name-label", "of an ephemeral container", debugger("Debug"), nil},
	)
}

// A template says it in other words.
func TestEphemeralContainersOfATemplate(t *testing.T) {
	p := goodPod()
	debugger("debug")(p)
	found := check.Template(&corev1.PodTemplateSpec{Spec: p.Spec}, check.Under("spec.template"), check.AtLeast(check.Broken))
	require.Len(t, found, 1, "%s", found)
	require.Equal(t, "spec.template.spec.ephemeralContainers: Forbidden: ephemeral containers not allowed in pod template", fieldError(found[0]).Error())
}
