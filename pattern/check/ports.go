package check

import (
	"github.com/podpattern/podpattern/internal/names"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation"
)

const portRange = "must be between 1 and 65535, inclusive"

// upstream: kubernetes/kubernetes pkg/apis/core/validation/validation.go, validateContainerPorts
var portRules = []Rule{
	{ID: "port-number", Level: Rejected,
		Title: "the number of a port is missing or out of range",
		Why:   "nothing can listen there: the API server refuses the pod",
		Fix:   "a number from 1 to 65535",
		Bad:   `containers: [{name: web, ports: [{containerPort: 70000}]}]`,
		Good:  `containers: [{name: web, ports: [{containerPort: 8080}]}]`,
		pod: func(x *index, r *Rule) {
			x.ports(func(c site, i int, p *corev1.ContainerPort) {
				if p.ContainerPort == 0 {
					x.report(r, c, ".ports"+at(i)+".containerPort", required("", ""))
				} else if p.ContainerPort < 1 || p.ContainerPort > 65535 {
					x.report(r, c, ".ports"+at(i)+".containerPort", invalid(p.ContainerPort, portRange, ""))
				}
				if n := x.hostPort(p); n < 0 || n > 65535 {
					x.report(r, c, ".ports"+at(i)+".hostPort", invalid(n, portRange, ""))
				}
			})
		}},
	{ID: "port-protocol", Level: Rejected,
		Title: "the protocol of a port is unknown",
		Why:   "Services and nodes forward only three protocols: the API server refuses the pod",
		Fix:   "TCP, UDP or SCTP; HTTP runs over TCP",
		Bad:   `containers: [{name: web, ports: [{containerPort: 8080, protocol: HTTP}]}]`,
		Good:  `containers: [{name: web, ports: [{containerPort: 8080, protocol: TCP}]}]`,
		pod: func(x *index, r *Rule) {
			x.ports(func(c site, i int, p *corev1.ContainerPort) {
				switch p.Protocol {
				case "", corev1.ProtocolSCTP, corev1.ProtocolTCP, corev1.ProtocolUDP:
				default:
					x.report(r, c, ".ports"+at(i)+".protocol", notSupported(p.Protocol, corev1.ProtocolSCTP, corev1.ProtocolTCP, corev1.ProtocolUDP))
				}
			})
		}},
	{ID: "port-name", Level: Rejected,
		Title: "the name of a port has the wrong form",
		Why:   "Services and probes look ports up by such names: the API server refuses the pod",
		Fix:   "at most 15 of a-z, 0-9 and single -, with a letter among them and no - at an end",
		Bad:   `containers: [{name: web, ports: [{name: prometheus-metrics, containerPort: 8080}]}]`,
		Good:  `containers: [{name: web, ports: [{name: metrics, containerPort: 8080}]}]`,
		pod: func(x *index, r *Rule) {
			x.ports(func(c site, i int, p *corev1.ContainerPort) {
				if p.Name != "" && !names.IsPort(p.Name) {
					x.reportEach(r, c, ".ports"+at(i)+".name", p.Name, validation.IsValidPortName(p.Name))
				}
			})
		}},
	{ID: "port-name-dup-container", Level: Rejected,
		Title: "two ports of one container have the same name",
		Why:   "a Service or probe couldn't tell which one the name means: the API server refuses the pod",
		Fix:   "give one of the two another name",
		Bad:   `containers: [{name: web, ports: [{name: http, containerPort: 8080}, {name: http, containerPort: 9090}]}]`,
		Good:  `containers: [{name: web, ports: [{name: http, containerPort: 8080}, {name: metrics, containerPort: 9090}]}]`,
		pod: func(x *index, r *Rule) {
			for _, c := range x.containers {
				if len(c.Ports) < 2 {
					continue
				}
				var seen firsts[string]
				for i := range c.Ports {
					// A name of the wrong form is no name yet.
					name := c.Ports[i].Name
					if !names.IsPort(name) {
						continue
					}
					if first, dup := seen.at(name, i); dup {
						x.report(r, c, ".ports"+at(i)+".name", duplicate(name, "", ""), x.party(c, ".ports"+at(first)+".name"))
					}
				}
			}
		}},
}

func (x *index) ports(do func(c site, i int, p *corev1.ContainerPort)) {
	for _, c := range x.containers {
		for i := range c.Ports {
			do(c, i, &c.Ports[i])
		}
	}
}

// protocol gives what the API server makes of the protocol of a port.
func protocol(p corev1.Protocol) corev1.Protocol {
	if p == "" {
		return corev1.ProtocolTCP
	}
	return p
}

// hostPort gives the port of the node, as the API server's defaults leave it: in a
// pod of the host network, and not in a template, it is the container's port.
// upstream: kubernetes/kubernetes pkg/apis/core/v1/defaults.go, defaultHostNetworkPorts
func (x *index) hostPort(p *corev1.ContainerPort) int32 {
	if p.HostPort == 0 && x.spec.HostNetwork && !x.template {
		return p.ContainerPort
	}
	return p.HostPort
}
