package check_test

import (
	"testing"

	"github.com/podpattern/podpattern/pattern/check"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func tolerating(tolerations ...corev1.Toleration) func(*corev1.Pod) {
	return func(p *corev1.Pod) { p.Spec.Tolerations = tolerations }
}

func TestTolerations(t *testing.T) {
	const all = "operator must be Exists when `key` is empty, which means \"match all values and all keys\""
	try(t, []example{
		{"toleration", "no key", tolerating(corev1.Toleration{Value: "a b"}), []string{
			`A spec.tolerations[0].operator: Invalid value: "": ` + all,
			`A spec.tolerations[0].operator: Invalid value: "a b": ` + badLabelValue}},
		{"toleration", "a key that is none", tolerating(corev1.Toleration{Key: "-a"}), []string{`A spec.tolerations[0].key: Invalid value: "-a": ` + badLabelKey}},
		{"toleration", "seconds", tolerating(corev1.Toleration{Key: "a", Effect: "NoSchedule", TolerationSeconds: new(int64(1))}),
			[]string{`A spec.tolerations[0].effect: Invalid value: "NoSchedule": effect must be 'NoExecute' when ` + "`tolerationSeconds`" + ` is set`}},
		{"toleration", "a value that exists", tolerating(corev1.Toleration{Key: "a", Operator: "Exists", Value: "b"}),
			[]string{"A spec.tolerations[0].operator: Invalid value: \"b\": value must be empty when `operator` is 'Exists'"}},
		{"toleration", "other words", tolerating(corev1.Toleration{Key: "a", Operator: "exists", Effect: "noschedule"}), []string{
			`A spec.tolerations[0].effect: Unsupported value: "noschedule": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"`,
			`A spec.tolerations[0].operator: Unsupported value: "exists": supported values: "Equal", "Exists"`}},
		{"toleration", "a comparison", tolerating(corev1.Toleration{Key: "a", Operator: "Gt", Value: "1"}),
			[]string{`A spec.tolerations[0].operator: Unsupported value: "Gt": supported values: "Equal", "Exists", "Lt", "Gt"`}},
		{"toleration", "all taints", tolerating(corev1.Toleration{Operator: "Exists"}, corev1.Toleration{Key: "a", Effect: "NoExecute", TolerationSeconds: new(int64(-1))}, corev1.Toleration{Key: "a/b", Operator: "Equal", Value: "c"}), nil},
	}...)
}

func spreading(constraints ...corev1.TopologySpreadConstraint) func(*corev1.Pod) {
	return func(p *corev1.Pod) {
		p.Labels = map[string]string{"app": "web"}
		p.Spec.TopologySpreadConstraints = constraints
	}
}

func spreadConstraint(change func(*corev1.TopologySpreadConstraint)) corev1.TopologySpreadConstraint {
	c := corev1.TopologySpreadConstraint{MaxSkew: 1, TopologyKey: "zone", WhenUnsatisfiable: "DoNotSchedule", LabelSelector: labelled("tier", "web")}
	change(&c)
	return c
}

func TestTopologySpread(t *testing.T) {
	const first = "A spec.topologySpreadConstraints[0]"
	policy := corev1.NodeInclusionPolicy("honor")
	good := spreadConstraint(func(*corev1.TopologySpreadConstraint) {})
	try(t, []example{
		{"topology-spread", "nothing", spreading(corev1.TopologySpreadConstraint{}), []string{
			first + ".maxSkew: Invalid value: 0: must be greater than zero",
			first + ".topologyKey: Required value: can not be empty",
			first + `.whenUnsatisfiable: Unsupported value: "": supported values: "DoNotSchedule", "ScheduleAnyway"`}},
		{"topology-spread", "domains", spreading(spreadConstraint(func(c *corev1.TopologySpreadConstraint) {
			c.MinDomains, c.WhenUnsatisfiable = new(int32(0)), "ScheduleAnyway"
		})), []string{
			first + ".minDomains: Invalid value: 0: must be greater than zero",
			first + ".minDomains: Invalid value: 0: can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ScheduleAnyway"}},
		{"topology-spread", "policies", spreading(spreadConstraint(func(c *corev1.TopologySpreadConstraint) {
			c.NodeAffinityPolicy, c.NodeTaintsPolicy = &policy, &policy
		})), []string{
			first + `.nodeAffinityPolicy: Unsupported value: "honor": supported values: "Honor", "Ignore"`,
			first + `.nodeTaintsPolicy: Unsupported value: "honor": supported values: "Honor", "Ignore"`}},
		{"topology-spread", "twice", spreading(good, spreadConstraint(func(c *corev1.TopologySpreadConstraint) { c.MaxSkew = 2 })),
			[]string{first + `.{topologyKey, whenUnsatisfiable}: Duplicate value: "{zone, DoNotSchedule}"`}},
		{"topology-spread", "a selector", spreading(spreadConstraint(func(c *corev1.TopologySpreadConstraint) { c.LabelSelector = labelled("a", "-") })),
			[]string{first + `.labelSelector.matchLabels: Invalid value: "-": ` + badLabelValue}},
		{"topology-spread", "keys without a selector", spreading(spreadConstraint(func(c *corev1.TopologySpreadConstraint) { c.LabelSelector, c.MatchLabelKeys = nil, []string{"a"} })),
			[]string{first + ".matchLabelKeys: Forbidden: must not be specified when labelSelector is not set"}},
		{"topology-spread", "a label of the pod asked for twice", spreading(spreadConstraint(func(c *corev1.TopologySpreadConstraint) {
			c.LabelSelector = &metav1.LabelSelector{MatchExpressions: []metav1.LabelSelectorRequirement{{Key: "app", Operator: "Exists"}}}
			c.MatchLabelKeys = []string{"app"}
		})), []string{first + `.matchLabelKeys[0]: Invalid value: "app": exists in both matchLabelKeys and labelSelector`}},
		{"topology-spread", "two kinds", spreading(good, spreadConstraint(func(c *corev1.TopologySpreadConstraint) {
			c.WhenUnsatisfiable, c.MatchLabelKeys = "ScheduleAnyway", []string{"app"}
		}),
			spreadConstraint(func(c *corev1.TopologySpreadConstraint) { c.TopologyKey, c.MinDomains = "node", new(int32(3)) })), nil},
	}...)
}

// Before 1.34, a key may not stand in the selector, whether the pod has the label or
// not.
func TestMatchLabelKeysBeforeTheyWereMerged(t *testing.T) {
	p := goodPod()
	spreading(spreadConstraint(func(c *corev1.TopologySpreadConstraint) { c.MatchLabelKeys = []string{"tier", "a b"} }))(p)
	require.Len(t, of(check.Pod(p), "topology-spread"), 1)
	require.Len(t, of(check.Pod(p, check.Target("1.33")), "topology-spread"), 2)
	p.Spec.TopologySpreadConstraints[0].LabelSelector = nil
	require.Len(t, of(check.Pod(p, check.Target("1.33")), "topology-spread"), 2)
}

func TestSchedulingPolicies(t *testing.T) {
	preemption := func(p corev1.PreemptionPolicy) func(*corev1.Pod) {
		return func(pod *corev1.Pod) { pod.Spec.PreemptionPolicy = &p }
	}
	gates := func(names ...string) func(*corev1.Pod) {
		return func(p *corev1.Pod) {
			for _, n := range names {
				p.Spec.SchedulingGates = append(p.Spec.SchedulingGates, corev1.PodSchedulingGate{Name: n})
			}
		}
	}
	ready := func(condition corev1.PodConditionType) func(*corev1.Pod) {
		return func(p *corev1.Pod) { p.Spec.ReadinessGates = []corev1.PodReadinessGate{{ConditionType: condition}} }
	}
	try(t, []example{
		{"preemption-policy", "another", preemption("Always"), []string{`A spec.preemptionPolicy: Unsupported value: "Always": supported values: "PreemptLowerPriority", "Never"`}},
		{"preemption-policy", "empty", preemption(""), []string{"A spec.preemptionPolicy: Required value"}},
		{"preemption-policy", "Never", preemption("Never"), nil},
		{"scheduling-gate", "twice", gates("a", "b", "a", "a"), []string{`A spec.schedulingGates[2]: Duplicate value: "a"`, `A spec.schedulingGates[3]: Duplicate value: "a"`}},
		{"scheduling-gate", "no name", gates("a b"), []string{`A spec.schedulingGates[0]: Invalid value: "a b": ` + badLabelKey}},
		{"scheduling-gate", "two", gates("a", "example.com/a"), nil},
		{"readiness-gate", "no name", ready("a b"), []string{`A spec.readinessGates[0].conditionType: Invalid value: "a b": ` + badLabelKey}},
		{"readiness-gate", "a name", ready("example.com/A"), nil},
	}...)
}

// The API server looks at the node of a pod, not of a template.
func TestANodeAndGatesInATemplate(t *testing.T) {
	p := goodPod()
	p.Spec.NodeName, p.Spec.SchedulingGates = "node", []corev1.PodSchedulingGate{{Name: "a"}}
	found := of(check.Template(&corev1.PodTemplateSpec{Spec: p.Spec}), "node-name")
	require.Len(t, found, 1)
	require.Equal(t, check.Broken, found[0].Level)
}

// A pod that is scheduled with care costs no allocation but those of any pod.
func TestSchedulingCostsNoAllocation(t *testing.T) {
	plain := goodPod()
	p := goodPod()
	podTermOf(corev1.PodAffinityTerm{TopologyKey: "zone", LabelSelector: &metav1.LabelSelector{
		MatchLabels:      map[string]string{"app": "web"},
		MatchExpressions: []metav1.LabelSelectorRequirement{{Key: "tier", Operator: "In", Values: []string{"web"}}}}, Namespaces: []string{"default"}})(p)
	p.Spec.Affinity.NodeAffinity = nodeTerms(nodeTerm("a", "In", "b"), nodeFieldTerm("In", "metadata.name", "node-1")).NodeAffinity
	tolerating(corev1.Toleration{Key: "a", Operator: "Exists"})(p)
	p.Spec.TopologySpreadConstraints = []corev1.TopologySpreadConstraint{spreadConstraint(func(*corev1.TopologySpreadConstraint) {})}
	p.Spec.NodeSelector = map[string]string{"example.com/disk": "ssd"}
	p.Spec.SchedulingGates = []corev1.PodSchedulingGate{{Name: "a"}}
	p.Spec.ReadinessGates = []corev1.PodReadinessGate{{ConditionType: "a"}}
	p.Spec.HostAliases = []corev1.HostAlias{{IP: "192.0.2.1", Hostnames: []string{"db.example.com"}}}
	p.Spec.DNSConfig = &corev1.PodDNSConfig{Nameservers: []string{"192.0.2.53"}, Searches: []string{"example.com"}}
	p.Spec.Hostname, p.Spec.ServiceAccountName = "web", "web"
	none := func(found check.Findings) { require.Equal(t, len(check.Pod(plain)), len(found), "%s", found) }
	none(check.Pod(p))
	base := testing.AllocsPerRun(100, func() { check.Pod(plain) })
	require.LessOrEqual(t, testing.AllocsPerRun(100, func() { check.Pod(p) }), base)
}
