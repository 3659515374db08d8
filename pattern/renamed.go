package pattern

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
)

// followRenamed lets the claims of a record on a container that is gone follow it to its
// new name: to a container that no claim names, and that has all which the bundle wrote in
// the old one.
func (ts *tenancies) followRenamed(r *record) {
	for _, old := range r.containers() {
		if containerOf(ts.t, old) != nil {
			continue
		}
		i := slices.IndexFunc(ts.t.Spec.Containers, func(c corev1.Container) bool {
			return !ts.names(c.Name) && ts.hasAll(r, old, c.Name)
		})
		if i < 0 {
			continue
		}
		for k := range r.claims {
			r.claims[k].follow(old, ts.t.Spec.Containers[i].Name)
		}
		for k := range r.empty {
			r.empty[k].follow(old, ts.t.Spec.Containers[i].Name)
		}
	}
}

func (h *home) follow(old, now string) {
	if h.container == old {
		h.container = now
	}
}

// containers are those of the pod's own in which a record has claims.
func (r *record) containers() []string {
	var out []string
	for _, c := range r.claims {
		if c.container != "" && !slices.Contains(out, c.container) {
			out = append(out, c.container)
		}
	}
	return out
}

// names says whether a record has claims on a container, or in it.
func (ts *tenancies) names(container string) bool {
	return slices.ContainsFunc(ts.records, func(r record) bool {
		return slices.ContainsFunc(r.claims, func(c claim) bool { return c.container == container || c.kind == regularHome && c.key == container })
	})
}

// hasAll says whether a container has all parts that a record claims in another one.
func (ts *tenancies) hasAll(r *record, old, container string) bool {
	for _, c := range r.claims {
		if c.container != old {
			continue
		}
		_, _, items := home{c.kind, container}.items(ts.t, true)
		if !slices.ContainsFunc(items, func(it item) bool { return it.key == c.key && writtenAs(c.hash, it.value) }) {
			return false
		}
	}
	return true
}
