package check

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
)

var nodeLabelRules = []Rule{
	{ID: "node-label-deprecated", Level: Warning,
		Title: "the pod chooses nodes by a label that has another name now",
		Why:   "nodes lose the old labels: node-role.kubernetes.io/master and failure-domain.beta.kubernetes.io are gone from new ones, and a pod that asks for them stays pending; beta.kubernetes.io is still there in 1.36",
		Fix:   "the label's new name",
		Bad:   `nodeSelector: {beta.kubernetes.io/os: linux}`,
		Good:  `nodeSelector: {kubernetes.io/os: linux}`,
		pod:   oldNodeLabels},
}

// oldNodeLabel gives what to write instead of a label that nodes lose.
// upstream: kubernetes/kubernetes pkg/api/node/util.go
func oldNodeLabel(key string) (detail, fix string, old bool) {
	switch key {
	case "beta.kubernetes.io/arch":
		return "deprecated since v1.14", "kubernetes.io/arch", true
	case "beta.kubernetes.io/os":
		return "deprecated since v1.14", "kubernetes.io/os", true
	case "failure-domain.beta.kubernetes.io/region":
		return "deprecated since v1.17", "topology.kubernetes.io/region", true
	case "failure-domain.beta.kubernetes.io/zone":
		return "deprecated since v1.17", "topology.kubernetes.io/zone", true
	case "beta.kubernetes.io/instance-type":
		return "deprecated since v1.17", "node.kubernetes.io/instance-type", true
	case "node-role.kubernetes.io/master":
		return "replaced in v1.20", "node-role.kubernetes.io/control-plane", true
	}
	return "", "", false
}

// oldNodeLabels finds such labels wherever a pod chooses nodes.
func oldNodeLabels(x *index, r *Rule) {
	var selected []string
	for key := range x.spec.NodeSelector {
		if _, _, old := oldNodeLabel(key); old {
			selected = append(selected, key)
		}
	}
	slices.Sort(selected)
	for _, key := range selected {
		x.oldNodeLabel(r, &trail{name: "spec.nodeSelector"}, key)
	}
	for i := range x.spec.TopologySpreadConstraints {
		t := trail{name: "spec.topologySpreadConstraints", item: i + 1, tail: ".topologyKey"}
		x.oldNodeLabel(r, &t, x.spec.TopologySpreadConstraints[i].TopologyKey)
	}
	for _, p := range x.podAffinities() {
		for i := range p.len() {
			t, term := p.term(i)
			key := t.field(".topologyKey")
			x.oldNodeLabel(r, &key, term.TopologyKey)
		}
	}
	if x.spec.Affinity == nil || x.spec.Affinity.NodeAffinity == nil {
		return
	}
	a := x.spec.Affinity.NodeAffinity
	t := trail{name: "spec.affinity.nodeAffinity"}
	if s := a.RequiredDuringSchedulingIgnoredDuringExecution; s != nil {
		must := t.field(requiredTerms)
		for i := range s.NodeSelectorTerms {
			at := must.at(".nodeSelectorTerms", i)
			x.oldTermLabels(r, &at, &s.NodeSelectorTerms[i])
		}
	}
	for i := range a.PreferredDuringSchedulingIgnoredDuringExecution {
		at := trail{up: &t, name: preferredTerms, item: i + 1, tail: ".preference"}
		x.oldTermLabels(r, &at, &a.PreferredDuringSchedulingIgnoredDuringExecution[i].Preference)
	}
}

func (x *index) oldTermLabels(r *Rule, t *trail, term *corev1.NodeSelectorTerm) {
	for i := range term.MatchExpressions {
		key := trail{up: t, name: ".matchExpressions", item: i + 1, tail: ".key"}
		x.oldNodeLabel(r, &key, term.MatchExpressions[i].Key)
	}
}

func (x *index) oldNodeLabel(r *Rule, t *trail, key string) {
	if detail, fix, old := oldNodeLabel(key); old {
		x.reportPod(r, t.String(), invalid(key, detail, fix))
	}
}
