package check

import (
	"slices"
	"strings"

	"github.com/podpattern/podpattern/internal/names"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/validation"
)

// referenceFields are the fields of a pod that a fieldRef may know: a variable can
// have some of them, and a file others.
// upstream: kubernetes/kubernetes pkg/apis/core/pods/helpers.go ConvertDownwardAPIFieldLabel
var referenceFields = [...]string{
	"metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid",
	"spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName",
	"status.hostIP", "status.hostIPs", "status.phase", "status.podIP", "status.podIPs",
}

// fieldFaults reports what is wrong with a fieldRef, where these fields are allowed.
// upstream: kubernetes/kubernetes pkg/apis/core/validation/validation.go validateObjectFieldSelector
func fieldFaults(ref *corev1.ObjectFieldSelector, allowed []string, report func(under string, f Finding)) {
	const converting = "error converting fieldPath: "
	path, key, keyed := subscript(ref.FieldPath)
	if path == "spec.host" && !keyed {
		path = "spec.nodeName" // as old clients call it
	}
	switch {
	case ref.FieldPath == "":
		report(".fieldPath", required("", ""))
	case ref.APIVersion != "" && ref.APIVersion != "v1":
		report(".fieldPath", invalid(ref.FieldPath, converting+"unsupported pod version: "+ref.APIVersion, "leave apiVersion out"))
	case keyed && path != "metadata.annotations" && path != "metadata.labels":
		report(".fieldPath", invalid(ref.FieldPath, converting+"field label does not support subscript: "+ref.FieldPath, ""))
	case keyed:
		if path == "metadata.annotations" {
			key = strings.ToLower(key)
		}
		if names.IsLabelKey(key) {
			return
		}
		for _, msg := range validation.IsQualifiedName(key) {
			report("", invalid(key, msg, "the key of a label or annotation"))
		}
	case slices.Contains(allowed, path):
	case slices.Contains(referenceFields[:], path):
		report(".fieldPath", notSupported(path, allowed...))
	default:
		report(".fieldPath", invalid(ref.FieldPath, converting+"field label not supported: "+ref.FieldPath, ""))
	}
}

// resourceFieldFaults reports what is wrong with a resourceFieldRef.
// upstream: kubernetes/kubernetes pkg/apis/core/validation/validation.go validateContainerResourceFieldSelector
func resourceFieldFaults(ref *corev1.ResourceFieldSelector, report func(under string, f Finding)) {
	if ref.Resource == "" {
		report(".resource", required("", ""))
	} else if !resourceField(ref.Resource) {
		report(".resource", notSupported(ref.Resource, "limits.cpu", "limits.ephemeral-storage", "limits.memory", "requests.cpu", "requests.ephemeral-storage", "requests.memory"))
	}
	if text := divisorFault(ref.Resource, ref.Divisor); text != "" {
		report(".divisor", invalid(ref.Resource, text, "one of these"))
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
