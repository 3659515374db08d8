package check

import (
	"strings"

	"github.com/podpattern/podpattern/internal/release"
)

var nativeRules = []Rule{
	{ID: "native-min-version", Level: Broken,
		Title:  "a native sidecar, in a version of Kubernetes that doesn't know them",
		Why:    "before 1.29 the API server drops its restartPolicy: it is a plain init container that never ends, and the pod never starts",
		Fix:    "make it a regular container, or a newer target",
		Bad:    `initContainers: [{name: proxy, restartPolicy: Always}]`,
		Good:   `containers: [{name: web}, {name: proxy, readinessProbe: {httpGet: {path: /ready, port: 8081}}}]`,
		Target: "1.28",
		pod: func(x *index, r *Rule) {
			if x.target.Has(release.NativeSidecars) {
				return
			}
			for _, c := range x.containers {
				if c.native() {
					x.report(r, c, ".restartPolicy", forbidden("needs Kubernetes "+release.NativeSidecars.String()+", not "+x.target.String(), ""))
				}
			}
		}},
	{ID: "native-startup-deadlock", Level: Broken,
		Title: "the startup probe of a native sidecar asks at a port of a container that starts later",
		Why:   "Kubernetes starts the later one when the probe has succeeded, and that it never does: the pod stays in Init",
		Fix:   "probe a port of the sidecar itself",
		Bad:   `{initContainers: [{name: proxy, restartPolicy: Always, startupProbe: {tcpSocket: {port: 8080}}}], containers: [{name: web, ports: [{containerPort: 8080}]}]}`,
		Good:  `{initContainers: [{name: proxy, restartPolicy: Always, ports: [{containerPort: 9090}], startupProbe: {tcpSocket: {port: 9090}}, readinessProbe: {httpGet: {port: 9090}}}], containers: [{name: web, ports: [{containerPort: 8080}]}]}`,
		pod:   startupDeadlock},
	{ID: "native-no-startup-probe", Level: Warning,
		Title:  "a container needs a native sidecar that has no startup probe",
		Why:    "Kubernetes goes on as soon as the sidecar's process runs: it waits for a startup probe, not for a readiness probe, so what needs the sidecar may come too early",
		Fix:    "give the sidecar a startupProbe",
		Bad:    `{initContainers: [{name: proxy, restartPolicy: Always, ports: [{containerPort: 9090}], readinessProbe: {httpGet: {port: 9090}}}], containers: [{name: web}]}`,
		Good:   `{initContainers: [{name: proxy, restartPolicy: Always, ports: [{containerPort: 9090}], readinessProbe: {httpGet: {port: 9090}}, startupProbe: {tcpSocket: {port: 9090}, periodSeconds: 1, failureThreshold: 60}}], containers: [{name: web}]}`,
		Intent: Intent{Waits: []Wait{{Container: "web", For: "proxy"}}},
		pod:    noStartupProbe},
	{ID: "native-readiness-counts", Level: Warning,
		Title: "a helper that only ships logs or metrics decides whether the pod is ready",
		Why:   "the readiness of a native sidecar counts like that of an app: when its backend is down, all pods leave their Services, though the apps work",
		Fix:   "give it no readinessProbe; a livenessProbe restarts it",
		Bad:   `initContainers: [{name: logs, image: "cr.fluentbit.io/fluent/fluent-bit:5.1.1", restartPolicy: Always, readinessProbe: {httpGet: {path: /api/v2/health, port: 2020}}}]`,
		Good:  `initContainers: [{name: logs, image: "cr.fluentbit.io/fluent/fluent-bit:5.1.1", restartPolicy: Always, readinessProbe: null, livenessProbe: {httpGet: {path: /, port: 2020}}}]`,
		pod: func(x *index, r *Rule) {
			for _, c := range x.containers {
				if c.ReadinessProbe != nil && c.native() && isShipper(c.Image) {
					x.report(r, c, ".readinessProbe", invalid(programOf(c.Image), "takes the pod out of its Services when it is not ready", ""))
				}
			}
		}},
	{ID: "native-prestop-unordered", Level: Warning,
		Title: "the preStop hook of a native sidecar ends it at once",
		Why:   "only SIGTERM waits for the apps; all preStop hooks run at once when the pod is to stop, so the apps lose the sidecar while they still work",
		Fix:   "drop the hook: the sidecar gets SIGTERM after the apps have ended",
		Bad:   `initContainers: [{name: proxy, restartPolicy: Always, lifecycle: {preStop: {exec: {command: [nginx, -s, quit]}}}}]`,
		Good:  `initContainers: [{name: proxy, restartPolicy: Always}]`,
		pod: func(x *index, r *Rule) {
			for _, c := range x.containers {
				if !c.native() || c.Lifecycle == nil || c.Lifecycle.PreStop == nil {
					continue
				}
				if field, end := endsItself(c.Lifecycle.PreStop); end != "" {
					x.report(r, c, ".lifecycle.preStop."+field, invalid(end, "runs as soon as the pod is to stop, not after the apps", ""))
				}
			}
		}},
}

// shippers are programs that nobody waits for: they send on what the apps wrote.
// So are those whose name ends in exporter.
var shippers = [...]string{"fluent-bit", "fluentd", "timberio/vector", "filebeat", "promtail", "grafana/alloy"}

func isShipper(image string) bool {
	return isProgram(image, shippers[:]) || strings.HasSuffix(programOf(image), "-exporter") || strings.HasSuffix(programOf(image), "_exporter")
}

// isProgram says whether the name of an image, without tag and digest, ends in one
// of the names.
func isProgram(image string, names []string) bool {
	image = untagged(image)
	for _, n := range names {
		if rest, ok := strings.CutSuffix(image, n); ok && (rest == "" || strings.HasSuffix(rest, "/")) {
			return true
		}
	}
	return false
}

// programOf gives the last part of an image's name, without tag and digest.
func programOf(image string) string {
	image = untagged(image)
	return image[strings.LastIndexByte(image, '/')+1:]
}

func untagged(image string) string {
	image, _, _ = strings.Cut(image, "@")
	if i := strings.LastIndexByte(image, ':'); i > strings.LastIndexByte(image, '/') {
		return image[:i]
	}
	return image
}
