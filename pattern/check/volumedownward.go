package check

import (
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation"
)

// downward looks at the files of the downward API.
// upstream: kubernetes/kubernetes pkg/apis/core/validation/validation.go validateDownwardAPIVolumeFile
func (v volumeSite) downward() {
	switch v.source {
	case "downwardAPI":
		v.downwardFiles(v.DownwardAPI.Items, -1)
	case "projected":
		for i := range v.Projected.Sources {
			if s := v.Projected.Sources[i].DownwardAPI; s != nil {
				v.downwardFiles(s.Items, i)
			}
		}
	}
}

func (v volumeSite) downwardFiles(items []corev1.DownwardAPIVolumeFile, projected int) {
	for i := range items {
		v.downwardFile(&items[i], projected, i)
	}
}

func (v volumeSite) downwardFile(f *corev1.DownwardAPIVolumeFile, projected, i int) {
	if usualFile(f) {
		return
	}
	field := itemPath(projected, ".downwardAPI", i)
	if f.Path == "" {
		v.report(field+".path", required("", ""))
	}
	v.localPath(f.Path, field+".path")
	switch {
	case f.FieldRef != nil:
		v.fieldRef(f.FieldRef, field+".fieldRef")
		if f.ResourceFieldRef != nil {
			v.report(field, invalid("resource", "fieldRef and resourceFieldRef can not be specified simultaneously", "keep one of the two"))
		}
	case f.ResourceFieldRef != nil:
		v.resourceFieldRef(f.ResourceFieldRef, field+".resourceFieldRef")
	default:
		v.report(field, required("one of fieldRef and resourceFieldRef is required", ""))
	}
	v.mode(f.Mode, field+".mode")
}

// usualFile spares the usual files the texts.
func usualFile(f *corev1.DownwardAPIVolumeFile) bool {
	return f.Path != "" && !leavesVolume(f.Path) && !badMode(f.Mode) &&
		f.ResourceFieldRef == nil && f.FieldRef != nil &&
		(f.FieldRef.APIVersion == "" || f.FieldRef.APIVersion == "v1") && volumeField(f.FieldRef.FieldPath)
}

// volumeField says whether a file can be made of a field without subscript.
func volumeField(path string) bool {
	switch path {
	case "metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid":
		return true
	}
	return false
}

// fieldRef reports what is no field, and what is one for variables only.
// upstream: kubernetes/kubernetes pkg/apis/core/pods/helpers.go ConvertDownwardAPIFieldLabel
func (v volumeSite) fieldRef(ref *corev1.ObjectFieldSelector, field string) {
	if ref.FieldPath == "" {
		v.report(field+".fieldPath", required("", ""))
		return
	}
	const converting = "error converting fieldPath: "
	if ref.APIVersion != "" && ref.APIVersion != "v1" {
		v.report(field+".fieldPath", invalid(ref.FieldPath, converting+"unsupported pod version: "+ref.APIVersion, "leave apiVersion out"))
		return
	}
	if path, key, ok := volumeSubscript(ref.FieldPath); ok {
		switch path {
		case "metadata.annotations":
			v.subscript(strings.ToLower(key), field)
		case "metadata.labels":
			v.subscript(key, field)
		default:
			v.report(field+".fieldPath", invalid(ref.FieldPath, converting+"field label does not support subscript: "+ref.FieldPath, ""))
		}
		return
	}
	path := ref.FieldPath
	switch path {
	case "spec.host":
		path = "spec.nodeName"
	case "spec.nodeName", "spec.restartPolicy", "spec.serviceAccountName", "spec.schedulerName",
		"status.phase", "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs":
	default:
		if !volumeField(path) {
			v.report(field+".fieldPath", invalid(path, converting+"field label not supported: "+path, ""))
			return
		}
	}
	if !volumeField(path) {
		f := notSupported(path, "metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid")
		f.Fix = "read it from an environment variable"
		v.report(field+".fieldPath", f)
	}
}

func (v volumeSite) subscript(key, field string) {
	for _, msg := range validation.IsQualifiedName(key) {
		v.report(field, invalid(key, msg, "the key of a label or annotation"))
	}
}

// volumeSubscript splits metadata.labels['app'].
// upstream: kubernetes/kubernetes pkg/fieldpath/fieldpath.go SplitMaybeSubscriptedPath
func volumeSubscript(path string) (field, key string, ok bool) {
	rest, ok := strings.CutSuffix(path, "']")
	if !ok {
		return "", "", false
	}
	field, key, ok = strings.Cut(rest, "['")
	return field, key, ok && field != ""
}

// resourceFieldRef: a file must name its container.
// upstream: kubernetes/kubernetes pkg/apis/core/validation/validation.go validateContainerResourceFieldSelector
func (v volumeSite) resourceFieldRef(ref *corev1.ResourceFieldSelector, field string) {
	kind := strings.TrimPrefix(strings.TrimPrefix(ref.Resource, "limits."), "requests.")
	switch {
	case ref.ContainerName == "":
		v.report(field+".containerName", required("", ""))
	case ref.Resource == "":
		v.report(field+".resource", required("", ""))
	case !volumeResource(ref.Resource):
		v.report(field+".resource", notSupported(ref.Resource, "limits.cpu", "limits.ephemeral-storage", "limits.memory", "requests.cpu", "requests.ephemeral-storage", "requests.memory"))
		return
	}
	if ref.Divisor.IsZero() || !volumeResource(ref.Resource) {
		return
	}
	const sizes = "1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei"
	switch divisor := text(ref.Divisor); {
	case kind == "cpu":
		if divisor != "1" && divisor != "1m" {
			v.report(field+".divisor", invalid(ref.Resource, "only divisor's values 1m and 1 are supported with the cpu resource", "1m or 1"))
		}
	case strings.Contains(", "+sizes+",", ", "+divisor+","):
	case kind == "memory":
		v.report(field+".divisor", invalid(ref.Resource, "only divisor's values "+sizes+" are supported with the memory resource", "such as 1Mi"))
	case kind == "ephemeral-storage":
		v.report(field+".divisor", invalid(ref.Resource, "only divisor's values "+sizes+" are supported with the local ephemeral storage resource", "such as 1Mi"))
	default:
		v.report(field+".divisor", invalid(ref.Resource, "only divisor's values "+sizes+" are supported with the hugepages resource", "such as 1Mi"))
	}
}

// volumeResource says whether a file can be made of a resource.
func volumeResource(name string) bool {
	kind, ok := strings.CutPrefix(name, "limits.")
	if !ok {
		kind, ok = strings.CutPrefix(name, "requests.")
	}
	return ok && (kind == "cpu" || kind == "memory" || kind == "ephemeral-storage" || strings.HasPrefix(kind, corev1.ResourceHugePagesPrefix))
}
