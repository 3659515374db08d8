package check

import (
	corev1 "k8s.io/api/core/v1"
)

var probeRules = []Rule{
	{ID: "init-probe", Level: Rejected,
		Title: "a plain init container has a probe or a hook",
		Why:   "it runs to its end, so there is nothing to probe and nothing to stop: the API server refuses the pod",
		Fix:   "drop it, or give a helper that stays restartPolicy: Always",
		Bad:   `initContainers: [{name: migrate, readinessProbe: {httpGet: {port: 8080}}}]`,
		Good:  `initContainers: [{name: migrate}]`,
		pod: func(x *index, r *Rule) {
			for _, c := range x.containers {
				if !c.runsToItsEnd() {
					continue
				}
				c.probes(func(name string, _ *corev1.Probe) {
					x.report(r, c, "."+name, forbidden("may not be set for init containers without restartPolicy=Always", ""))
				})
				if c.Lifecycle != nil && !onlyStopSignal(c.Lifecycle) {
					x.report(r, c, ".lifecycle", forbidden("may not be set for init containers without restartPolicy=Always", ""))
				}
			}
		}},
	{ID: "probe-shape", Level: Rejected,
		Title: "a probe has no handler, several handlers, or wrong numbers",
		Why:   "the kubelet wouldn't know what to ask, or when: the API server refuses the pod",
		Fix:   "one of exec, httpGet, tcpSocket and grpc, and no number below 0",
		Bad:   `containers: [{name: web, livenessProbe: {httpGet: {path: /live, port: 8080}, successThreshold: 2}}]`,
		Good:  `containers: [{name: web, livenessProbe: {httpGet: {path: /live, port: 8080}, failureThreshold: 6}}]`,
		pod: func(x *index, r *Rule) {
			for _, c := range x.containers {
				if c.runsToItsEnd() {
					continue
				}
				c.probes(func(name string, p *corev1.Probe) {
					x.oneHandler(r, c, name, probeHandler(p))
					x.probeNumbers(r, c, name, p)
				})
			}
		}},
}

// probeNumbers holds the numbers of a probe against what they may be.
// upstream: kubernetes/kubernetes pkg/apis/core/validation/validation.go validateProbe and its callers
func (x *index) probeNumbers(r *Rule, c site, name string, p *corev1.Probe) {
	if p.InitialDelaySeconds|p.TimeoutSeconds|p.PeriodSeconds|p.SuccessThreshold|p.FailureThreshold < 0 {
		for _, n := range [...]struct {
			field string
			value int32
		}{{"initialDelaySeconds", p.InitialDelaySeconds}, {"timeoutSeconds", p.TimeoutSeconds}, {"periodSeconds", p.PeriodSeconds}, {"successThreshold", p.SuccessThreshold}, {"failureThreshold", p.FailureThreshold}} {
			if n.value < 0 {
				x.report(r, c, "."+name+"."+n.field, invalid(n.value, "must be greater than or equal to 0", "leave it out, or a positive number"))
			}
		}
	}
	readiness := name == "readinessProbe"
	if !readiness && p.SuccessThreshold != 0 && p.SuccessThreshold != 1 {
		x.report(r, c, "."+name+".successThreshold", invalid(p.SuccessThreshold, "must be 1", "leave it out: only a readiness probe may need several successes"))
	}
	grace := p.TerminationGracePeriodSeconds
	if grace == nil {
		return
	}
	if *grace <= 0 {
		x.report(r, c, "."+name+".terminationGracePeriodSeconds", invalid(*grace, "must be greater than 0", "leave it out, or a positive number"))
	}
	if readiness {
		x.report(r, c, "."+name+".terminationGracePeriodSeconds", invalid(*grace, "must not be set for readinessProbes", "leave it out: a readiness probe ends nothing"))
	}
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

// The numbers of a probe as the API server's defaults complete them.
// upstream: kubernetes/kubernetes pkg/apis/core/v1/defaults.go SetDefaults_Probe
func probeTimeout(p *corev1.Probe) int32   { return orDefault(p.TimeoutSeconds, 1) }
func probePeriod(p *corev1.Probe) int32    { return orDefault(p.PeriodSeconds, 10) }
func probeFailures(p *corev1.Probe) int32  { return orDefault(p.FailureThreshold, 3) }
func probeSuccesses(p *corev1.Probe) int32 { return orDefault(p.SuccessThreshold, 1) }

func orDefault(n, byDefault int32) int32 {
	if n == 0 {
		return byDefault
	}
	return n
}
