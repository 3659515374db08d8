package pattern

import (
	"slices"
	"strings"

	"github.com/podpattern/podpattern/internal/names"
	"k8s.io/apimachinery/pkg/util/validation"
)

// Namespace replaces the namespace, by default none: that of the client. One that
// is no DNS label is an error.
func (p PodBuilder) Namespace(namespace string) PodBuilder {
	if !names.IsLabel(namespace) {
		return p.reject(notLabel("metadata.namespace", namespace, "at most 63 of a-z, 0-9 and -"))
	}
	return p.add(func(s *podDraft) { s.t.Namespace = namespace })
}

// Label sets a label: it replaces the one of that key. A key or value that the
// API server doesn't take is an error.
func (p PodBuilder) Label(key, value string) PodBuilder {
	bad := labelFlaw("metadata.labels", key, value)
	return p.add(func(s *podDraft) {
		s.reportAll(bad)
		set(&s.t.Labels, key, value)
	})
}

// Annotation sets an annotation: it replaces the one of that key. A key that the
// API server doesn't take is an error.
func (p PodBuilder) Annotation(key, value string) PodBuilder {
	bad := keyFlaw("metadata.annotations", key)
	return p.add(func(s *podDraft) {
		s.reportAll(bad)
		set(&s.t.Annotations, key, value)
	})
}

func set(m *map[string]string, key, value string) {
	if *m == nil {
		*m = make(map[string]string, 2)
	}
	(*m)[key] = value
}

func labelFlaw(field, key, value string) *flaw {
	if bad := keyFlaw(field, key); bad != nil {
		return bad
	}
	if msgs := validation.IsValidLabelValue(value); len(msgs) > 0 {
		return invalid("label-value", field, value, strings.Join(msgs, "; "), "at most 63 letters, digits, -, _ and .")
	}
	return nil
}

func keyFlaw(field, key string) *flaw {
	if msgs := validation.IsQualifiedName(strings.ToLower(key)); len(msgs) > 0 {
		return invalid("label-key", field, key, strings.Join(msgs, "; "), "such as app or example.com/app")
	}
	return nil
}

// SelectorLabels names the labels of the pod by which its workloads, Services and
// NetworkPolicies find it. By default that is app, which a workload adds with the
// pod's name where the pod doesn't set it. It replaces what was said before. A
// label other than app that the pod doesn't have is an error.
func (p PodBuilder) SelectorLabels(keys ...string) PodBuilder {
	if len(keys) == 0 {
		return p.reject(missing("no-arguments", "spec.selector", "name the labels"))
	}
	keys = slices.Clone(keys)
	for _, k := range keys {
		if bad := keyFlaw("metadata.labels", k); bad != nil {
			return p.reject(bad)
		}
	}
	return p.add(func(s *podDraft) { s.selector = keys })
}
