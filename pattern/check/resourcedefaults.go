package check

import (
	"github.com/podpattern/podpattern/internal/release"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

// podResources gives spec.resources, if the target knows the field; a pod for
// Windows can't have it.
func (x *index) podResources() *corev1.ResourceRequirements {
	if x.spec.Resources == nil || x.windows() || !x.target.Has(release.PodResources) {
		return nil
	}
	return x.spec.Resources
}

// admitted gives the resources of the pod as the API server has them.
func (x *index) admitted() *corev1.PodSpec {
	return admitted(x.spec, !x.template, x.podResources() != nil)
}

// admitted gives what of spec counts for its resources, with what the API server
// fills in for a pod, or for a template, and rounded as it rounds. It shares
// nothing that is written to.
// upstream: kubernetes/kubernetes pkg/apis/core/v1/defaults.go SetDefaults_Pod, SetDefaults_ResourceList
func admitted(spec *corev1.PodSpec, pod, podLevel bool) *corev1.PodSpec {
	out := &corev1.PodSpec{Overhead: spec.Overhead.DeepCopy()}
	for i := range spec.InitContainers {
		c := &spec.InitContainers[i]
		out.InitContainers = append(out.InitContainers, corev1.Container{Name: c.Name, RestartPolicy: c.RestartPolicy, Resources: requirements(c, pod)})
	}
	for i := range spec.Containers {
		c := &spec.Containers[i]
		out.Containers = append(out.Containers, corev1.Container{Name: c.Name, Resources: requirements(c, pod)})
	}
	if podLevel && spec.Resources != nil {
		out.Resources = spec.Resources.DeepCopy()
		if pod {
			fillPodLimits(out)
			fillPodRequests(out)
		}
		roundQuantities(out.Resources)
	}
	for _, list := range [][]corev1.Container{out.InitContainers, out.Containers} {
		for i := range list {
			roundQuantities(&list[i].Resources)
		}
	}
	roundList(out.Overhead)
	return out
}

// requirements gives what c asks for. In a pod a request that isn't said is that of
// the limit; a template stays as it is.
func requirements(c *corev1.Container, pod bool) corev1.ResourceRequirements {
	out := corev1.ResourceRequirements{Limits: c.Resources.Limits.DeepCopy(), Requests: c.Resources.Requests.DeepCopy()}
	if !pod {
		return out
	}
	for name, limit := range out.Limits {
		if _, said := out.Requests[name]; !said {
			setQuantity(&out.Requests, name, limit)
		}
	}
	return out
}

// fillPodLimits: where the pod as a whole says anything, its limit of huge pages is
// that of its containers together.
// upstream: kubernetes/kubernetes pkg/apis/core/v1/defaults.go defaultHugePagePodLimits
func fillPodLimits(spec *corev1.PodSpec) {
	r := spec.Resources
	if len(r.Limits)+len(r.Requests) == 0 {
		return
	}
	together, _ := aggregate(spec, limitsOf)
	for name, q := range together {
		_, requested := r.Requests[name]
		_, limited := r.Limits[name]
		if isHugePages(name) && !requested && !limited {
			setQuantity(&r.Limits, name, q)
		}
	}
}

// fillPodRequests: where the pod as a whole has limits, it requests what its
// containers request together, or else its limit.
// upstream: kubernetes/kubernetes pkg/apis/core/v1/defaults.go defaultPodRequests
func fillPodRequests(spec *corev1.PodSpec) {
	r := spec.Resources
	if len(r.Limits) == 0 {
		return
	}
	together, _ := aggregate(spec, requestsOf)
	for name, q := range together {
		if _, said := r.Requests[name]; !said && podLevel(name) && overcommitted(name) {
			setQuantity(&r.Requests, name, q)
		}
	}
	for name, q := range r.Limits {
		if _, said := r.Requests[name]; !said && podLevel(name) {
			setQuantity(&r.Requests, name, q)
		}
	}
}

func setQuantity(list *corev1.ResourceList, name corev1.ResourceName, q resource.Quantity) {
	if *list == nil {
		*list = corev1.ResourceList{}
	}
	(*list)[name] = q.DeepCopy()
}

func roundQuantities(r *corev1.ResourceRequirements) {
	roundList(r.Limits)
	roundList(r.Requests)
}

// roundList: the API server keeps no fraction below a thousandth.
func roundList(list corev1.ResourceList) {
	for name, q := range list {
		q.RoundUp(resource.Milli)
		list[name] = q
	}
}
