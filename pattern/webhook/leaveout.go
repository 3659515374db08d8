package webhook

import (
	"slices"

	"k8s.io/apimachinery/pkg/labels"
)

// leavesNamespace says why the options leave a namespace out; "": they don't.
func (s *settings) leavesNamespace(namespace string) string {
	if slices.Contains(s.except, namespace) || s.only != nil && !slices.Contains(s.only, namespace) {
		return "namespace " + namespace
	}
	return ""
}

// leavesOut says why the options, or the object itself, leave an object out; "": they
// don't.
func (s *settings) leavesOut(o *object, namespace string) string {
	pod := o.pod()
	switch {
	case s.optedOut(o):
		return "annotation " + s.optOut
	case s.selector != nil && !s.selector.Matches(labels.Set(pod.Labels)):
		return "labels"
	case !s.percentHas(namespace, o):
		return "percent"
	}
	return ""
}

func (s *settings) optedOut(o *object) bool {
	return o.Metadata.Annotations[s.optOut] == "false" || o.pod().Annotations[s.optOut] == "false"
}
