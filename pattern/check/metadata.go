package check

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/podpattern/podpattern/internal/names"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// maxAnnotations is what the annotations of one object may hold together.
// upstream: kubernetes/apimachinery pkg/api/validation/objectmeta.go
const maxAnnotations = 256 << 10

var metadataRules = []Rule{
	{ID: "label-shape", Level: Rejected,
		Title: "a label has the wrong form",
		Why:   "selectors couldn't be written for it: the API server refuses the pod",
		Fix:   "a key such as app or example.com/tier; a value of at most 63 letters, digits, -, _ and dots",
		Bad:   `{kind: Pod, metadata: {labels: {app: "web app"}}}`,
		Good:  `{kind: Pod, metadata: {labels: {app: web-app}}}`,
		pod:   func(x *index, r *Rule) { x.labels(r, &trail{name: "metadata.labels"}, x.meta.Labels) }},
	{ID: "annotation-shape", Level: Rejected,
		Title: "the key of an annotation has the wrong form",
		Why:   "keys of annotations are written like those of labels: the API server refuses the pod",
		Fix:   "a name such as note or example.com/note, of letters, digits, -, _ and dots",
		Bad:   `{kind: Pod, metadata: {annotations: {"example.com/web/note": x}}}`,
		Good:  `{kind: Pod, metadata: {annotations: {example.com/web-note: x}}}`,
		pod:   annotationShape},
	{ID: "annotations-size", Level: Rejected,
		Title: "the annotations are too large",
		Why:   "all keys and values together may have 256 KiB: the API server refuses the pod",
		Fix:   "put what is large into a ConfigMap",
		Bad:   `{kind: Pod, metadata: {annotations: {example.com/config: "<300 KiB>"}}}`,
		Good:  `{kind: Pod, metadata: {annotations: {example.com/config: web}}}`,
		pod: func(x *index, r *Rule) {
			size := 0
			for k, v := range x.meta.Annotations {
				size += len(k) + len(v)
			}
			if size > maxAnnotations {
				x.reportPod(r, "metadata.annotations", manyAnnotations())
			}
		}},
	{ID: "annotation-value", Level: Rejected,
		Title: "an annotation that Kubernetes reads has the wrong value",
		Why:   "the scheduler or a controller couldn't use it: the API server refuses the pod",
		Fix:   "a pod-deletion-cost is a whole number in quotes, such as \"-10\"",
		Bad:   `{kind: Pod, metadata: {annotations: {controller.kubernetes.io/pod-deletion-cost: "1.5"}}}`,
		Good:  `{kind: Pod, metadata: {annotations: {controller.kubernetes.io/pod-deletion-cost: "-10"}}}`,
		pod:   annotationValue},
	{ID: "annotation-removed", Level: Warning,
		Title: "an annotation that Kubernetes doesn't read any more",
		Why:   "it does nothing: what it asks for doesn't happen",
		Fix:   "use the field that took its place",
		Bad:   `{kind: Pod, metadata: {annotations: {scheduler.alpha.kubernetes.io/critical-pod: ""}}}`,
		Good:  `{kind: Pod, spec: {priorityClassName: system-cluster-critical}}`,
		pod: func(x *index, r *Rule) {
			if len(x.meta.Annotations) == 0 {
				return
			}
			for _, a := range removedAnnotations {
				if v, is := x.meta.Annotations[a.key]; is {
					x.reportPod(r, annotation(a.key), invalid(v, "Kubernetes doesn't read it any more", "use "+a.field))
				}
			}
		}},
}

const (
	tolerationsKey  = "scheduler.alpha.kubernetes.io/tolerations"
	deletionCostKey = "controller.kubernetes.io/pod-deletion-cost"
)

// removedAnnotations have become the fields beside them.
// upstream: kubernetes/kubernetes pkg/api/pod/warnings.go, and CHANGELOG-1.6 and CHANGELOG-1.8
var removedAnnotations = [...]struct{ key, field string }{
	{"pod.alpha.kubernetes.io/init-containers", "spec.initContainers"},
	{"pod.beta.kubernetes.io/init-containers", "spec.initContainers"},
	{"scheduler.alpha.kubernetes.io/affinity", "spec.affinity"},
	{"scheduler.alpha.kubernetes.io/critical-pod", "spec.priorityClassName"},
	{tolerationsKey, "spec.tolerations"},
	{"security.alpha.kubernetes.io/sysctls", "spec.securityContext.sysctls"},
	{"security.alpha.kubernetes.io/unsafe-sysctls", "spec.securityContext.sysctls"},
}

func manyAnnotations() Finding {
	return Finding{Type: field.ErrorTypeTooLong, Detail: fmt.Sprintf("may not be more than %d bytes", maxAnnotations)}
}

func annotation(key string) string { return "metadata.annotations[" + key + "]" }

func annotationShape(x *index, r *Rule) {
	var bad []string
	for k := range x.meta.Annotations {
		// The part before the slash may have capitals too.
		if !names.IsLabelKey(k) && !names.IsLabelKey(strings.ToLower(k)) {
			bad = append(bad, k)
		}
	}
	slices.Sort(bad)
	for _, k := range bad {
		x.reportPodEach(r, "metadata.annotations", k, validation.IsQualifiedName(strings.ToLower(k)))
	}
}

// annotationValue has what the API server reads itself.
// upstream: kubernetes/kubernetes pkg/apis/core/validation/validation.go, ValidatePodSpecificAnnotations
func annotationValue(x *index, r *Rule) {
	if len(x.meta.Annotations) == 0 {
		return
	}
	if v, is := x.meta.Annotations[corev1.MirrorPodAnnotationKey]; is && x.spec.NodeName == "" {
		x.reportPod(r, annotation(corev1.MirrorPodAnnotationKey), invalid(v, "must set spec.nodeName if mirror pod annotation is set", "remove the annotation: the kubelet sets it"))
	}
	if v, is := x.meta.Annotations[deletionCostKey]; is && !wholeNumber(v) {
		x.reportPod(r, annotation(deletionCostKey), invalid(v, "must be a 32bit integer", ""))
	}
	if v := x.meta.Annotations[tolerationsKey]; v != "" {
		var list []corev1.Toleration
		if err := json.Unmarshal([]byte(v), &list); err != nil {
			x.reportPod(r, "metadata.annotations", invalid(tolerationsKey, strings.ReplaceAll(err.Error(), "v1.", "core."), "use spec.tolerations"))
			return
		}
		x.tolerations(r, annotation(tolerationsKey), list)
	}
}

// wholeNumber says whether v is a number of 32 bits, with no + and no needless 0
// before it.
// upstream: kubernetes/kubernetes pkg/apis/core/helper/helpers.go, GetDeletionCostFromPodAnnotations
func wholeNumber(v string) bool {
	if v == "" || v[0] != '-' && v != "0" && (v[0] < '1' || v[0] > '9') {
		return false
	}
	_, err := strconv.ParseInt(v, 10, 32)
	return err == nil
}
