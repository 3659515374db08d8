package check

import (
	"fmt"

	"github.com/podpattern/podpattern/internal/names"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

var handlerRules = []Rule{
	{ID: "handler-fields", Level: Rejected,
		Title: "a probe or a hook lacks what it needs, or has a wrong port, scheme or header",
		Why:   "the kubelet couldn't call it: the API server refuses the pod",
		Fix:   "exec needs a command, the others a port from 1 to 65535 or the name of one",
		Bad:   `containers: [{name: web, readinessProbe: {httpGet: {path: /ready, port: 80800}}}]`,
		Good:  `containers: [{name: web, readinessProbe: {httpGet: {path: /ready, port: 8080}}}]`,
		pod: func(x *index, r *Rule) {
			for _, c := range x.containers {
				c.handlers(func(fields string, h handler) { x.handlerFields(r, c, fields, h) })
			}
		}},
}

// handler is what a probe or a hook calls.
type handler struct {
	exec      *corev1.ExecAction
	httpGet   *corev1.HTTPGetAction
	tcpSocket *corev1.TCPSocketAction
	grpc      *corev1.GRPCAction
	sleep     *corev1.SleepAction
}

func probeHandler(p *corev1.Probe) handler {
	return handler{exec: p.Exec, httpGet: p.HTTPGet, tcpSocket: p.TCPSocket, grpc: p.GRPC}
}

func hookHandler(h *corev1.LifecycleHandler) handler {
	return handler{exec: h.Exec, httpGet: h.HTTPGet, tcpSocket: h.TCPSocket, sleep: h.Sleep}
}

// handlers gives the probes and hooks of a container that may have some, with the
// field they stand in.
func (c site) handlers(do func(fields string, h handler)) {
	if c.runsToItsEnd() {
		return
	}
	c.hooks(func(name string, h *corev1.LifecycleHandler) { do(name, hookHandler(h)) })
	c.probes(func(name string, p *corev1.Probe) { do(name, probeHandler(p)) })
}

// oneHandler finds fault with none and with each after the first, in the API
// server's order.
// upstream: kubernetes/kubernetes pkg/apis/core/validation/validation.go validateHandler
func (x *index) oneHandler(r *Rule, c site, fields string, h handler) {
	n := 0
	for _, one := range [...]struct {
		name string
		set  bool
	}{{"exec", h.exec != nil}, {"httpGet", h.httpGet != nil}, {"tcpSocket", h.tcpSocket != nil}, {"grpc", h.grpc != nil}, {"sleep", h.sleep != nil}} {
		if !one.set {
			continue
		}
		if n++; n > 1 {
			x.report(r, c, "."+fields+"."+one.name, forbidden("may not specify more than 1 handler type", "keep one"))
		}
	}
	if n == 0 {
		x.report(r, c, "."+fields, required("must specify a handler type", ""))
	}
}

// handlerFields looks into the first handler, as the API server does.
func (x *index) handlerFields(r *Rule, c site, fields string, h handler) {
	switch {
	case h.exec != nil:
		if len(h.exec.Command) == 0 {
			x.report(r, c, "."+fields+".exec.command", required("", "name the program to run"))
		}
	case h.httpGet != nil:
		x.handlerPort(r, c, fields, ".httpGet.port", h.httpGet.Port)
		if s := h.httpGet.Scheme; s != "" && s != corev1.URISchemeHTTP && s != corev1.URISchemeHTTPS {
			f := notSupported(s, corev1.URISchemeHTTP, corev1.URISchemeHTTPS)
			f.Fix = "HTTP or HTTPS, in capitals"
			x.report(r, c, "."+fields+".httpGet.scheme", f)
		}
		for i := range h.httpGet.HTTPHeaders {
			name := h.httpGet.HTTPHeaders[i].Name
			if isHeaderName(name) {
				continue
			}
			for _, msg := range validation.IsHTTPHeaderName(name) {
				x.report(r, c, "."+fields+".httpGet.httpHeaders"+at(i)+".name", invalid(name, msg, "letters, digits and -"))
			}
		}
	case h.tcpSocket != nil:
		x.handlerPort(r, c, fields, ".tcpSocket.port", h.tcpSocket.Port)
	case h.grpc != nil:
		x.handlerPort(r, c, fields, ".grpc.port", intstr.FromInt32(h.grpc.Port))
	}
}

// handlerPort finds fault with what is no port.
// upstream: kubernetes/kubernetes pkg/apis/core/validation/validation.go ValidatePortNumOrName
func (x *index) handlerPort(r *Rule, c site, fields, under string, p intstr.IntOrString) {
	switch p.Type {
	case intstr.Int:
		if p.IntVal < 1 || p.IntVal > 65535 {
			x.report(r, c, "."+fields+under, invalid(p.IntVal, "must be between 1 and 65535, inclusive", "a number from 1 to 65535"))
		}
	case intstr.String:
		if names.IsPort(p.StrVal) {
			return
		}
		for _, msg := range validation.IsValidPortName(p.StrVal) {
			x.report(r, c, "."+fields+under, invalid(p.StrVal, msg, "the name of a port of this container, or a number without quotes"))
		}
	default:
		x.report(r, c, "."+fields+under, Finding{Type: field.ErrorTypeInternal, Detail: fmt.Sprintf("unknown type: %v", p.Type)})
	}
}

// isHeaderName says whether s is the name of a header. It is exact.
func isHeaderName(s string) bool {
	for i := range len(s) {
		if c := s[i] | 0x20; s[i] != '-' && !digit(s[i]) && (c < 'a' || c > 'z') {
			return false
		}
	}
	return s != ""
}
