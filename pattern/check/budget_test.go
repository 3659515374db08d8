package check_test

import (
	"testing"

	"github.com/podpattern/podpattern/pattern/check"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
)

// budgeted gives what the three containers of a goodPod request and may use; a
// list that is nil is not set.
func budgeted(init, side, web corev1.ResourceRequirements, change ...func(*corev1.Pod)) func(*corev1.Pod) {
	return func(p *corev1.Pod) {
		initOf(p).Resources, sideOf(p).Resources, webOf(p).Resources = init, side, web
		for _, c := range change {
			c(p)
		}
	}
}

func requests(pairs ...string) corev1.ResourceRequirements {
	return corev1.ResourceRequirements{Requests: amounts(pairs...)}
}

func limits(pairs ...string) corev1.ResourceRequirements {
	return corev1.ResourceRequirements{Limits: amounts(pairs...)}
}

func TestInitDominates(t *testing.T) {
	small := requests("cpu", "100m", "memory", "128Mi")
	const path = "W spec.initContainers[0].resources.requests: Invalid value: "
	try(t,
		example{"init-dominates", "cpu", budgeted(requests("cpu", "2"), small, small), []string{
			path + "the pod requests cpu 2 because of it; the running containers ask for cpu 200m"}},
		example{"init-dominates", "both, by the limit", budgeted(limits("cpu", "2", "memory", "4Gi"), small, small), []string{
			path + "the pod requests cpu 2, memory 4Gi because of it; the running containers ask for cpu 200m, memory 256Mi"}},
		example{"init-dominates", "a native sidecar has started before", budgeted(requests("cpu", "1"), small, small, func(p *corev1.Pod) {
			p.Spec.InitContainers[0], p.Spec.InitContainers[1] = p.Spec.InitContainers[1], p.Spec.InitContainers[0]
		}), []string{"W spec.initContainers[1].resources.requests: Invalid value: the pod requests cpu 1100m because of it; the running containers ask for cpu 200m"}},
		example{"init-dominates", "less than twice as much", budgeted(requests("cpu", "3"), requests("cpu", "1"), requests("cpu", "1")), nil},
		example{"init-dominates", "a trifle", budgeted(requests("cpu", "600m", "memory", "512Mi"), small, small), nil},
		example{"init-dominates", "a container that doesn't say what it needs", budgeted(requests("cpu", "2"), corev1.ResourceRequirements{}, small), nil},
		example{"init-dominates", "nobody says what it needs", budgeted(requests("cpu", "2"), corev1.ResourceRequirements{}, corev1.ResourceRequirements{}), nil},
		example{"init-dominates", "resources of the pod", budgeted(requests("cpu", "2"), small, small, together(amounts("cpu", "2"), nil)), nil},
		example{"init-dominates", "a limit far above the request", budgeted(corev1.ResourceRequirements{Requests: amounts("cpu", "100m"), Limits: amounts("cpu", "4")}, small, small), nil},
	)
}

func TestResourcesMissing(t *testing.T) {
	none := corev1.ResourceRequirements{}
	whole := corev1.ResourceRequirements{Requests: list("100m", "64Mi"), Limits: amounts("memory", "64Mi")}
	const web, side = "W spec.containers[0].resources: Required value: container web has ", "W spec.initContainers[1].resources: Required value: container side has "
	try(t,
		example{"resources-missing", "all", budgeted(none, none, none), []string{
			web + "no request of cpu, no request of memory, no limit of memory", side + "no request of cpu, no request of memory, no limit of memory"}},
		example{"resources-missing", "a limit of memory", budgeted(none, whole, requests("cpu", "1", "memory", "1Gi")), []string{web + "no limit of memory"}},
		example{"resources-missing", "a request of cpu", budgeted(none, limits("memory", "1Gi"), whole), []string{side + "no request of cpu"}},
		example{"resources-missing", "limits are requests", budgeted(none, limits("cpu", "1", "memory", "1Gi"), whole), nil},
		example{"resources-missing", "no limit of cpu, and an init container without any", budgeted(none, whole, whole), nil},
		example{"resources-missing", "those of the pod", budgeted(none, none, none, together(amounts("cpu", "1"), amounts("memory", "1Gi"))), nil},
		example{"resources-missing", "the pod has no limit of memory", budgeted(none, whole, none, together(list("1", "1Gi"), nil)), []string{web + "no limit of memory"}},
		example{"resources-missing", "the pod requests no cpu", budgeted(none, whole, none, together(nil, amounts("memory", "1Gi"))), []string{web + "no request of cpu"}},
		example{"resources-missing", "said by qos-broken", budgeted(limits("cpu", "1", "memory", "1Gi"), none, limits("cpu", "1", "memory", "1Gi")), nil},
	)
	p := goodPod()
	budgeted(none, none, none, together(list("1", "1Gi"), list("1", "1Gi")))(p)
	require.Empty(t, of(check.Pod(p, check.Target("1.33")), "resources-missing"), "pod-level-version says it")
}

func TestFractionalBytes(t *testing.T) {
	try(t,
		example{"fractional-bytes", "a limit, and not what is taken from it", asks(nil, amounts("memory", "128m")), []string{
			`W spec.containers[0].resources.limits[memory]: Invalid value: fractional byte value "128m" is invalid, must be an integer`}},
		example{"fractional-bytes", "storage of an init container", func(p *corev1.Pod) { initOf(p).Resources = requests("ephemeral-storage", "1500u") }, []string{
			`W spec.initContainers[0].resources.requests[ephemeral-storage]: Invalid value: fractional byte value "2m" is invalid, must be an integer`}},
		example{"fractional-bytes", "the pod and its overhead", together(amounts("memory", "1.5"), nil, func(p *corev1.Pod) { p.Spec.Overhead = amounts("memory", "1m") }), []string{
			`W spec.overhead[memory]: Invalid value: fractional byte value "1m" is invalid, must be an integer`,
			`W spec.resources.requests[memory]: Invalid value: fractional byte value "1500m" is invalid, must be an integer`}},
		example{"fractional-bytes", "whole", asks(amounts("cpu", "100m", "memory", "1000m"), amounts("memory", "1.5Gi")), nil},
	)
}
