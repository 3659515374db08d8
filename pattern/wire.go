package pattern

import (
	"path"
	"slices"

	"github.com/podpattern/podpattern/pattern/check"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
)

// site is a container that others may wire, and what it gets from them.
type site struct {
	name    string
	c       *corev1.Container // to read
	d       *draft            // nil: the container was there before
	index   int               // of one that was there, in spec.containers
	isApp   bool
	env     []corev1.EnvVar
	envFrom []corev1.EnvFromSource
	mounts  []corev1.VolumeMount
	by      []*draft        // who gave env[i]
	pod     []corev1.EnvVar // from PodBuilder.Env
	preStop *corev1.LifecycleHandler
}

// wire gives the containers what the others have for them. It returns the
// containers that were there before, with their additions.
func (r *resolver) wire() []*site {
	if !slices.ContainsFunc(r.drafts, (*draft).wires) && len(r.variables) == 0 {
		return nil
	}
	sites := r.sites()
	r.wireVariables(sites) // the pod's own go before what helpers give
	for _, d := range r.drafts {
		if !d.wires() {
			continue
		}
		d.wireSleep(sites)
		targets := r.targets(d, sites)
		for _, pair := range d.settleEndpoints() {
			for _, s := range targets {
				r.wirePair(d, s, pair)
			}
		}
		for _, s := range targets {
			for _, e := range d.appEnv {
				r.wireEnv(d, s, e)
			}
			for i := range d.appEnvFrom {
				s.takeFrom(&d.appEnvFrom[i])
			}
			for _, m := range d.appMounts {
				r.wireMount(d, s, m)
			}
		}
	}
	var there []*site
	for _, s := range sites {
		if s.d != nil {
			s.apply(&s.d.c)
		} else {
			there = append(there, s)
		}
	}
	return there
}

func (d *draft) wires() bool {
	return len(d.appEnv)+len(d.appEnvFrom)+len(d.appMounts)+len(d.endpoints)+len(d.only)+len(d.fronts) > 0
}

func (r *resolver) sites() []*site {
	sites := make([]*site, 0, len(r.base.Spec.Containers)+len(r.drafts))
	for i := range r.base.Spec.Containers {
		c := &r.base.Spec.Containers[i]
		sites = append(sites, &site{name: c.Name, c: c, index: i, isApp: true})
	}
	for _, d := range r.drafts {
		sites = append(sites, &site{name: d.c.Name, c: &d.c, d: d, isApp: d.role == appRole})
	}
	return sites
}

// isFor says whether d wires o: it names it, or names none and o is an app.
func (d *draft) isFor(o *draft) bool {
	return len(d.only) == 0 && o.role == appRole || slices.Contains(d.only, o.c.Name)
}

// targets are the containers that d wires: those it names, else all apps.
func (r *resolver) targets(d *draft, sites []*site) []*site {
	var out []*site
	if len(d.only) == 0 {
		for _, s := range sites {
			if s.isApp && s.d != d {
				out = append(out, s)
			}
		}
		return out
	}
	for _, name := range d.only {
		i := slices.IndexFunc(sites, func(s *site) bool { return s.name == name && s.d != d })
		if i < 0 {
			d.report(flaw{rule: "wiring-target", level: check.Broken, value: name, at: d.origin, detail: "For names a container that the pod doesn't have", fix: "name a container of the pod"})
			continue
		}
		out = append(out, sites[i])
	}
	return out
}

// wirePair gives an app both variables of an endpoint, or neither.
func (r *resolver) wirePair(d *draft, s *site, pair envPair) {
	own := 0
	for _, e := range pair {
		if s.sets(e.Name) {
			own++
		}
	}
	switch own {
	case 0:
		r.wireEnv(d, s, pair[0])
		r.wireEnv(d, s, pair[1])
	case 1:
		d.report(flaw{rule: "endpoint-half", level: check.Warning, value: pair[0].Name, at: d.origin, others: []party{{d: s.d, name: s.name}},
			detail: "container " + s.name + " sets one of " + pair[0].Name + " and " + pair[1].Name + " itself, so it gets neither from here", fix: "set both there, or none"})
	}
}

// sets says whether the container has a variable that the user gave it.
func (s *site) sets(name string) bool {
	named := func(e corev1.EnvVar) bool { return e.Name == name }
	return slices.ContainsFunc(s.c.Env, named) || slices.ContainsFunc(s.pod, named)
}

// wireEnv gives a container a variable, unless it sets it itself.
func (r *resolver) wireEnv(d *draft, s *site, e corev1.EnvVar) {
	if s.sets(e.Name) {
		return
	}
	i := slices.IndexFunc(s.env, func(o corev1.EnvVar) bool { return o.Name == e.Name })
	switch {
	case i < 0:
		s.env, s.by = append(s.env, *e.DeepCopy()), append(s.by, d)
	case !equality.Semantic.DeepEqual(s.env[i], e):
		d.report(flaw{rule: "wiring-clash", value: e.Name, at: d.origin, others: []party{{d: s.by[i]}},
			detail: "container " + s.by[i].c.Name + " gives " + s.name + " another value", fix: "give one of the two variables another name, or set " + e.Name + " in " + s.name})
	}
}

// takeFrom gives a container the keys of a ConfigMap or Secret, unless it takes
// them already.
func (s *site) takeFrom(from *corev1.EnvFromSource) {
	same := func(o corev1.EnvFromSource) bool { return equality.Semantic.DeepEqual(o, *from) }
	if !slices.ContainsFunc(s.c.EnvFrom, same) && !slices.ContainsFunc(s.envFrom, same) {
		s.envFrom = append(s.envFrom, *from.DeepCopy())
	}
}

// wireMount mounts a volume in a container. Where it mounts that very volume
// already, it has what it needs; another volume there is an error.
func (r *resolver) wireMount(d *draft, s *site, m mount) {
	name := m.volume.name()
	for _, list := range [...][]corev1.VolumeMount{s.c.VolumeMounts, s.mounts} {
		for _, o := range list {
			if path.Clean(o.MountPath) != path.Clean(m.path) {
				continue
			}
			want := m.kubernetes(name)
			switch {
			case o.Name != name || o.SubPath != want.SubPath || o.SubPathExpr != want.SubPathExpr:
				d.report(flaw{rule: "mount-path-dup", value: m.path, at: d.origin, others: []party{{d: s.d, name: s.name}},
					detail: "container " + s.name + " mounts " + o.Name + " there, so " + name + " can't be", fix: "mount one of the two somewhere else"})
			case m.direction == writes && o.ReadOnly:
				d.report(flaw{rule: "writer-on-readonly", level: check.Broken, value: m.path, at: d.origin, others: []party{{d: s.d, name: s.name}},
					detail: "container " + s.name + " is to write " + name + " there, and mounts it read-only", fix: "let it mount the volume with Writes"})
			}
			return
		}
	}
	r.declare(d, m.volume)
	s.mounts = append(s.mounts, m.kubernetes(name))
	r.flow(s.name, name, m.direction)
}

// wireVariables gives containers the variables of the pod; see PodBuilder.Env. Of
// two of one name the later call holds, in the place of the earlier.
func (r *resolver) wireVariables(sites []*site) {
	for _, v := range r.variables {
		r.carry(v.object)
		for _, name := range v.only {
			if !slices.ContainsFunc(sites, func(s *site) bool { return s.name == name }) {
				r.reportAt("spec.containers", flaw{rule: "wiring-target", level: check.Broken, value: name, at: v.at, detail: "For names a container that the pod doesn't have", fix: "name a container of the pod"})
			}
		}
	}
	if len(r.variables) == 0 {
		return
	}
	for _, s := range sites {
		place := make(map[string]int, len(s.c.Env)) // in s.pod
		for _, e := range s.c.Env {
			place[e.Name] = -1 // its own
		}
		for _, v := range r.variables {
			if len(v.only) > 0 && !slices.Contains(v.only, s.name) {
				continue
			}
			if v.from != nil {
				s.takeFrom(v.from)
				continue
			}
			i, there := place[v.env.Name]
			switch {
			case !there:
				place[v.env.Name] = len(s.pod)
				s.pod = append(s.pod, *v.env)
			case i >= 0:
				s.pod[i] = *v.env
			}
		}
	}
}

// apply adds what the container got: variables first, so that its own can refer
// to them, the rest last.
func (s *site) apply(c *corev1.Container) {
	if len(s.env)+len(s.pod) > 0 {
		c.Env = slices.Concat(s.env, s.pod, c.Env)
	}
	c.EnvFrom = append(c.EnvFrom, s.envFrom...)
	c.VolumeMounts = append(c.VolumeMounts, s.mounts...)
	if s.preStop != nil && (c.Lifecycle == nil || c.Lifecycle.PreStop == nil) {
		if c.Lifecycle == nil {
			c.Lifecycle = &corev1.Lifecycle{}
		}
		c.Lifecycle.PreStop = s.preStop.DeepCopy()
	}
}
