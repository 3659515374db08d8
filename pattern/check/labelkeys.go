package check

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

const (
	nilSelector = "must not be specified when labelSelector is not set"
	keyTwice    = "exists in both matchLabelKeys and labelSelector"
)

// labelKeys finds what is wrong with matchLabelKeys and mismatchLabelKeys. Of those
// that the labels of a pod have, the API server makes requirements and adds them to
// the selector before it looks at that. It does so in pods only: what is wrong then
// with the pods of a template, it finds when the controller makes them.
// upstream: kubernetes/kubernetes pkg/registry/core/pod/strategy.go (mutatePodAffinity,
// mutateTopologySpreadConstraints), pkg/apis/core/validation/validation.go
// (ValidateMatchLabelKeysAndMismatchLabelKeys)
func (x *index) labelKeys(r *Rule, t *trail, match, mismatch []string, selector *metav1.LabelSelector) {
	if len(match) == 0 && len(mismatch) == 0 {
		return
	}
	x.eachLabelKey(r, t, ".matchLabelKeys", match, selector)
	x.eachLabelKey(r, t, ".mismatchLabelKeys", mismatch, selector)
	if selector != nil {
		if !x.template {
			x.merged(r, t, match, len(selector.MatchExpressions))
			x.merged(r, t, mismatch, len(selector.MatchExpressions)+x.own(match))
		}
		x.selectedTwice(r, t, match, mismatch, selector)
	}
	var against firsts[string]
	for i, key := range mismatch {
		against.at(key, i)
	}
	for i, key := range match {
		if _, both := against.find(key); both {
			at := t.at(".matchLabelKeys", i)
			x.reportPod(r, at.String(), invalid(key, "exists in both matchLabelKeys and mismatchLabelKeys", "drop it from one of the two"))
		}
	}
}

func (x *index) eachLabelKey(r *Rule, t *trail, list string, keys []string, selector *metav1.LabelSelector) {
	if len(keys) > 0 && selector == nil {
		x.reportPod(r, t.String()+list, forbidden(nilSelector, "say with labelSelector which pods are meant"))
		return
	}
	for i, key := range keys {
		at := t.at(list, i)
		x.labelKey(r, &at, key)
	}
}

// own counts the keys that the pod has labels of.
func (x *index) own(keys []string) int {
	n := 0
	for _, key := range keys {
		if _, has := x.meta.Labels[key]; has {
			n++
		}
	}
	return n
}

// merged finds what is wrong with the requirements that the API server makes of keys;
// they stand in the selector from place at on.
func (x *index) merged(r *Rule, t *trail, keys []string, place int) {
	selector := t.field(".labelSelector")
	for _, k := range keys {
		value, has := x.meta.Labels[k]
		if !has {
			continue
		}
		at := selector.at(".matchExpressions", place)
		key, first := at.field(".key"), at.at(".values", 0)
		x.labelKey(r, &key, k)
		x.labelValue(r, &first, value)
		place++
	}
}

// selectedTwice finds keys that the selector asks for by itself, too.
func (x *index) selectedTwice(r *Rule, t *trail, match, mismatch []string, selector *metav1.LabelSelector) {
	if len(match) == 0 {
		return
	}
	var places, asked firsts[string]
	for i := len(match) - 1; i >= 0; i-- {
		places.at(match[i], i) // upstream takes the last of two
	}
	ask := func(key string, level Level) {
		i, matched := places.find(key)
		if !matched {
			return
		}
		_, labelled := selector.MatchLabels[key]
		if _, again := asked.at(key, i); again || labelled {
			f := invalid(key, keyTwice, "drop it from one of the two")
			f.Level = level
			at := t.at(".matchLabelKeys", i) // upstream forgets the field
			x.reportPod(r, at.String(), f)
		}
	}
	for i := range selector.MatchExpressions {
		ask(selector.MatchExpressions[i].Key, Rejected)
	}
	level := Rejected
	if x.template {
		level, mismatch = Broken, nil
	}
	for _, keys := range [...][]string{match, mismatch} {
		for _, key := range keys {
			if _, has := x.meta.Labels[key]; has {
				ask(key, level)
			}
		}
	}
}

// labelKeysAlone finds what is wrong with matchLabelKeys for versions that don't add
// them to the selector.
// upstream: the same (ValidateMatchLabelKeysInTopologySpread)
func (x *index) labelKeysAlone(r *Rule, t *trail, match []string, selector *metav1.LabelSelector) {
	if len(match) > 0 && selector == nil {
		x.reportPod(r, t.String()+".matchLabelKeys", forbidden(nilSelector, "say with labelSelector which pods are meant"))
	}
	var asked firsts[string]
	if len(match) > 0 && selector != nil {
		for i := range selector.MatchExpressions {
			asked.at(selector.MatchExpressions[i].Key, i)
		}
	}
	for i, key := range match {
		at := t.at(".matchLabelKeys", i)
		x.labelKey(r, &at, key)
		if selector == nil {
			continue
		}
		_, labelled := selector.MatchLabels[key]
		if _, seen := asked.find(key); seen || labelled {
			x.reportPod(r, at.String(), invalid(key, keyTwice, "drop it from one of the two"))
		}
	}
}
