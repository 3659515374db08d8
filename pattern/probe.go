package pattern

import (
	"slices"
	"strings"

	"github.com/podpattern/podpattern/internal/names"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/apimachinery/pkg/util/validation"
)

// Probe is an immutable question that the kubelet asks a container, and how
// often it asks. What is not set is not written, and Kubernetes' defaults hold:
// every 10 seconds, one second to answer, three failures in a row.
type Probe struct {
	p     *corev1.Probe // never changed once a Probe points to it
	flaws *flaw
}

// PortRef is a port by its number, or by the name that the container gave it.
type PortRef interface{ int | string }

// HTTPGet asks for path on a port of the container, over HTTP; an answer from
// 200 to 399 is good.
//
//	pattern.HTTPGet("/healthz", 8080)
//	pattern.HTTPGet("/healthz", "http")
func HTTPGet[P PortRef](path string, port P) Probe {
	n, bad := portOf(port, ".httpGet.")
	return Probe{&corev1.Probe{ProbeHandler: corev1.ProbeHandler{HTTPGet: &corev1.HTTPGetAction{Path: path, Port: n}}}, bad}
}

// TCPSocket asks whether a port of the container accepts a connection.
func TCPSocket[P PortRef](port P) Probe {
	n, bad := portOf(port, ".tcpSocket.")
	return Probe{&corev1.Probe{ProbeHandler: corev1.ProbeHandler{TCPSocket: &corev1.TCPSocketAction{Port: n}}}, bad}
}

// GRPC asks the standard gRPC health service of the container; the API knows no
// named port here. An empty service asks for the server as a whole.
func GRPC(port int, service string) Probe {
	_, bad := portOf(port, ".grpc.")
	a := &corev1.GRPCAction{Port: clamp32(port)}
	if service != "" {
		a.Service = &service
	}
	return Probe{&corev1.Probe{ProbeHandler: corev1.ProbeHandler{GRPC: a}}, bad}
}

// Exec runs a command in the container; exit code 0 is good. The image must have
// the command: without a shell there is no shell syntax. As in Args, $(NAME) is a
// variable of the container, and $$ one $. No command is an error.
func Exec(command ...string) Probe {
	p := Probe{p: &corev1.Probe{ProbeHandler: corev1.ProbeHandler{Exec: &corev1.ExecAction{Command: slices.Clone(command)}}}}
	if len(command) == 0 {
		p.flaws = missing("probe-shape", ".exec.command", "give the command")
	}
	return p
}

func portOf[P PortRef](port P, field string) (intstr.IntOrString, *flaw) {
	switch v := any(&port).(type) { // of a pointer, which needs no copy on the heap
	case *string:
		name := intstr.FromString(*v)
		switch {
		case *v == "":
			return name, missing("probe-port", field+"port", "name the port")
		case !names.IsPort(*v) && len(validation.IsValidPortName(*v)) > 0:
			return name, invalid("probe-port", field+"port", *v, "is no name of a port", "the port's name, or its number without quotes")
		}
		return name, nil
	case *int:
		n := intstr.FromInt32(clamp32(*v))
		if *v < 1 || *v > 65535 {
			return n, invalid("probe-port", field+"port", *v, "must be between 1 and 65535, inclusive", "a number from 1 to 65535")
		}
		return n, nil
	}
	return intstr.IntOrString{}, nil
}

// with changes a copy. What the copy points to is shared, and never changed.
func (p Probe) with(change func(*corev1.Probe)) Probe {
	if p.p == nil {
		return p // reported where it is used
	}
	changed := *p.p
	change(&changed)
	p.p = &changed
	return p
}

// seconds is with for a setting that must not be less than least.
func (p Probe) seconds(field string, n, least int, change func(*corev1.Probe, int32)) Probe {
	if n < least || clamp32(n) != int32(n) {
		p.flaws = p.flaws.and(invalid("probe-shape", field, n, "is out of range", "a number of seconds or times"))
	}
	return p.with(func(o *corev1.Probe) { change(o, clamp32(n)) })
}

// InitialDelaySeconds replaces how long after the start the first question comes.
func (p Probe) InitialDelaySeconds(n int) Probe {
	return p.seconds(".initialDelaySeconds", n, 0, func(o *corev1.Probe, n int32) { o.InitialDelaySeconds = n })
}

// PeriodSeconds replaces the time between two questions.
func (p Probe) PeriodSeconds(n int) Probe {
	return p.seconds(".periodSeconds", n, 1, func(o *corev1.Probe, n int32) { o.PeriodSeconds = n })
}

// TimeoutSeconds replaces how long an answer may take.
func (p Probe) TimeoutSeconds(n int) Probe {
	return p.seconds(".timeoutSeconds", n, 1, func(o *corev1.Probe, n int32) { o.TimeoutSeconds = n })
}

// FailureThreshold replaces how many bad answers in a row count.
func (p Probe) FailureThreshold(n int) Probe {
	return p.seconds(".failureThreshold", n, 1, func(o *corev1.Probe, n int32) { o.FailureThreshold = n })
}

// SuccessThreshold replaces how many good answers in a row count; more than one
// is possible in a readiness probe only.
func (p Probe) SuccessThreshold(n int) Probe {
	return p.seconds(".successThreshold", n, 1, func(o *corev1.Probe, n int32) { o.SuccessThreshold = n })
}

// TerminationGracePeriodSeconds replaces how long the container may take to stop
// when this probe ends it; not possible in a readiness probe.
func (p Probe) TerminationGracePeriodSeconds(n int) Probe {
	return p.seconds(".terminationGracePeriodSeconds", n, 1, func(o *corev1.Probe, n int32) {
		s := int64(n)
		o.TerminationGracePeriodSeconds = &s
	})
}

// HTTPS asks an HTTPGet over TLS; the certificate is not verified.
func (p Probe) HTTPS() Probe {
	return p.http("scheme", func(a *corev1.HTTPGetAction) { a.Scheme = corev1.URISchemeHTTPS })
}

// Header appends a header to an HTTPGet.
func (p Probe) Header(name, value string) Probe {
	if msgs := validation.IsHTTPHeaderName(name); len(msgs) > 0 {
		p.flaws = p.flaws.and(invalid("probe-shape", ".httpGet.httpHeaders", name, strings.Join(msgs, "; "), "such as X-Probe"))
	}
	return p.http("httpHeaders", func(a *corev1.HTTPGetAction) {
		a.HTTPHeaders = append(a.HTTPHeaders, corev1.HTTPHeader{Name: name, Value: value})
	})
}

func (p Probe) http(field string, change func(*corev1.HTTPGetAction)) Probe {
	if p.p == nil || p.p.HTTPGet == nil {
		p.flaws = p.flaws.and(invalid("probe-shape", ".httpGet."+field, nil, "only an HTTPGet has it", "leave it out"))
		return p
	}
	return p.with(func(o *corev1.Probe) {
		o.HTTPGet = o.HTTPGet.DeepCopy()
		change(o.HTTPGet)
	})
}

// copy gives the probe for a container to keep.
func (p Probe) copy() *corev1.Probe { return p.p.DeepCopy() }

// follow lets a probe or hook go along with a port that got another name or
// number.
func (d *draft) follow(port *intstr.IntOrString) {
	if to, ok := d.renamed[port.StrVal]; ok && port.Type == intstr.String {
		port.StrVal = to
	}
	if to, ok := d.moved[int(port.IntVal)]; ok && port.Type == intstr.Int {
		port.IntVal = int32(to)
	}
}
