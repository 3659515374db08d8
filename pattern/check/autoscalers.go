package check

import (
	"fmt"

	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

var autoscalerRules = []Rule{
	{ID: "hpa-requests", Level: Warning,
		Title: "an autoscaler wants a share of a request that a container doesn't make",
		Why:   "the autoscaler gets no figure for a pod in which one running container, a helper too, lacks the request: it never scales",
		Fix:   "give the container the request, or use a metric of type ContainerResource, which looks at one container alone",
		Bad:   "kind: Deployment\nspec: {template: {spec: {containers: [{name: web}, {name: proxy, resources: null}]}}}\n---\nkind: HorizontalPodAutoscaler\nspec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}, maxReplicas: 9, metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 80}}}]}",
		Good:  "kind: Deployment\nspec: {template: {spec: {containers: [{name: web}]}}}\n---\nkind: HorizontalPodAutoscaler\nspec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}, maxReplicas: 9, metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 80}}}]}",
		objects: func(s *set, r *Rule) {
			named := s.named()
			for i := range s.autoscalers {
				h := &s.autoscalers[i]
				target := metav1.ObjectMeta{Namespace: h.meta.Namespace, Name: h.target.Name}
				for _, w := range named[objectName(h.target.Kind, &target)] {
					scaledRequests(s, r, h, w)
				}
			}
		}},
}

// named gives the workloads by what findings call them.
func (s *set) named() map[string][]*workload {
	if len(s.autoscalers) == 0 {
		return nil
	}
	out := make(map[string][]*workload, len(s.workloads))
	for i := range s.workloads {
		w := &s.workloads[i]
		out[w.String()] = append(out[w.String()], w)
	}
	return out
}

// scaledRequests asks for the requests that the metrics of an autoscaler need.
// upstream: kubernetes/kubernetes pkg/controller/podautoscaler/replica_calculator.go
func scaledRequests(s *set, r *Rule, h *autoscaler, w *workload) {
	object := objectName("HorizontalPodAutoscaler", h.meta)
	if h.cpu {
		missingRequests(s, r, object, "spec", corev1.ResourceCPU, "", w)
	}
	for i := range h.metrics {
		m := &h.metrics[i]
		switch {
		case m.Type == autoscalingv2.ResourceMetricSourceType && m.Resource != nil && m.Resource.Target.Type == autoscalingv2.UtilizationMetricType:
			missingRequests(s, r, object, "spec.metrics"+at(i)+".resource", m.Resource.Name, "", w)
		case m.Type == autoscalingv2.ContainerResourceMetricSourceType && m.ContainerResource != nil && m.ContainerResource.Target.Type == autoscalingv2.UtilizationMetricType:
			missingRequests(s, r, object, "spec.metrics"+at(i)+".containerResource", m.ContainerResource.Name, m.ContainerResource.Container, w)
		}
	}
}

// missingRequests reports the containers without a request, of those that run
// beside the app or of the one that is named.
func missingRequests(s *set, r *Rule, object, path string, name corev1.ResourceName, container string, w *workload) {
	spec := &w.template.Spec
	if spec.Resources != nil && len(spec.Resources.Requests)+len(spec.Resources.Limits) > 0 && container == "" {
		return
	}
	x := newIndex(&w.template.ObjectMeta, spec, s.options)
	found := false
	for _, c := range x.containers {
		if c.runsToItsEnd() || container != "" && c.Name != container {
			continue
		}
		found = true
		_, requested := c.Resources.Requests[name]
		_, limited := c.Resources.Limits[name]
		if !requested && !limited {
			f := invalid(string(name), fmt.Sprintf("container %s of %s has no request for %s", c.Name, w, name), "")
			f.Parties = []Party{{Container: c.Name, Path: x.path(c, ".resources.requests")}}
			s.report(r, object, path, f)
		}
	}
	if !found {
		s.report(r, object, path+".container", invalid(container, fmt.Sprintf("%s has no running container of this name", w), "name a container of the pod"))
	}
}
