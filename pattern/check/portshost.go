package check

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
)

var hostPortRules = []Rule{
	{ID: "hostport-dup", Level: Rejected,
		Title: "two ports want one port of the node",
		Why:   "the node could forward its port to one of them only: the API server refuses the pod",
		Fix:   "give one of the two another hostPort, or none",
		Bad:   `containers: [{name: web, ports: [{containerPort: 8080, hostPort: 80}, {containerPort: 8081, hostPort: 80}]}]`,
		Good:  `containers: [{name: web, ports: [{containerPort: 8080}, {containerPort: 8081}]}]`,
		pod:   hostPortDup},
	{ID: "hostport-native", Level: Broken,
		Title: "a native sidecar has a hostPort",
		Why:   "the API server accepts it and the scheduler keeps the port of the node free, but the kubelet maps only the ports of regular containers: nobody answers there; in a pod of the host network the sidecar listens on the node itself",
		Fix:   "make the container a regular one, leave hostPort out, or use hostNetwork",
		Bad:   `{initContainers: [{name: proxy, restartPolicy: Always, ports: [{containerPort: 8081, hostPort: 8081}]}], containers: [{name: web}]}`,
		Good:  `{initContainers: [{name: proxy, restartPolicy: Always, ports: [{containerPort: 8081}]}], containers: [{name: web}]}`,
		pod:   hostPortNative},
	{ID: "hostnetwork-port", Level: Rejected,
		Title: "with hostNetwork, hostPort differs from containerPort",
		Why:   "the container listens on the node itself, where nothing translates ports: the API server refuses the pod",
		Fix:   "leave hostPort out, or make it equal to containerPort",
		Bad:   `{hostNetwork: true, containers: [{name: web, ports: [{containerPort: 8080, hostPort: 80}]}]}`,
		Good:  `containers: [{name: web, ports: [{containerPort: 8080}]}]`,
		pod: func(x *index, r *Rule) {
			if !x.spec.HostNetwork {
				return
			}
			x.ports(func(c site, i int, p *corev1.ContainerPort) {
				if !c.init && p.HostPort != 0 && p.HostPort != p.ContainerPort {
					x.report(r, c, ".ports"+at(i)+".hostPort", invalid(p.HostPort, "must match `containerPort` when `hostNetwork` is true", ""))
				}
			})
		}},
	{ID: "hostip-alone", Level: Warning,
		Title: "a port has a hostIP and no hostPort",
		Why:   "hostIP says on which address of the node hostPort is: alone it does nothing",
		Fix:   "remove hostIP, or set hostPort too",
		Bad:   `containers: [{name: web, ports: [{containerPort: 8080, hostIP: 127.0.0.1}]}]`,
		Good:  `containers: [{name: web, ports: [{containerPort: 8080}]}]`,
		pod: func(x *index, r *Rule) {
			x.ports(func(c site, i int, p *corev1.ContainerPort) {
				if p.HostIP != "" && x.hostPort(p) == 0 && !x.spec.HostNetwork {
					x.report(r, c, ".ports"+at(i)+".hostIP", invalid(p.HostIP, "is ignored without a hostPort", ""))
				}
			})
		}},
}

// listener is a port of the node.
type listener struct {
	protocol corev1.Protocol
	address  string
	port     int32
}

func (x *index) listener(p *corev1.ContainerPort) listener {
	return listener{protocol(p.Protocol), p.HostIP, x.hostPort(p)}
}

// hostPortDup compares regular containers with each other, and an init container
// with itself only, as the API server does.
func hostPortDup(x *index, r *Rule) {
	var regular firsts[listener]
	for k, c := range x.containers {
		if c.init {
			var own firsts[listener]
			x.hostPorts(r, k, &own)
		} else {
			x.hostPorts(r, k, &regular)
		}
	}
}

func (x *index) hostPorts(r *Rule, k int, seen *firsts[listener]) {
	c := x.containers[k]
	for i := range c.Ports {
		p := &c.Ports[i]
		if x.hostPort(p) == 0 {
			continue
		}
		l := x.listener(p)
		o, taken := seen.at(l, k)
		if !taken {
			continue
		}
		other, j := x.containers[o], 0
		for x.listener(&other.Ports[j]) != l {
			j++
		}
		if o != k || i != j {
			x.report(r, c, ".ports"+at(i)+".hostPort", duplicate(fmt.Sprintf("%s/%s/%d", l.protocol, l.address, l.port), "", ""), x.party(other, ".ports"+at(j)+".hostPort"))
		}
	}
}

// hostPortNative: kubelets up to 1.36 gather the ports of the sandbox from the regular
// containers. A plain init container has no port that anybody could want.
// upstream: kubernetes/kubernetes pkg/kubelet/kuberuntime/kuberuntime_sandbox.go generatePodSandboxConfig
func hostPortNative(x *index, r *Rule) {
	if x.spec.HostNetwork {
		return
	}
	x.ports(func(c site, i int, p *corev1.ContainerPort) {
		if c.native() && p.HostPort > 0 {
			x.report(r, c, ".ports"+at(i)+".hostPort", invalid(p.HostPort, "the kubelet doesn't map the ports of native sidecars", ""))
		}
	})
}
