package check

import (
	"fmt"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

var graceRules = []Rule{
	{ID: "grace-budget", Level: Warning,
		Title: "a preStop hook leaves too little of the grace period to stop in",
		Why:   "the hook, the app and then each native sidecar share terminationGracePeriodSeconds, and whoever is left when it is over is killed after 2 seconds; this reads the sleep of a hook and sleep in its command",
		Fix:   "a longer terminationGracePeriodSeconds, or a shorter hook",
		Bad:   `containers: [{name: web, lifecycle: {preStop: {exec: {command: [sleep, "30"]}}}}]`,
		Good:  `{terminationGracePeriodSeconds: 60, containers: [{name: web, lifecycle: {preStop: {exec: {command: [sleep, "30"]}}}}]}`,
		pod:   graceBudget},
}

// leastToStop is what the kubelet gives a container after SIGTERM at least, in
// seconds.
// upstream: kubernetes/kubernetes pkg/kubelet/kuberuntime/kuberuntime_container.go minimumGracePeriodInSeconds
const leastToStop = 2

// graceBudget looks at the hooks whose time is known. All preStop hooks begin at
// once. Native sidecars get their SIGTERM after the regular containers, the last
// one first, and all of that is in one grace period.
// upstream: kubernetes/kubernetes pkg/kubelet/kuberuntime/kuberuntime_termination_order.go
func graceBudget(x *index, r *Rule) {
	grace := x.grace()
	if grace <= 0 {
		return // killed at once, as somebody wanted
	}
	natives := int64(-1)
	for _, c := range x.containers {
		if c.runsToItsEnd() || c.Lifecycle == nil || c.Lifecycle.PreStop == nil {
			continue
		}
		taken, field := hookSeconds(c.Lifecycle.PreStop)
		if taken <= 0 || taken >= grace && field == "sleep" {
			continue // more than all is prestop-sleep
		}
		if natives < 0 {
			natives = x.natives()
		}
		needed, whom := int64(leastToStop), "it"
		if !c.init && natives > 0 {
			needed, whom = leastToStop*(1+natives), "it and the native sidecars"
		}
		if left := max(grace-taken, 0); left < needed {
			x.report(r, c, ".lifecycle.preStop."+field, invalid(taken, fmt.Sprintf("leaves %d of %d seconds to stop %s in", left, grace, whom), ""), x.nativeParties(c)...)
		}
	}
}

func (x *index) natives() (n int64) {
	for _, c := range x.containers {
		if c.native() {
			n++
		}
	}
	return n
}

// nativeParties gives the native sidecars that stop after c.
func (x *index) nativeParties(c site) (out []Party) {
	for _, o := range x.containers {
		if o.native() && !c.init {
			out = append(out, x.party(o, ""))
		}
	}
	return out
}

// hookSeconds gives how long a hook takes at least, as far as it says so, and the
// field that says so.
func hookSeconds(h *corev1.LifecycleHandler) (seconds int64, field string) {
	if h.Exec != nil {
		return commandSeconds(h.Exec.Command), "exec"
	}
	if h.Sleep != nil && h.HTTPGet == nil && h.TCPSocket == nil {
		return h.Sleep.Seconds, "sleep"
	}
	return 0, ""
}

// commandSeconds gives how long a command sleeps: sleep 5, or a script with such
// lines. How often a loop sleeps is not known.
func commandSeconds(command []string) int64 {
	if len(command) == 2 && (command[0] == "sleep" || strings.HasSuffix(command[0], "/sleep")) {
		return leadingSeconds(command[1])
	}
	if len(command) != 3 || command[1] != "-c" || strings.Contains(command[2], "while") || strings.Contains(command[2], "until") || strings.Contains(command[2], "for ") || strings.Contains(command[2], "if ") {
		return 0
	}
	sum, script := int64(0), command[2]
	for {
		i := strings.Index(script, "sleep ")
		if i < 0 {
			return sum
		}
		inWord := i > 0 && script[i-1] != ' ' && script[i-1] != ';' && script[i-1] != '/' && script[i-1] != '\n' && script[i-1] != '&'
		script = script[i+len("sleep "):]
		if !inWord {
			sum += leadingSeconds(script)
		}
	}
}

// leadingSeconds reads 5, 5s or 5m at the start of s; 0 is none.
func leadingSeconds(s string) int64 {
	digits := number(s)
	n, err := strconv.ParseInt(digits, 10, 32)
	if err != nil {
		return 0
	}
	if strings.HasPrefix(s[len(digits):], "m") {
		n *= 60
	}
	return n
}
