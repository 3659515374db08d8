package check

import corev1 "k8s.io/api/core/v1"

var qosRules = []Rule{
	{ID: "qos-broken", Level: Warning,
		Title: "most containers are Guaranteed, but the pod is not",
		Why:   "the class is that of the pod: one container without equal requests and limits makes it Burstable, so all are evicted earlier and get no cores of their own",
		Fix:   "limits of cpu and memory in this container too, and no requests or equal ones",
		Bad:   `containers: [{name: web, resources: {requests: {cpu: "1"}, limits: {cpu: "1"}}}, {name: proxy, readinessProbe: {httpGet: {port: 8081}}}]`,
		Good:  `containers: [{name: web, resources: {requests: {cpu: "1"}, limits: {cpu: "1"}}}, {name: proxy, readinessProbe: {httpGet: {port: 8081}}, resources: {requests: {cpu: 100m}, limits: {cpu: 100m}}}]`,
		pod:   qosBroken},
}

// qosResources are those that count for the class.
var qosResources = [...]corev1.ResourceName{corev1.ResourceCPU, corev1.ResourceMemory}

// qosClass gives the class of a pod that has its defaults.
// upstream: kubernetes/kubernetes pkg/apis/core/v1/helper/qos ComputePodQOS
func qosClass(spec *corev1.PodSpec) corev1.PodQOSClass {
	var all []*corev1.ResourceRequirements
	if spec.Resources != nil {
		all = append(all, spec.Resources)
	} else {
		for _, list := range [][]corev1.Container{spec.Containers, spec.InitContainers} {
			for i := range list {
				all = append(all, &list[i].Resources)
			}
		}
	}
	requests, limits := corev1.ResourceList{}, corev1.ResourceList{}
	guaranteed := true
	for _, r := range all {
		for _, name := range qosResources {
			if q := r.Requests[name]; q.Sign() > 0 {
				addQuantity(requests, name, q)
			}
			if q := r.Limits[name]; q.Sign() > 0 {
				addQuantity(limits, name, q)
			} else if spec.Resources == nil || len(r.Limits) > 0 {
				guaranteed = false
			}
		}
	}
	if len(requests) == 0 && len(limits) == 0 {
		return corev1.PodQOSBestEffort
	}
	for name, request := range requests {
		if limit, limited := limits[name]; !limited || limit.Cmp(request) != 0 {
			guaranteed = false
		}
	}
	if guaranteed && len(requests) == len(limits) {
		return corev1.PodQOSGuaranteed
	}
	return corev1.PodQOSBurstable
}

func qosBroken(x *index, r *Rule) {
	bad, good := x.unguaranteed()
	if len(bad) == 0 {
		return
	}
	others := make([]Party, 0, len(bad))
	for _, c := range bad[1:] {
		others = append(others, x.party(c, ".resources"))
	}
	others = append(others, x.party(good, ".resources"))
	x.report(r, bad[0], ".resources", invalid(nil, "the pod would be Guaranteed, as container "+good.Name+" is by itself, but "+bad[0].Name+" "+unequal(bad[0].Container), ""), others...)
}

// unguaranteed gives the few containers that keep a pod from being Guaranteed, if
// all others look as if it were to be, and the first of those.
func (x *index) unguaranteed() (bad []site, good site) {
	if len(x.containers) < 2 || x.podResources() != nil {
		return nil, site{}
	}
	few := 0
	for _, c := range x.containers {
		switch {
		case equalResources(c.Container):
			if good.Container == nil && !c.init {
				good = c
			}
		case x.mayServe(c):
			few++
		default:
			return nil, site{} // an app: nobody wanted the class
		}
	}
	if few == 0 || good.Container == nil || few > 1 && 2*few >= len(x.containers) {
		return nil, site{}
	}
	for _, c := range x.containers {
		if !equalResources(c.Container) {
			bad = append(bad, c)
		}
	}
	return bad, good
}

// mayServe says whether c is no app, or may be none: the first regular container
// is one unless somebody said otherwise.
func (x *index) mayServe(c site) bool {
	if helper, known := x.helper(c); known {
		return helper || c.runsToItsEnd()
	}
	return c.init || c.index > 0
}

// equalResources says whether a container has all for a Guaranteed pod.
func equalResources(c *corev1.Container) bool {
	for _, name := range qosResources {
		limit := c.Resources.Limits[name]
		request, said := c.Resources.Requests[name]
		if limit.Sign() <= 0 || said && request.Cmp(limit) != 0 {
			return false
		}
	}
	return true
}

// unequal says what a container lacks for that.
func unequal(c *corev1.Container) string {
	for _, name := range qosResources {
		limit := c.Resources.Limits[name]
		request, said := c.Resources.Requests[name]
		switch {
		case limit.Sign() <= 0:
			return "has no limit of " + string(name)
		case said && request.Cmp(limit) != 0:
			return "requests less " + string(name) + " than its limit"
		}
	}
	return ""
}
