package check

import (
	"fmt"

	"github.com/podpattern/podpattern/internal/release"
	corev1 "k8s.io/api/core/v1"
)

var lifecycleRules = []Rule{
	{ID: "hook-shape", Level: Rejected,
		Title: "a hook has no handler, or several",
		Why:   "the kubelet wouldn't know what to run: the API server refuses the pod",
		Fix:   "one of exec, httpGet and sleep",
		Bad:   `containers: [{name: web, lifecycle: {preStop: {sleep: {seconds: 5}, exec: {command: [sync]}}}}]`,
		Good:  `containers: [{name: web, lifecycle: {preStop: {sleep: {seconds: 5}}}}]`,
		pod: func(x *index, r *Rule) {
			for _, c := range x.containers {
				if !c.runsToItsEnd() {
					c.hooks(func(name string, h *corev1.LifecycleHandler) { x.oneHandler(r, c, name, hookHandler(h)) })
				}
			}
		}},
	{ID: "hook-tcp", Level: Broken,
		Title: "a hook has tcpSocket, which only probes can",
		Why:   "with it, a postStart hook kills its container, and a preStop hook does nothing, which is only a warning",
		Fix:   "exec, httpGet or sleep",
		Bad:   `containers: [{name: web, lifecycle: {postStart: {tcpSocket: {port: 8080}}}}]`,
		Good:  `containers: [{name: web, lifecycle: {postStart: {httpGet: {path: /warm, port: 8080}}}}]`,
		// upstream: kubernetes/kubernetes pkg/kubelet/lifecycle/handlers.go Run
		pod: func(x *index, r *Rule) {
			for _, c := range x.containers {
				if c.runsToItsEnd() {
					continue
				}
				c.hooks(func(name string, h *corev1.LifecycleHandler) {
					if h.TCPSocket != nil && h.Exec == nil && h.HTTPGet == nil {
						f := forbidden("the kubelet has no such hook", "")
						if name == "lifecycle.preStop" {
							f.Level = Warning
						}
						x.report(r, c, "."+name+".tcpSocket", f)
					}
				})
			}
		}},
	{ID: "prestop-sleep", Level: Rejected,
		Title: "a hook sleeps longer than the pod may take to stop",
		Why:   "the kubelet kills the container in its sleep, before the program hears of the stop: the API server refuses a longer sleep, and accepts one that is as long",
		Fix:   "a shorter sleep, or a longer terminationGracePeriodSeconds",
		Bad:   `{terminationGracePeriodSeconds: 10, containers: [{name: web, lifecycle: {preStop: {sleep: {seconds: 20}}}}]}`,
		Good:  `{terminationGracePeriodSeconds: 30, containers: [{name: web, lifecycle: {preStop: {sleep: {seconds: 20}}}}]}`,
		pod:   sleepTime},
	{ID: "sleep-min-version", Level: Broken,
		Title:  "this version of Kubernetes doesn't know the sleep of hooks",
		Why:    "before 1.30 the API server drops the hook without a word, and the container stops at once",
		Fix:    "exec with the sleep program of the image, or run on 1.30 and later",
		Bad:    `containers: [{name: web, lifecycle: {preStop: {sleep: {seconds: 5}}}}]`,
		Good:   `containers: [{name: web, lifecycle: {preStop: {exec: {command: [sleep, "5"]}}}}]`,
		Target: "1.29",
		pod: func(x *index, r *Rule) {
			if x.target.Has(release.SleepAction) {
				return
			}
			for _, c := range x.containers {
				if c.runsToItsEnd() {
					continue
				}
				c.hooks(func(name string, h *corev1.LifecycleHandler) {
					if h.Sleep != nil {
						x.report(r, c, "."+name+".sleep", forbidden("Kubernetes "+x.target.String()+" drops it", ""))
					}
				})
			}
		}},
}

// hooks gives the hooks of a container, with the field they stand in.
func (c site) hooks(do func(fields string, h *corev1.LifecycleHandler)) {
	if c.Lifecycle == nil {
		return
	}
	if c.Lifecycle.PostStart != nil {
		do("lifecycle.postStart", c.Lifecycle.PostStart)
	}
	if c.Lifecycle.PreStop != nil {
		do("lifecycle.preStop", c.Lifecycle.PreStop)
	}
}

// onlyStopSignal says whether the API server drops all there is: no version has
// stop signals on by default.
// upstream: kubernetes/kubernetes pkg/api/pod/util.go dropContainerStopSignals
func onlyStopSignal(l *corev1.Lifecycle) bool {
	return l.StopSignal != nil && l.PostStart == nil && l.PreStop == nil
}

// grace gives the seconds that the pod has to stop. The API server makes 1 of a
// negative number in a pod, and leaves it in a template.
// upstream: kubernetes/kubernetes pkg/apis/core/v1/conversion.go Convert_v1_Pod_To_core_Pod
func (x *index) grace() int64 {
	switch g := x.spec.TerminationGracePeriodSeconds; {
	case g == nil:
		return corev1.DefaultTerminationGracePeriodSeconds
	case *g < 0 && !x.template:
		return 1
	default:
		return *g
	}
}

// sleepTime holds the sleep of a hook against the grace period.
// upstream: kubernetes/kubernetes pkg/apis/core/validation/validation.go validateSleepAction
func sleepTime(x *index, r *Rule) {
	if !x.target.Has(release.SleepAction) {
		return
	}
	grace := x.grace()
	for _, c := range x.containers {
		if c.runsToItsEnd() {
			continue
		}
		c.hooks(func(name string, h *corev1.LifecycleHandler) {
			if h.Sleep == nil || h.Exec != nil || h.HTTPGet != nil || h.TCPSocket != nil {
				return
			}
			f, bad := badSleep(h.Sleep.Seconds, grace, x.target)
			if bad && (f.Level == "" || name == "lifecycle.preStop") {
				x.report(r, c, "."+name+".sleep", f)
			}
		})
	}
}

func badSleep(seconds, grace int64, target release.Minor) (Finding, bool) {
	switch {
	case seconds < 0 || seconds > grace || seconds == 0 && !target.Has(release.SleepZero):
		if target.Has(release.SleepZero) {
			return invalid(seconds, fmt.Sprintf("must be non-negative and less than terminationGracePeriodSeconds (%d)", grace), ""), true
		}
		return invalid(seconds, fmt.Sprintf("must be greater than 0 and less than terminationGracePeriodSeconds (%d). Enable AllowPodLifecycleSleepActionZeroValue feature gate for zero sleep.", grace), ""), true
	case seconds == grace && seconds > 0:
		f := invalid(seconds, "takes all of terminationGracePeriodSeconds, and the program is killed 2 seconds later", "")
		f.Level = Warning
		return f, true
	}
	return Finding{}, false
}
