package check

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
)

// upstream: kubernetes/kubernetes pkg/apis/core/validation/validation.go,
// validateObjectFieldSelector, validateContainerResourceFieldSelector
var envFieldRules = []Rule{
	{ID: "env-fieldref", Level: Rejected,
		Title: "a variable takes a field of the pod that variables can't have",
		Why:   "only some fields can be read this way: the API server refuses the pod",
		Fix:   "one of metadata.name, .namespace, .uid, .labels['KEY'] and .annotations['KEY'], spec.nodeName, spec.serviceAccountName, status.hostIP, .hostIPs, .podIP and .podIPs",
		Bad:   `containers: [{name: web, env: [{name: NODE, valueFrom: {fieldRef: {fieldPath: spec.node}}}]}]`,
		Good:  `containers: [{name: web, env: [{name: NODE, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}]}]`,
		pod: func(x *index, r *Rule) {
			x.sources(func(c site, i int, s *corev1.EnvVarSource) {
				if s.FieldRef != nil && !plainField(s.FieldRef) {
					fieldFaults(s.FieldRef, envFields[:], func(under string, f Finding) {
						x.report(r, c, ".env"+at(i)+".valueFrom.fieldRef"+under, f)
					})
				}
			})
		}},
	{ID: "env-resourcefieldref", Level: Rejected,
		Title: "a variable takes an unknown request or limit, or takes it in an unknown unit",
		Why:   "there is no number that the kubelet could fill in: the API server refuses the pod",
		Fix:   "a resource such as limits.memory: limits or requests of cpu, memory, ephemeral-storage or hugepages-SIZE; and a divisor that fits it, such as 1Mi",
		Bad:   `containers: [{name: web, env: [{name: MEMORY, valueFrom: {resourceFieldRef: {resource: memory}}}]}]`,
		Good:  `containers: [{name: web, env: [{name: MEMORY, valueFrom: {resourceFieldRef: {resource: limits.memory}}}]}]`,
		pod: func(x *index, r *Rule) {
			x.sources(func(c site, i int, s *corev1.EnvVarSource) {
				f := s.ResourceFieldRef
				if f == nil {
					return
				}
				resourceFieldFaults(f, func(under string, f Finding) {
					x.report(r, c, ".env"+at(i)+".valueFrom.resourceFieldRef"+under, f)
				})
			})
		}},
	{ID: "resourcefieldref-container", Level: Broken,
		Title: "a resourceFieldRef names an unknown container",
		Why:   "the API server doesn't look it up: the kubelet can't make the variable or the file, and the container doesn't start",
		Fix:   "name a container of the pod",
		Bad:   `containers: [{name: web, env: [{name: MEMORY, valueFrom: {resourceFieldRef: {containerName: app, resource: limits.memory}}}]}]`,
		Good:  `containers: [{name: web, env: [{name: MEMORY, valueFrom: {resourceFieldRef: {containerName: web, resource: limits.memory}}}]}]`,
		pod:   resourceFieldContainer},
}

// envFields are the fields that a variable can have, sorted.
var envFields = [...]string{"metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName",
	"status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs"}

func plainField(f *corev1.ObjectFieldSelector) bool {
	return (f.APIVersion == "" || f.APIVersion == "v1") && slices.Contains(envFields[:], f.FieldPath)
}

func resourceFieldContainer(x *index, r *Rule) {
	x.sources(func(c site, i int, s *corev1.EnvVarSource) {
		if f := s.ResourceFieldRef; f != nil && x.lacks(f.ContainerName) {
			x.report(r, c, ".env"+at(i)+".valueFrom.resourceFieldRef.containerName", notFound(f.ContainerName, ""))
		}
	})
	for i := range x.spec.Volumes {
		v := &x.spec.Volumes[i]
		if v.DownwardAPI == nil && v.Projected == nil || !x.setUp(v.Name) {
			continue
		}
		if v.DownwardAPI != nil {
			x.resourceFiles(r, "spec.volumes"+at(i)+".downwardAPI.items", v.DownwardAPI.Items)
		}
		if v.Projected == nil {
			continue
		}
		for j := range v.Projected.Sources {
			if d := v.Projected.Sources[j].DownwardAPI; d != nil {
				x.resourceFiles(r, "spec.volumes"+at(i)+".projected.sources"+at(j)+".downwardAPI.items", d.Items)
			}
		}
	}
}

func (x *index) resourceFiles(r *Rule, path string, items []corev1.DownwardAPIVolumeFile) {
	for i := range items {
		if f := items[i].ResourceFieldRef; f != nil && x.lacks(f.ContainerName) {
			x.reportPod(r, path+at(i)+".resourceFieldRef.containerName", notFound(f.ContainerName, ""))
		}
	}
}

// lacks says whether there is no container of a name that is one.
func (x *index) lacks(name string) bool {
	_, found := x.named(name)
	return name != "" && !found
}
