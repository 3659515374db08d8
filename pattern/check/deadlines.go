package check

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
)

var deadlineRules = []Rule{
	{ID: "init-deadline", Level: Warning,
		Title: "what starts before the app may take longer than the deadline",
		Why:   "the pod or its rollout is given up while an init container or a startup probe still waits as it should; this adds up startup probes and the time-outs in the commands of init containers",
		Fix:   "shorter time-outs, or a later deadline",
		Bad:   "kind: Job\nspec: {activeDeadlineSeconds: 60, template: {spec: {initContainers: [{name: wait-for-db, command: [wait-for, --timeout=2m]}], containers: [{name: web}]}}}",
		Good:  "kind: Job\nspec: {activeDeadlineSeconds: 900, template: {spec: {initContainers: [{name: wait-for-db, command: [wait-for, --timeout=2m]}], containers: [{name: web}]}}}",
		pod:   initDeadline},
}

// defaultProgress is how many seconds a rollout may take if nobody says it.
// upstream: kubernetes/kubernetes pkg/apis/apps/v1/defaults.go
const defaultProgress = 600

// initDeadline adds up what may pass before the regular containers start, where the
// pod shows it, and holds it against the time that it has.
func initDeadline(x *index, r *Rule) {
	if len(x.spec.InitContainers) == 0 {
		return
	}
	limit, what, path := x.deadline()
	if limit <= 0 {
		return
	}
	var total int64
	for _, c := range x.containers {
		total += startSeconds(c)
	}
	if total <= limit {
		return
	}
	var parties []Party
	for _, c := range x.containers {
		if startSeconds(c) > 0 {
			parties = append(parties, x.party(c, ""))
		}
	}
	x.reportAt(r, path, invalid(limit, fmt.Sprintf("what starts before the app may take %d seconds, and %s is %d", total, what, limit), ""), parties...)
}

// deadline gives how many seconds the pod has to get ready or to end; 0 is no limit.
// A Job's deadline counts if it is the earlier one; a Deployment, whose pods have
// none of their own, has that of its rollout.
func (x *index) deadline() (limit int64, what, path string) {
	if d := x.spec.ActiveDeadlineSeconds; d != nil {
		limit, what, path = *d, "the deadline of the pod", x.under+"spec.activeDeadlineSeconds"
	}
	if x.workload == nil {
		return limit, what, path
	}
	under := strings.TrimSuffix(x.under, "template.")
	if job := x.workload.job; job != nil && job.ActiveDeadlineSeconds != nil && (limit == 0 || *job.ActiveDeadlineSeconds < limit) {
		limit, what, path = *job.ActiveDeadlineSeconds, "the deadline of the job", under+"activeDeadlineSeconds"
	}
	if x.workload.kind == "Deployment" {
		limit, what, path = defaultProgress, "the deadline of the rollout", under+"progressDeadlineSeconds"
		if p := x.workload.progress; p != nil {
			limit = int64(*p)
		}
	}
	return limit, what, path
}

// startSeconds gives how long c may hold the start of the others up, as far as the
// pod shows it.
func startSeconds(c site) int64 {
	switch {
	case c.native():
		return startupSeconds(c.StartupProbe)
	case c.init:
		return waitSeconds(c.Container)
	}
	return 0
}

// startupSeconds gives how long a startup probe may fail.
func startupSeconds(p *corev1.Probe) int64 {
	if p == nil {
		return 0
	}
	return max(0, int64(p.InitialDelaySeconds)+int64(probePeriod(p))*int64(probeFailures(p)))
}

// waitSeconds gives the time-out that an init container gives itself: as the
// argument --timeout, by the program timeout, in TIMEOUT_SECONDS, or as the waits and
// the gate of this library have it.
func waitSeconds(c *corev1.Container) int64 {
	if len(c.Command) > 6 && c.Command[0] == "sh" {
		switch c.Command[3] {
		case "wait-for-tcp", "wait-for-http", "wait-for-dns":
			return seconds(c.Command[6])
		case "gate":
			return seconds(c.Command[4])
		}
	}
	var total int64
	for _, list := range [...][]string{c.Command, c.Args} {
		for i := range list {
			if i == 0 && (list[i] == "timeout" || strings.HasSuffix(list[i], "/timeout")) && len(list) > 1 {
				return seconds(list[1])
			}
			if (list[i] == "--timeout" || list[i] == "-timeout") && i+1 < len(list) {
				total += seconds(list[i+1])
			}
			total += flagSeconds(list[i])
		}
	}
	for i := range c.Env {
		if total == 0 && c.Env[i].Name == "TIMEOUT_SECONDS" {
			total = seconds(c.Env[i].Value)
		}
	}
	return total
}

// flagSeconds adds up what a text, such as a script, says with --timeout=.
func flagSeconds(text string) int64 {
	var total int64
	for {
		i := strings.Index(text, "-timeout=")
		if i < 0 {
			return total
		}
		// What ends in -timeout, such as --connect-timeout, is something else.
		whole := i == 0 || text[i-1] == ' ' || text[i-1] == '-' && (i == 1 || text[i-2] == ' ')
		text = text[i+len("-timeout="):]
		if end := strings.IndexAny(text, " \t\n;&|\"'"); whole && end >= 0 {
			total += seconds(text[:end])
		} else if whole {
			total += seconds(text)
		}
	}
}

// seconds reads 90, 90s or 1m30s; what is neither, and what is no time, is 0.
func seconds(text string) int64 {
	if n, err := strconv.ParseInt(text, 10, 32); err == nil {
		return max(n, 0)
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		return 0
	}
	return max(int64(d/time.Second), 0)
}
