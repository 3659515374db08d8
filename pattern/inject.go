package pattern

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"github.com/podpattern/podpattern/internal/release"
	"github.com/podpattern/podpattern/pattern/check"
	corev1 "k8s.io/api/core/v1"
)

// injected is a pod with a bundle in it, or without: what it comes to, and by which
// changes.
type injected struct {
	built
	held tenancies
	partList
	items   []item  // of the parts, by home
	claims  []claim // and of the record
	record  string  // what the annotation is to say
	changes []change
}

// injections are those that nobody has, *injected: the next is settled in their room.
var injections = sync.Pool{New: func() any { return new(injected) }}

// release gives the room to the next pod. What the pod got are copies.
func (in *injected) release() {
	if in.editsDrafts() {
		return
	}
	in.room.clean()
	in.held.clean()
	clear(in.parts)
	clear(in.items)
	clear(in.claims)
	clear(in.changes)
	*in = injected{built: built{resolver: resolver{room: in.room}}, held: in.held, partList: partList{parts: in.parts[:0], texts: in.texts[:0]}, items: in.items[:0], claims: in.claims[:0], changes: in.changes[:0]}
	injections.Put(in)
}

// carried is a pod and what is known about it.
type carried struct {
	*corev1.PodTemplateSpec
	kind   workload
	claims []string // the claim templates of a StatefulSet, by name
	// noMetadata says that the raw object has none.
	noMetadata bool
}

// inject settles what a bundle adds to a pod, or takes out of it. The pod itself stays as
// it is.
func (b Injection) inject(pod carried, remove bool) *injected {
	in := injections.Get().(*injected)
	if in.found = b.found(); in.found != nil {
		return in
	}
	in.origin, in.allowed, in.t, in.thereClaims = b.at, b.allowed, *pod.PodTemplateSpec, pod.claims
	in.held.read(pod.PodTemplateSpec, in.report)
	own := in.held.own()
	in.resolver = resolver{base: own, kind: pod.kind, bundle: b.name, memo: b.memo, inline: true, target: cmp.Or(b.target, release.Default), flaws: in.resolver.flaws, room: in.room}
	in.plan = in.resolver.resolve(b.specs)
	in.firstRegular = len(own.Spec.Containers)
	in.addPlan(&in.plan)
	in.holdTo(b.name, own)
	if remove {
		in.resolver.flaws = slices.DeleteFunc(in.resolver.flaws, func(f flaw) bool { return f.rule != "bundle-record" })
		in.parts, in.plan, in.drafts, in.room, in.volumeFlaws = nil, plan{}, nil, room{}, nil
	} else {
		in.fits(b, own)
	}
	in.settleChanges(b.name, pod.noMetadata)
	if len(in.changes) > 0 {
		in.t = changed(in.held.t, in.changes)
	}
	in.findInjected(b.name, remove)
	return in
}

// settleChanges turns parts into changes. The record comes last.
func (in *injected) settleChanges(bundle string, noMetadata bool) {
	was := in.held.record(bundle)
	now := record{bundle: bundle, noMetadata: noMetadata, claims: in.claims}
	homes := in.homes(was)
	wanted := make([][]item, len(homes))
	for i, h := range homes {
		x := in.held.at(h)
		items := in.itemsOf(h)
		wanted[i] = items
		for _, it := range items {
			now.claims = append(now.claims, claim{h, it.key, it.hash})
		}
		if len(items) > 0 && h.kind != specHome && (in.held.heldEmpty(x) || was != nil && slices.Contains(was.empty, h)) {
			now.empty = append(now.empty, h)
		}
	}
	now.noMetadata = now.noMetadata || slices.ContainsFunc(in.held.records, func(r record) bool { return r.noMetadata })
	for i, h := range homes {
		x, items := in.held.at(h), wanted[i]
		if h.kind == annotationHome && len(in.parts) > 0 {
			if len(items) == 0 && in.held.heldEmpty(x) {
				now.empty = append(now.empty, h)
			}
			in.claims, in.record = now.claims, now.String()
			items = append(items, item{key: recordAnnotation + bundle, value: &in.record})
		}
		if h.kind == volumeHome && was != nil {
			left := changed(in.held.t, in.changes)
			x.keepMounted(bundle, &left, items)
		}
		if c := in.held.merge(x, bundle, items); len(c.steps) > 0 {
			in.changes = append(in.changes, c)
		}
	}
}

// homes gives the homes of the parts that the bundle has or wants, those of containers
// first, whose places they are found by, and the record's last.
func (in *injected) homes(was *record) []home {
	var out []home
	add := func(h home) {
		if h.kind != annotationHome && !slices.Contains(out, h) {
			out = append(out, h)
		}
	}
	for i := range in.parts {
		add(in.parts[i].home)
	}
	if was != nil {
		for _, c := range was.claims {
			add(c.home)
		}
	}
	slices.SortStableFunc(out, func(a, b home) int { return cmp.Compare(a.kind, b.kind) })
	return append(out, home{kind: annotationHome})
}

// itemsOf gives the parts for a home.
func (in *injected) itemsOf(h home) []item {
	before := len(in.items)
	for i := range in.parts {
		if in.parts[i].home == h {
			in.items = append(in.items, in.parts[i].item)
		}
	}
	return slices.Clip(in.items[before:])
}

// findInjected collects what is wrong with the pod because of the bundle. A pod that
// stays as it is, and one that is rid of a bundle, are not looked at.
func (in *injected) findInjected(bundle string, remove bool) {
	if remove || len(in.changes) == 0 {
		in.found = slices.DeleteFunc(in.ownFindings(), in.allows)
		check.Sort(in.found)
		return
	}
	in.from = in.held.t
	if in.held.record(bundle) != nil {
		in.from = in.held.without(func(by []string) bool { return len(by) == 1 && by[0] == bundle })
	}
	in.otherHelpers = in.held.helpers(bundle)
	in.find()
	in.found = slices.DeleteFunc(in.found, func(f check.Finding) bool { return f.Brought || in.ofOthers(&f) || in.ofNamesake(&f) })
}

// ofOthers says whether a finding is a warning about the pod's own containers alone.
func (in *injected) ofOthers(f *check.Finding) bool {
	return f.Level == check.Warning && len(f.Parties) > 0 && strings.HasPrefix(strings.TrimPrefix(f.Path, in.kind.path), "spec.containers[") &&
		!slices.ContainsFunc(f.Parties, func(p check.Party) bool { return in.draftAt(p.Path) != nil })
}

// ofNamesake says whether a finding mistakes a helper for a container of the pod that has
// its name.
func (in *injected) ofNamesake(f *check.Finding) bool {
	return f.Rule != nameTaken && in.ofFlawed(f, nameTaken)
}

// helpers are the containers that other bundles have in the pod.
func (ts *tenancies) helpers(bundle string) []string {
	var out []string
	for i := range ts.records {
		for _, c := range ts.records[i].claims {
			if ts.records[i].bundle != bundle && (c.kind == initHome || c.kind == regularHome) {
				out = append(out, c.key)
			}
		}
	}
	return out
}

// bundlesText names bundles.
func bundlesText(names []string) string { return "bundle " + strings.Join(names, " and bundle ") }
