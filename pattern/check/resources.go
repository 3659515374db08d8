package check

import (
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

var resourceRules = []Rule{
	{ID: "quantity", Level: Rejected,
		Title: "an amount of a resource is negative, or can't be divided like this",
		Why:   "extended resources come in whole numbers and huge pages in whole pages: the API server refuses the pod",
		Fix:   "a positive quantity, whole where the resource can't be divided",
		Bad:   `containers: [{name: web, resources: {requests: {cpu: "-1"}}}]`,
		Good:  `containers: [{name: web, resources: {requests: {cpu: 100m}}}]`,
		pod:   quantities},
	{ID: "req-gt-limit", Level: Rejected,
		Title: "a request is higher than the limit, or differs from it where the two must be equal",
		Why:   "a container can't be promised more than it may use, and devices and huge pages are promised in full: the API server refuses the pod",
		Fix:   "lower the request, or raise the limit",
		Bad:   `containers: [{name: web, resources: {requests: {cpu: "2"}, limits: {cpu: "1"}}}]`,
		Good:  `containers: [{name: web, resources: {requests: {cpu: "1"}, limits: {cpu: "1"}}}]`,
		pod:   requestsAndLimits},
	{ID: "hugepages-alone", Level: Rejected,
		Title: "huge pages are requested without cpu and memory",
		Why:   "the container does need one of them to run: the API server refuses the pod",
		Fix:   "ask for cpu or memory too",
		Bad:   `containers: [{name: web, resources: {limits: {hugepages-2Mi: 4Mi, cpu: null, memory: null, ephemeral-storage: null}, requests: null}}]`,
		Good:  `containers: [{name: web, resources: {limits: {hugepages-2Mi: 4Mi}}}]`,
		pod: func(x *index, r *Rule) {
			x.needs(func(n *need) {
				if n.has(isHugePages) && !n.has(func(name corev1.ResourceName) bool {
					return name == corev1.ResourceCPU || name == corev1.ResourceMemory
				}) {
					n.report(x, r, "", forbidden("HugePages require cpu or memory", ""))
				}
			})
		}},
}

// need is what a container, or the pod as a whole, asks for: as the API server
// has it after its defaults.
type need struct {
	corev1.ResourceRequirements
	container site   // whose it is; without one it is the pod's
	field     string // where it stands in the container, or in the pod
	overhead  bool   // spec.overhead has no requests and no limits, but looks like limits to the API server
}

// needs calls do for all that asks for anything unusual: most rules have nothing
// to say about cpu, memory and ephemeral storage within their limits.
// upstream: kubernetes/kubernetes pkg/apis/core/validation validateResourceRequirements
func (x *index) needs(do func(n *need)) {
	if x.asksPlainly() {
		return
	}
	for _, c := range x.containers {
		if !plainResources(c.Resources.Requests, c.Resources.Limits) {
			n := &need{ResourceRequirements: requirements(c.Container, !x.template), container: c, field: ".resources"}
			roundQuantities(&n.ResourceRequirements)
			do(n)
		}
	}
	if x.podResources() != nil {
		do(&need{ResourceRequirements: *x.admitted().Resources, field: "spec.resources"})
	}
	if !plainResources(nil, x.spec.Overhead) {
		n := &need{ResourceRequirements: corev1.ResourceRequirements{Limits: x.spec.Overhead.DeepCopy()}, field: "spec.overhead", overhead: true}
		roundQuantities(&n.ResourceRequirements)
		do(n)
	}
}

// asksPlainly says whether needs has nothing to call for; several rules ask.
func (x *index) asksPlainly() bool {
	if !x.asked {
		x.asked, x.plainly = true, x.podResources() == nil && plainResources(nil, x.spec.Overhead) && !slices.ContainsFunc(x.containers, func(c site) bool {
			return !plainResources(c.Resources.Requests, c.Resources.Limits)
		})
	}
	return x.plainly
}

// plainResources says whether there is nothing to say of requests and limits.
func plainResources(requests, limits corev1.ResourceList) bool {
	usual := 0
	for _, name := range [...]corev1.ResourceName{corev1.ResourceCPU, corev1.ResourceMemory, corev1.ResourceEphemeralStorage} {
		request, requested := requests[name]
		limit, limited := limits[name]
		if requested {
			usual++
		}
		if limited {
			usual++
		}
		if request.Sign() < 0 || limit.Sign() < 0 || requested && limited && request.Cmp(limit) > 0 {
			return false
		}
	}
	return usual == len(requests)+len(limits)
}

// report adds a finding about what stands under n, such as ".limits[cpu]".
func (n *need) report(x *index, r *Rule, under string, f Finding) {
	if n.overhead {
		under = strings.TrimPrefix(under, ".limits")
	}
	if n.container.Container != nil {
		x.report(r, n.container, n.field+under, f)
	} else {
		x.reportPod(r, n.field+under, f)
	}
}

func (n *need) has(test func(corev1.ResourceName) bool) bool {
	for _, list := range [...]corev1.ResourceList{n.Limits, n.Requests} {
		for name := range list {
			if test(name) {
				return true
			}
		}
	}
	return false
}

// each gives every amount, with where it stands, in a fixed order.
func (n *need) each(do func(under string, name corev1.ResourceName, q resource.Quantity)) {
	for _, name := range slices.Sorted(maps.Keys(n.Limits)) {
		do(".limits["+string(name)+"]", name, n.Limits[name])
	}
	for _, name := range slices.Sorted(maps.Keys(n.Requests)) {
		do(".requests["+string(name)+"]", name, n.Requests[name])
	}
}

// upstream: kubernetes/kubernetes pkg/apis/core/validation ValidateResourceQuantityValue
func quantities(x *index, r *Rule) {
	x.needs(func(n *need) {
		n.each(func(under string, name corev1.ResourceName, q resource.Quantity) {
			if q.Sign() < 0 {
				n.report(x, r, under, invalid(text(q), "must be greater than or equal to 0", "a positive quantity"))
			}
			if comesWhole(name) && q.MilliValue()%1000 != 0 {
				n.report(x, r, under, invalid(text(q), "must be an integer", "a whole number"))
			}
			if isHugePages(name) && !wholePages(name, q) {
				n.report(x, r, under, invalid(text(q), text(q)+" is not positive integer multiple of "+string(name), "a multiple of the size of a page"))
			}
		})
	})
}

func requestsAndLimits(x *index, r *Rule) {
	x.needs(func(n *need) {
		for _, name := range slices.Sorted(maps.Keys(n.Requests)) {
			request := n.Requests[name]
			limit, limited := n.Limits[name]
			switch {
			case !limited && !overcommitted(name):
				n.report(x, r, ".limits", required("Limit must be set for non overcommitable resources", "set the limit of "+string(name)+"; the request follows it"))
			case !limited:
			case !overcommitted(name) && request.Cmp(limit) != 0:
				n.report(x, r, ".requests", invalid(text(request), "must be equal to "+string(name)+" limit of "+text(limit), "leave out the request: it follows the limit"))
			case request.Cmp(limit) > 0:
				n.report(x, r, ".requests", invalid(text(request), "must be less than or equal to "+string(name)+" limit of "+text(limit), ""))
			}
		}
	})
}

// text prints a copy: Quantity.String caches what it prints in its receiver.
func text(q resource.Quantity) string { return q.String() }
