package pattern

import (
	"github.com/podpattern/podpattern/internal/release"
	corev1 "k8s.io/api/core/v1"
)

// Hook is what runs when a container has started or is about to stop: [Exec],
// [HTTPGet] or [Sleep].
type Hook interface {
	hook() (corev1.LifecycleHandler, *flaw)
	since() release.Minor
}

func (p Probe) hook() (corev1.LifecycleHandler, *flaw) {
	if p.p == nil {
		return corev1.LifecycleHandler{}, missing("probe-shape", "", "make it with Exec, HTTPGet or Sleep")
	}
	h := corev1.LifecycleHandler{Exec: p.p.Exec, HTTPGet: p.p.HTTPGet}
	if h.Exec == nil && h.HTTPGet == nil {
		return h, invalid("probe-shape", "", nil, "a hook can't be a TCPSocket or GRPC", "use Exec, HTTPGet or Sleep")
	}
	if (corev1.Probe{ProbeHandler: p.p.ProbeHandler}) != *p.p {
		return h, invalid("probe-shape", "", nil, "a hook runs once: it has no period, delay or threshold", "leave the settings out")
	}
	return *h.DeepCopy(), p.flaws
}

func (Probe) since() release.Minor { return 0 }

// SleepHook is a [Sleep].
type SleepHook struct{ seconds int }

// Sleep does nothing for so many seconds, in the kubelet: the image needs no
// sleep command. Before a stop it leaves the time that load balancers take to
// notice. It counts against the grace period, and must be shorter. Needs
// Kubernetes 1.30.
func Sleep(seconds int) SleepHook { return SleepHook{seconds} }

func (s SleepHook) hook() (corev1.LifecycleHandler, *flaw) {
	var bad *flaw
	if s.seconds < 1 {
		bad = invalid("prestop-sleep", ".sleep", s.seconds, "must be at least 1", "a number of seconds")
	}
	return corev1.LifecycleHandler{Sleep: &corev1.SleepAction{Seconds: int64(s.seconds)}}, bad
}

func (SleepHook) since() release.Minor { return release.SleepAction }

// PreStop replaces the hook that runs before the container is told to stop. A
// nil hook is an error.
func (c Container[R]) PreStop(h Hook) Container[R] {
	return c.hook(h, ".lifecycle.preStop", func(l *corev1.Lifecycle, h *corev1.LifecycleHandler) { l.PreStop = h })
}

// NoPreStop takes the hook that runs before the stop away, and one that the container
// would get from what [Container.Fronts] it.
func (c Container[R]) NoPreStop() Container[R] {
	return c.add(func(d *draft) {
		d.noPreStop = true
		if d.c.Lifecycle == nil {
			return
		}
		d.need(need{field: ".lifecycle.preStop"})
		if d.c.Lifecycle.PreStop = nil; d.c.Lifecycle.PostStart == nil {
			d.c.Lifecycle = nil
		}
	})
}

// PostStart replaces the hook that runs right after the start, beside the
// program. A nil hook is an error.
func (c Container[R]) PostStart(h Hook) Container[R] {
	return c.hook(h, ".lifecycle.postStart", func(l *corev1.Lifecycle, h *corev1.LifecycleHandler) { l.PostStart = h })
}

func (c Container[R]) hook(h Hook, field string, set func(*corev1.Lifecycle, *corev1.LifecycleHandler)) Container[R] {
	if isNil(h) {
		return c.reject(missing("nil-argument", field, "give a hook: Exec, HTTPGet or Sleep"))
	}
	handler, bad := h.hook()
	n := need{h.since(), "Sleep", field, here(ofConstructor)}
	return c.add(func(d *draft) {
		d.reportAll(bad, field)
		if d.c.Lifecycle == nil {
			d.c.Lifecycle = &corev1.Lifecycle{}
		}
		set(d.c.Lifecycle, handler.DeepCopy())
		d.need(n)
	})
}
