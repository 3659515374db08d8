package pattern

import (
	"github.com/podpattern/podpattern/internal/release"
	corev1 "k8s.io/api/core/v1"
)

// health is what a container says of its own health.
type health struct {
	probe     *corev1.Probe // see Health
	whenDown  WhenDown
	readyFile *readyFile
	off       [3]bool // startup, readiness, liveness: see the No… methods
}

// StartupProbe replaces the startup probe: until it succeeds the other two wait,
// and in a native helper so do all containers after it.
func (c Container[R]) StartupProbe(p Probe) Container[R] {
	return c.probe(p, ".startupProbe", func(d *draft) **corev1.Probe { return &d.c.StartupProbe })
}

// ReadinessProbe replaces the readiness probe: while it fails the pod gets no
// traffic from its Services. A native helper's counts too.
func (c Container[R]) ReadinessProbe(p Probe) Container[R] {
	return c.probe(p, ".readinessProbe", func(d *draft) **corev1.Probe { return &d.c.ReadinessProbe })
}

// LivenessProbe replaces the liveness probe: when it fails the container is
// restarted, alone.
func (c Container[R]) LivenessProbe(p Probe) Container[R] {
	return c.probe(p, ".livenessProbe", func(d *draft) **corev1.Probe { return &d.c.LivenessProbe })
}

func (c Container[R]) probe(p Probe, field string, of func(*draft) **corev1.Probe) Container[R] {
	if p.p == nil {
		return c.reject(missing("probe-shape", field, "make it with HTTPGet, TCPSocket, GRPC or Exec"))
	}
	return c.add(func(d *draft) {
		d.reportAll(p.flaws, field)
		*of(d) = p.copy()
	})
}

// NoStartupProbe takes the startup probe away, a derived one too.
func (c Container[R]) NoStartupProbe() Container[R] {
	return c.add(func(d *draft) { d.c.StartupProbe, d.off[0] = nil, true })
}

// NoReadinessProbe takes the readiness probe away, a derived one too.
func (c Container[R]) NoReadinessProbe() Container[R] {
	return c.add(func(d *draft) { d.c.ReadinessProbe, d.off[1] = nil, true })
}

// NoLivenessProbe takes the liveness probe away, a derived one too.
func (c Container[R]) NoLivenessProbe() Container[R] {
	return c.add(func(d *draft) { d.c.LivenessProbe, d.off[2] = nil, true })
}

// Health says once how to ask this container whether it works. The kubelet asks
// over the pod's address: a server that listens on 127.0.0.1 only needs an [Exec].
// What was not set by hand follows from it: a readiness probe, unless [WhenDown]
// is KeepServing; a liveness probe, with a failureThreshold of at least 6; and a
// startup probe, which Kubernetes waits for, every second and 60 times, in a
// native helper that others depend on: one with an [Container.Endpoint], one that
// mounts a volume in the apps, one that is First or Before others, and one that
// another container is After or [Container.Dials] on localhost. The order holds when the
// pod starts: an app that is restarted while its helper is down waits for it only where
// no other app runs.
func (c Container[R]) Health(p Probe) Container[R] {
	return c.probe(p, ".livenessProbe", func(d *draft) **corev1.Probe { return &d.probe })
}

// WhenDown is what a dead helper does to its pod; see [Container.WhenDown].
type WhenDown uint8

const (
	// NotReady takes the pod out of its Services while the helper is down.
	NotReady WhenDown = iota
	// KeepServing lets the pod go on as if the helper were not there.
	KeepServing
	// RestartPod restarts all containers of the pod, the init containers first,
	// when the helper ends with an error. Needs Kubernetes 1.36.
	RestartPod
)

// WhenDown says what it does to the pod that this container is down; by default
// NotReady. It says which probes follow from [Container.Health], and for
// RestartPod it appends a restart rule; on an older target that is an error. On an
// init container it changes nothing.
// docs: concepts/workloads/pods/pod-lifecycle, restart all containers.
func (c Container[R]) WhenDown(w WhenDown) Container[R] {
	if w > RestartPod {
		return c.reject(invalid("enum-value", "", int(w), "is none of KeepServing, NotReady and RestartPod", "use one of the constants"))
	}
	origin := here(ofConstructor)
	return c.add(func(d *draft) {
		d.whenDown = w
		n := need{what: "WhenDown(RestartPod)", field: ".restartPolicyRules", at: origin}
		if w == RestartPod {
			n.since = release.RestartAllOnExit
		}
		d.need(n)
	})
}

// settleHealth derives the probes that follow from Health. gates says whether a
// later container waits for this one.
func (r *resolver) settleHealth(d *draft, gates bool) {
	if d.whenDown == RestartPod && d.role != initRole {
		if d.c.RestartPolicy == nil {
			always := corev1.ContainerRestartPolicyAlways
			d.c.RestartPolicy = &always
		}
		d.c.RestartPolicyRules = append(d.c.RestartPolicyRules, corev1.ContainerRestartRule{
			Action:    corev1.ContainerRestartRuleActionRestartAllContainers,
			ExitCodes: &corev1.ContainerRestartRuleOnExitCodes{Operator: corev1.ContainerRestartRuleOnExitCodesOpNotIn, Values: []int32{0}},
		})
	}
	r.settleReadyFile(d)
	if d.probe == nil {
		return
	}
	if d.role == initRole {
		d.c.LivenessProbe = d.probe.DeepCopy() // for check to refuse
		return
	}
	if d.c.StartupProbe == nil && !d.off[0] && gates && d.native(r.target) {
		p := d.probe.DeepCopy()
		// What waits for it starts at most a second late, and it has a minute.
		p.InitialDelaySeconds, p.PeriodSeconds, p.FailureThreshold, p.SuccessThreshold = 0, 1, 60, 0
		d.c.StartupProbe = p
	}
	if d.c.ReadinessProbe == nil && !d.off[1] && d.whenDown != KeepServing {
		d.c.ReadinessProbe = d.probe.DeepCopy()
		d.c.ReadinessProbe.TerminationGracePeriodSeconds = nil
	}
	if d.c.LivenessProbe == nil && !d.off[2] {
		p := d.probe.DeepCopy()
		// Later than readiness: traffic goes elsewhere before it is restarted.
		p.SuccessThreshold, p.FailureThreshold = 0, max(p.FailureThreshold, 6)
		d.c.LivenessProbe = p
	}
}

// followPorts lets probes and hooks go along with ports that got other names.
func (d *draft) followPorts() {
	if d.renamed == nil && d.moved == nil {
		return
	}
	for _, p := range [...]*corev1.Probe{d.c.StartupProbe, d.c.ReadinessProbe, d.c.LivenessProbe} {
		if p != nil && p.HTTPGet != nil {
			d.follow(&p.HTTPGet.Port)
		}
		if p != nil && p.TCPSocket != nil {
			d.follow(&p.TCPSocket.Port)
		}
		if p != nil && p.GRPC != nil {
			if to, ok := d.moved[int(p.GRPC.Port)]; ok {
				p.GRPC.Port = int32(to)
			}
		}
	}
	if l := d.c.Lifecycle; l != nil {
		for _, h := range [...]*corev1.LifecycleHandler{l.PostStart, l.PreStop} {
			if h != nil && h.HTTPGet != nil {
				d.follow(&h.HTTPGet.Port)
			}
		}
	}
}
