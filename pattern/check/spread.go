package check

import (
	"github.com/podpattern/podpattern/internal/release"
	corev1 "k8s.io/api/core/v1"
)

var spreadRules = []Rule{
	{ID: "topology-spread", Level: Rejected,
		Title: "a topology spread constraint is incomplete, or contradicts itself or another",
		Why:   "the scheduler couldn't tell how to spread the pods: the API server refuses the pod",
		Fix:   "maxSkew from 1 on, a topologyKey and DoNotSchedule or ScheduleAnyway, each pair of them once",
		Bad:   `topologySpreadConstraints: [{maxSkew: 0, topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: web}}}]`,
		Good:  `topologySpreadConstraints: [{maxSkew: 1, topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: web}}}]`,
		pod:   topologySpread},
}

// topologySpread is validateTopologySpreadConstraints.
// upstream: kubernetes/kubernetes pkg/apis/core/validation/validation.go
func topologySpread(x *index, r *Rule) {
	constraints := x.spec.TopologySpreadConstraints
	if len(constraints) == 0 {
		return
	}
	for i := range constraints {
		c := &constraints[i]
		t := trail{name: "spec.topologySpreadConstraints", item: i + 1}
		if c.MaxSkew <= 0 {
			x.reportPod(r, t.String()+".maxSkew", invalid(c.MaxSkew, "must be greater than zero", "1 is the strictest"))
		}
		if c.TopologyKey == "" {
			x.reportPod(r, t.String()+".topologyKey", required("can not be empty", "such as topology.kubernetes.io/zone"))
		}
		x.unsatisfiable(r, &t, c)
		x.inclusion(r, &t, ".nodeAffinityPolicy", c.NodeAffinityPolicy)
		x.inclusion(r, &t, ".nodeTaintsPolicy", c.NodeTaintsPolicy)
		if x.target.Has(release.SpreadLabelKeysMerge) {
			x.labelKeys(r, &t, c.MatchLabelKeys, nil, c.LabelSelector)
		} else {
			x.labelKeysAlone(r, &t, c.MatchLabelKeys, c.LabelSelector)
		}
		selector := t.field(".labelSelector")
		x.labelSelector(r, &selector, c.LabelSelector)
	}
	x.repeatedSpread(r)
}

func (x *index) unsatisfiable(r *Rule, t *trail, c *corev1.TopologySpreadConstraint) {
	if w := c.WhenUnsatisfiable; w != corev1.DoNotSchedule && w != corev1.ScheduleAnyway {
		x.reportPod(r, t.String()+".whenUnsatisfiable", notSupported(w, corev1.DoNotSchedule, corev1.ScheduleAnyway))
	}
	if c.MinDomains == nil {
		return
	}
	if *c.MinDomains <= 0 {
		x.reportPod(r, t.String()+".minDomains", invalid(*c.MinDomains, "must be greater than zero", ""))
	}
	if c.WhenUnsatisfiable != corev1.DoNotSchedule {
		x.reportPod(r, t.String()+".minDomains", invalid(*c.MinDomains,
			"can only use minDomains if whenUnsatisfiable=DoNotSchedule, not "+string(c.WhenUnsatisfiable), "drop it, or say DoNotSchedule"))
	}
}

func (x *index) inclusion(r *Rule, t *trail, name string, p *corev1.NodeInclusionPolicy) {
	if p != nil && *p != corev1.NodeInclusionPolicyIgnore && *p != corev1.NodeInclusionPolicyHonor {
		x.reportPod(r, t.String()+name, notSupported(*p, corev1.NodeInclusionPolicyHonor, corev1.NodeInclusionPolicyIgnore))
	}
}

// repeatedSpread finds constraints that a later one repeats.
func (x *index) repeatedSpread(r *Rule) {
	var seen firsts[[2]string]
	constraints := x.spec.TopologySpreadConstraints
	for i := len(constraints) - 1; i >= 0; i-- {
		c := &constraints[i]
		kind := [2]string{c.TopologyKey, string(c.WhenUnsatisfiable)}
		if _, again := seen.at(kind, i); again {
			x.reportPod(r, "spec.topologySpreadConstraints"+at(i)+".{topologyKey, whenUnsatisfiable}",
				duplicate("{"+kind[0]+", "+kind[1]+"}", "", "make one constraint of the two"))
		}
	}
}
