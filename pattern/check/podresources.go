package check

import (
	"maps"
	"slices"

	"github.com/podpattern/podpattern/internal/release"
	corev1 "k8s.io/api/core/v1"
)

var podResourceRules = []Rule{
	{ID: "pod-level-resources", Level: Rejected,
		Title: "the resources of the pod have what only a container can have, or the pod is for Windows",
		Why:   "the pod as a whole has only cpu, memory and huge pages, and only on Linux: the API server refuses the pod",
		Fix:   "set it in the resources of the containers",
		Bad:   `{os: {name: windows}, securityContext: {runAsUser: null, fsGroup: null, seccompProfile: null}, resources: {limits: {cpu: "1"}}}`,
		Good:  `containers: [{name: web, resources: {limits: {cpu: "1"}}}]`,
		pod: func(x *index, r *Rule) {
			if x.spec.Resources == nil || !x.target.Has(release.PodResources) {
				return
			}
			if x.windows() {
				x.reportPod(r, "spec.resources", forbidden("may not be set for a windows pod", ""))
			} else if len(x.spec.Resources.Claims) > 0 { // an empty list isn't sent
				x.reportPod(r, "spec.resources.claims", forbidden("claims may not be set for Resources at pod-level", ""))
			}
		}},
	{ID: "pod-level-sum", Level: Rejected,
		Title: "the containers request more than the resources of the pod have",
		Why:   "the resources of the pod are what its containers share: the API server refuses the pod",
		Fix:   "raise the value of the pod, or lower those of its containers",
		Bad:   `{resources: {requests: {cpu: 100m}, limits: {cpu: "1"}}, containers: [{name: web}, {name: proxy, readinessProbe: {httpGet: {port: 8081}}}]}`,
		Good:  `{resources: {requests: {cpu: 200m}, limits: {cpu: "1"}}, containers: [{name: web}, {name: proxy, readinessProbe: {httpGet: {port: 8081}}}]}`,
		pod:   podSums},
	{ID: "pod-level-limit-native", Level: Warning,
		Title: "the limit of an init container or native sidecar is higher than that of the pod",
		Why:   "the API server compares regular containers only, but the limit of the pod holds for all: the higher one is never reached",
		Fix:   "raise the limit of the pod, or lower that of the container",
		Bad:   `{resources: {limits: {cpu: "1"}}, initContainers: [{name: proxy, restartPolicy: Always, readinessProbe: {httpGet: {port: 8081}}, resources: {limits: {cpu: "2"}}}], containers: [{name: web}]}`,
		Good:  `{resources: {limits: {cpu: "2"}}, initContainers: [{name: proxy, restartPolicy: Always, readinessProbe: {httpGet: {port: 8081}}, resources: {limits: {cpu: "2"}}}], containers: [{name: web}]}`,
		pod: func(x *index, r *Rule) {
			if x.podResources() == nil {
				return
			}
			spec := x.admitted()
			for i := range spec.InitContainers {
				x.overPodLimit(r, spec, site{&spec.InitContainers[i], true, i}, "the limit of the pod is lower, and is what holds: ")
			}
		}},
	{ID: "pod-level-version", Level: Broken,
		Title:  "this version of Kubernetes doesn't know resources of the pod as a whole",
		Why:    "before 1.34 the API server drops spec.resources without a word: the containers run without the requests and limits that they were to share",
		Fix:    "set requests and limits at the containers, or run on 1.34 and later",
		Bad:    `{resources: {limits: {cpu: "1"}}, containers: [{name: web}]}`,
		Good:   `containers: [{name: web, resources: {limits: {cpu: "1"}}}]`,
		Target: "1.33",
		pod: func(x *index, r *Rule) {
			if x.spec.Resources != nil && !x.target.Has(release.PodResources) {
				x.reportPod(r, "spec.resources", forbidden("Kubernetes "+x.target.String()+" drops it: resources of the pod as a whole came with "+release.PodResources.String(), ""))
			}
		}},
}

// upstream: kubernetes/kubernetes pkg/apis/core/validation validatePodResourceConsistency
func podSums(x *index, r *Rule) {
	if x.podResources() == nil {
		return
	}
	spec := x.admitted()
	requests, _ := aggregate(spec, requestsOf)
	for _, name := range slices.Sorted(maps.Keys(requests)) {
		sum := requests[name]
		if most, said := spec.Resources.Requests[name]; said && sum.Cmp(most) > 0 {
			x.reportPod(r, "spec.resources.requests["+string(name)+"]",
				invalid(text(most), "must be greater than or equal to aggregate container requests of "+text(sum), ""), x.asking(spec, name, ".resources.requests", requestsOf)...)
		}
	}
	limits, _ := aggregate(spec, limitsOf)
	for _, name := range slices.Sorted(maps.Keys(limits)) {
		sum := limits[name]
		if most, said := spec.Resources.Limits[name]; said && isHugePages(name) && sum.Cmp(most) > 0 {
			x.reportPod(r, "spec.resources.limits["+string(name)+"]",
				invalid(text(most), "must be greater than or equal to aggregate container limits of "+text(sum), ""), x.asking(spec, name, ".resources.limits", limitsOf)...)
		}
	}
	for i := range spec.Containers {
		x.overPodLimit(r, spec, site{&spec.Containers[i], false, i}, "must be less than or equal to pod limits of ")
	}
}

// asking gives the containers that ask for a resource in field.
func (x *index) asking(spec *corev1.PodSpec, name corev1.ResourceName, field string, of func(*corev1.ResourceRequirements) corev1.ResourceList) []Party {
	var out []Party
	for _, c := range x.containers {
		list := spec.Containers
		if c.init {
			list = spec.InitContainers
		}
		if q := of(&list[c.index].Resources)[name]; q.Sign() > 0 {
			out = append(out, x.party(c, field))
		}
	}
	return out
}

// overPodLimit reports the limits of c that are higher than those of the pod.
func (x *index) overPodLimit(r *Rule, spec *corev1.PodSpec, c site, detail string) {
	for _, name := range slices.Sorted(maps.Keys(c.Resources.Limits)) {
		limit := c.Resources.Limits[name]
		if most, said := spec.Resources.Limits[name]; said && limit.Cmp(most) > 0 {
			under := "limits[" + string(name) + "]"
			x.report(r, c, ".resources."+under, invalid(text(limit), detail+text(most), ""), Party{Path: x.under + "spec.resources." + under})
		}
	}
}
