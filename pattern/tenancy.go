package pattern

import (
	"slices"
	"strings"

	"github.com/podpattern/podpattern/pattern/check"
	corev1 "k8s.io/api/core/v1"
)

// tenancy is whose the items of a home are.
type tenancy struct {
	home
	n     int // how many there are
	there bool
	// items are empty where all are the pod's own, and so is by.
	items []item
	// by are the bundles that have each item; nil: it is the pod's own.
	by [][]string
}

// owners are the bundles that have an item; nil: it is the pod's own.
func (x *tenancy) owners(i int) []string {
	if len(x.by) == 0 {
		return nil
	}
	return x.by[i]
}

// tenancies are the homes of a pod in which bundles have, or want, parts.
type tenancies struct {
	t       *corev1.PodTemplateSpec
	records []record // sorted by the names of the bundles
	marked  bool     // the pod has records, which may be none that can be read
	homes   []tenancy
	wanted  []wanted // room for those of the home that is merged
	steps   []step   // of all changes
}

// clean keeps the room.
func (ts *tenancies) clean() {
	clear(ts.homes)
	clear(ts.wanted[:cap(ts.wanted)])
	clear(ts.steps)
	*ts = tenancies{homes: ts.homes[:0], wanted: ts.wanted[:0], steps: ts.steps[:0]}
}

// read reads the records of a pod. What can't be read is reported.
func (ts *tenancies) read(t *corev1.PodTemplateSpec, report func(flaw)) {
	ts.t = t
	var keys []string
	for key := range t.Annotations {
		if strings.HasPrefix(key, recordAnnotation) {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	ts.marked = len(keys) > 0
	for _, key := range keys {
		bundle := strings.TrimPrefix(key, recordAnnotation)
		r, err := readRecord(bundle, t.Annotations[key])
		if err != nil {
			report(flaw{rule: "bundle-record", level: check.Rejected, field: "metadata.annotations[" + key + "]", value: t.Annotations[key],
				detail: "what a bundle had added can't be read: " + err.Error(), fix: "remove by hand what the bundle added, and the annotation"})
			continue
		}
		ts.records = append(ts.records, r)
	}
	for i := range ts.records {
		ts.followRenamed(&ts.records[i])
	}
	for i := range ts.records {
		for _, c := range ts.records[i].claims {
			ts.at(c.home)
		}
	}
}

// at gives a home of the pod, with the items that the records claim.
func (ts *tenancies) at(h home) *tenancy {
	if i := slices.IndexFunc(ts.homes, func(t tenancy) bool { return t.home == h }); i >= 0 {
		return &ts.homes[i]
	}
	claimed := h.kind == annotationHome && ts.marked
	for i := range ts.records {
		claimed = claimed || slices.ContainsFunc(ts.records[i].claims, func(c claim) bool { return c.home == h })
	}
	x := tenancy{home: h}
	x.n, x.there, x.items = h.items(ts.t, claimed)
	x.by = make([][]string, len(x.items))
	for i := range ts.records {
		r := &ts.records[i]
		for _, c := range r.claims {
			if c.home == h {
				if k := x.claimed(c); k >= 0 {
					x.by[k] = append(x.by[k], r.bundle)
				}
			}
		}
	}
	if h.kind == annotationHome { // a record is its bundle's too
		for i := range x.items {
			if bundle, is := strings.CutPrefix(x.items[i].key, recordAnnotation); is {
				x.by[i] = append(x.by[i], bundle)
			}
		}
	}
	ts.homes = append(ts.homes, x)
	return &ts.homes[len(ts.homes)-1]
}

// claimed gives the item that a claim is about: of several of one key that which is as
// the bundle wrote it, else the first; -1: it is gone.
func (x *tenancy) claimed(c claim) int {
	first := -1
	for i := range x.items {
		if x.items[i].key != c.key {
			continue
		}
		if first >= 0 && !writtenAs(c.hash, x.items[first].value) && writtenAs(c.hash, x.items[i].value) {
			return i
		}
		if first < 0 {
			first = i
		}
	}
	return first
}

// place gives where an item of a bundle stands; -1: nowhere.
func (x *tenancy) place(key string) int {
	for i := range x.items {
		if x.items[i].key == key && x.by[i] != nil {
			return i
		}
	}
	return -1
}

// heldEmpty says whether the home was there before any bundle came, with nothing in it.
func (ts *tenancies) heldEmpty(x *tenancy) bool {
	if !x.there || len(x.by) < x.n || slices.ContainsFunc(x.by, func(by []string) bool { return by == nil }) {
		return false
	}
	return x.n == 0 || slices.ContainsFunc(ts.records, func(r record) bool { return slices.Contains(r.empty, x.home) })
}

// record gives the record of a bundle; nil: it has none.
func (ts *tenancies) record(bundle string) *record {
	i := slices.IndexFunc(ts.records, func(r record) bool { return r.bundle == bundle })
	if i < 0 {
		return nil
	}
	return &ts.records[i]
}

// own gives the pod without anything that bundles have in it: what the helpers of a
// bundle are resolved against.
func (ts *tenancies) own() *corev1.PodTemplateSpec {
	if len(ts.homes) == 0 {
		return ts.t
	}
	return ts.without(func([]string) bool { return true })
}

// without gives the pod without the items whose bundles are gone.
func (ts *tenancies) without(gone func(by []string) bool) *corev1.PodTemplateSpec {
	var changes []change
	for i := range ts.homes {
		x := &ts.homes[i]
		c := change{home: x.home, there: x.there}
		for k := len(x.items) - 1; k >= 0; k-- {
			if x.by[k] != nil && gone(x.by[k]) {
				c.steps = append(c.steps, step{op: removed, index: k, item: x.items[k]})
			}
		}
		c.drop = ts.drops(x, c.steps)
		if len(c.steps) > 0 {
			changes = append(changes, c)
		}
	}
	out := changed(ts.t, changes)
	return &out
}
