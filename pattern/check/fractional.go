package check

import (
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

var fractionalRules = []Rule{
	{ID: "fractional-bytes", Level: Warning,
		Title: "an amount of memory or storage has a fraction of a byte",
		Why:   "a small m is a thousandth, so memory 100m is a tenth of a byte: as a limit no container starts in it",
		Fix:   "100M for megabytes, 100Mi for mebibytes",
		Bad:   `containers: [{name: web, resources: {requests: {memory: 100m}}}]`,
		Good:  `containers: [{name: web, resources: {requests: {memory: 100M}}}]`,
		pod:   fractionalBytes},
}

// fractionalBytes: the API server warns of what the containers say and of the
// overhead; the memory of the pod as a whole is no different.
// upstream: kubernetes/kubernetes pkg/api/pod/warnings.go
func fractionalBytes(x *index, r *Rule) {
	for _, c := range x.containers {
		for _, name := range inBytes {
			if q, fraction := fractional(c.Resources.Limits, name); fraction {
				x.report(r, c, ".resources.limits["+string(name)+"]", inFractions(q))
			}
			if q, fraction := fractional(c.Resources.Requests, name); fraction {
				x.report(r, c, ".resources.requests["+string(name)+"]", inFractions(q))
			}
		}
	}
	for _, name := range inBytes {
		if q, fraction := fractional(x.spec.Overhead, name); fraction {
			x.reportPod(r, "spec.overhead["+string(name)+"]", inFractions(q))
		}
		of := x.podResources()
		if of == nil {
			continue
		}
		if q, fraction := fractional(of.Limits, name); fraction {
			x.reportPod(r, "spec.resources.limits["+string(name)+"]", inFractions(q))
		}
		if q, fraction := fractional(of.Requests, name); fraction {
			x.reportPod(r, "spec.resources.requests["+string(name)+"]", inFractions(q))
		}
	}
}

// inBytes are the resources that come in bytes.
var inBytes = [...]corev1.ResourceName{corev1.ResourceMemory, corev1.ResourceEphemeralStorage}

func fractional(list corev1.ResourceList, name corev1.ResourceName) (resource.Quantity, bool) {
	q, said := list[name]
	return q, said && q.MilliValue()%1000 != 0
}

func inFractions(q resource.Quantity) Finding {
	q.RoundUp(resource.Milli)
	return invalid(nil, `fractional byte value "`+text(q)+`" is invalid, must be an integer`, "")
}
