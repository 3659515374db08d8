package check

import (
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

var probeTimeRules = []Rule{
	{ID: "probes-identical", Level: Warning,
		Title: "the liveness and readiness probes of a container are the same",
		Why:   "a container that is only busy is restarted just when it should get less traffic, and loses what it was doing",
		Fix:   "a livenessProbe with a higher failureThreshold, or none",
		Bad:   `containers: [{name: web, readinessProbe: {httpGet: {path: /ready, port: 8080}}, livenessProbe: {httpGet: {path: /ready, port: 8080}}}]`,
		Good:  `containers: [{name: web, readinessProbe: {httpGet: {path: /ready, port: 8080}}, livenessProbe: {httpGet: {path: /ready, port: 8080}, failureThreshold: 6}}]`,
		pod: func(x *index, r *Rule) {
			for _, c := range x.containers {
				if c.LivenessProbe != nil && c.ReadinessProbe != nil && !c.runsToItsEnd() && sameProbe(c.LivenessProbe, c.ReadinessProbe) {
					x.report(r, c, ".livenessProbe", Finding{Detail: fmt.Sprintf("is the readinessProbe again: after %d failures the container is unready and restarted at the same time", probeFailures(c.LivenessProbe))}, x.party(c, ".readinessProbe"))
				}
			}
		}},
	{ID: "probe-missing", Level: Warning,
		Title: "a container with a port has no readiness probe",
		Why:   "it counts as ready as soon as its process runs, and gets traffic that it can't answer yet",
		Fix:   "give it a readinessProbe",
		Bad:   `containers: [{name: web, ports: [{containerPort: 8080}], readinessProbe: null}]`,
		Good:  `containers: [{name: web, ports: [{containerPort: 8080}], readinessProbe: {httpGet: {path: /ready, port: 8080}}}]`,
		pod:   probeMissing},
	{ID: "liveness-before-startup", Level: Warning,
		Title: "a program that starts slowly has a liveness probe and no startup probe",
		Why:   "the liveness probe restarts it before it is up, again and again; this knows images that need about a minute, such as keycloak, kafka and jenkins",
		Fix:   "a startupProbe with time enough: failureThreshold times periodSeconds",
		Bad:   `containers: [{name: web, image: "quay.io/keycloak/keycloak:26.3.1", livenessProbe: {httpGet: {path: /health/live, port: 9000}}}]`,
		Good:  `containers: [{name: web, image: "quay.io/keycloak/keycloak:26.3.1", livenessProbe: {httpGet: {path: /health/live, port: 9000}}, startupProbe: {httpGet: {path: /health/started, port: 9000}, periodSeconds: 5, failureThreshold: 60}}]`,
		pod: func(x *index, r *Rule) {
			for _, c := range x.containers {
				p := c.LivenessProbe
				if p == nil || c.StartupProbe != nil || c.runsToItsEnd() || !startsSlowly(c.Image) {
					continue
				}
				if budget := int64(p.InitialDelaySeconds) + int64(probeFailures(p))*int64(probePeriod(p)); budget < slowStart {
					x.report(r, c, ".livenessProbe", invalid(budget, fmt.Sprintf("is how many seconds %s has to start, and it may need a minute", imageName(c.Image)), ""))
				}
			}
		}},
}

// slowStart is how many seconds a slow program should have to start.
const slowStart = 60

// slowStarters are servers that usually need more than half a minute. Images that
// only hold a runtime, such as a JDK, say nothing about what they run.
var slowStarters = [...]string{"jenkins", "keycloak", "elasticsearch", "opensearch", "kibana", "logstash", "cassandra", "sonarqube", "nexus3", "gitlab-ce", "gitlab-ee", "confluence", "confluence-server", "jira-software", "kafka", "cp-kafka", "neo4j"}

func startsSlowly(image string) bool { return isImageOf(image, slowStarters[:]) }

// sameProbe says whether two probes ask the same at the same times. A port that
// nobody listens on is a reason for both, so tcpSocket doesn't count.
func sameProbe(a, b *corev1.Probe) bool {
	return a.InitialDelaySeconds == b.InitialDelaySeconds && probeTimeout(a) == probeTimeout(b) && probePeriod(a) == probePeriod(b) &&
		probeFailures(a) == probeFailures(b) && probeSuccesses(a) == probeSuccesses(b) &&
		a.TCPSocket == nil && b.TCPSocket == nil && sameHandler(probeHandler(a), probeHandler(b))
}

func sameHandler(a, b handler) bool {
	switch {
	case a.exec != nil && b.exec != nil:
		return slices.Equal(a.exec.Command, b.exec.Command)
	case a.httpGet != nil && b.httpGet != nil:
		h, g := a.httpGet, b.httpGet
		return h.Port == g.Port && h.Host == g.Host && probePath(h) == probePath(g) && probeScheme(h) == probeScheme(g) && slices.Equal(h.HTTPHeaders, g.HTTPHeaders)
	case a.grpc != nil && b.grpc != nil:
		return a.grpc.Port == b.grpc.Port && probeService(a.grpc) == probeService(b.grpc)
	}
	return false
}

func probePath(h *corev1.HTTPGetAction) string {
	if h.Path == "" {
		return "/"
	}
	return h.Path
}

func probeScheme(h *corev1.HTTPGetAction) corev1.URIScheme {
	if h.Scheme == "" {
		return corev1.URISchemeHTTP
	}
	return h.Scheme
}

func probeService(g *corev1.GRPCAction) string {
	if g.Service == nil {
		return ""
	}
	return *g.Service
}

// probeMissing finds apps with ports that are ready too early. A startup probe
// keeps them from that; a pod that runs to its end gets no traffic; and of a native
// sidecar native-no-startup-probe says what it lacks.
func probeMissing(x *index, r *Rule) {
	if x.carrier == "Job" || x.carrier == "CronJob" || x.spec.RestartPolicy == corev1.RestartPolicyNever || x.spec.RestartPolicy == corev1.RestartPolicyOnFailure {
		return
	}
	for _, c := range x.containers {
		if c.init || c.ReadinessProbe != nil || c.StartupProbe != nil || !c.serves() {
			continue
		}
		if helper, known := x.helper(c); helper || !known && x.looksLikeHelper(c) {
			continue // nobody outside the pod waits for it
		}
		x.report(r, c, ".readinessProbe", required("the container has a port, and nothing says when it can answer there", ""))
	}
}

// looksLikeHelper says whether a container, by all appearances, serves its own pod
// only: it ships logs or metrics, or it isn't the first and another container finds
// it on localhost.
func (x *index) looksLikeHelper(c site) bool {
	if shipsOnly(c.Image) {
		return true
	}
	return c.index > 0 && slices.ContainsFunc(x.containers, func(o site) bool {
		return o.Container != c.Container && slices.ContainsFunc(c.Ports, func(p corev1.ContainerPort) bool { return o.namesLocalPort(p.ContainerPort) })
	})
}

// serves says whether a container declares a port for others than a monitor or the
// kubelet.
func (c site) serves() bool {
	return slices.ContainsFunc(c.Ports, func(p corev1.ContainerPort) bool {
		return !strings.Contains(p.Name, "metric") && !strings.Contains(p.Name, "prom") && !strings.Contains(p.Name, "debug") && !strings.Contains(p.Name, "pprof") && !asksHealth(p.Name)
	})
}

// asksHealth says whether a port is one that only the kubelet asks, by its name:
// healthz, http-live. An api-delivery is none.
func asksHealth(port string) bool {
	for _, word := range [...]string{"health", "live", "ready", "status"} {
		if i := strings.Index(port, word); i == 0 || i > 0 && port[i-1] == '-' {
			return true
		}
	}
	return false
}
