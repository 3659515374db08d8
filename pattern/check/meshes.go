package check

import (
	"strings"

	"github.com/podpattern/podpattern/internal/release"
)

// istioNative is the version from which on Istio injects native sidecars by itself.
const istioNative release.Minor = 33

// mesh is what puts a proxy into pods.
type mesh struct {
	name, fix string
	user      int64 // whose connections the proxy lets through
	exempt    [3]string
}

var (
	istio = mesh{"Istio", `let Istio inject a native sidecar: annotation sidecar.istio.io/nativeSidecar: "true"`, 1337,
		[3]string{"traffic.sidecar.istio.io/excludeOutboundPorts", "traffic.sidecar.istio.io/excludeOutboundIPRanges", "traffic.sidecar.istio.io/includeOutboundIPRanges"}}
	linkerd = mesh{"Linkerd", `let Linkerd inject a native sidecar: annotation config.beta.linkerd.io/proxy-enable-native-sidecar: "true"`, 2102,
		[3]string{"config.linkerd.io/skip-outbound-ports", "config.linkerd.io/skip-subnets", "config.linkerd.io/skip-subnets"}}
)

// mesh gives the mesh whose proxy comes after the init containers of the pod. On the
// versions below, Istio's is a native sidecar by itself, which stands before them.
// docs: istio.io/latest/news/releases/1.27.x, linkerd.io/2/features/native-sidecars
func (x *index) mesh() *mesh {
	labels, notes := x.meta.Labels, x.meta.Annotations
	if len(labels) == 0 && len(notes) == 0 {
		return nil
	}
	m, native := (*mesh)(nil), false
	switch {
	case labels["sidecar.istio.io/inject"] == "true" || notes["sidecar.istio.io/inject"] == "true":
		said := notes["sidecar.istio.io/nativeSidecar"]
		m, native = &istio, said == "true" || said != "false" && x.target.Has(istioNative)
	case notes["linkerd.io/inject"] == "enabled":
		said := notes["config.beta.linkerd.io/proxy-enable-native-sidecar"] + notes["config.alpha.linkerd.io/proxy-enable-native-sidecar"]
		m, native = &linkerd, strings.Contains(said, "true") || strings.Contains(said, "enabled")
	}
	if m == nil || native {
		return nil
	}
	for _, note := range m.exempt {
		if notes[note] != "" {
			return nil
		}
	}
	return m
}

// meshInitNetwork finds plain init containers that talk to somebody before the proxy
// of a mesh is there.
func meshInitNetwork(x *index, r *Rule) {
	if len(x.spec.InitContainers) == 0 {
		return
	}
	m := x.mesh()
	if m == nil {
		return
	}
	var first *site
	var fields, server string
	var others []Party
	for i := range x.containers {
		c := &x.containers[i]
		if !c.runsToItsEnd() || x.runsAs(*c, m.user) {
			continue
		}
		field, host := x.remote(*c)
		switch {
		case host == "":
		case first == nil:
			first, fields, server = c, field, host
		default:
			others = append(others, x.party(*c, field))
		}
	}
	if first != nil {
		x.report(r, *first, fields, invalid(server, "the proxy of "+m.name+" isn't there yet when the container talks to "+server, m.fix), others...)
	}
}

// runsAs says whether the user of c is known to be user.
func (x *index) runsAs(c site, user int64) bool {
	if c.SecurityContext != nil && c.SecurityContext.RunAsUser != nil {
		return *c.SecurityContext.RunAsUser == user
	}
	return x.spec.SecurityContext != nil && x.spec.SecurityContext.RunAsUser != nil && *x.spec.SecurityContext.RunAsUser == user
}

// remote gives a server outside the pod that c talks to, and the field that says so.
func (x *index) remote(c site) (fields, host string) {
	for i := range x.Dials {
		if d := &x.Dials[i]; d.Container == c.Name && !inPod(d.Host) {
			return "", d.Host
		}
	}
	for i := range c.Command {
		if h := urlHost(c.Command[i]); h != "" {
			return ".command" + at(i), h
		}
	}
	for i := range c.Args {
		if h := urlHost(c.Args[i]); h != "" {
			return ".args" + at(i), h
		}
	}
	for i := range c.Env {
		if h := urlHost(c.Env[i].Value); h != "" {
			return ".env" + at(i) + ".value", h
		}
	}
	return "", ""
}

// urlHost gives the host of the first URL in a text that leads out of the pod.
// Comments of scripts don't count.
func urlHost(text string) string {
	for rest := text; ; {
		before, after, found := strings.Cut(rest, "://")
		if !found {
			return ""
		}
		rest = after
		line := before[strings.LastIndexByte(before, '\n')+1:]
		if strings.Contains(line, "#") || strings.HasSuffix(before, "file") || strings.HasSuffix(before, "unix") {
			continue
		}
		end := strings.IndexAny(after, "/ \t\n\"'?#;|&<>)")
		if end < 0 {
			end = len(after)
		}
		host := after[:end]
		host = host[strings.LastIndexByte(host, '@')+1:]
		if i := strings.LastIndexByte(host, ':'); i >= 0 && !strings.HasSuffix(host, "]") {
			host = host[:i]
		}
		if host != "" && !inPod(host) && !strings.Contains(host, "$") {
			return host
		}
	}
}

// inPod says whether a host is the pod itself.
func inPod(host string) bool {
	return host == "localhost" || strings.HasPrefix(host, "127.") || host == "::1" || host == "[::1]" || host == "0.0.0.0"
}
