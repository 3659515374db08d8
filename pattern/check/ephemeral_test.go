package check_test

import (
	"testing"

	"github.com/podpattern/podpattern/pattern/check"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
)

func debugger(name string, change func(*corev1.EphemeralContainer)) func(*corev1.Pod) {
	return func(p *corev1.Pod) {
		c := corev1.EphemeralContainer{EphemeralContainerCommon: corev1.EphemeralContainerCommon{Name: name, Image: "busybox:1"}}
		change(&c)
		p.Spec.EphemeralContainers = append(p.Spec.EphemeralContainers, c)
	}
}

func TestEphemeralContainers(t *testing.T) {
	const always = "A spec.ephemeralContainers: Forbidden: cannot be set on create"
	try(t,
		example{"ephemeral-containers", "any", debugger("debug", func(c *corev1.EphemeralContainer) { c.TargetContainerName = "init" }), []string{always}},
		example{"ephemeral-containers", "a name that is taken", debugger("init", func(*corev1.EphemeralContainer) {}), []string{always, `A spec.ephemeralContainers[0].name: Duplicate value: "init"`}},
		example{"ephemeral-containers", "a target that is one itself", debugger("debug", func(c *corev1.EphemeralContainer) { c.TargetContainerName = "debug" }),
			[]string{always, `A spec.ephemeralContainers[0].targetContainerName: Not found: "debug"`}},
		example{"ephemeral-containers", "what it can't have", debugger("debug", func(c *corev1.EphemeralContainer) {
			c.Ports, c.LivenessProbe, c.Lifecycle = []corev1.ContainerPort{port("", 80)}, &corev1.Probe{}, &corev1.Lifecycle{}
			c.ResizePolicy, c.RestartPolicy = []corev1.ContainerResizePolicy{{ResourceName: "cpu", RestartPolicy: "NotRequired"}}, new(corev1.ContainerRestartPolicyAlways)
			c.Resources.Limits = list("1", "1Gi")
			c.VolumeMounts = []corev1.VolumeMount{{Name: "data", MountPath: "/a", SubPath: "a"}, {Name: "data", MountPath: "/b", SubPathExpr: "b"}}
		}), []string{always,
			"A spec.ephemeralContainers[0].lifecycle: Forbidden: cannot be set for an Ephemeral Container",
			"A spec.ephemeralContainers[0].livenessProbe: Forbidden: cannot be set for an Ephemeral Container",
			"A spec.ephemeralContainers[0].ports: Forbidden: cannot be set for an Ephemeral Container",
			"A spec.ephemeralContainers[0].resizePolicy: Forbidden: cannot be set for an Ephemeral Container",
			"A spec.ephemeralContainers[0].resources: Forbidden: cannot be set for an Ephemeral Container",
			"A spec.ephemeralContainers[0].restartPolicy: Forbidden: cannot be set for an Ephemeral Container",
			"A spec.ephemeralContainers[0].volumeMounts[0].subPath: Forbidden: cannot be set for an Ephemeral Container",
			"A spec.ephemeralContainers[0].volumeMounts[1].subPathExpr: Forbidden: cannot be set for an Ephemeral Container"}},
		example{"name-label", "of an ephemeral container", debugger("Debug", func(*corev1.EphemeralContainer) {}), []string{`A spec.ephemeralContainers[0].name: Invalid value: "Debug": ` + label63}},
		example{"image-missing", "of an ephemeral container", debugger("debug", func(c *corev1.EphemeralContainer) { c.Image = "" }), []string{"A spec.ephemeralContainers[0].image: Required value"}},
		example{"mount-undeclared", "of an ephemeral container", debugger("debug", func(c *corev1.EphemeralContainer) {
			c.VolumeMounts = []corev1.VolumeMount{mount("none", "/a"), mount("data", "/b")}
		}), []string{`A spec.ephemeralContainers[0].volumeMounts[0].name: Not found: "none"`}},
		example{"pull-policy", "of an ephemeral container", debugger("debug", func(c *corev1.EphemeralContainer) { c.ImagePullPolicy = "x" }),
			[]string{`A spec.ephemeralContainers[0].imagePullPolicy: Unsupported value: "x": supported values: "Always", "IfNotPresent", "Never"`}},
	)
}

// A template says it in other words, and looks at the spaces around an image
// here too.
func TestEphemeralContainersOfATemplate(t *testing.T) {
	p := goodPod()
	debugger("debug", func(c *corev1.EphemeralContainer) { c.Image = "a " })(p)
	found := check.Template(&corev1.PodTemplateSpec{Spec: p.Spec}, check.Under("spec.template"), check.AtLeast(check.Broken))
	require.Len(t, found, 2, "%s", found)
	require.Equal(t, "spec.template.spec.ephemeralContainers: Forbidden: ephemeral containers not allowed in pod template", fieldError(found[0]).Error())
	require.Equal(t, "spec.template.spec.ephemeralContainers[0].image", found[1].Path)
	require.Equal(t, check.Rejected, found[1].Level)
	require.Equal(t, []check.Party{{Container: "debug", Path: found[1].Path}}, found[1].Parties)
}
