package check

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

var orderRules = []Rule{
	{ID: "classic-order", Level: Warning,
		Title:  "a container needs another regular container to be up before it starts",
		Why:    "regular containers are started one after the other, and nothing waits until one of them serves: what needs it may fail at first",
		Fix:    "make the one that is needed a native sidecar: an init container with restartPolicy: Always and a startupProbe",
		Bad:    `containers: [{name: web}, {name: proxy, ports: [{containerPort: 5432}], readinessProbe: {tcpSocket: {port: 5432}}}]`,
		Good:   `{initContainers: [{name: proxy, restartPolicy: Always, ports: [{containerPort: 5432}], startupProbe: {tcpSocket: {port: 5432}}, readinessProbe: null}], containers: [{name: web}]}`,
		Intent: Intent{Helpers: []string{"proxy"}, Waits: []Wait{{Container: "web", For: "proxy"}}},
		pod:    classicOrder},
	{ID: "job-classic-sidecar", Level: Broken,
		Title:  "a helper is a regular container of a Job",
		Why:    "a Job completes when all regular containers of its pod have ended, and a helper goes on until it is stopped: the Job never completes; a helper that is only known by its image gives a warning",
		Fix:    "make it a native sidecar, an init container with restartPolicy: Always: it is stopped when the regular containers have ended",
		Bad:    "kind: Job\nspec: {template: {spec: {containers: [{name: report}, {name: proxy}]}}}",
		Good:   "kind: Job\nspec: {template: {spec: {initContainers: [{name: proxy, restartPolicy: Always, startupProbe: {tcpSocket: {port: 5432}}, readinessProbe: null}], containers: [{name: report}]}}}",
		Intent: Intent{Helpers: []string{"proxy"}},
		pod:    jobClassicSidecar},
	{ID: "job-container-always", Level: Broken,
		Title: "a regular container of a Job is always restarted",
		Why:   "a container with a restartPolicy of its own follows that, not the pod's: with Always it is started again whenever it ends, and the Job never completes",
		Fix:   "leave restartPolicy out, or make a container that serves the others a native sidecar, in initContainers",
		Bad:   "kind: Job\nspec: {template: {spec: {containers: [{name: report, restartPolicy: Always}]}}}",
		Good:  "kind: Job\nspec: {template: {spec: {containers: [{name: report}]}}}",
		pod: func(x *index, r *Rule) {
			if !x.ends() {
				return
			}
			for _, c := range x.containers {
				if !c.init && restartsAlways(c) {
					x.report(r, c, ".restartPolicy", invalid(string(*c.RestartPolicy), "the container is started again whenever it ends, so the "+x.carrier+" never completes", ""))
				}
			}
		}},
}

// ends says whether the pod is that of a workload that completes.
func (x *index) ends() bool { return x.carrier == "Job" || x.carrier == "CronJob" }

func restartsAlways(c site) bool {
	return c.RestartPolicy != nil && *c.RestartPolicy == corev1.ContainerRestartPolicyAlways
}

// jobClassicSidecar leaves alone what job-container-always reports, and a helper
// that the others can stop.
func jobClassicSidecar(x *index, r *Rule) {
	if !x.ends() || len(x.spec.Containers) < 2 {
		return
	}
	for _, c := range x.containers {
		if c.init || restartsAlways(c) {
			continue
		}
		level := r.Level
		helper, known := x.helper(c)
		if !known {
			helper, level = knownEndless(c.Image) && !isTrue(x.spec.ShareProcessNamespace), Warning
		}
		if helper && !x.stopsHelpers() {
			x.report(r, c, "", Finding{Level: level, Detail: "a helper that is a regular container keeps the " + x.carrier + " from completing"})
		}
	}
}

// stopsHelpers says whether a container asks the helpers to end, as istio's and the
// Cloud SQL proxy can be.
func (x *index) stopsHelpers() bool {
	for _, c := range x.containers {
		for t := range c.texts {
			if strings.Contains(t.text, "quitquitquit") || !t.inEnv() && strings.Contains(t.text, "/shutdown") {
				return true
			}
		}
	}
	return false
}

// classicOrder needs to know who waits for whom: a container that only connects to
// another one may well try again until it is there.
func classicOrder(x *index, r *Rule) {
	if len(x.Waits) == 0 {
		return
	}
	var places firsts[string]
	x.places(&places)
	for i, w := range x.Waits {
		c, known := places.find(w.Container)
		server, there := places.find(w.For)
		if !known || !there || c == server || slices.Contains(x.Waits[:i], w) || x.containers[c].init || x.containers[server].init {
			continue
		}
		s := x.containers[server]
		if server > c {
			x.report(r, x.containers[c], "", invalid(w.For, "this container needs "+w.For+", which is started after it", ""), x.party(s, ""))
		} else if s.Lifecycle == nil || s.Lifecycle.PostStart == nil { // the next container waits for the hook
			x.report(r, x.containers[c], "", invalid(w.For, "this container needs "+w.For+", and is started before "+w.For+" is up", ""), x.party(s, ""))
		}
	}
}

// places notes where each container stands in x.containers.
func (x *index) places(places *firsts[string]) {
	for k, c := range x.containers {
		places.at(c.Name, k)
	}
}
