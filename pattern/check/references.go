package check

import (
	"fmt"
	"slices"

	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// maxConfigMap is what the values of a ConfigMap may hold together.
// upstream: kubernetes/kubernetes pkg/apis/core/validation ValidateConfigMap
const maxConfigMap = 1 << 20

// objectRules are about what one object says of another. What isn't among the
// objects may still be in the cluster: then they are silent.
var objectRules = []Rule{
	{ID: "service-target-unresolved", Level: Warning,
		Title: "a Service sends to a named port that no container of its pods has",
		Why:   "the pod doesn't become an endpoint of that port, and nobody is told. The name is looked up in the regular containers, then in the native sidecars, with the port's protocol",
		Fix:   "name a port of the pod, with the same protocol",
		Bad:   "kind: Deployment\nspec: {template: {spec: {containers: [{name: web, ports: [{name: http, containerPort: 8080}]}]}}}\n---\nkind: Service\nspec: {selector: {app: web}, ports: [{port: 80, targetPort: web}]}",
		Good:  "kind: Deployment\nspec: {template: {spec: {containers: [{name: web, ports: [{name: http, containerPort: 8080}]}]}}}\n---\nkind: Service\nspec: {selector: {app: web}, ports: [{port: 80, targetPort: http}]}",
		objects: func(s *set, r *Rule) {
			for _, service := range s.services {
				for i := range s.workloads {
					if w := &s.workloads[i]; selects(service, w) {
						serviceTargets(s, r, service, w)
					}
				}
			}
		}},
	{ID: "hpa-requests", Level: Warning,
		Title: "an autoscaler wants a share of a request that a container doesn't make",
		Why:   "one running container without the request, a helper too, and the autoscaler gets no figure for the whole pod: it never scales. A metric of type ContainerResource looks at its container alone",
		Fix:   "give the container the request, or use a metric of type ContainerResource",
		Bad:   "kind: Deployment\nspec: {template: {spec: {containers: [{name: web}, {name: proxy, resources: null}]}}}\n---\nkind: HorizontalPodAutoscaler\nspec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}, maxReplicas: 9, metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 80}}}]}",
		Good:  "kind: Deployment\nspec: {template: {spec: {containers: [{name: web}]}}}\n---\nkind: HorizontalPodAutoscaler\nspec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}, maxReplicas: 9, metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 80}}}]}",
		objects: func(s *set, r *Rule) {
			for i := range s.autoscalers {
				h := &s.autoscalers[i]
				for j := range s.workloads {
					if w := &s.workloads[j]; w.kind == h.target.Kind && w.object.GetName() == h.target.Name && w.object.GetNamespace() == h.meta.Namespace {
						scaledRequests(s, r, h, w)
					}
				}
			}
		}},
	{ID: "config-key-unknown", Level: Broken,
		Title: "a container or volume wants a key that the ConfigMap doesn't have",
		Why:   "the kubelet doesn't start the container until the key is there",
		Fix:   "name a key of the ConfigMap, or make the reference optional",
		Bad:   "kind: Pod\nspec: {containers: [{name: web, env: [{name: GREETING, valueFrom: {configMapKeyRef: {name: web, key: greeting}}}]}]}\n---\nkind: ConfigMap\ndata: {hello: world}",
		Good:  "kind: Pod\nspec: {containers: [{name: web, env: [{name: GREETING, valueFrom: {configMapKeyRef: {name: web, key: hello}}}]}]}\n---\nkind: ConfigMap\ndata: {hello: world}",
		objects: func(s *set, r *Rule) {
			for i := range s.workloads {
				configKeys(s, r, &s.workloads[i])
			}
		}},
	{ID: "config-size", Level: Rejected,
		Title: "a ConfigMap is larger than 1 MiB",
		Why:   "the API server refuses it",
		Fix:   "split it, or put the files into an image or a volume",
		Bad:   "kind: ConfigMap\ndata: {a: <300 KiB>, b: <300 KiB>, c: <300 KiB>, d: <300 KiB>}",
		Good:  "kind: ConfigMap\ndata: {a: <300 KiB>, b: <300 KiB>}",
		objects: func(s *set, r *Rule) {
			for _, c := range s.configMaps {
				size := 0
				for _, v := range c.Data {
					size += len(v)
				}
				for _, v := range c.BinaryData {
					size += len(v)
				}
				if size > maxConfigMap {
					s.report(r, objectName("ConfigMap", c), "data", Finding{Type: field.ErrorTypeTooLong, Detail: fmt.Sprintf("may not be more than %d bytes", maxConfigMap)})
				}
			}
		}},
	{ID: "rwo-replicas", Level: Warning,
		Title: "several pods share a claim that one node at a time can mount",
		Why:   "with ReadWriteOnce the pods that land on another node wait for ever; with ReadWriteOncePod all but one do. The containers of one pod may share it",
		Fix:   "use a StatefulSet with a claim template, one replica, or a claim with ReadWriteMany",
		Bad:   "kind: Deployment\nspec: {replicas: 2, template: {spec: {containers: [{name: web, volumeMounts: [{name: data, mountPath: /data}]}], volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]}}}\n---\nkind: PersistentVolumeClaim\nmetadata: {name: data}\nspec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}",
		Good:  "kind: Deployment\nspec: {replicas: 2, template: {spec: {containers: [{name: web, volumeMounts: [{name: data, mountPath: /data}]}], volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]}}}\n---\nkind: PersistentVolumeClaim\nmetadata: {name: data}\nspec: {accessModes: [ReadWriteMany], resources: {requests: {storage: 1Gi}}}",
		objects: func(s *set, r *Rule) {
			for i := range s.workloads {
				sharedClaims(s, r, &s.workloads[i])
			}
		}},
}

// selects says whether a Service finds the pods of a workload.
func selects(service *corev1.Service, w *workload) bool {
	return len(service.Spec.Selector) > 0 && service.Namespace == w.object.GetNamespace() &&
		labels.SelectorFromSet(service.Spec.Selector).Matches(labels.Set(w.template.Labels))
}

// serviceTargets looks up named ports as the endpoint controller does.
// upstream: kubernetes/endpointslice util FindPort
func serviceTargets(s *set, r *Rule, service *corev1.Service, w *workload) {
	for i := range service.Spec.Ports {
		p := &service.Spec.Ports[i]
		if p.TargetPort.Type != intstr.String {
			continue
		}
		served := func(c *corev1.Container) bool {
			return slices.ContainsFunc(c.Ports, func(q corev1.ContainerPort) bool {
				return q.Name == p.TargetPort.StrVal && protocol(&q) == protocolOf(p.Protocol)
			})
		}
		if slices.ContainsFunc(w.template.Spec.Containers, func(c corev1.Container) bool { return served(&c) }) ||
			slices.ContainsFunc(w.template.Spec.InitContainers, func(c corev1.Container) bool { return site{Container: &c, init: true}.native() && served(&c) }) {
			continue
		}
		s.report(r, objectName("Service", service), "spec.ports"+at(i)+".targetPort",
			invalid(p.TargetPort.StrVal, fmt.Sprintf("no container of %s has a %s port of this name", w, protocolOf(p.Protocol)), ""))
	}
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

// configKeys looks up the keys that a pod wants in the ConfigMaps that are there.
func configKeys(s *set, r *Rule, w *workload) {
	x := newIndex(&w.template.ObjectMeta, &w.template.Spec, s.options)
	if w.path != "" {
		x.under = w.path + "."
	}
	lacks := func(name, key string, optional *bool) bool {
		if optional != nil && *optional {
			return false
		}
		i := slices.IndexFunc(s.configMaps, func(c *corev1.ConfigMap) bool {
			return c.Name == name && c.Namespace == w.object.GetNamespace()
		})
		if i < 0 {
			return false
		}
		_, text := s.configMaps[i].Data[key]
		_, binary := s.configMaps[i].BinaryData[key]
		return !text && !binary
	}
	unknown := func(name, key string) Finding {
		return invalid(key, "ConfigMap "+name+" doesn't have this key", "")
	}
	for _, c := range x.containers {
		for i := range c.Env {
			from := c.Env[i].ValueFrom
			if from == nil || from.ConfigMapKeyRef == nil {
				continue
			}
			if ref := from.ConfigMapKeyRef; lacks(ref.Name, ref.Key, ref.Optional) {
				f := unknown(ref.Name, ref.Key)
				path := x.path(c, ".env"+at(i)+".valueFrom.configMapKeyRef.key")
				f.Parties = []Party{{Container: c.Name, Path: path}}
				s.report(r, w.String(), path, f)
			}
		}
	}
	for i := range x.spec.Volumes {
		v := x.spec.Volumes[i].ConfigMap
		if v == nil {
			continue
		}
		for j := range v.Items {
			if lacks(v.Name, v.Items[j].Key, v.Optional) {
				s.report(r, w.String(), x.under+"spec.volumes"+at(i)+".configMap.items"+at(j)+".key", unknown(v.Name, v.Items[j].Key))
			}
		}
	}
}

// sharedClaims looks at the claims that the pods of one workload share.
func sharedClaims(s *set, r *Rule, w *workload) {
	if w.kind != "Deployment" && w.kind != "ReplicaSet" || w.replicas == nil || *w.replicas < 2 {
		return
	}
	for i := range w.template.Spec.Volumes {
		v := w.template.Spec.Volumes[i].PersistentVolumeClaim
		if v == nil {
			continue
		}
		j := slices.IndexFunc(s.claims, func(c *corev1.PersistentVolumeClaim) bool {
			return c.Name == v.ClaimName && c.Namespace == w.object.GetNamespace()
		})
		if j < 0 || !oneNode(s.claims[j].Spec.AccessModes) {
			continue
		}
		s.report(r, w.String(), w.path+".spec.volumes"+at(i)+".persistentVolumeClaim.claimName",
			invalid(v.ClaimName, fmt.Sprintf("%d pods share a claim that is %s", *w.replicas, s.claims[j].Spec.AccessModes[0]), ""))
	}
}

// oneNode says whether no mode lets pods on several nodes write.
func oneNode(modes []corev1.PersistentVolumeAccessMode) bool {
	return len(modes) > 0 && !slices.ContainsFunc(modes, func(m corev1.PersistentVolumeAccessMode) bool {
		return m != corev1.ReadWriteOnce && m != corev1.ReadWriteOncePod
	})
}

func protocolOf(p corev1.Protocol) corev1.Protocol {
	if p == "" {
		return corev1.ProtocolTCP
	}
	return p
}
