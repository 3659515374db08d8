package check

import (
	"strings"

	"github.com/podpattern/podpattern/internal/release"
)

var meshRules = []Rule{
	{ID: "mesh-init-network", Level: Warning,
		Title: "a plain init container needs the network before the proxy of the mesh is there",
		Why:   "its connections fail, or go past the mesh and its encryption; this knows Istio and Linkerd by their annotations",
		Fix:   "let the mesh inject a native sidecar, which starts before the init containers",
		Bad:   `{kind: Pod, metadata: {name: web, annotations: {linkerd.io/inject: enabled}}, spec: {initContainers: [{name: migrate, args: ["postgres://db:5432/web"]}], containers: [{name: web}]}}`,
		Good:  `{kind: Pod, metadata: {name: web, annotations: {linkerd.io/inject: enabled, config.linkerd.io/proxy-enable-native-sidecar: "true"}}, spec: {initContainers: [{name: migrate, args: ["postgres://db:5432/web"]}], containers: [{name: web}]}}`,
		pod:   meshInitNetwork},
}

// istioNative is the version from which on Istio injects native sidecars by itself.
const istioNative release.Minor = 33

// mesh is what puts a proxy into pods.
type mesh struct {
	name, fix string
	user      int64 // whose connections the proxy lets through
	exempt    []string
}

var (
	istio = mesh{"Istio", `let Istio inject a native sidecar: annotation sidecar.istio.io/nativeSidecar: "true"`, 1337,
		[]string{"traffic.sidecar.istio.io/excludeOutboundPorts", "traffic.sidecar.istio.io/excludeOutboundIPRanges", "traffic.sidecar.istio.io/includeOutboundIPRanges"}}
	linkerd = mesh{"Linkerd", `let Linkerd inject a native sidecar: annotation config.linkerd.io/proxy-enable-native-sidecar: "true", before Linkerd 2.20 config.beta.linkerd.io/…`, 2102,
		[]string{"config.linkerd.io/skip-outbound-ports", "config.linkerd.io/skip-subnets"}}
)

// mesh gives the mesh whose proxy comes after the init containers of the pod. From
// istioNative on Istio's is a native sidecar by itself, which stands before them.
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
		said := notes["config.linkerd.io/proxy-enable-native-sidecar"] + notes["config.beta.linkerd.io/proxy-enable-native-sidecar"] + notes["config.alpha.linkerd.io/proxy-enable-native-sidecar"]
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
		if uid, known := x.uid(*c); !c.runsToItsEnd() || known && uid == m.user {
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

// remote gives a server outside the pod that c talks to, and the field that says so.
func (x *index) remote(c site) (fields, host string) {
	for i := range x.Dials {
		if d := &x.Dials[i]; d.Container == c.Name && !isPodItself(d.Host) {
			return "", d.Host
		}
	}
	for t := range c.texts {
		if h := urlHost(t.text); h != "" {
			return t.field(), h
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
		if host != "" && !isPodItself(host) && !strings.Contains(host, "$") {
			return host
		}
	}
}
