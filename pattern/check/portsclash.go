package check

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
)

var portClashRules = []Rule{
	{ID: "port-clash-pod", Level: Broken,
		Title: "two containers listen on one port",
		Why:   "the containers of a pod share one network: the second one to start can't listen, and fails",
		Fix:   "give one of the two another port",
		Bad:   `containers: [{name: web, ports: [{containerPort: 8080}]}, {name: admin, ports: [{containerPort: 8080}]}]`,
		Good:  `containers: [{name: web, ports: [{containerPort: 8080}]}, {name: admin, ports: [{containerPort: 8081}]}]`,
		pod:   portClash},
	{ID: "port-name-dup-pod", Level: Warning,
		Title: "ports of two containers have the same name",
		Why:   "a Service that selects the port by its name finds only one of them",
		Fix:   "give one of the two another name",
		Bad:   `containers: [{name: web, ports: [{name: http, containerPort: 8080}]}, {name: admin, ports: [{name: http, containerPort: 8081}]}]`,
		Good:  `containers: [{name: web, ports: [{name: http, containerPort: 8080}]}, {name: admin, ports: [{name: admin, containerPort: 8081}]}]`,
		pod:   portNameDup},
	{ID: "port-dup-container", Level: Warning,
		Title: "one container declares a port twice",
		Why:   "port and protocol are the key of the list: kubectl apply keeps one of the two, and server-side apply refuses them",
		Fix:   "declare the port once",
		Bad:   `containers: [{name: web, ports: [{name: http, containerPort: 8080}, {name: metrics, containerPort: 8080}]}]`,
		Good:  `containers: [{name: web, ports: [{name: http, containerPort: 8080}]}]`,
		pod: func(x *index, r *Rule) {
			for _, c := range x.containers {
				if len(c.Ports) < 2 {
					continue
				}
				var seen firsts[socket]
				for i := range c.Ports {
					p := &c.Ports[i]
					first, dup := seen.at(socketOf(p), i)
					if !dup || p.ContainerPort <= 0 {
						continue
					}
					if o := x.listener(p); o.port == 0 || o != x.listener(&c.Ports[first]) { // otherwise hostport-dup
						x.report(r, c, ".ports"+at(i), duplicate(p.ContainerPort, fmt.Sprintf("ports%s is %s port %d too", at(first), protocol(p.Protocol), p.ContainerPort), ""), x.party(c, ".ports"+at(first)))
					}
				}
			}
		}},
}

// socket is where a container listens.
type socket struct {
	number   int32
	protocol corev1.Protocol
}

func socketOf(p *corev1.ContainerPort) socket { return socket{p.ContainerPort, protocol(p.Protocol)} }

// portClash: all containers of a pod share one network namespace, so two that
// run at the same time can't listen on one port. A plain init container has
// ended by the time that another one listens.
func portClash(x *index, r *Rule) {
	var sockets firsts[socket]
	for k, c := range x.containers {
		if c.runsToItsEnd() {
			continue
		}
		for i := range c.Ports {
			p := &c.Ports[i]
			if p.ContainerPort <= 0 {
				continue
			}
			o, taken := sockets.at(socketOf(p), k)
			if !taken || o == k {
				continue
			}
			other := x.containers[o]
			j := portAt(other, socketOf(p))
			if x.sameHostPort(c, p, other, &other.Ports[j]) {
				continue
			}
			x.report(r, c, ".ports"+at(i)+".containerPort",
				duplicate(p.ContainerPort, fmt.Sprintf("container %s listens on %s port %d too, and a pod has one network", other.Name, protocol(p.Protocol), p.ContainerPort), ""),
				x.party(other, ".ports"+at(j)+".containerPort"))
		}
	}
}

// sameHostPort says whether two ports clash on the node because they are one port
// of the host network: hostport-dup says so already.
func (x *index) sameHostPort(c site, p *corev1.ContainerPort, d site, q *corev1.ContainerPort) bool {
	return x.spec.HostNetwork && !x.template && !c.init && !d.init && p.HostIP == q.HostIP && x.hostPort(p) == x.hostPort(q)
}

// portAt gives which port of c a socket is.
func portAt(c site, s socket) int {
	for j := range c.Ports {
		if socketOf(&c.Ports[j]) == s {
			return j
		}
	}
	return -1
}

// portNameDup leaves out plain init containers, whose ports no Service finds, and
// a name for two protocols, by which a Service tells them apart.
func portNameDup(x *index, r *Rule) {
	type name struct {
		name     string
		protocol corev1.Protocol
	}
	var seen firsts[name]
	for k, c := range x.containers {
		if c.runsToItsEnd() {
			continue
		}
		for i := range c.Ports {
			p := &c.Ports[i]
			if p.Name == "" {
				continue
			}
			o, dup := seen.at(name{p.Name, protocol(p.Protocol)}, k)
			if !dup || o == k {
				continue
			}
			other, j := x.containers[o], 0
			for other.Ports[j].Name != p.Name || protocol(other.Ports[j].Protocol) != protocol(p.Protocol) {
				j++
			}
			if other.Ports[j].ContainerPort == p.ContainerPort {
				continue // port-clash-pod
			}
			x.report(r, c, ".ports"+at(i)+".name",
				duplicate(p.Name, fmt.Sprintf("container %s calls its port %d so too: a Service finds only one of them by this name", other.Name, other.Ports[j].ContainerPort), ""),
				x.party(other, ".ports"+at(j)+".name"))
		}
	}
}
