package check

import (
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/intstr"
)

var serviceRules = []Rule{
	{ID: "service-target-unresolved", Level: Warning,
		Title: "a Service sends to a named port that no container of its pods has",
		Why:   "the pod doesn't become an endpoint of that port, and nobody is told; a port counts if it is of a regular container or native sidecar, and has the Service's protocol",
		Fix:   "name a port of the pod, with the same protocol",
		Bad:   "kind: Deployment\nspec: {template: {spec: {containers: [{name: web, ports: [{name: http, containerPort: 8080}]}]}}}\n---\nkind: Service\nspec: {selector: {app: web}, ports: [{port: 80, targetPort: web}]}",
		Good:  "kind: Deployment\nspec: {template: {spec: {containers: [{name: web, ports: [{name: http, containerPort: 8080}]}]}}}\n---\nkind: Service\nspec: {selector: {app: web}, ports: [{port: 80, targetPort: http}]}",
		objects: func(s *set, r *Rule) {
			labelled := s.labelled()
			for _, service := range s.services {
				serviceTargets(s, r, service, labelled)
			}
		}},
}

// label is one label of the pods of a workload.
type label struct{ namespace, name, value string }

// labelled gives the workloads by the labels of their pods.
func (s *set) labelled() map[label][]*workload {
	if len(s.services) == 0 {
		return nil
	}
	out := make(map[label][]*workload, len(s.workloads))
	for i := range s.workloads {
		w := &s.workloads[i]
		for name, value := range w.template.Labels {
			l := label{w.object.GetNamespace(), name, value}
			out[l] = append(out[l], w)
		}
	}
	return out
}

// selected gives the workloads whose pods a Service finds: of those with the rarest
// of its labels the ones that have all.
func selected(service *corev1.Service, labelled map[label][]*workload) []*workload {
	var rarest []*workload
	first := true
	for name, value := range service.Spec.Selector {
		if with := labelled[label{service.Namespace, name, value}]; first || len(with) < len(rarest) {
			rarest, first = with, false
		}
	}
	selector := labels.SelectorFromSet(service.Spec.Selector)
	return slices.DeleteFunc(slices.Clone(rarest), func(w *workload) bool { return !selector.Matches(labels.Set(w.template.Labels)) })
}

// serviceTargets looks up named ports as the endpoint controller does. A port is
// enough in one of the workloads that the Service finds: the others may be there for
// other ports, or be variants of which one is applied.
// upstream: kubernetes/endpointslice util FindPort
func serviceTargets(s *set, r *Rule, service *corev1.Service, labelled map[label][]*workload) {
	if !slices.ContainsFunc(service.Spec.Ports, func(p corev1.ServicePort) bool { return p.TargetPort.Type == intstr.String }) {
		return
	}
	found := selected(service, labelled)
	for i := range service.Spec.Ports {
		p := &service.Spec.Ports[i]
		if len(found) == 0 || p.TargetPort.Type != intstr.String || slices.ContainsFunc(found, func(w *workload) bool { return w.serves(p) }) {
			continue
		}
		var without []string
		for _, w := range found {
			without = append(without, w.String())
		}
		s.report(r, objectName("Service", service), "spec.ports"+at(i)+".targetPort",
			invalid(p.TargetPort.StrVal, fmt.Sprintf("no container of %s has a %s port of this name", enumerated(without), protocol(p.Protocol)), ""))
	}
}

// serves says whether the pods of a workload have the port that p names.
func (w *workload) serves(p *corev1.ServicePort) bool {
	served := func(c *corev1.Container) bool {
		return slices.ContainsFunc(c.Ports, func(q corev1.ContainerPort) bool {
			return q.Name == p.TargetPort.StrVal && protocol(q.Protocol) == protocol(p.Protocol)
		})
	}
	return slices.ContainsFunc(w.template.Spec.Containers, func(c corev1.Container) bool { return served(&c) }) ||
		slices.ContainsFunc(w.template.Spec.InitContainers, func(c corev1.Container) bool { return site{Container: &c, init: true}.native() && served(&c) })
}
