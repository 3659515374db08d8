package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// lacksSelector says whether a workload has no selector, which the API server would
// refuse: mostly it is a patch, and what it leaves out is elsewhere.
func lacksSelector(o runtime.Object) bool {
	switch o := o.(type) {
	case *appsv1.Deployment:
		return o.Spec.Selector == nil
	case *appsv1.ReplicaSet:
		return o.Spec.Selector == nil
	case *appsv1.StatefulSet:
		return o.Spec.Selector == nil
	case *appsv1.DaemonSet:
		return o.Spec.Selector == nil
	}
	return false
}

// unchecked counts a document of a kind that no check knows. An old version of one
// that they know has its version before it.
func (m *manifest) unchecked(d document) {
	kind := scalar(d.node, "kind")
	if version := scalar(d.node, "apiVersion"); strings.Contains(version, "beta") {
		kind = version + " " + kind
	}
	if m.unknown == nil {
		m.unknown = make(map[string]int)
	}
	m.unknown[kind]++
}

// notes are what a reader should know of what wasn't checked.
func (m *manifest) notes() []string {
	if len(m.unknown) == 0 {
		return m.patches
	}
	var kinds []string
	for _, kind := range slices.Sorted(maps.Keys(m.unknown)) {
		kinds = append(kinds, fmt.Sprint(m.unknown[kind], " ", kind))
	}
	return append(slices.Clip(m.patches), "not checked: "+strings.Join(kinds, ", "))
}
