package check_test

import (
	"testing"

	"github.com/podpattern/podpattern/pattern/check"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

func httpProbe(port int32) *corev1.Probe {
	return &corev1.Probe{ProbeHandler: corev1.ProbeHandler{HTTPGet: &corev1.HTTPGetAction{Path: "/ready", Port: intstr.FromInt32(port)}}}
}

func tcpProbe(port intstr.IntOrString) *corev1.Probe {
	return &corev1.Probe{ProbeHandler: corev1.ProbeHandler{TCPSocket: &corev1.TCPSocketAction{Port: port}}}
}

func execProbe(command ...string) *corev1.Probe {
	return &corev1.Probe{ProbeHandler: corev1.ProbeHandler{Exec: &corev1.ExecAction{Command: command}}}
}

func TestProbeNumbers(t *testing.T) {
	try(t,
		example{"init-probe", "each probe and a hook", func(p *corev1.Pod) {
			c := initOf(p)
			c.LivenessProbe, c.ReadinessProbe, c.StartupProbe, c.Lifecycle = httpProbe(80), httpProbe(80), httpProbe(80), &corev1.Lifecycle{}
		}, []string{
			"A spec.initContainers[0].lifecycle: Forbidden: may not be set for init containers without restartPolicy=Always",
			"A spec.initContainers[0].livenessProbe: Forbidden: may not be set for init containers without restartPolicy=Always",
			"A spec.initContainers[0].readinessProbe: Forbidden: may not be set for init containers without restartPolicy=Always",
			"A spec.initContainers[0].startupProbe: Forbidden: may not be set for init containers without restartPolicy=Always"}},
		example{"init-probe", "a native sidecar has probes", func(p *corev1.Pod) { sideOf(p).LivenessProbe, sideOf(p).Lifecycle = httpProbe(80), &corev1.Lifecycle{} }, nil},
		example{"probe-shape", "a readiness probe that must succeed twice", func(p *corev1.Pod) {
			webOf(p).ReadinessProbe = httpProbe(80)
			webOf(p).ReadinessProbe.SuccessThreshold = 2
		}, nil},

		example{"probe-shape", "numbers below 0", func(p *corev1.Pod) {
			q := httpProbe(80)
			q.InitialDelaySeconds, q.TimeoutSeconds, q.PeriodSeconds, q.SuccessThreshold, q.FailureThreshold = -1, -2, -3, -4, -5
			webOf(p).StartupProbe = q
		}, []string{
			"A spec.containers[0].startupProbe.failureThreshold: Invalid value: -5: must be greater than or equal to 0",
			"A spec.containers[0].startupProbe.initialDelaySeconds: Invalid value: -1: must be greater than or equal to 0",
			"A spec.containers[0].startupProbe.periodSeconds: Invalid value: -3: must be greater than or equal to 0",
			"A spec.containers[0].startupProbe.successThreshold: Invalid value: -4: must be greater than or equal to 0",
			"A spec.containers[0].startupProbe.successThreshold: Invalid value: -4: must be 1",
			"A spec.containers[0].startupProbe.timeoutSeconds: Invalid value: -2: must be greater than or equal to 0"}},
		example{"probe-shape", "numbers left out", func(p *corev1.Pod) { webOf(p).LivenessProbe = httpProbe(80) }, nil},
		example{"probe-shape", "no grace to kill", func(p *corev1.Pod) {
			webOf(p).LivenessProbe = httpProbe(80)
			webOf(p).LivenessProbe.TerminationGracePeriodSeconds = new(int64(0))
		}, []string{"A spec.containers[0].livenessProbe.terminationGracePeriodSeconds: Invalid value: 0: must be greater than 0"}},
		example{"probe-shape", "no grace for what doesn't kill", func(p *corev1.Pod) {
			webOf(p).ReadinessProbe = httpProbe(80)
			webOf(p).ReadinessProbe.TerminationGracePeriodSeconds = new(int64(-1))
		}, []string{
			"A spec.containers[0].readinessProbe.terminationGracePeriodSeconds: Invalid value: -1: must be greater than 0",
			"A spec.containers[0].readinessProbe.terminationGracePeriodSeconds: Invalid value: -1: must not be set for readinessProbes"}},
		example{"probe-shape", "three handlers", func(p *corev1.Pod) {
			webOf(p).ReadinessProbe = execProbe("true")
			webOf(p).ReadinessProbe.GRPC, webOf(p).ReadinessProbe.TCPSocket = &corev1.GRPCAction{}, &corev1.TCPSocketAction{}
		}, []string{
			"A spec.containers[0].readinessProbe.grpc: Forbidden: may not specify more than 1 handler type",
			"A spec.containers[0].readinessProbe.tcpSocket: Forbidden: may not specify more than 1 handler type"}},
		example{"probe-shape", "of an init container, which can't have any", func(p *corev1.Pod) { initOf(p).LivenessProbe = &corev1.Probe{} }, nil},
		example{"init-probe", "a stop signal alone, which the API server drops", func(p *corev1.Pod) {
			initOf(p).Lifecycle = &corev1.Lifecycle{StopSignal: new(corev1.SIGTERM)}
		}, nil},
	)
}

func TestHandlerFields(t *testing.T) {
	get := func(change func(*corev1.HTTPGetAction)) func(*corev1.Pod) {
		return func(p *corev1.Pod) {
			webOf(p).ReadinessProbe = httpProbe(80)
			change(webOf(p).ReadinessProbe.HTTPGet)
		}
	}
	const header = "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')"
	try(t,
		example{"handler-fields", "no command", func(p *corev1.Pod) { webOf(p).LivenessProbe = execProbe() }, []string{"A spec.containers[0].livenessProbe.exec.command: Required value"}},
		example{"handler-fields", "no command of a hook", func(p *corev1.Pod) {
			sideOf(p).Lifecycle = &corev1.Lifecycle{PreStop: &corev1.LifecycleHandler{Exec: &corev1.ExecAction{}}}
		}, []string{"A spec.initContainers[1].lifecycle.preStop.exec.command: Required value"}},
		example{"handler-fields", "no port", get(func(h *corev1.HTTPGetAction) { h.Port = intstr.IntOrString{} }),
			[]string{"A spec.containers[0].readinessProbe.httpGet.port: Invalid value: 0: must be between 1 and 65535, inclusive"}},
		example{"handler-fields", "a number in quotes", get(func(h *corev1.HTTPGetAction) { h.Port = intstr.FromString("8080") }),
			[]string{`A spec.containers[0].readinessProbe.httpGet.port: Invalid value: "8080": must contain at least one letter (a-z)`}},
		example{"handler-fields", "a name with several faults", get(func(h *corev1.HTTPGetAction) { h.Port = intstr.FromString("-8--0") }), []string{
			`A spec.containers[0].readinessProbe.httpGet.port: Invalid value: "-8--0": must contain at least one letter (a-z)`,
			`A spec.containers[0].readinessProbe.httpGet.port: Invalid value: "-8--0": must not contain consecutive hyphens`,
			`A spec.containers[0].readinessProbe.httpGet.port: Invalid value: "-8--0": must not begin or end with a hyphen`}},
		example{"handler-fields", "neither a number nor a name", get(func(h *corev1.HTTPGetAction) { h.Port.Type = 2 }),
			[]string{`A spec.containers[0].readinessProbe.httpGet.port: Internal error: unknown type: 2`}},
		example{"handler-fields", "a scheme in small letters", get(func(h *corev1.HTTPGetAction) { h.Scheme = "https" }),
			[]string{`A spec.containers[0].readinessProbe.httpGet.scheme: Unsupported value: "https": supported values: "HTTP", "HTTPS"`}},
		example{"handler-fields", "headers", get(func(h *corev1.HTTPGetAction) {
			h.HTTPHeaders = []corev1.HTTPHeader{{Name: "X-1a"}, {Name: "X A"}, {Name: ""}}
		}), []string{
			`A spec.containers[0].readinessProbe.httpGet.httpHeaders[1].name: Invalid value: "X A": ` + header,
			`A spec.containers[0].readinessProbe.httpGet.httpHeaders[2].name: Invalid value: "": ` + header}},
		example{"handler-fields", "path and scheme have defaults", get(func(h *corev1.HTTPGetAction) { h.Path = "" }), nil},
		example{"handler-fields", "of grpc", func(p *corev1.Pod) {
			webOf(p).LivenessProbe = &corev1.Probe{ProbeHandler: corev1.ProbeHandler{GRPC: &corev1.GRPCAction{Port: 65536}}}
		}, []string{"A spec.containers[0].livenessProbe.grpc.port: Invalid value: 65536: must be between 1 and 65535, inclusive"}},
		example{"handler-fields", "of the second handler, where nobody looks", func(p *corev1.Pod) {
			webOf(p).LivenessProbe = execProbe("true")
			webOf(p).LivenessProbe.TCPSocket = &corev1.TCPSocketAction{}
		}, nil},
	)
}

func TestProbePorts(t *testing.T) {
	declare := func(c *corev1.Container, ports ...corev1.ContainerPort) { c.Ports = ports }
	const neighbour = "W spec.containers[0].readinessProbe.tcpSocket.port: Invalid value: 80: is a port of container side, and not of web"
	try(t,
		example{"probe-port-name-unknown", "of the neighbour", func(p *corev1.Pod) {
			declare(sideOf(p), port("http", 80))
			webOf(p).ReadinessProbe = tcpProbe(intstr.FromString("http"))
		}, []string{`E spec.containers[0].readinessProbe.tcpSocket.port: Not found: "http": no port of this container has the name, only one of container side`}},
		example{"probe-port-name-unknown", "of a hook, with a digit", func(p *corev1.Pod) {
			webOf(p).Lifecycle = &corev1.Lifecycle{PostStart: &corev1.LifecycleHandler{HTTPGet: &corev1.HTTPGetAction{Port: intstr.FromString("h2c")}}}
		}, []string{`E spec.containers[0].lifecycle.postStart.httpGet.port: Not found: "h2c": no port of this container has the name`}},
		example{"probe-port-name-unknown", "of what has no result, and then nothing happens", func(p *corev1.Pod) {
			webOf(p).LivenessProbe = tcpProbe(intstr.FromString("htp"))
			webOf(p).StartupProbe = tcpProbe(intstr.FromString("htp"))
			webOf(p).Lifecycle = &corev1.Lifecycle{PreStop: &corev1.LifecycleHandler{HTTPGet: &corev1.HTTPGetAction{Port: intstr.FromString("htp")}}}
		}, []string{
			`W spec.containers[0].lifecycle.preStop.httpGet.port: Not found: "htp": no port of this container has the name`,
			`W spec.containers[0].livenessProbe.tcpSocket.port: Not found: "htp": no port of this container has the name`,
			`E spec.containers[0].startupProbe.tcpSocket.port: Not found: "htp": no port of this container has the name`}},
		example{"probe-port-name-unknown", "its own", func(p *corev1.Pod) {
			declare(webOf(p), port("a", 1), port("http", 80))
			webOf(p).ReadinessProbe = tcpProbe(intstr.FromString("http"))
		}, nil},
		example{"probe-port-name-unknown", "no name at all is another rule's", func(p *corev1.Pod) { webOf(p).ReadinessProbe = tcpProbe(intstr.FromString("80")) }, nil},

		example{"probe-neighbour-port", "of the neighbour", func(p *corev1.Pod) {
			declare(sideOf(p), port("", 80))
			webOf(p).ReadinessProbe = tcpProbe(intstr.FromInt32(80))
		}, []string{neighbour}},
		example{"probe-neighbour-port", "of both", func(p *corev1.Pod) {
			declare(sideOf(p), port("", 80))
			declare(webOf(p), port("", 80))
			webOf(p).ReadinessProbe = tcpProbe(intstr.FromInt32(80))
		}, nil},
		example{"probe-neighbour-port", "of nobody", func(p *corev1.Pod) { webOf(p).ReadinessProbe = tcpProbe(intstr.FromInt32(80)) }, nil},
		example{"probe-neighbour-port", "of an init container, which has ended", func(p *corev1.Pod) {
			declare(initOf(p), port("", 80))
			webOf(p).ReadinessProbe = tcpProbe(intstr.FromInt32(80))
		}, nil},
		example{"probe-neighbour-port", "of another protocol", func(p *corev1.Pod) {
			declare(sideOf(p), corev1.ContainerPort{ContainerPort: 80, Protocol: "UDP"})
			webOf(p).ReadinessProbe = tcpProbe(intstr.FromInt32(80))
		}, nil},
		example{"probe-neighbour-port", "of a later container, which is a deadlock", func(p *corev1.Pod) {
			declare(webOf(p), port("", 80))
			sideOf(p).StartupProbe = tcpProbe(intstr.FromInt32(80))
		}, nil},

		example{"probe-host", "localhost, which is the node", func(p *corev1.Pod) {
			webOf(p).ReadinessProbe = httpProbe(80)
			webOf(p).ReadinessProbe.HTTPGet.Host = "localhost"
		}, []string{`W spec.containers[0].readinessProbe.httpGet.host: Invalid value: "localhost": is the node, not the pod: the kubelet asks`}},
		example{"probe-host", "another host", func(p *corev1.Pod) {
			webOf(p).Lifecycle = &corev1.Lifecycle{PreStop: &corev1.LifecycleHandler{HTTPGet: &corev1.HTTPGetAction{Port: intstr.FromInt32(80), Host: "lb"}}}
		}, []string{`W spec.containers[0].lifecycle.preStop.httpGet.host: Invalid value: "lb": the Pod Security Standard baseline refuses it`}},
		example{"probe-host", "in the network of the node", func(p *corev1.Pod) {
			p.Spec.HostNetwork = true
			webOf(p).ReadinessProbe = httpProbe(80)
			webOf(p).ReadinessProbe.HTTPGet.Host = "127.0.0.1"
		}, nil},
	)
	p := goodPod()
	webOf(p).ReadinessProbe = httpProbe(80)
	webOf(p).ReadinessProbe.HTTPGet.Host = "db.example.com"
	require.Empty(t, of(check.Pod(p, check.Target("1.33")), "probe-host"), "baseline looks at hosts from 1.34 on")
	require.Len(t, of(check.Pod(p, check.Target("1.34")), "probe-host"), 1)
}

func TestProbeTimes(t *testing.T) {
	both := func(change func(live *corev1.Probe)) func(*corev1.Pod) {
		return func(p *corev1.Pod) {
			webOf(p).ReadinessProbe, webOf(p).LivenessProbe = httpProbe(80), httpProbe(80)
			change(webOf(p).LivenessProbe)
		}
	}
	same := []string{"W spec.containers[0].livenessProbe: Invalid value: is the readinessProbe again: after 3 failures the container is unready and restarted at the same time"}
	slow := func(change func(live *corev1.Probe)) func(*corev1.Pod) {
		return func(p *corev1.Pod) {
			webOf(p).Image, webOf(p).LivenessProbe = "docker.elastic.co/elasticsearch/elasticsearch:9.1.0", httpProbe(80)
			change(webOf(p).LivenessProbe)
		}
	}
	ports := func(ports ...corev1.ContainerPort) func(*corev1.Pod) {
		return func(p *corev1.Pod) { webOf(p).Ports = ports }
	}
	try(t,
		example{"probes-identical", "the defaults said and unsaid", both(func(l *corev1.Probe) {
			l.TimeoutSeconds, l.PeriodSeconds, l.SuccessThreshold, l.FailureThreshold, l.HTTPGet.Scheme = 1, 10, 1, 3, "HTTP"
		}), same},
		example{"probes-identical", "another patience", both(func(l *corev1.Probe) { l.FailureThreshold = 6 }), nil},
		example{"probes-identical", "another path", both(func(l *corev1.Probe) { l.HTTPGet.Path = "/live" }), nil},
		example{"probes-identical", "another delay", both(func(l *corev1.Probe) { l.InitialDelaySeconds = 30 }), nil},
		example{"probes-identical", "commands", func(p *corev1.Pod) {
			webOf(p).ReadinessProbe, webOf(p).LivenessProbe = execProbe("check", "db"), execProbe("check", "db")
		}, same},
		example{"probes-identical", "a port that is open", func(p *corev1.Pod) {
			webOf(p).ReadinessProbe, webOf(p).LivenessProbe = tcpProbe(intstr.FromInt32(80)), tcpProbe(intstr.FromInt32(80))
		}, nil},

		example{"probe-missing", "a port", ports(port("http", 80)), []string{"W spec.containers[0].readinessProbe: Required value: the container has a port, and nothing says when it can answer there"}},
		example{"probe-missing", "no port", ports(), nil},
		example{"probe-missing", "a port for a monitor", ports(port("http-metrics", 80)), nil},
		example{"probe-missing", "ports for the kubelet", ports(port("healthz", 80), port("http-live", 81), port("ready", 82), port("grpc-status", 83)), nil},
		example{"probe-missing", "a name with such a word in another", ports(port("delivery", 80)), []string{"W spec.containers[0].readinessProbe: Required value: the container has a port, and nothing says when it can answer there"}},
		example{"probe-missing", "a startup probe", func(p *corev1.Pod) {
			webOf(p).Ports, webOf(p).StartupProbe = []corev1.ContainerPort{port("", 80)}, httpProbe(80)
		}, nil},
		example{"probe-missing", "a pod that runs to its end", func(p *corev1.Pod) { ports(port("", 80))(p); p.Spec.RestartPolicy = "OnFailure" }, nil},
		example{"probe-missing", "an exporter", func(p *corev1.Pod) { ports(port("", 80))(p); webOf(p).Image = "nginx/nginx-prometheus-exporter:1" }, nil},
		example{"probe-missing", "a proxy that the app finds on localhost", func(p *corev1.Pod) {
			p.Spec.Containers = append(p.Spec.Containers, corev1.Container{Name: "proxy", Image: "proxy:1", Ports: []corev1.ContainerPort{port("", 5432)}})
			webOf(p).Env = []corev1.EnvVar{{Name: "DB", Value: "postgres://localhost:5432/shop"}}
		}, nil},
		example{"probe-missing", "an app that an adapter finds on localhost", func(p *corev1.Pod) {
			ports(port("", 80))(p)
			sideOf(p).Args = []string{"--scrape=http://localhost:80/status"}
		}, []string{"W spec.containers[0].readinessProbe: Required value: the container has a port, and nothing says when it can answer there"}},
		example{"probe-missing", "a native sidecar, of which another rule speaks", func(p *corev1.Pod) { sideOf(p).Ports = []corev1.ContainerPort{port("", 80)} }, nil},

		example{"liveness-before-startup", "half a minute", slow(func(*corev1.Probe) {}), []string{"W spec.containers[0].livenessProbe: Invalid value: 30: is how many seconds elasticsearch has to start, and it may need a minute"}},
		example{"liveness-before-startup", "a delay", slow(func(l *corev1.Probe) { l.InitialDelaySeconds = 30 }), nil},
		example{"liveness-before-startup", "patience", slow(func(l *corev1.Probe) { l.FailureThreshold = 6 }), nil},
		example{"liveness-before-startup", "a program that talks to it", func(p *corev1.Pod) {
			webOf(p).Image, webOf(p).LivenessProbe = "prometheuscommunity/my-elasticsearch:1", httpProbe(80)
		}, nil},
	)
	p := goodPod()
	ports(port("", 80))(p)
	require.Empty(t, of(check.Pod(p, check.CarriedBy("Job")), "probe-missing"))
	require.Empty(t, of(check.Pod(p, check.Intended(check.Intent{Helpers: []string{"web"}})), "probe-missing"))
	require.Len(t, of(check.Pod(p, check.Intended(check.Intent{Helpers: []string{"side"}})), "probe-missing"), 1)
}
