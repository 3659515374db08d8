package pattern

import corev1 "k8s.io/api/core/v1"

// View is what is settled about the pod when a [Container.Late] runs.
type View struct {
	name, kind, podName, namespace string
	ports                          []corev1.ContainerPort
	renamed                        map[string]string
	memory                         int64
	grace                          *int64
	native                         bool
}

// view gives what is settled about a container. It holds nothing of the draft, whose room
// the next pod has.
func (r *resolver) view(d *draft) *View {
	limit := d.c.Resources.Limits[corev1.ResourceMemory]
	v := View{name: d.c.Name, kind: r.kind.name, podName: r.base.Name, namespace: r.base.Namespace, ports: d.c.Ports, renamed: d.renamed,
		memory: limit.Value(), grace: r.base.Spec.TerminationGracePeriodSeconds, native: d.native(r.target)}
	if r.bundle != "" {
		v.podName = goesBy(r.base)
	}
	return &v
}

// Port gives the number of this container's port, by the name that the container
// gave it; without such a port it is 0.
func (v View) Port(name string) int {
	if p := portNamed(v.ports, v.renamed, name); p != nil {
		return int(p.ContainerPort)
	}
	return 0
}

// Name gives the container's final name.
func (v View) Name() string { return v.name }

// Native says whether the container is a native sidecar.
func (v View) Native() bool { return v.native }

// Kind gives what carries the pod: Pod, Deployment, StatefulSet, DaemonSet, Job
// or CronJob.
func (v View) Kind() string { return v.kind }

// PodName gives the name of the pod, or of the workload that carries it. In somebody
// else's pod, which may have no name yet, it is that by which the pod goes: its label
// app.kubernetes.io/name or app, else its name, else that of its first container.
func (v View) PodName() string { return v.podName }

// Namespace gives the pod's namespace; "" where none is set.
func (v View) Namespace() string { return v.namespace }

// MemoryLimit gives the container's limit of memory, in bytes; without one it is 0.
func (v View) MemoryLimit() int64 { return v.memory }

// GracePeriodSeconds gives the time that all containers of the pod have, together,
// to stop.
func (v View) GracePeriodSeconds() int64 {
	if v.grace == nil {
		return 30
	}
	return *v.grace
}

// Late adds what depends on the rest of the pod, such as a configuration that
// names a port. f runs when names, ports, order, target and workload are settled,
// and gets a container to which it adds what is missing; what the user set after
// this call wins over it. It must be a pure function. Ports, order and companions
// are settled by then: changing them, or the name, is an error, as are a nil f and
// one that gives back no container.
//
//	c.Late(func(v pattern.View, c pattern.SidecarContainer) pattern.SidecarContainer {
//		return c.Args(fmt.Sprintf("--listen=:%d", v.Port("http")))
//	})
func (c Container[R]) Late(f func(View, Container[R]) Container[R]) Container[R] {
	if f == nil {
		return c.reject(missing("nil-argument", "", "give Late a function"))
	}
	at, call := here(ofConstructor), new(int)
	return c.add(func(d *draft) {
		if d.view == nil {
			d.hasLate = true
			return
		}
		before := d.settled()
		last := d.memo.late(lateKeyOf(call, d), func() *edit[draft] { return f(*d.view, Container[R]{lateStart()}).last })
		replay(last, d)
		if last == nil || d.settled() != before {
			d.report(flaw{rule: "late", at: at, detail: "Late gave back no container, or changed the name, the ports, the place or the companions, which are settled when it runs", fix: "add to the container that Late gets, and do the rest outside of it"})
		}
	})
}

// settled is what a Late function can't change any more.
type settled struct {
	name                                string
	ports, brings, before, after, moves int
	first, last, classic, moveAll       bool
}

func (d *draft) settled() settled {
	return settled{d.c.Name, len(d.c.Ports), len(d.brings), len(d.before), len(d.after), len(d.moves), d.first, d.last, d.classic, d.moveAll}
}

// lateStart is the past of the container that a Late function gets: none.
func lateStart() *edit[draft] { return push(nil, func(*draft) {}) }

// settleLate replays the container once more, now that its surroundings are
// known.
func (r *resolver) settleLate(first *draft, s spec) *draft {
	d := r.room.draft()
	d.memo = r.memo
	d.c.Resources = first.c.Resources // to make no new maps: the same calls set the same amounts
	s.replayed(d, r.view(first))
	d.c.Ports, d.renamed, d.moved = first.c.Ports, first.renamed, first.moved
	return d
}
