package pattern

import (
	"slices"

	"github.com/podpattern/podpattern/pattern/check"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
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
	target    version
	inline    bool
	hardened  bool
	variables []podVariable

	drafts      []*draft // in the order of the calls
	volumes     []declared
	volumeFlaws []volumeFlaw
	objects     []runtime.Object
	carried     []*keyValue
	takenNames  map[string]bool // see generatedName
	flows       []check.Flow
	scraped     *draft
	flaws       []flaw // of the pod as a whole
	none        extras // see extras; never written to
}

// plan is what must be added to the pod.
type plan struct {
	starters []starter // spec.initContainers as a whole: those there and the new ones
	regular  []*draft  // to append to spec.containers
	volumes  []declared
	sites    []*site // what containers that were there get
	pod      podAdditions
	objects  []runtime.Object // to create before the pod
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
		r.settleConfig(d)
		r.settleMounts(d)
		for _, v := range d.declares {
			r.declare(d, v)
		}
		for _, o := range d.objects {
			r.carry(o)
		}
		for _, n := range d.needs {
			r.require(d, n)
		}
	}
	var pl plan
	pl.starters, pl.regular = r.settleOrder()
	r.settleProbes(pl.starters)
	r.settleAPI(&pl.pod)
	pl.sites = r.wire(pl.starters)
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
	var add func(spec, *draft)
	add = func(s spec, d *draft) {
		s.replayed(d, nil, &r.none)
		for _, b := range d.brings {
			if b.last != nil && slices.Contains(brought, b.last) {
				continue
			}
			brought = append(brought, b.last)
			add(b, &draft{})
		}
		r.drafts = append(r.drafts, d)
	}
	drafts := make([]draft, len(specs))
	for i, s := range specs {
		add(s, &drafts[i])
	}
}

// settleOrder says which containers start before the apps, and in what order,
// and which with them.
func (r *resolver) settleOrder() (starters []starter, regular []*draft) {
	always := corev1.ContainerRestartPolicyAlways
	starters = make([]starter, 0, len(r.base.Spec.InitContainers)+len(r.drafts))
	regular = make([]*draft, 0, len(r.drafts))
	for i := range r.base.Spec.InitContainers {
		starters = append(starters, starter{name: r.base.Spec.InitContainers[i].Name})
	}
	for _, d := range r.drafts {
		if d.regular(r.target) {
			if d.ownPolicy != nil {
				r.require(d, need{restartRules, "RestartPolicy", *d.ownPolicy})
			}
			regular = append(regular, d)
			r.regularWishes(d)
			continue
		}
		if d.role.helper() {
			policy := always
			d.c.RestartPolicy = &policy
		}
		starters = append(starters, starter{d.c.Name, d})
	}
	return r.sortStarters(starters), regular
}

// settleProbes derives probes from Health. A helper gates when a container that
// starts later needs it: one that is After it, or an app that it serves.
func (r *resolver) settleProbes(starters []starter) {
	for _, d := range r.drafts {
		gates := len(d.endpoints) > 0 || len(d.appMounts) > 0 || len(d.before) > 0 || d.first
		for _, s := range starters {
			gates = gates || s.d != nil && slices.Contains(s.d.after, d.c.Name)
		}
		r.settleHealth(d, gates)
	}
}

// flow notes who reads and who writes a volume, for the checks and the tree.
func (r *resolver) flow(container, volume string, d direction) {
	if d != unstated {
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

// podAdditions is what the plan adds to the pod itself.
type podAdditions struct {
	labels, annotations []pair
	fsGroup             *int64
	sharePID            bool
	noAutomount         bool
	serviceAccount      string
	pullSecrets         []string
	hostAliases         []corev1.HostAlias
}

// settlePod collects what the containers ask of the pod itself. What the pod has
// already stays; what two containers want differently is an error.
func (r *resolver) settlePod(add *podAdditions) {
	for _, d := range r.drafts {
		r.settleScrapes(d)
		add.labels = r.pairs(add.labels, d, d.labels, r.base.Labels, "metadata.labels")
		add.annotations = r.pairs(add.annotations, d, d.annotations, r.base.Annotations, "metadata.annotations")
		add.sharePID = add.sharePID || d.sharePID && r.base.Spec.ShareProcessNamespace == nil
		if d.fsGroup != nil && (r.base.Spec.SecurityContext == nil || r.base.Spec.SecurityContext.FSGroup == nil) {
			if add.fsGroup != nil && *add.fsGroup != *d.fsGroup {
				r.reportAt("spec.securityContext.fsGroup", flaw{rule: "wiring-clash", value: *d.fsGroup, at: d.origin, others: []party{{d: d, at: d.origin}},
					detail: "another helper needs a different group", fix: "set FSGroup on the pod"})
			} else {
				add.fsGroup = d.fsGroup
			}
		}
		for _, name := range d.pullSecrets {
			if !slices.Contains(r.base.Spec.ImagePullSecrets, corev1.LocalObjectReference{Name: name}) && !slices.Contains(add.pullSecrets, name) {
				add.pullSecrets = append(add.pullSecrets, name)
			}
		}
		add.hostAliases = append(add.hostAliases, d.hostAliases...)
	}
}

func (r *resolver) pairs(out []pair, d *draft, wanted []pair, there map[string]string, path string) []pair {
	for _, w := range wanted {
		if _, set := there[w.key]; set {
			continue
		}
		i := slices.IndexFunc(out, func(o pair) bool { return o.key == w.key })
		switch {
		case i < 0:
			out = append(out, w)
		case out[i].value != w.value:
			r.reportAt(path, flaw{rule: "wiring-clash", value: w.key + "=" + w.value, at: d.origin, others: []party{{d: d, at: d.origin}},
				detail: "another helper gives it the value " + out[i].value, fix: "set it on the pod"})
		}
	}
	return out
}

// apply carries the plan out on a typed template. It only adds.
func (pl *plan) apply(t *corev1.PodTemplateSpec) {
	for _, s := range pl.sites {
		s.apply(&t.Spec.Containers[s.index])
	}
	if len(pl.starters) > len(t.Spec.InitContainers) {
		there := t.Spec.InitContainers
		t.Spec.InitContainers = make([]corev1.Container, 0, len(pl.starters))
		for _, s := range pl.starters {
			if s.d != nil {
				t.Spec.InitContainers = append(t.Spec.InitContainers, s.d.c)
			} else { // they keep their order
				t.Spec.InitContainers = append(t.Spec.InitContainers, there[0])
				there = there[1:]
			}
		}
	}
	t.Spec.Containers = slices.Grow(t.Spec.Containers, len(pl.regular))
	for _, d := range pl.regular {
		t.Spec.Containers = append(t.Spec.Containers, d.c)
	}
	t.Spec.Volumes = slices.Grow(t.Spec.Volumes, len(pl.volumes))
	for _, v := range pl.volumes {
		if v.volume.source != nil {
			t.Spec.Volumes = append(t.Spec.Volumes, corev1.Volume{Name: v.volume.name})
			v.volume.source.DeepCopyInto(&t.Spec.Volumes[len(t.Spec.Volumes)-1].VolumeSource)
		}
	}
	pl.pod.apply(t)
}

func (a *podAdditions) apply(t *corev1.PodTemplateSpec) {
	for _, l := range a.labels {
		set(&t.Labels, l.key, l.value)
	}
	for _, l := range a.annotations {
		set(&t.Annotations, l.key, l.value)
	}
	if a.fsGroup != nil {
		if t.Spec.SecurityContext == nil {
			t.Spec.SecurityContext = &corev1.PodSecurityContext{}
		}
		t.Spec.SecurityContext.FSGroup = a.fsGroup
	}
	if a.sharePID {
		t.Spec.ShareProcessNamespace = new(true)
	}
	if a.noAutomount {
		t.Spec.AutomountServiceAccountToken = new(false)
	}
	if a.serviceAccount != "" {
		t.Spec.ServiceAccountName = a.serviceAccount
	}
	for _, name := range a.pullSecrets {
		t.Spec.ImagePullSecrets = append(t.Spec.ImagePullSecrets, corev1.LocalObjectReference{Name: name})
	}
	t.Spec.HostAliases = append(t.Spec.HostAliases, a.hostAliases...)
}

// claims gives the claim templates among the volumes, for a StatefulSet.
func (pl *plan) claims() []corev1.PersistentVolumeClaim {
	var out []corev1.PersistentVolumeClaim
	for _, v := range pl.volumes {
		if v.volume.claim != nil {
			out = append(out, corev1.PersistentVolumeClaim{ObjectMeta: metav1.ObjectMeta{Name: v.volume.name}, Spec: *v.volume.claim.DeepCopy()})
		}
	}
	return out
}
