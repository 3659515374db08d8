package check

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/validation"
)

var resourceNameRules = []Rule{
	{ID: "resource-name", Level: Rejected,
		Title: "a resource is unknown",
		Why:   "a name without a domain must be one of Kubernetes' own, and no node has this one: the API server refuses the pod",
		Fix:   "one of cpu, memory, ephemeral-storage and hugepages-SIZE, or the full name of an extended resource, such as nvidia.com/gpu",
		Bad:   `containers: [{name: web, resources: {limits: {gpu: 1}}}]`,
		Good:  `containers: [{name: web, resources: {limits: {nvidia.com/gpu: 1}}}]`,
		pod: func(x *index, r *Rule) {
			x.needs(func(n *need) {
				forPod := n.container.Container == nil && !n.overhead
				n.each(func(under string, name corev1.ResourceName, _ resource.Quantity) {
					msgs := resourceNameFlaws(name)
					switch {
					case !forPod:
						msgs = append(msgs, containerResourceFlaws(name)...)
					case len(msgs) == 0 && !podLevel(name):
						f := notSupported(name, corev1.ResourceCPU, corev1.ResourceHugePagesPrefix, corev1.ResourceMemory)
						f.Fix = "put it at a container: only cpu, memory and huge pages can be the pod's"
						n.report(x, r, under, f)
					}
					for _, msg := range msgs {
						n.report(x, r, under, invalid(string(name), msg, ""))
					}
				})
			})
		}},
}

// upstream: kubernetes/kubernetes pkg/apis/core/validation validateResourceName
func resourceNameFlaws(name corev1.ResourceName) []string {
	msgs := validation.IsQualifiedName(string(name))
	if len(msgs) == 0 && !qualified(name) && !standard(name) {
		return []string{"must be a standard resource type or fully qualified"}
	}
	return msgs
}

// upstream: kubernetes/kubernetes pkg/apis/core/validation validateContainerResourceName
func containerResourceFlaws(name corev1.ResourceName) []string {
	switch {
	case !qualified(name) && !standardOfContainer(name):
		return []string{"must be a standard resource for containers"}
	case !isNativeResource(name) && !extended(name):
		return []string{"doesn't follow extended resource name standard"}
	}
	return nil
}

// The functions below say what sort of resource a name is of.
// upstream: kubernetes/kubernetes pkg/apis/core/helper/helpers.go

func qualified(name corev1.ResourceName) bool { return strings.Contains(string(name), "/") }

func isHugePages(name corev1.ResourceName) bool {
	return strings.HasPrefix(string(name), corev1.ResourceHugePagesPrefix)
}

// isNativeResource says whether a resource is one of Kubernetes' own.
func isNativeResource(name corev1.ResourceName) bool {
	return !qualified(name) || strings.Contains(string(name), corev1.ResourceDefaultNamespacePrefix)
}

func extended(name corev1.ResourceName) bool {
	return !isNativeResource(name) && !strings.HasPrefix(string(name), corev1.DefaultResourceRequestsPrefix) &&
		len(validation.IsQualifiedName(corev1.DefaultResourceRequestsPrefix+string(name))) == 0
}

// overcommitted says whether a limit may be higher than the request.
func overcommitted(name corev1.ResourceName) bool {
	return isNativeResource(name) && !isHugePages(name)
}

// comesWhole says whether a resource comes in whole numbers.
func comesWhole(name corev1.ResourceName) bool {
	return slices.Contains(counted[:], name) || extended(name)
}

// podLevel says whether a resource can be asked for by the pod as a whole.
// upstream: kubernetes/component-helpers resource/helpers.go
func podLevel(name corev1.ResourceName) bool {
	return name == corev1.ResourceCPU || name == corev1.ResourceMemory || isHugePages(name)
}

func standardOfContainer(name corev1.ResourceName) bool {
	return name == corev1.ResourceCPU || name == corev1.ResourceMemory || name == corev1.ResourceEphemeralStorage || isHugePages(name)
}

func standard(name corev1.ResourceName) bool {
	return standardOfContainer(name) || slices.Contains(counted[:], name) || slices.Contains(quota[:], name) ||
		strings.HasPrefix(string(name), corev1.ResourceRequestsHugePagesPrefix)
}

// counted are the standard resources that come in whole numbers.
var counted = [...]corev1.ResourceName{
	corev1.ResourcePods, corev1.ResourceQuotas, corev1.ResourceServices, corev1.ResourceReplicationControllers,
	corev1.ResourceSecrets, corev1.ResourceConfigMaps, corev1.ResourcePersistentVolumeClaims,
	corev1.ResourceServicesNodePorts, corev1.ResourceServicesLoadBalancers,
}

// quota are further standard resources that no container can ask for.
var quota = [...]corev1.ResourceName{
	corev1.ResourceRequestsCPU, corev1.ResourceRequestsMemory, corev1.ResourceRequestsEphemeralStorage,
	corev1.ResourceLimitsCPU, corev1.ResourceLimitsMemory, corev1.ResourceLimitsEphemeralStorage,
	corev1.ResourceStorage, corev1.ResourceRequestsStorage,
}

// wholePages says whether q is a multiple of the size in the name of huge pages.
func wholePages(name corev1.ResourceName, q resource.Quantity) bool {
	size, err := resource.ParseQuantity(strings.TrimPrefix(string(name), corev1.ResourceHugePagesPrefix))
	if err != nil || size.Sign() <= 0 || size.MilliValue()%1000 != 0 {
		return false
	}
	return q.Value()%size.Value() == 0
}
