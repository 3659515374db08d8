package pattern

import (
	"slices"
	"strings"

	"github.com/podpattern/podpattern/pattern/check"
	corev1 "k8s.io/api/core/v1"
)

// order is where a container stands among those that start before the apps.
type order struct {
	before, after []string
	first, last   bool
	orderedAt     stack
}

// Before starts this container before those of the given names, and appends to
// what an earlier call said. Init containers and native helpers start in the
// order of the calls that added them; this changes it. A name that the pod
// doesn't have, or a cycle, is an error.
func (c Container[R]) Before(names ...string) Container[R] {
	if len(names) == 0 {
		return c.reject(missing("no-arguments", "", "name the containers: Before(\"migrate\")"))
	}
	names = slices.Clone(names)
	return c.ordered(func(o *order) { o.before = append(o.before, names...) })
}

// After starts this container after those of the given names; otherwise as
// [Container.Before]. A native helper that another container is After and that
// has a [Container.Health] is waited for.
func (c Container[R]) After(names ...string) Container[R] {
	if len(names) == 0 {
		return c.reject(missing("no-arguments", "", "name the containers: After(\"db\")"))
	}
	names = slices.Clone(names)
	return c.ordered(func(o *order) { o.after = append(o.after, names...) })
}

// First starts this container before all that aren't First too. On an app, which
// starts after all of them, it changes nothing.
func (c Container[R]) First() Container[R] {
	return c.ordered(func(o *order) { o.first, o.last = true, false })
}

// Last starts this container after all that aren't Last too, and before the apps.
// On an app it changes nothing.
func (c Container[R]) Last() Container[R] {
	return c.ordered(func(o *order) { o.first, o.last = false, true })
}

func (c Container[R]) ordered(change func(*order)) Container[R] {
	at := here(ofConstructor)
	return c.add(func(d *draft) {
		d.own().orderedAt = at
		change(&d.own().order)
	})
}

// starter is a container that starts before the apps.
type starter struct {
	name string
	d    *draft // nil: it was there before
}

// sortStarters puts the containers in the order in which they start: that of the
// list, changed as little as the wishes ask. Those that were there keep theirs.
func (r *resolver) sortStarters(list []starter) []starter {
	if !slices.ContainsFunc(list, func(s starter) bool { return s.d != nil && s.d.wishes() }) {
		return list
	}
	earlier := r.wishes(list)
	w := walk{list: list, earlier: earlier, state: make([]visit, len(list))}
	for i := range list {
		if cycle := w.visit(i); cycle != nil {
			r.reportCycle(list, cycle)
			return list
		}
	}
	return w.out
}

// walk puts, before each container in turn, those that must start before it.
type walk struct {
	list    []starter
	earlier [][]int
	state   []visit
	open    []int // the containers whose predecessors are being put
	out     []starter
}

type visit uint8

const (
	unseen visit = iota
	open
	done
)

// visit puts a container; it returns a cycle that the container is in.
func (w *walk) visit(i int) (cycle []int) {
	switch w.state[i] {
	case done:
		return nil
	case open:
		cycle = slices.Clone(w.open[slices.Index(w.open, i):])
		slices.Reverse(cycle) // each was waiting for the next
		return cycle
	}
	w.state[i] = open
	w.open = append(w.open, i)
	slices.Sort(w.earlier[i])
	for _, j := range w.earlier[i] {
		if cycle := w.visit(j); cycle != nil {
			return cycle
		}
	}
	w.open = w.open[:len(w.open)-1]
	w.state[i] = done
	w.out = append(w.out, w.list[i])
	return nil
}

func (d *draft) wishes() bool {
	return d.first || d.last || len(d.before) > 0 || len(d.after) > 0
}

// wishes gives, for each container, those that must start before it.
func (r *resolver) wishes(list []starter) [][]int {
	earlier := make([][]int, len(list))
	place := make(map[string]int, len(list))
	for i, s := range list {
		place[s.name] = i
	}
	there := -1
	for i, s := range list {
		if s.d == nil {
			if there >= 0 {
				earlier[i] = append(earlier[i], there)
			}
			there = i
			continue
		}
		for _, name := range s.d.after {
			if j, ok := place[name]; ok {
				earlier[i] = append(earlier[i], j)
			} else {
				r.unknownOrder(s.d, "After", name, false)
			}
		}
		for _, name := range s.d.before {
			if j, ok := place[name]; ok {
				earlier[j] = append(earlier[j], i)
			} else {
				r.unknownOrder(s.d, "Before", name, true)
			}
		}
		for j, o := range list {
			if s.d.first && (o.d == nil || !o.d.first) {
				earlier[j] = append(earlier[j], i)
			}
			if s.d.last && (o.d == nil || !o.d.last) {
				earlier[i] = append(earlier[i], j)
			}
		}
	}
	return earlier
}

// regularWishes looks at the wishes of a container that starts with the apps: it
// is After all that start before them, and Before none.
func (r *resolver) regularWishes(d *draft) {
	if len(d.before)+len(d.after) == 0 {
		return
	}
	for _, name := range d.after {
		starter := r.bundle == "" && slices.ContainsFunc(r.base.Spec.InitContainers, func(c corev1.Container) bool { return c.Name == name }) ||
			slices.ContainsFunc(r.drafts, func(o *draft) bool { return o.c.Name == name && !o.regular(r.target) })
		if !starter {
			r.unknownOrder(d, "After", name, false)
		}
	}
	for _, name := range d.before {
		d.report(flaw{rule: "order-unknown", level: check.Broken, value: name, at: d.orderedAt,
			detail: "Before: container " + d.c.Name + " starts with the apps, in no order among them", fix: "make it an init container or a native helper"})
	}
}

// unknownOrder reports a wish that names no container that starts before the
// apps. To start Before an app is no mistake: all of those do.
func (r *resolver) unknownOrder(d *draft, verb, name string, before bool) {
	detail := "the pod has no container of this name"
	if r.bundle != "" {
		detail = "the bundle has no container of this name, and starts before those of the pod"
	}
	if slices.Contains(r.regularNames(), name) {
		if before {
			return
		}
		detail = "it starts with the apps, when all init containers and native helpers have started"
	}
	d.report(flaw{rule: "order-unknown", level: check.Broken, value: name, at: d.orderedAt,
		detail: verb + ": " + detail, fix: "name an init container or a native helper of the pod"})
}

// reportCycle names every member of a cycle, with its line.
func (r *resolver) reportCycle(list []starter, cycle []int) {
	f := flaw{rule: "order-cycle", fix: "remove one of these Before, After, First or Last"}
	parts := make([]string, 0, len(cycle)+1)
	for _, k := range cycle {
		s := list[k]
		parts = append(parts, s.name)
		if s.d == nil {
			f.others = append(f.others, party{name: s.name})
			continue
		}
		p := party{d: s.d, at: s.d.origin}
		if s.d.wishes() {
			p.at = s.d.orderedAt
			if f.at == (stack{}) {
				f.at = s.d.orderedAt
			}
		}
		f.others = append(f.others, p)
	}
	f.detail = "the start order is a cycle: " + strings.Join(append(parts, parts[0]), " before ")
	r.reportAt("spec.initContainers", f)
}
