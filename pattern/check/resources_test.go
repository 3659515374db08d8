package check_test

import (
	"testing"

	"github.com/podpattern/podpattern/pattern/check"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

// amounts gives a list of resources: name, quantity, name, quantity...
func amounts(pairs ...string) corev1.ResourceList {
	out := corev1.ResourceList{}
	for i := 0; i < len(pairs); i += 2 {
		out[corev1.ResourceName(pairs[i])] = resource.MustParse(pairs[i+1])
	}
	return out
}

// asks gives a pod whose app has these requests and limits.
func asks(requests, limits corev1.ResourceList) func(*corev1.Pod) {
	return func(p *corev1.Pod) {
		webOf(p).Resources = corev1.ResourceRequirements{Requests: requests, Limits: limits}
	}
}

func TestResourceRules(t *testing.T) {
	const app = "A spec.containers[0].resources"
	try(t,
		example{"req-gt-limit", "equal, in another unit", func(p *corev1.Pod) {
			webOf(p).Resources.Requests, webOf(p).Resources.Limits = list("1000m", "1Gi"), list("1", "1024Mi")
		}, nil},

		example{"quantity", "a request and a limit below zero", asks(amounts("cpu", "-1"), amounts("memory", "-1Gi")), []string{
			app + `.limits[memory]: Invalid value: "-1Gi": must be greater than or equal to 0`,
			app + `.requests[cpu]: Invalid value: "-1": must be greater than or equal to 0`,
			app + `.requests[memory]: Invalid value: "-1Gi": must be greater than or equal to 0`}},
		example{"quantity", "a part of a device", asks(nil, amounts("nvidia.com/gpu", "0.5")), []string{
			app + `.limits[nvidia.com/gpu]: Invalid value: "500m": must be an integer`,
			app + `.requests[nvidia.com/gpu]: Invalid value: "500m": must be an integer`}},
		example{"quantity", "a part of a page", asks(amounts("hugepages-2Mi", "3Mi", "cpu", "1"), amounts("hugepages-2Mi", "4Mi")), []string{
			app + `.requests[hugepages-2Mi]: Invalid value: "3Mi": 3Mi is not positive integer multiple of hugepages-2Mi`}},
		example{"quantity", "pages of no size", asks(amounts("cpu", "1", "hugepages-x", "4Mi"), amounts("hugepages-x", "4Mi")), []string{
			app + `.limits[hugepages-x]: Invalid value: "4Mi": 4Mi is not positive integer multiple of hugepages-x`,
			app + `.requests[hugepages-x]: Invalid value: "4Mi": 4Mi is not positive integer multiple of hugepages-x`}},
		example{"quantity", "an overhead below zero", func(p *corev1.Pod) { p.Spec.Overhead = amounts("cpu", "-1") }, []string{
			`A spec.overhead[cpu]: Invalid value: "-1": must be greater than or equal to 0`}},
		example{"quantity", "none, whole devices and pages", asks(amounts("cpu", "0", "memory", "0.5"), amounts("nvidia.com/gpu", "2", "hugepages-1Gi", "2Gi")), nil},

		example{"req-gt-limit", "an init container", func(p *corev1.Pod) {
			initOf(p).Resources = corev1.ResourceRequirements{Requests: amounts("ephemeral-storage", "2Gi"), Limits: amounts("ephemeral-storage", "1Gi")}
		}, []string{`A spec.initContainers[0].resources.requests: Invalid value: "2Gi": must be less than or equal to ephemeral-storage limit of 1Gi`}},
		example{"req-gt-limit", "a device that isn't limited", asks(amounts("nvidia.com/gpu", "1"), nil), []string{
			app + `.limits: Required value: Limit must be set for non overcommitable resources`}},
		example{"req-gt-limit", "fewer devices than the limit", asks(amounts("nvidia.com/gpu", "1"), amounts("nvidia.com/gpu", "2")), []string{
			app + `.requests: Invalid value: "1": must be equal to nvidia.com/gpu limit of 2`}},
		example{"req-gt-limit", "fewer huge pages than the limit", asks(amounts("hugepages-2Mi", "2Mi"), amounts("hugepages-2Mi", "4Mi", "cpu", "1")), []string{
			app + `.requests: Invalid value: "2Mi": must be equal to hugepages-2Mi limit of 4Mi`}},
		example{"req-gt-limit", "a limit of a device alone", asks(nil, amounts("nvidia.com/gpu", "2")), nil},
		example{"req-gt-limit", "what differs is less than the API server keeps", asks(amounts("cpu", "1.0001m"), amounts("cpu", "1.00009m")), nil},

		example{"hugepages-alone", "no cpu and no memory", asks(nil, amounts("hugepages-2Mi", "4Mi")), []string{app + ": Forbidden: HugePages require cpu or memory"}},
		example{"hugepages-alone", "the overhead", func(p *corev1.Pod) { p.Spec.Overhead = amounts("hugepages-2Mi", "4Mi") }, []string{"A spec.overhead: Forbidden: HugePages require cpu or memory"}},
		example{"hugepages-alone", "a request of memory", asks(amounts("memory", "1Gi"), amounts("hugepages-2Mi", "4Mi")), nil},
		example{"hugepages-alone", "the pod as a whole", func(p *corev1.Pod) {
			p.Spec.Resources = &corev1.ResourceRequirements{Limits: amounts("hugepages-2Mi", "4Mi")}
		}, []string{"A spec.resources: Forbidden: HugePages require cpu or memory"}},
		example{"hugepages-alone", "the pod takes the memory of its container", func(p *corev1.Pod) {
			p.Spec.Resources = &corev1.ResourceRequirements{Limits: amounts("hugepages-2Mi", "4Mi")}
			webOf(p).Resources.Requests = amounts("memory", "1Gi")
		}, nil},
	)
}

// A template has no requests but those that are said: its pods will.
func TestRequestsOfATemplate(t *testing.T) {
	p := goodPod()
	asks(nil, amounts("gpu", "1"))(p)
	require.Len(t, of(check.Pod(p), "resource-name"), 2+2, "two reasons, for the limit and the request")
	require.Len(t, of(check.Template(&corev1.PodTemplateSpec{Spec: p.Spec}), "resource-name"), 2)
}
