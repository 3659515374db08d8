package check_test

import (
	"strings"
	"testing"

	"github.com/podpattern/podpattern/pattern/check"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

const (
	badLabelKey   = "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
	badLabelValue = "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
	badSubdomain  = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
)

func nodeTerms(terms ...corev1.NodeSelectorTerm) *corev1.Affinity {
	return &corev1.Affinity{NodeAffinity: &corev1.NodeAffinity{RequiredDuringSchedulingIgnoredDuringExecution: &corev1.NodeSelector{NodeSelectorTerms: terms}}}
}

func nodeTerm(key string, operator corev1.NodeSelectorOperator, values ...string) corev1.NodeSelectorTerm {
	return corev1.NodeSelectorTerm{MatchExpressions: []corev1.NodeSelectorRequirement{{Key: key, Operator: operator, Values: values}}}
}

func nodeFieldTerm(operator corev1.NodeSelectorOperator, key string, values ...string) corev1.NodeSelectorTerm {
	return corev1.NodeSelectorTerm{MatchFields: []corev1.NodeSelectorRequirement{{Key: key, Operator: operator, Values: values}}}
}

func TestNodeSelectors(t *testing.T) {
	const terms = "A spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms"
	affinity := func(a *corev1.Affinity) func(*corev1.Pod) {
		return func(p *corev1.Pod) { p.Spec.Affinity = a }
	}
	try(t, []example{
		{"node-selector", "no label", func(p *corev1.Pod) { p.Spec.NodeSelector = map[string]string{"a b": "c d", "disk": "ssd", "x": "-"} },
			[]string{`A spec.nodeSelector: Invalid value: "a b": ` + badLabelKey, `A spec.nodeSelector: Invalid value: "c d": ` + badLabelValue, `A spec.nodeSelector: Invalid value: "-": ` + badLabelValue}},
		{"node-selector", "labels", func(p *corev1.Pod) {
			p.Spec.NodeSelector = map[string]string{"kubernetes.io/os": "linux", "Disk_type": "", "a": strings.Repeat("v", 63)}
		}, nil},
		{"node-name", "no name", func(p *corev1.Pod) { p.Spec.NodeName = "Node" }, []string{`A spec.nodeName: Invalid value: "Node": ` + badSubdomain}},
		{"node-name", "gates", func(p *corev1.Pod) {
			p.Spec.NodeName, p.Spec.SchedulingGates = "node", []corev1.PodSchedulingGate{{Name: "a"}}
		}, []string{"A spec.nodeName: Forbidden: cannot be set until all schedulingGates have been cleared"}},
		{"node-name", "a name", func(p *corev1.Pod) { p.Spec.NodeName = "node-1.example.com" }, nil},

		{"affinity", "no terms", affinity(nodeTerms()), []string{terms + ": Required value: must have at least one node selector term"}},
		{"affinity", "values", affinity(nodeTerms(nodeTerm("a", "In"), nodeTerm("a", "Exists", "b"), nodeTerm("a", "Gt", "1", "2"), nodeTerm("a", "in"))), []string{
			terms + "[0].matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
			terms + "[1].matchExpressions[0].values: Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
			terms + "[2].matchExpressions[0].values: Required value: must be specified single value when `operator` is 'Lt' or 'Gt'",
			terms + `[3].matchExpressions[0].operator: Invalid value: "in": not a valid selector operator`}},
		{"affinity", "no label", affinity(nodeTerms(nodeTerm("a b", "In", "a", "c d"))), []string{
			terms + `[0].matchExpressions[0].key: Invalid value: "a b": ` + badLabelKey,
			terms + `[0].matchExpressions[0].values[1]: Invalid value: "c d": ` + badLabelValue}},
		{"affinity", "fields", affinity(nodeTerms(nodeFieldTerm("Exists", "metadata.name", "A"), nodeFieldTerm("In", "name", "a", "b"))), []string{
			terms + `[0].matchFields[0].operator: Invalid value: "Exists": not a valid selector operator`,
			terms + `[0].matchFields[0].values[0]: Invalid value: "A": ` + badSubdomain,
			terms + `[1].matchFields[0].key: Invalid value: "name": not a valid field selector key`,
			terms + "[1].matchFields[0].values: Required value: must be only one value when `operator` is 'In' or 'NotIn' for node field selector"}},
		{"affinity", "all operators", affinity(nodeTerms(nodeTerm("a", "In", "b"), nodeTerm("a", "NotIn", "b", ""), nodeTerm("a", "Exists"), nodeTerm("a", "DoesNotExist"), nodeTerm("a", "Gt", "1"), nodeTerm("a", "Lt", "1"), nodeFieldTerm("In", "metadata.name", "node-1"))), nil},
		{"affinity", "a preference that is never met", func(p *corev1.Pod) {
			p.Spec.Affinity = &corev1.Affinity{NodeAffinity: &corev1.NodeAffinity{PreferredDuringSchedulingIgnoredDuringExecution: []corev1.PreferredSchedulingTerm{{Weight: 101, Preference: nodeTerm("a", "In", "c d")}}}}
		}, []string{
			"W spec.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].preference.matchExpressions[0].values[0]: Invalid value: \"c d\": no label has such a value: the preference is never met",
			"A spec.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight: Invalid value: 101: must be in the range 1-100"}},
	}...)
}

func podTermOf(term corev1.PodAffinityTerm) func(*corev1.Pod) {
	return func(p *corev1.Pod) {
		p.Labels = map[string]string{"app": "web"}
		p.Spec.Affinity = &corev1.Affinity{PodAffinity: &corev1.PodAffinity{RequiredDuringSchedulingIgnoredDuringExecution: []corev1.PodAffinityTerm{term}}}
	}
}

func labelled(key, value string) *metav1.LabelSelector {
	return &metav1.LabelSelector{MatchLabels: map[string]string{key: value}}
}

func TestPodAffinity(t *testing.T) {
	const term = "A spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0]"
	try(t, []example{
		{"affinity", "no topology", podTermOf(corev1.PodAffinityTerm{}), []string{
			term + ".topologyKey: Required value: can not be empty",
			term + `.topologyKey: Invalid value: "": name part must be non-empty`,
			term + `.topologyKey: Invalid value: "": ` + badLabelKey}},
		{"affinity", "selectors and namespaces", podTermOf(corev1.PodAffinityTerm{TopologyKey: "zone",
			LabelSelector:     labelled("a", "-"),
			NamespaceSelector: &metav1.LabelSelector{MatchExpressions: []metav1.LabelSelectorRequirement{{Key: "a", Operator: "In"}, {Key: "a", Operator: "Gt", Values: []string{"-"}}}},
			Namespaces:        []string{"ok", "a.b"}}), []string{
			term + `.labelSelector.matchLabels: Invalid value: "-": ` + badLabelValue,
			term + ".namespaceSelector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
			term + `.namespaceSelector.matchExpressions[1].operator: Invalid value: "Gt": not a valid selector operator`,
			term + `.namespaceSelector.matchExpressions[1].values[0]: Invalid value: "-": ` + badLabelValue,
			term + `.namespaces[1]: Invalid value: "a.b": must not contain dots`}},
		{"affinity", "keys without a selector", podTermOf(corev1.PodAffinityTerm{TopologyKey: "zone", MatchLabelKeys: []string{"a"}, MismatchLabelKeys: []string{"b"}}), []string{
			term + ".matchLabelKeys: Forbidden: must not be specified when labelSelector is not set",
			term + ".mismatchLabelKeys: Forbidden: must not be specified when labelSelector is not set"}},
		{"affinity", "a key on both sides", podTermOf(corev1.PodAffinityTerm{TopologyKey: "zone", LabelSelector: labelled("a", "b"), MatchLabelKeys: []string{"x"}, MismatchLabelKeys: []string{"x"}}),
			[]string{term + `.matchLabelKeys[0]: Invalid value: "x": exists in both matchLabelKeys and mismatchLabelKeys`}},
		{"affinity", "a label of the pod asked for twice", podTermOf(corev1.PodAffinityTerm{TopologyKey: "zone", LabelSelector: labelled("app", "web"), MatchLabelKeys: []string{"x", "app"}}),
			[]string{term + `.matchLabelKeys[1]: Invalid value: "app": exists in both matchLabelKeys and labelSelector`}},
		{"affinity", "the pod has no such label", podTermOf(corev1.PodAffinityTerm{TopologyKey: "zone", LabelSelector: labelled("x", "web"), MatchLabelKeys: []string{"x"}}), nil},
		{"affinity", "a label to differ in", podTermOf(corev1.PodAffinityTerm{TopologyKey: "zone", LabelSelector: labelled("app", "web"), MismatchLabelKeys: []string{"app"}, MatchLabelKeys: []string{"pod-template-hash"}}), nil},
	}...)
}

// The API server adds the labels that matchLabelKeys name to the selector in pods
// only, so a template that asks for one twice is accepted and makes no pod.
func TestMatchLabelKeysOfATemplate(t *testing.T) {
	p := goodPod()
	podTermOf(corev1.PodAffinityTerm{TopologyKey: "zone", LabelSelector: labelled("app", "web"), MatchLabelKeys: []string{"app"}})(p)
	template := &corev1.PodTemplateSpec{ObjectMeta: p.ObjectMeta, Spec: p.Spec}
	found := of(check.Template(template), "affinity")
	require.Len(t, found, 1)
	require.Equal(t, check.Broken, found[0].Level)
	require.Contains(t, found[0].Error(), "exists in both matchLabelKeys and labelSelector")

	require.Empty(t, of(check.Template(template, check.Target("1.30")), "affinity"), "the field isn't known yet")
	template.Labels = nil
	require.Empty(t, of(check.Template(template), "affinity"))
}
