package check

import (
	"slices"
	"strings"

	"github.com/podpattern/podpattern/internal/names"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/validation"
)

// upstream: kubernetes/kubernetes pkg/apis/core/validation/validation.go,
// validateObjectFieldSelector, validateContainerResourceFieldSelector
var envFieldRules = []Rule{
	{ID: "env-fieldref", Level: Rejected,
		Title: "a variable takes a field of the pod that it can't have",
		Why:   "the API server refuses the pod",
		Fix:   "metadata.name, .namespace, .uid, .labels['KEY'] or .annotations['KEY'], spec.nodeName, spec.serviceAccountName, status.hostIP, .hostIPs, .podIP or .podIPs",
		Bad:   `containers: [{name: web, env: [{name: NODE, valueFrom: {fieldRef: {fieldPath: spec.node}}}]}]`,
		Good:  `containers: [{name: web, env: [{name: NODE, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}]}]`,
		pod: func(x *index, r *Rule) {
			x.sources(func(c site, i int, s *corev1.EnvVarSource) {
				if s.FieldRef != nil && !plainField(s.FieldRef) {
					x.envField(r, c, ".env"+at(i)+".valueFrom.fieldRef", s.FieldRef)
				}
			})
		}},
	{ID: "env-resourcefieldref", Level: Rejected,
		Title: "a variable takes a request or limit that there isn't, or in a unit that there isn't",
		Why:   "the API server refuses the pod",
		Fix:   "limits or requests of cpu, memory, ephemeral-storage or hugepages-SIZE, such as limits.memory",
		Bad:   `containers: [{name: web, env: [{name: MEMORY, valueFrom: {resourceFieldRef: {resource: memory}}}]}]`,
		Good:  `containers: [{name: web, env: [{name: MEMORY, valueFrom: {resourceFieldRef: {resource: limits.memory}}}]}]`,
		pod: func(x *index, r *Rule) {
			x.sources(func(c site, i int, s *corev1.EnvVarSource) {
				f := s.ResourceFieldRef
				if f == nil {
					return
				}
				if f.Resource == "" {
					x.report(r, c, ".env"+at(i)+".valueFrom.resourceFieldRef.resource", required("", ""))
				} else if !resourceField(f.Resource) {
					x.report(r, c, ".env"+at(i)+".valueFrom.resourceFieldRef.resource", notSupported(f.Resource,
						"limits.cpu", "limits.ephemeral-storage", "limits.memory", "requests.cpu", "requests.ephemeral-storage", "requests.memory"))
				}
				if text := divisorFault(f.Resource, f.Divisor); text != "" {
					x.report(r, c, ".env"+at(i)+".valueFrom.resourceFieldRef.divisor", invalid(f.Resource, text, "one of these"))
				}
			})
		}},
	{ID: "resourcefieldref-container", Level: Broken,
		Title: "a resourceFieldRef names a container that there isn't",
		Why:   "the API server doesn't look: the node can't make the variable or the file, and the container doesn't start",
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

func (x *index) envField(r *Rule, c site, fields string, f *corev1.ObjectFieldSelector) {
	path, key, keyed := subscript(f.FieldPath)
	switch {
	case f.FieldPath == "":
		x.report(r, c, fields+".fieldPath", required("", ""))
	case f.APIVersion != "" && f.APIVersion != "v1":
		x.report(r, c, fields+".fieldPath", invalid(f.FieldPath, "error converting fieldPath: unsupported pod version: "+f.APIVersion, "leave apiVersion out"))
	case keyed && path == "metadata.annotations":
		if key = strings.ToLower(key); !names.IsLabelKey(key) {
			x.reportEach(r, c, fields, key, validation.IsQualifiedName(key))
		}
	case keyed && path == "metadata.labels":
		if !names.IsLabelKey(key) {
			x.reportEach(r, c, fields, key, validation.IsQualifiedName(key))
		}
	case keyed:
		x.report(r, c, fields+".fieldPath", invalid(f.FieldPath, "error converting fieldPath: field label does not support subscript: "+f.FieldPath, ""))
	default:
		switch path {
		case "spec.host": // what old clients call spec.nodeName
		case "metadata.annotations", "metadata.labels", "spec.restartPolicy", "spec.schedulerName", "status.phase":
			x.report(r, c, fields+".fieldPath", notSupported(path, envFields[:]...))
		default:
			x.report(r, c, fields+".fieldPath", invalid(f.FieldPath, "error converting fieldPath: field label not supported: "+f.FieldPath, ""))
		}
	}
}

// subscript takes metadata.labels['KEY'] apart.
// upstream: kubernetes/kubernetes pkg/fieldpath/fieldpath.go, SplitMaybeSubscriptedPath
func subscript(path string) (field, key string, ok bool) {
	s, ok := strings.CutSuffix(path, "']")
	if !ok {
		return path, "", false
	}
	field, key, ok = strings.Cut(s, "['")
	if !ok || field == "" {
		return path, "", false
	}
	return field, key, true
}

func resourceField(name string) bool {
	switch name {
	case "limits.cpu", "limits.memory", "limits.ephemeral-storage", "requests.cpu", "requests.memory", "requests.ephemeral-storage":
		return true
	}
	return hugePagesField(name)
}

func hugePagesField(name string) bool {
	return strings.HasPrefix(name, "requests.hugepages-") || strings.HasPrefix(name, "limits.hugepages-")
}

// divisorFault says what is wrong with the unit of a resource.
func divisorFault(name string, divisor resource.Quantity) string {
	if divisor.IsZero() {
		return ""
	}
	what := ""
	switch name {
	case "limits.cpu", "requests.cpu":
		if d := divisor.String(); d != "1m" && d != "1" {
			return "only divisor's values 1m and 1 are supported with the cpu resource"
		}
		return ""
	case "limits.memory", "requests.memory":
		what = "memory"
	case "limits.ephemeral-storage", "requests.ephemeral-storage":
		what = "local ephemeral storage"
	default:
		if !hugePagesField(name) {
			return ""
		}
		what = "hugepages"
	}
	switch divisor.String() {
	case "1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei":
		return ""
	}
	return "only divisor's values 1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei are supported with the " + what + " resource"
}

func resourceFieldContainer(x *index, r *Rule) {
	x.sources(func(c site, i int, s *corev1.EnvVarSource) {
		if f := s.ResourceFieldRef; f != nil && x.lacks(f.ContainerName) {
			x.report(r, c, ".env"+at(i)+".valueFrom.resourceFieldRef.containerName", notFound(f.ContainerName, ""))
		}
	})
	for i := range x.spec.Volumes {
		v := &x.spec.Volumes[i]
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
