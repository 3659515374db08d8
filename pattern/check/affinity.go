package check

import (
	"github.com/podpattern/podpattern/internal/release"
	corev1 "k8s.io/api/core/v1"
)

var affinityRules = []Rule{
	{ID: "affinity", Level: Rejected,
		Title: "an affinity has what no label, topology or weight can be",
		Why:   "no node or pod could match it: the API server refuses the pod",
		Fix:   "keys and values as labels have them, and weights from 1 to 100",
		Bad:   `affinity: {podAntiAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 0, podAffinityTerm: {topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: web}}}}]}}`,
		Good:  `affinity: {podAntiAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 100, podAffinityTerm: {topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: web}}}}]}}`,
		pod:   affinity},
}

const (
	requiredTerms  = ".requiredDuringSchedulingIgnoredDuringExecution"
	preferredTerms = ".preferredDuringSchedulingIgnoredDuringExecution"
	badWeight      = "must be in the range 1-100"
)

// affinity is validateAffinity.
// upstream: kubernetes/kubernetes pkg/apis/core/validation/validation.go
func affinity(x *index, r *Rule) {
	a := x.spec.Affinity
	if a == nil {
		return
	}
	if a.NodeAffinity != nil {
		x.nodeAffinity(r, &trail{name: "spec.affinity.nodeAffinity"}, a.NodeAffinity)
	}
	if p := a.PodAffinity; p != nil {
		x.podAffinity(r, &trail{name: "spec.affinity.podAffinity"}, p.RequiredDuringSchedulingIgnoredDuringExecution, p.PreferredDuringSchedulingIgnoredDuringExecution)
	}
	if p := a.PodAntiAffinity; p != nil {
		x.podAffinity(r, &trail{name: "spec.affinity.podAntiAffinity"}, p.RequiredDuringSchedulingIgnoredDuringExecution, p.PreferredDuringSchedulingIgnoredDuringExecution)
	}
}

func (x *index) nodeAffinity(r *Rule, t *trail, a *corev1.NodeAffinity) {
	if s := a.RequiredDuringSchedulingIgnoredDuringExecution; s != nil {
		must := t.field(requiredTerms)
		if len(s.NodeSelectorTerms) == 0 {
			x.reportPod(r, must.String()+".nodeSelectorTerms", required("must have at least one node selector term", "say which nodes, or drop the affinity"))
		}
		for i := range s.NodeSelectorTerms {
			at := must.at(".nodeSelectorTerms", i)
			x.nodeSelectorTerm(r, &at, &s.NodeSelectorTerms[i], false)
		}
	}
	for i := range a.PreferredDuringSchedulingIgnoredDuringExecution {
		p := &a.PreferredDuringSchedulingIgnoredDuringExecution[i]
		at := t.at(preferredTerms, i)
		x.weight(r, &at, p.Weight)
		preference := at.field(".preference")
		x.nodeSelectorTerm(r, &preference, &p.Preference, true)
	}
}

func (x *index) weight(r *Rule, t *trail, weight int32) {
	if weight <= 0 || weight > 100 {
		x.reportPod(r, t.String()+".weight", invalid(weight, badWeight, "a number from 1 to 100"))
	}
}

func (x *index) podAffinity(r *Rule, t *trail, must []corev1.PodAffinityTerm, preferred []corev1.WeightedPodAffinityTerm) {
	for i := range must {
		at := t.at(requiredTerms, i)
		x.podAffinityTerm(r, &at, &must[i])
	}
	for i := range preferred {
		at := t.at(preferredTerms, i)
		x.weight(r, &at, preferred[i].Weight)
		term := at.field(".podAffinityTerm")
		x.podAffinityTerm(r, &term, &preferred[i].PodAffinityTerm)
	}
}

func (x *index) podAffinityTerm(r *Rule, t *trail, term *corev1.PodAffinityTerm) {
	selector, namespaces := t.field(".labelSelector"), t.field(".namespaceSelector")
	x.labelSelector(r, &selector, term.LabelSelector)
	x.labelSelector(r, &namespaces, term.NamespaceSelector)
	for i := range term.Namespaces {
		at := t.at(".namespaces", i) // upstream calls it namespace
		x.label(r, &at, term.Namespaces[i])
	}
	if x.target.Has(release.AffinityLabelKeys) {
		x.labelKeys(r, t, term.MatchLabelKeys, term.MismatchLabelKeys, term.LabelSelector)
	}
	key := t.field(".topologyKey")
	if term.TopologyKey == "" {
		x.reportPod(r, key.String(), required("can not be empty", "such as kubernetes.io/hostname"))
	}
	x.labelKey(r, &key, term.TopologyKey)
}

// podTerms are the terms of an affinity to pods.
type podTerms struct {
	root      trail
	must      []corev1.PodAffinityTerm
	preferred []corev1.WeightedPodAffinityTerm
}

func (p *podTerms) len() int { return len(p.must) + len(p.preferred) }

// term gives one of the terms and where it stands.
func (p *podTerms) term(i int) (trail, *corev1.PodAffinityTerm) {
	if i < len(p.must) {
		return p.root.at(requiredTerms, i), &p.must[i]
	}
	i -= len(p.must)
	return trail{up: &p.root, name: preferredTerms, item: i + 1, tail: ".podAffinityTerm"}, &p.preferred[i].PodAffinityTerm
}

// podAffinities gives what the pod wants of other pods, and what it doesn't.
func (x *index) podAffinities() (out [2]podTerms) {
	a := x.spec.Affinity
	if a == nil {
		return out
	}
	if p := a.PodAffinity; p != nil {
		out[0] = podTerms{trail{name: "spec.affinity.podAffinity"}, p.RequiredDuringSchedulingIgnoredDuringExecution, p.PreferredDuringSchedulingIgnoredDuringExecution}
	}
	if p := a.PodAntiAffinity; p != nil {
		out[1] = podTerms{trail{name: "spec.affinity.podAntiAffinity"}, p.RequiredDuringSchedulingIgnoredDuringExecution, p.PreferredDuringSchedulingIgnoredDuringExecution}
	}
	return out
}
