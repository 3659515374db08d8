package check_test

import (
	"testing"

	"github.com/podpattern/podpattern/pattern/check"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
)

func TestResizePolicies(t *testing.T) {
	resize := func(c func(*corev1.Pod) *corev1.Container, pairs ...string) func(*corev1.Pod) {
		return func(p *corev1.Pod) {
			for i := 0; i < len(pairs); i += 2 {
				c(p).ResizePolicy = append(c(p).ResizePolicy, corev1.ContainerResizePolicy{ResourceName: corev1.ResourceName(pairs[i]), RestartPolicy: corev1.ResourceResizeRestartPolicy(pairs[i+1])})
			}
		}
	}
	never := func(change func(*corev1.Pod)) func(*corev1.Pod) {
		return func(p *corev1.Pod) {
			p.Spec.RestartPolicy = corev1.RestartPolicyNever
			change(p)
		}
	}
	const app = "A spec.containers[0].resizePolicy"
	try(t,
		example{"resize-policy", "twice", resize(webOf, "cpu", "NotRequired", "memory", "NotRequired", "cpu", "RestartContainer", "cpu", "NotRequired"), []string{
			app + `[2]: Duplicate value: "cpu"`, app + `[3]: Duplicate value: "cpu"`}},
		example{"resize-policy", "nothing said", resize(webOf, "", ""), []string{app + "[0].resourceName: Required value", app + "[0].restartPolicy: Required value"}},
		example{"resize-policy", "other words", resize(webOf, "disk", "Never"), []string{
			app + `[0].resourceName: Unsupported value: "disk": supported values: "cpu", "memory"`,
			app + `[0].restartPolicy: Unsupported value: "Never": supported values: "NotRequired", "RestartContainer"`}},
		example{"resize-policy", "a pod that never restarts", never(resize(webOf, "cpu", "RestartContainer")), []string{
			app + "[0].restartPolicy: Invalid value: \"RestartContainer\": must be 'NotRequired' when pod `restartPolicy` is 'Never'"}},
		example{"resize-policy", "a plain init container", resize(initOf, "cpu", "RestartContainer"), []string{
			`A spec.initContainers[0].resizePolicy[0].restartPolicy: Invalid value: "RestartContainer": must not be set to 'RestartContainer' for non-sidecar initContainers`}},
		example{"resize-policy", "a native sidecar", resize(sideOf, "cpu", "RestartContainer", "memory", "NotRequired"), nil},
		example{"resize-policy", "no restart", never(resize(webOf, "cpu", "NotRequired")), nil},
		example{"resize-policy", "no restart of an init container", resize(initOf, "cpu", "NotRequired"), nil},
	)
	p := goodPod()
	resize(webOf, "disk", "Never")(p)
	require.Len(t, of(check.Pod(p, check.Target("1.33")), "resize-policy"), 2)
	require.Empty(t, of(check.Pod(p, check.Target("1.32")), "resize-policy"), "the field is dropped")
}
