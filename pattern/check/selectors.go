package check

import (
	"slices"
	"strconv"

	"github.com/podpattern/podpattern/internal/names"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation"
)

var selectorRules = []Rule{
	{ID: "selector-missing", Level: Warning,
		Title: "a spread constraint or an affinity to pods has no labelSelector",
		Why:   "it matches no pods: a constraint spreads nothing, and a required affinity keeps the pod pending",
		Fix:   "a labelSelector with the labels of the pods; {} is all pods of the namespace",
		Bad:   `topologySpreadConstraints: [{maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: ScheduleAnyway}]`,
		Good:  `topologySpreadConstraints: [{maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: ScheduleAnyway, labelSelector: {matchLabels: {app: web}}}]`,
		pod:   noSelector},
}

const badOperator = "not a valid selector operator"

// labelKey finds what is no key of a label.
func (x *index) labelKey(r *Rule, t *trail, key string) {
	if !names.IsLabelKey(key) {
		x.reportPodEach(r, t.String(), key, validation.IsQualifiedName(key))
	}
}

// labelValue finds what is no value of a label.
func (x *index) labelValue(r *Rule, t *trail, value string) {
	if !names.IsLabelValue(value) {
		x.reportPodEach(r, t.String(), value, validation.IsValidLabelValue(value))
	}
}

// labels finds what is no label. The API server says so at the map, not at its key.
// upstream: kubernetes/apimachinery pkg/apis/meta/v1/validation/validation.go (ValidateLabels)
func (x *index) labels(r *Rule, t *trail, labels map[string]string) {
	good := true
	for k, v := range labels {
		good = good && names.IsLabelKey(k) && names.IsLabelValue(v)
	}
	if good {
		return
	}
	keys := make([]string, 0, len(labels))
	for k := range labels {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, k := range keys {
		before := len(x.found)
		x.labelKey(r, t, k)
		x.labelValue(r, t, labels[k])
		for i := range x.found[before:] {
			x.found[before+i].Fix = "of " + strconv.Quote(k) + ": " + r.Fix
		}
	}
}

// labelSelector is ValidateLabelSelector of the file above.
func (x *index) labelSelector(r *Rule, t *trail, s *metav1.LabelSelector) {
	if s == nil {
		return
	}
	labels := t.field(".matchLabels")
	x.labels(r, &labels, s.MatchLabels)
	for i := range s.MatchExpressions {
		e := &s.MatchExpressions[i]
		at := t.at(".matchExpressions", i)
		switch e.Operator {
		case metav1.LabelSelectorOpIn, metav1.LabelSelectorOpNotIn:
			x.wantValues(r, &at, len(e.Values))
		case metav1.LabelSelectorOpExists, metav1.LabelSelectorOpDoesNotExist:
			x.wantNoValues(r, &at, len(e.Values))
		default:
			x.reportPod(r, at.String()+".operator", invalid(string(e.Operator), badOperator, "one of In, NotIn, Exists and DoesNotExist"))
		}
		key := at.field(".key")
		x.labelKey(r, &key, e.Key)
		for v := range e.Values {
			value := at.at(".values", v)
			x.labelValue(r, &value, e.Values[v])
		}
	}
}

func (x *index) wantValues(r *Rule, t *trail, n int) {
	if n == 0 {
		x.reportPod(r, t.String()+".values", required("must be specified when `operator` is 'In' or 'NotIn'", "name the values, or say Exists"))
	}
}

func (x *index) wantNoValues(r *Rule, t *trail, n int) {
	if n > 0 {
		x.reportPod(r, t.String()+".values", forbidden("may not be specified when `operator` is 'Exists' or 'DoesNotExist'", "drop the values, or say In"))
	}
}

// nodeSelectorTerm finds what is wrong with a term of a node affinity. The API
// server looks at the values of a required one only; in a preferred one, a value that
// no label has is never met.
// upstream: kubernetes/kubernetes pkg/apis/core/validation/validation.go (ValidateNodeSelectorTerm)
func (x *index) nodeSelectorTerm(r *Rule, t *trail, term *corev1.NodeSelectorTerm, preferred bool) {
	for i := range term.MatchExpressions {
		e := &term.MatchExpressions[i]
		at := t.at(".matchExpressions", i)
		switch e.Operator {
		case corev1.NodeSelectorOpIn, corev1.NodeSelectorOpNotIn:
			x.wantValues(r, &at, len(e.Values))
		case corev1.NodeSelectorOpExists, corev1.NodeSelectorOpDoesNotExist:
			x.wantNoValues(r, &at, len(e.Values))
		case corev1.NodeSelectorOpGt, corev1.NodeSelectorOpLt:
			if len(e.Values) != 1 {
				x.reportPod(r, at.String()+".values", required("must be specified single value when `operator` is 'Lt' or 'Gt'", "name one number"))
			}
		default:
			x.reportPod(r, at.String()+".operator", invalid(string(e.Operator), badOperator, "one of In, NotIn, Exists, DoesNotExist, Gt and Lt"))
		}
		key := at.field(".key")
		x.labelKey(r, &key, e.Key)
		x.nodeLabelValues(r, &at, e.Values, preferred)
	}
	for i := range term.MatchFields {
		at := t.at(".matchFields", i)
		x.nodeField(r, &at, &term.MatchFields[i])
	}
}

func (x *index) nodeLabelValues(r *Rule, t *trail, values []string, preferred bool) {
	for v := range values {
		at := t.at(".values", v)
		switch {
		case !preferred:
			x.labelValue(r, &at, values[v])
		case !names.IsLabelValue(values[v]):
			f := invalid(values[v], "no label has such a value: the preference is never met", "")
			f.Level = Warning
			x.reportPod(r, at.String(), f)
		}
	}
}

// nodeField finds what is wrong with a selector of nodes by a field, of which there
// is the name alone.
func (x *index) nodeField(r *Rule, t *trail, e *corev1.NodeSelectorRequirement) {
	switch e.Operator {
	case corev1.NodeSelectorOpIn, corev1.NodeSelectorOpNotIn:
		if len(e.Values) != 1 {
			x.reportPod(r, t.String()+".values", required("must be only one value when `operator` is 'In' or 'NotIn' for node field selector", "name one node"))
		}
	default:
		x.reportPod(r, t.String()+".operator", invalid(string(e.Operator), badOperator, "In or NotIn"))
	}
	if e.Key != metav1.ObjectNameField {
		x.reportPod(r, t.String()+".key", invalid(e.Key, "not a valid field selector key", "metadata.name is the only one"))
		return
	}
	for v := range e.Values {
		at := t.at(".values", v)
		x.subdomain(r, &at, e.Values[v])
	}
}

// subdomain finds what is no DNS subdomain, as the names of most objects are.
func (x *index) subdomain(r *Rule, t *trail, name string) {
	if !names.IsSubdomain(name) {
		x.reportPodEach(r, t.String(), name, validation.IsDNS1123Subdomain(name))
	}
}

// label finds what is no DNS label.
func (x *index) label(r *Rule, t *trail, name string) {
	if !names.IsLabel(name) {
		x.reportPodEach(r, t.String(), name, validation.IsDNS1123Label(name))
	}
}

// noSelector finds constraints and affinity terms that match no pod.
func noSelector(x *index, r *Rule) {
	for i := range x.spec.TopologySpreadConstraints {
		c := &x.spec.TopologySpreadConstraints[i]
		if c.LabelSelector == nil && len(c.MatchLabelKeys) == 0 {
			x.reportPod(r, "spec.topologySpreadConstraints"+at(i)+".labelSelector", required(matchesNone, ""))
		}
	}
	for _, p := range x.podAffinities() {
		for i := range p.len() {
			t, term := p.term(i)
			if term.LabelSelector == nil && len(term.MatchLabelKeys)+len(term.MismatchLabelKeys) == 0 {
				x.reportPod(r, t.String()+".labelSelector", required(matchesNone, ""))
			}
		}
	}
}

const matchesNone = "a null labelSelector results in matching no pod"
