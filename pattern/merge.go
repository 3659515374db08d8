package pattern

import (
	"bytes"
	"reflect"
	"slices"

	corev1 "k8s.io/api/core/v1"
)

// wanted is an item that a home is to have of bundles.
type wanted struct {
	item
	place int  // where it stands; -1: nowhere
	write bool // it isn't as it is to be
}

// merge gives the change that brings a home to what its bundles want: one bundle's items
// come to be these, the others' stay as they are. Bundles stand in the order of their
// names; what stands right already isn't moved, so that it keeps its place even where
// others have put something between.
func (ts *tenancies) merge(x *tenancy, bundle string, items []item) change {
	list := ts.wants(x, bundle, items)
	c := change{home: x.home, there: x.there}
	before := len(ts.steps)
	if x.kind.keyed() {
		ts.keyedSteps(x, list)
	} else {
		ts.listSteps(x, list)
	}
	c.steps = slices.Clip(ts.steps[before:])
	c.drop = ts.drops(x, c.steps)
	return c
}

// wants gives the items of all bundles in their order.
func (ts *tenancies) wants(x *tenancy, bundle string, items []item) []wanted {
	out := ts.wanted[:0]
	add := func(it item, place int, write bool) {
		if place < 0 || !slices.ContainsFunc(out, func(o wanted) bool { return o.place == place }) { // two may share it
			out = append(out, wanted{it, place, write})
		}
	}
	own := func() {
		for _, it := range items {
			place := x.place(it.key)
			add(it, place, place < 0 || !ts.isKept(x, bundle, it, x.items[place].value))
		}
	}
	done := false
	for i := range ts.records {
		r := &ts.records[i]
		if r.bundle >= bundle && !done {
			own()
			done = true
		}
		if r.bundle == bundle {
			continue
		}
		for _, c := range r.claims {
			if place := x.place(c.key); c.home == x.home && place >= 0 {
				add(x.items[place], place, false)
			}
		}
		if place := x.place(recordAnnotation + r.bundle); x.kind == annotationHome && place >= 0 {
			add(x.items[place], place, false)
		}
	}
	if !done {
		own()
	}
	ts.wanted = out
	return out
}

// isKept says whether what the bundle wants is what there is. What others have added to
// what an older version of the bundle wrote can't be told from what that wrote.
func (ts *tenancies) isKept(x *tenancy, bundle string, want item, have any) bool {
	if bytes.Equal(want.text, appendStored(nil, have)) {
		return true
	}
	if r := ts.record(bundle); r != nil {
		if c := r.claim(x.home, want.key); c != nil && c.hash == want.hash {
			return keptPart(want.value, have)
		}
	}
	return samePart(want.value, have)
}

// keyedSteps are those of a map.
func (ts *tenancies) keyedSteps(x *tenancy, list []wanted) {
	for i, it := range x.items {
		if x.by[i] != nil && !slices.ContainsFunc(list, func(w wanted) bool { return w.place == i }) {
			ts.steps = append(ts.steps, step{op: removed, item: it})
		}
	}
	for _, w := range list {
		switch {
		case w.place < 0:
			ts.steps = append(ts.steps, step{op: added, item: w.item})
		case w.write:
			ts.steps = append(ts.steps, step{op: replaced, item: w.item})
		}
	}
}

// listSteps are those of a list.
func (ts *tenancies) listSteps(x *tenancy, list []wanted) {
	const isNew = -1
	inOrder, last := true, isNew
	for _, w := range list {
		if w.place >= 0 {
			inOrder, last = inOrder && w.place >= last, w.place
		}
	}
	stays := func(i int) bool {
		return x.owners(i) == nil || inOrder && slices.ContainsFunc(list, func(w wanted) bool { return w.place == i })
	}
	now := make([]int, 0, x.n+len(list)) // the places that the items had
	start := -1                          // where the first that is taken out stood
	for i := range x.n {
		if stays(i) {
			now = append(now, i)
		} else if start < 0 {
			start = len(now)
		}
	}
	for i := len(x.items) - 1; i >= 0; i-- {
		if !stays(i) {
			ts.steps = append(ts.steps, step{removed, i, x.items[i]})
		}
	}
	for k, w := range list {
		at := slices.Index(now, w.place)
		if at >= 0 && w.place >= 0 {
			if w.write {
				ts.steps = append(ts.steps, step{replaced, at, w.item})
			}
			start = at + 1
			continue
		}
		if k == 0 {
			start = x.start(list, now, start)
		}
		ts.steps = append(ts.steps, step{added, start, w.item})
		now = slices.Insert(now, start, isNew)
		start++
	}
}

// start gives where the first item of the bundles goes: where the first of theirs was
// that is taken out, or before the next that stays, else to the front or the end.
func (x *tenancy) start(list []wanted, now []int, was int) int {
	for _, w := range list {
		if at := slices.Index(now, w.place); at >= 0 && w.place >= 0 {
			if was >= 0 {
				return min(at, was)
			}
			return at
		}
	}
	switch {
	case was >= 0:
		return was
	case x.kind.front():
		return 0
	}
	return len(now)
}

// drops says whether a home goes after these steps: nothing is left in it, and it came
// with the bundles.
func (ts *tenancies) drops(x *tenancy, steps []step) bool {
	left := x.n
	for _, s := range steps {
		switch s.op {
		case added:
			left++
		case removed:
			left--
		}
	}
	return len(steps) > 0 && left == 0 && x.there && x.kind != specHome && !ts.heldEmpty(x) && !ts.holdsMore(x)
}

// holdsMore says whether a struct has fields that are never a bundle's.
func (ts *tenancies) holdsMore(x *tenancy) bool {
	switch x.kind {
	case lifecycleHome:
		l := *containerOf(ts.t, x.container).Lifecycle
		l.PreStop = nil
		return l != (corev1.Lifecycle{})
	case securityHome:
		s := *ts.t.Spec.SecurityContext
		s.FSGroup = nil
		return !reflect.ValueOf(s).IsZero()
	}
	return false
}
