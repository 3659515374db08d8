package check

import (
	"fmt"
	"slices"

	"github.com/podpattern/podpattern/internal/release"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/apimachinery/pkg/util/validation"
)

var probePortRules = []Rule{
	{ID: "probe-port-name-unknown", Level: Broken,
		Title: "a probe or a hook names a port that its container doesn't declare",
		Why:   "the kubelet looks the name up in this container alone, and a probe that names no port has no result: the pod never gets ready, or its container never counts as started; a postStart hook fails and its container is killed; a livenessProbe never restarts anything and a preStop hook is left out, which are only warnings",
		Fix:   "declare a port of this name in this container, or write its number",
		Bad:   `containers: [{name: web, ports: [{name: http, containerPort: 8080}], readinessProbe: {httpGet: {path: /ready, port: htp}}}]`,
		Good:  `containers: [{name: web, ports: [{name: http, containerPort: 8080}], readinessProbe: {httpGet: {path: /ready, port: http}}}]`,
		// upstream: kubernetes/kubernetes pkg/probe/util.go ResolveContainerPort
		pod: func(x *index, r *Rule) {
			for _, c := range x.containers {
				c.handlers(func(fields string, h handler) {
					p, field, _ := h.port()
					if p.Type == intstr.String && !c.declaresName(p.StrVal) && len(validation.IsValidPortName(p.StrVal)) == 0 {
						level := Broken
						if fields == "livenessProbe" || fields == "lifecycle.preStop" {
							level = Warning
						}
						x.unknownPortName(r, c, "."+fields+field+".port", p.StrVal, level)
					}
				})
			}
		}},
	{ID: "probe-neighbour-port", Level: Warning,
		Title: "a probe asks a port of another container",
		Why:   "all containers share one network, so the neighbour answers: the probe says nothing about its own container",
		Fix:   "probe a port of this container, or put the probe on the other one",
		Bad:   `containers: [{name: web, readinessProbe: {httpGet: {path: /ready, port: 9090}}}, {name: cache, ports: [{containerPort: 9090}], readinessProbe: {httpGet: {port: 9090}}}]`,
		Good:  `containers: [{name: web, readinessProbe: {httpGet: {path: /ready, port: 8080}}}, {name: cache, ports: [{containerPort: 9090}], readinessProbe: {httpGet: {port: 9090}}}]`,
		pod: func(x *index, r *Rule) {
			for _, c := range x.containers {
				if c.runsToItsEnd() {
					continue
				}
				c.probes(func(name string, p *corev1.Probe) { x.neighbourPort(r, c, name, p) })
			}
		}},
	{ID: "probe-host", Level: Warning,
		Title: "a probe or a hook names a host",
		Why:   "the kubelet connects from the node, where localhost is the node; and from Kubernetes 1.34 on, namespaces that enforce Pod Security baseline refuse a host",
		Fix:   "leave host out: then it is the pod",
		Bad:   `containers: [{name: web, readinessProbe: {httpGet: {host: 127.0.0.1, path: /ready, port: 8080}}}]`,
		Good:  `containers: [{name: web, readinessProbe: {httpGet: {path: /ready, port: 8080}}}]`,
		// upstream: kubernetes/pod-security-admission policy/check_hostProbesAndhostLifecycle.go
		pod: func(x *index, r *Rule) {
			if x.spec.HostNetwork {
				return // the node is the pod's network, and baseline refuses that already
			}
			for _, c := range x.containers {
				c.handlers(func(fields string, h handler) {
					_, field, host := h.port()
					if host == "" || !isPodItself(host) && !x.target.Has(release.ProbeHost) {
						return
					}
					detail := "the Pod Security Standard baseline refuses it"
					if isPodItself(host) {
						detail = "is the node, not the pod: the kubelet asks"
					}
					x.report(r, c, "."+fields+field+".host", invalid(host, detail, ""))
				})
			}
		}},
}

// port gives the port that a handler calls, the field of which it is one, such as
// .httpGet, and the host if it names one. Of none it is port 0.
func (h handler) port() (p intstr.IntOrString, field, host string) {
	switch {
	case h.exec != nil:
	case h.httpGet != nil:
		return h.httpGet.Port, ".httpGet", h.httpGet.Host
	case h.tcpSocket != nil:
		return h.tcpSocket.Port, ".tcpSocket", h.tcpSocket.Host
	case h.grpc != nil:
		return intstr.FromInt32(h.grpc.Port), ".grpc", ""
	}
	return intstr.IntOrString{}, "", ""
}

func (c site) declaresName(port string) bool {
	for i := range c.Ports {
		if c.Ports[i].Name == port {
			return true
		}
	}
	return false
}

// declaresTCP says whether a container declares a port that a probe can call.
func (c site) declaresTCP(port int32) bool {
	for i := range c.Ports {
		if c.Ports[i].ContainerPort == port && protocol(c.Ports[i].Protocol) == corev1.ProtocolTCP {
			return true
		}
	}
	return false
}

func (x *index) unknownPortName(r *Rule, c site, fields, name string, level Level) {
	f := notFound(name, "")
	f.Level = level
	f.Detail = "no port of this container has the name"
	i := slices.IndexFunc(x.containers, func(o site) bool { return o.declaresName(name) })
	if i < 0 {
		x.report(r, c, fields, f)
		return
	}
	other := x.containers[i]
	f.Detail += ", only one of container " + other.Name
	x.report(r, c, fields, f, x.party(other, ".ports"))
}

// neighbourPort finds a probe of a port that another container declares and this
// one doesn't, while both run.
func (x *index) neighbourPort(r *Rule, c site, name string, p *corev1.Probe) {
	port, field, host := probeHandler(p).port()
	if port.Type != intstr.Int || port.IntVal < 1 || host != "" || c.declaresTCP(port.IntVal) {
		return
	}
	if name == "startupProbe" && x.startsAfter(c, port.IntVal) >= 0 {
		return // native-startup-deadlock
	}
	for _, o := range x.containers {
		if !o.runsToItsEnd() && o.Container != c.Container && o.declaresTCP(port.IntVal) {
			x.report(r, c, "."+name+field+".port", invalid(port.IntVal, fmt.Sprintf("is a port of container %s, and not of %s", o.Name, c.Name), ""), x.party(o, ".ports"))
			return
		}
	}
}
