package check

import (
	"github.com/podpattern/podpattern/internal/release"
	corev1 "k8s.io/api/core/v1"
)

var resizeRules = []Rule{
	{ID: "resize-policy", Level: Rejected,
		Title: "a resize policy names an unknown resource or policy, or asks for an impossible restart",
		Why:   "nothing restarts a plain init container, nor any container of a pod with restartPolicy Never: the API server refuses the pod",
		Fix:   "one entry each for cpu and memory; NotRequired, or none, where nothing restarts",
		Bad:   `initContainers: [{name: migrate, resizePolicy: [{resourceName: memory, restartPolicy: RestartContainer}]}]`,
		Good:  `initContainers: [{name: migrate, resizePolicy: [{resourceName: memory, restartPolicy: NotRequired}]}]`,
		pod:   resizePolicies},
}

// upstream: kubernetes/kubernetes pkg/apis/core/validation validateResizePolicy, validateInitContainers
func resizePolicies(x *index, r *Rule) {
	if !x.target.Has(release.Resize) {
		return // the field is dropped
	}
	for _, c := range x.containers {
		for i := range c.ResizePolicy {
			x.resizePolicy(r, c, i)
		}
	}
}

func (x *index) resizePolicy(r *Rule, c site, i int) {
	p, place := &c.ResizePolicy[i], ".resizePolicy"+at(i)
	for j := range i {
		if c.ResizePolicy[j].ResourceName == p.ResourceName {
			x.report(r, c, place, duplicate(string(p.ResourceName), "", "leave one of the two out"))
			break
		}
	}
	switch p.ResourceName {
	case corev1.ResourceCPU, corev1.ResourceMemory:
	case "":
		x.report(r, c, place+".resourceName", required("", "cpu or memory"))
	default:
		x.report(r, c, place+".resourceName", notSupported(p.ResourceName, corev1.ResourceCPU, corev1.ResourceMemory))
	}
	never := x.spec.RestartPolicy == corev1.RestartPolicyNever
	switch p.RestartPolicy {
	case corev1.NotRequired, corev1.RestartContainer:
	case "":
		x.report(r, c, place+".restartPolicy", required("", "NotRequired or RestartContainer"))
	default:
		x.report(r, c, place+".restartPolicy", notSupported(p.RestartPolicy, corev1.NotRequired, corev1.RestartContainer))
	}
	if never && p.RestartPolicy != corev1.NotRequired {
		x.report(r, c, place+".restartPolicy", invalid(string(p.RestartPolicy), "must be 'NotRequired' when pod `restartPolicy` is 'Never'", ""))
	}
	if c.runsToItsEnd() && p.RestartPolicy == corev1.RestartContainer {
		x.report(r, c, place+".restartPolicy", invalid(string(p.RestartPolicy), "must not be set to 'RestartContainer' for non-sidecar initContainers", ""))
	}
}
