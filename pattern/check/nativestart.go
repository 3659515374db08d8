package check

import (
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

var nativeStartRules = []Rule{
	{ID: "native-startup-deadlock", Level: Broken,
		Title: "the startup probe of a native sidecar asks a port of a container that starts later",
		Why:   "the later container is started only when the probe has succeeded, which it never does: the pod stays in Init",
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
}

// startupDeadlock finds probes that only a later container can let succeed.
func startupDeadlock(x *index, r *Rule) {
	for _, c := range x.containers {
		if c.StartupProbe == nil || !c.native() {
			continue
		}
		port, field, host := probeHandler(c.StartupProbe).port()
		if port.Type != intstr.Int || port.IntVal < 1 || host != "" {
			continue
		}
		if i := x.startsAfter(c, port.IntVal); i >= 0 {
			later := x.containers[i]
			x.report(r, c, ".startupProbe"+field+".port", invalid(port.IntVal, fmt.Sprintf("only container %s declares this port, and it starts when the probe has succeeded", later.Name), ""), x.party(later, ".ports"))
		}
	}
}

// startsAfter gives the container that declares a TCP port, if it waits for the
// startup probe of c and nobody declares it who runs by then; -1 is none.
func (x *index) startsAfter(c site, port int32) int {
	if !c.native() {
		return -1
	}
	own := false
	for i, o := range x.containers {
		own = own || o.Container == c.Container
		if o.declaresTCP(port) && (o.Container == c.Container || o.native() && !own) {
			return -1
		}
		if own && o.declaresTCP(port) {
			return i
		}
	}
	return -1
}

// noStartupProbe finds native sidecars that later containers need. Who needs it
// comes from the author, or from a readiness probe (which doesn't keep anybody
// waiting) together with localhost and the sidecar's port in the settings of a
// later container: a client alone may well try again.
func noStartupProbe(x *index, r *Rule) {
	for i, c := range x.containers {
		if !c.native() || c.StartupProbe != nil || c.Lifecycle != nil && c.Lifecycle.PostStart != nil {
			continue // the kubelet waits for a postStart hook too
		}
		if o, needs := x.laterClient(i); needs {
			x.report(r, c, ".startupProbe", required(fmt.Sprintf("container %s needs %s, and may start before it is up", o.Name, c.Name), ""), x.party(o, ""))
		}
	}
}

// laterClient gives a container that starts after the one at place i and needs it.
func (x *index) laterClient(i int) (site, bool) {
	c := x.containers[i]
	later := func(name string) int {
		return slices.IndexFunc(x.containers[i+1:], func(o site) bool { return o.Name == name })
	}
	for _, w := range x.Waits {
		if w.For != c.Name {
			continue
		}
		if j := later(w.Container); j >= 0 {
			return x.containers[i+1+j], true
		}
	}
	for _, d := range x.Dials {
		if !isPodItself(d.Host) || !c.declaresTCP(d.Port) {
			continue
		}
		if j := later(d.Container); j >= 0 {
			return x.containers[i+1+j], true
		}
	}
	if c.ReadinessProbe == nil || len(c.Ports) == 0 {
		return site{}, false
	}
	for _, o := range x.containers[i+1:] {
		for j := range c.Ports {
			if protocol(c.Ports[j].Protocol) == corev1.ProtocolTCP && o.namesLocalPort(c.Ports[j].ContainerPort) {
				return o, true
			}
		}
	}
	return site{}, false
}

// namesLocalPort says whether localhost and a port stand in the variables or the
// command of a container.
func (c site) namesLocalPort(port int32) bool {
	for t := range c.texts {
		if holdsLocalPort(t.text, port) {
			return true
		}
	}
	return false
}

func holdsLocalPort(s string, port int32) bool {
	for at := 0; ; {
		m, found := nextLocal(s, at)
		if !found || m.port == port {
			return found
		}
		at = m.end
	}
}
