package pattern

import (
	"slices"

	"github.com/podpattern/podpattern/internal/release"
	"github.com/podpattern/podpattern/pattern/check"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// resolver settles what depends on the pod as a whole: names, ports, start order,
// native or classic, generated volumes, wiring and the probes that gate. It only
// reads what is there, a pod template, and yields a plan of additions to it; how
// they are carried out, on the typed object or as a JSON patch on the raw one, is
// not its business.
type resolver struct {
	base      *corev1.PodTemplateSpec // what is there; never written to
	kind      workload
	target    release.Minor
	bundle    string // the name of the bundle that is resolved; "" for a builder's pod
	memo      *lateMemo
	inline    bool
	hardened  bool
	variables []podVariable
	declares  []Volume
	needs     []need

	room        room
	drafts      []*draft // in the order of the calls
	volumes     []declared
	volumeFlaws []volumeFlaw
	objects     []runtime.Object
	carried     []*keyValue
	takenNames  map[string]bool // see generatedName
	flows       []check.Flow
	scraped     *draft
	flaws       []flaw // of the pod as a whole
}

func (r *resolver) report(f flaw) { r.flaws = append(r.flaws, f) }

// reportAt reports a flaw of the pod at a path.
func (r *resolver) reportAt(path string, f flaw) {
	f.field = path
	r.report(f)
}

func (r *resolver) resolve(specs []spec) plan {
	r.gather(specs)
	r.settlePorts()
	for i, d := range r.drafts {
		if d.hasLate {
			r.drafts[i] = r.settleLate(d, spec{last: d.history, role: d.role})
		}
	}
	r.volumes = make([]declared, 0, 4)
	for _, d := range r.drafts {
		d.knownPorts()
		r.settleFronts(d)
		r.settleConfig(d)
		r.settleMounts(d)
		for _, v := range d.declares {
			r.declare(d, v)
		}
		for _, o := range d.objects {
			r.carry(o)
		}
		for _, n := range d.needs {
			d.reportAll(r.unmet(n), "")
		}
	}
	for _, v := range r.declares {
		r.declare(nil, v)
	}
	for _, n := range r.needs {
		if f := r.unmet(n); f != nil {
			r.report(*f)
		}
	}
	r.afterWriters()
	var pl plan
	pl.starters, pl.regular = r.settleOrder()
	r.settleProbes()
	r.settleAPI(&pl.pod)
	pl.sites = r.wire()
	r.settlePod(&pl.pod)
	for _, d := range r.drafts {
		d.followPorts()
		if r.hardened {
			hardenContainer(&d.c)
		}
		for _, edit := range d.edits {
			edit(&d.c)
		}
	}
	pl.volumes, pl.objects = r.volumes, r.objects
	return pl
}

// gather replays the containers, each after the companions that it brings.
func (r *resolver) gather(specs []spec) {
	r.drafts = make([]*draft, 0, len(specs))
	var brought []*edit[draft]
	isThere := func(b spec) bool {
		return b.last != nil && (slices.Contains(brought, b.last) || slices.ContainsFunc(specs, func(s spec) bool { return s.last == b.last }))
	}
	var add func(spec, *draft)
	add = func(s spec, d *draft) {
		s.replayed(d, nil)
		for _, b := range d.brings {
			if isThere(b) {
				continue
			}
			brought = append(brought, b.last)
			add(b, r.room.draft())
		}
		r.drafts = append(r.drafts, d)
	}
	r.room.atLeast(len(specs))
	for _, s := range specs {
		add(s, r.room.draft())
	}
}

// settleOrder says which containers start before the apps, and in what order,
// and which with them.
func (r *resolver) settleOrder() (starters []starter, regular []*draft) {
	always := corev1.ContainerRestartPolicyAlways
	starters = make([]starter, 0, len(r.base.Spec.InitContainers)+len(r.drafts))
	regular = make([]*draft, 0, len(r.drafts))
	for i := range r.base.Spec.InitContainers {
		if r.bundle == "" { // a bundle's stand before them
			starters = append(starters, starter{name: r.base.Spec.InitContainers[i].Name})
		}
	}
	for _, d := range r.drafts {
		if d.ownPolicy != nil && !d.native(r.target) {
			d.reportAll(r.unmet(need{release.RestartRules, "the restart policy of a container by itself", ".restartPolicy", *d.ownPolicy}), "")
		}
		if d.regular(r.target) {
			regular = append(regular, d)
			r.regularWishes(d)
			continue
		}
		if d.role.helper() {
			if d.ownPolicy != nil && *d.c.RestartPolicy != always {
				d.report(flaw{rule: "restart-policy", field: ".restartPolicy", value: string(*d.c.RestartPolicy), at: *d.ownPolicy,
					detail: "a native helper is an init container with the policy Always", fix: "leave it out, or make the helper Classic"})
			}
			policy := always
			d.c.RestartPolicy = &policy
		}
		starters = append(starters, starter{d.c.Name, d})
	}
	return r.sortStarters(starters), regular
}

// settleProbes derives probes from Health. A helper gates when a container that
// starts later needs it: one that is After it or dials it, or an app that it serves.
func (r *resolver) settleProbes() {
	dials := r.localDials()
	var waitedFor []string
	for _, d := range r.drafts {
		waitedFor = append(waitedFor, d.after...)
	}
	for _, d := range r.drafts {
		r.settleHealth(d, len(d.endpoints) > 0 || d.isDialled(dials) || len(d.appMounts) > 0 || len(d.before) > 0 || d.first || slices.Contains(waitedFor, d.c.Name))
	}
}

// flow notes who reads and who writes a volume, for the checks and the tree.
func (r *resolver) flow(container, volume string, d direction) {
	if d != unstated {
		if r.flows == nil {
			r.flows = make([]check.Flow, 0, len(r.drafts))
		}
		r.flows = append(r.flows, check.Flow{Container: container, Volume: volume, Writes: d == writes})
	}
}

// regularNames are the containers that start with the apps.
func (r *resolver) regularNames() []string {
	var out []string
	for i := range r.base.Spec.Containers {
		out = append(out, r.base.Spec.Containers[i].Name)
	}
	for _, d := range r.drafts {
		if d.regular(r.target) {
			out = append(out, d.c.Name)
		}
	}
	return out
}
