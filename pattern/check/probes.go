package check

import (
	corev1 "k8s.io/api/core/v1"
)

var probeRules = []rule{
	{"init-probe", Rejected, func(x *index, r rule) {
		for _, c := range x.containers {
			if !c.runsToItsEnd() {
				continue
			}
			c.probes(func(name string, p *corev1.Probe) {
				x.report(r, c, "."+name, forbidden("may not be set for init containers without restartPolicy=Always", "drop it: an init container runs to its end; a helper that stays is a sidecar"))
			})
			if c.Lifecycle != nil {
				x.report(r, c, ".lifecycle", forbidden("may not be set for init containers without restartPolicy=Always", "drop it: an init container runs to its end"))
			}
		}
	}},
	{"probe-shape", Rejected, func(x *index, r rule) {
		for _, c := range x.containers {
			if c.runsToItsEnd() {
				continue
			}
			c.probes(func(name string, p *corev1.Probe) {
				n := 0
				for _, h := range [...]struct {
					name string
					set  bool
				}{{"exec", p.Exec != nil}, {"httpGet", p.HTTPGet != nil}, {"tcpSocket", p.TCPSocket != nil}, {"grpc", p.GRPC != nil}} {
					if !h.set {
						continue
					}
					if n++; n > 1 {
						x.report(r, c, "."+name+"."+h.name, forbidden("may not specify more than 1 handler type", "keep one"))
					}
				}
				if n == 0 {
					x.report(r, c, "."+name, required("must specify a handler type", "make it with HTTPGet, TCPSocket, GRPC or Exec"))
				}
				if name != "readinessProbe" && p.SuccessThreshold > 1 {
					x.report(r, c, "."+name+".successThreshold", invalid(p.SuccessThreshold, "must be 1", "leave it out"))
				}
				if name == "readinessProbe" && p.TerminationGracePeriodSeconds != nil {
					x.report(r, c, "."+name+".terminationGracePeriodSeconds", invalid(*p.TerminationGracePeriodSeconds, "must not be set for readinessProbes", "leave it out"))
				}
			})
		}
	}},
}

func (c site) probes(do func(name string, p *corev1.Probe)) {
	if c.LivenessProbe != nil {
		do("livenessProbe", c.LivenessProbe)
	}
	if c.ReadinessProbe != nil {
		do("readinessProbe", c.ReadinessProbe)
	}
	if c.StartupProbe != nil {
		do("startupProbe", c.StartupProbe)
	}
}
