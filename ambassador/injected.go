package ambassador

import (
	"strconv"
	"strings"

	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/pattern"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/validation"
)

// Injector is a service mesh that puts its own proxy into pods.
type Injector string

const (
	// Istio, with sidecars. Its ambient mode needs nothing of a pod.
	Istio Injector = "istio"
	// Linkerd, from version 2.19 on.
	Linkerd Injector = "linkerd"
)

// InjectedOptions changes what [Injected] asks for; the zero value is the default.
type InjectedOptions struct {
	// Revision of Istio's control plane that injects the proxy, such as canary.
	// Default: the default one's.
	Revision string
	// SkipOutbound are ports that the pod dials past the proxy, such as that of a
	// database outside the mesh.
	SkipOutbound []int
	// SkipInbound are the pod's own ports that are dialled past the proxy.
	SkipInbound []int
	// CPU and Memory are what the proxy requests, and MemoryLimit what it may use,
	// such as "100m" and "128Mi". Default: the mesh's own.
	CPU, Memory, MemoryLimit string
	// ControlPlane is the namespace of the mesh's control plane. Default: istio-system,
	// linkerd.
	ControlPlane string
	// Classic has the proxy injected as a regular container, as clusters before
	// Kubernetes 1.29 need it; the app then waits for it, but a Job doesn't end.
	// Default: a native sidecar.
	Classic bool
}

// Injected asks a service mesh to inject its proxy into the pod, by [pattern.PodBuilder.Apply]:
//
//	pod.Apply(ambassador.Injected(ambassador.Istio))
//
// The proxy itself must come from the mesh, whose control plane it belongs to, and is
// never a part of a manifest. It adds: for Istio the label sidecar.istio.io/inject (and
// istio.io/rev), for Linkerd the annotation linkerd.io/inject, and the mesh's
// annotations for a native sidecar, which starts before all other containers and ends
// with a Job. What the pod says of them itself, before or after, wins if it comes last.
//
// With Classic, an init container that uses the network does so before the proxy is
// there: let it go past it, with RunAsUser(1337) for Istio or RunAsUser(2102) for
// Linkerd. Without its CNI plugin a mesh also injects an init container that needs
// NET_ADMIN, which Pod Security restricted forbids.
//
// The pod's NetworkPolicy lets the proxy reach the mesh's control plane, without which
// it doesn't start.
//
// Options: the last of several wins as a whole.
//
// docs: istio.io/latest/docs/reference/config/{labels,annotations},
// istio.io/latest/docs/setup/additional-setup/cni (init containers),
// linkerd.io/2/reference/proxy-configuration; upstream: linkerd/linkerd2#15267 (native
// sidecars).
func Injected(mesh Injector, opts ...InjectedOptions) func(pattern.PodBuilder) pattern.PodBuilder {
	o := opt.Last(opts)
	out, in := portList(o.SkipOutbound), portList(o.SkipInbound)
	rejections := injectedRejections(mesh, o)
	return func(p pattern.PodBuilder) pattern.PodBuilder {
		for _, r := range rejections {
			p = p.Reject(r.Field, r.Value, r.Why)
		}
		if len(rejections) > 0 {
			return p
		}
		set := func(key, value string) {
			if value != "" {
				p = p.Annotation(key, value)
			}
		}
		native := strconv.FormatBool(!o.Classic)
		if mesh == Linkerd {
			p = p.Dials("linkerd-dst."+opt.Or(o.ControlPlane, "linkerd")+".svc", 8086)
			set("linkerd.io/inject", "enabled")
			set("config.linkerd.io/proxy-enable-native-sidecar", native)
			set("config.beta.linkerd.io/proxy-enable-native-sidecar", native) // what 2.19 calls it
			set("config.linkerd.io/skip-outbound-ports", out)
			set("config.linkerd.io/skip-inbound-ports", in)
			set("config.linkerd.io/proxy-cpu-request", o.CPU)
			set("config.linkerd.io/proxy-memory-request", o.Memory)
			set("config.linkerd.io/proxy-memory-limit", o.MemoryLimit)
			return p
		}
		p = p.Dials("istiod."+opt.Or(o.ControlPlane, "istio-system")+".svc", 15012)
		p = p.Label("sidecar.istio.io/inject", "true")
		if o.Revision != "" {
			p = p.Label("istio.io/rev", o.Revision)
		}
		set("sidecar.istio.io/nativeSidecar", native)
		if o.Classic { // Linkerd's proxy holds the app by default
			set("proxy.istio.io/config", `{"holdApplicationUntilProxyStarts": true}`)
		}
		set("traffic.sidecar.istio.io/excludeOutboundPorts", out)
		set("traffic.sidecar.istio.io/excludeInboundPorts", in)
		set("sidecar.istio.io/proxyCPU", o.CPU)
		set("sidecar.istio.io/proxyMemory", o.Memory)
		set("sidecar.istio.io/proxyMemoryLimit", o.MemoryLimit)
		return p
	}
}

func injectedRejections(mesh Injector, o InjectedOptions) (bad opt.Rejections) {
	reject := bad.Add
	if mesh != Istio && mesh != Linkerd {
		reject("mesh", mesh, "want Istio or Linkerd")
	}
	if o.Revision != "" && (mesh != Istio || len(validation.IsDNS1123Label(o.Revision)) > 0) {
		reject("Revision", o.Revision, "want the revision of an Istio, such as canary")
	}
	if o.ControlPlane != "" && len(validation.IsDNS1123Label(o.ControlPlane)) > 0 {
		reject("ControlPlane", o.ControlPlane, "want the name of a namespace, such as istio-system")
	}
	for _, list := range []struct {
		field string
		ports []int
	}{{"SkipOutbound", o.SkipOutbound}, {"SkipInbound", o.SkipInbound}} {
		for _, n := range list.ports {
			if n < 1 || n > 65535 {
				reject(list.field, n, "the port must be between 1 and 65535")
			}
		}
	}
	for _, amount := range [][2]string{{"CPU", o.CPU}, {"Memory", o.Memory}, {"MemoryLimit", o.MemoryLimit}} {
		if q, err := resource.ParseQuantity(amount[1]); amount[1] != "" && (err != nil || q.Sign() <= 0) {
			reject(amount[0], amount[1], "want a quantity, such as 100m or 64Mi")
		}
	}
	return bad
}

// portList writes ports as both meshes read them.
func portList(ports []int) string {
	var all []string
	for _, n := range ports {
		all = append(all, strconv.Itoa(n))
	}
	return strings.Join(all, ",")
}
