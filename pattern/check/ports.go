package check

import (
	"fmt"
	"slices"
	"strings"

	"github.com/podpattern/podpattern/internal/names"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation"
)

var portRules = []rule{
	{"port-number", Rejected, func(x *index, r rule) {
		x.ports(func(c site, i int, p *corev1.ContainerPort) {
			switch {
			case p.ContainerPort == 0:
				x.report(r, c, ".ports"+at(i)+".containerPort", required("", "a number from 1 to 65535"))
			case p.ContainerPort < 1 || p.ContainerPort > 65535:
				x.report(r, c, ".ports"+at(i)+".containerPort", invalid(p.ContainerPort, "must be between 1 and 65535, inclusive", "a number from 1 to 65535"))
			}
			if p.HostPort < 0 || p.HostPort > 65535 {
				x.report(r, c, ".ports"+at(i)+".hostPort", invalid(p.HostPort, "must be between 1 and 65535, inclusive", "a number from 1 to 65535"))
			}
		})
	}},
	{"port-name", Rejected, func(x *index, r rule) {
		x.ports(func(c site, i int, p *corev1.ContainerPort) {
			if p.Name == "" || names.IsPort(p.Name) {
				return
			}
			if msgs := validation.IsValidPortName(p.Name); len(msgs) > 0 {
				x.report(r, c, ".ports"+at(i)+".name", invalid(p.Name, strings.Join(msgs, "; "), "at most 15 of a-z, 0-9 and -, with a letter among them"))
			}
		})
	}},
	{"port-name-dup-container", Rejected, func(x *index, r rule) {
		x.ports(func(c site, i int, p *corev1.ContainerPort) {
			for j := range i {
				if p.Name != "" && c.Ports[j].Name == p.Name {
					x.report(r, c, ".ports"+at(i)+".name", duplicate(p.Name, "", "give one of the two another name"), x.party(c, ".ports"+at(j)+".name"))
					return
				}
			}
		})
	}},
	{"port-clash-pod", Broken, portClash},
	{"hostport-dup", Rejected, hostPortDup},
}

func (x *index) ports(do func(c site, i int, p *corev1.ContainerPort)) {
	for _, c := range x.containers {
		for i := range c.Ports {
			do(c, i, &c.Ports[i])
		}
	}
}

// portClash: all containers of a pod share one network namespace, so two that
// run at the same time can't listen on one port. A plain init container has
// ended by the time that another one listens.
func portClash(x *index, r rule) {
	type socket struct {
		number   int32
		protocol corev1.Protocol
	}
	var sockets firsts[socket]
	for k, c := range x.containers {
		if c.runsToItsEnd() {
			continue
		}
		for i := range c.Ports {
			p := &c.Ports[i]
			s := socket{p.ContainerPort, protocol(p)}
			o, taken := sockets.at(s, k)
			if !taken || o == k {
				continue
			}
			other := x.containers[o]
			j := slices.IndexFunc(other.Ports, func(q corev1.ContainerPort) bool { return q.ContainerPort == s.number && protocol(&q) == s.protocol })
			x.report(r, c, ".ports"+at(i)+".containerPort",
				duplicate(p.ContainerPort, fmt.Sprintf("container %s listens on %s port %d too, and a pod has one network", other.Name, s.protocol, s.number), "give one of the two another port"),
				x.party(other, ".ports"+at(j)+".containerPort"))
		}
	}
}

// hostPortDup compares regular containers with each other, and an init container
// with itself only, as the API server does.
func hostPortDup(x *index, r rule) {
	type listener struct{ container, port int }
	var regular map[string]listener
	for k, c := range x.containers {
		if !slices.ContainsFunc(c.Ports, func(p corev1.ContainerPort) bool { return p.HostPort != 0 }) {
			continue
		}
		if regular == nil {
			regular = make(map[string]listener)
		}
		first := regular
		if c.init {
			first = make(map[string]listener)
		}
		for i := range c.Ports {
			p := &c.Ports[i]
			if p.HostPort == 0 {
				continue
			}
			key := fmt.Sprintf("%s/%s/%d", protocol(p), p.HostIP, p.HostPort)
			if o, taken := first[key]; taken {
				x.report(r, c, ".ports"+at(i)+".hostPort", duplicate(key, "", "give one of the two another hostPort, or none"), x.party(x.containers[o.container], ".ports"+at(o.port)+".hostPort"))
				continue
			}
			first[key] = listener{k, i}
		}
	}
}

func protocol(p *corev1.ContainerPort) corev1.Protocol {
	if p.Protocol == "" {
		return corev1.ProtocolTCP
	}
	return p.Protocol
}
