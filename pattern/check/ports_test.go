package check_test

import (
	"testing"

	"github.com/podpattern/podpattern/pattern/check"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
)

type ports = []corev1.ContainerPort

func TestPorts(t *testing.T) {
	web := func(list ...corev1.ContainerPort) func(*corev1.Pod) {
		return func(p *corev1.Pod) { webOf(p).Ports = list }
	}
	both := func(web, side corev1.ContainerPort) func(*corev1.Pod) {
		return func(p *corev1.Pod) { webOf(p).Ports, sideOf(p).Ports = ports{web}, ports{side} }
	}
	onHost := func(change func(*corev1.Pod)) func(*corev1.Pod) {
		return func(p *corev1.Pod) { p.Spec.HostNetwork = true; change(p) }
	}
	try(t,
		example{"port-number", "none", func(p *corev1.Pod) { webOf(p).Ports = []corev1.ContainerPort{{}} }, []string{"A spec.containers[0].ports[0].containerPort: Required value"}},
		example{"port-number", "negative", func(p *corev1.Pod) { webOf(p).Ports = []corev1.ContainerPort{port("", -1)} }, []string{"A spec.containers[0].ports[0].containerPort: Invalid value: -1: must be between 1 and 65535, inclusive"}},
		example{"port-number", "too large", func(p *corev1.Pod) { webOf(p).Ports = []corev1.ContainerPort{port("", 65536)} }, []string{"A spec.containers[0].ports[0].containerPort: Invalid value: 65536: must be between 1 and 65535, inclusive"}},
		example{"port-number", "a host port out of range", func(p *corev1.Pod) {
			webOf(p).Ports = []corev1.ContainerPort{{ContainerPort: 1, HostPort: -1}}
		}, []string{"A spec.containers[0].ports[0].hostPort: Invalid value: -1: must be between 1 and 65535, inclusive"}},
		example{"port-number", "the first and the last", func(p *corev1.Pod) { webOf(p).Ports = []corev1.ContainerPort{port("", 1), port("", 65535)} }, nil},
		example{"port-name", "16 characters", func(p *corev1.Pod) {
			webOf(p).Ports = []corev1.ContainerPort{port("abcdefghijklmnop", 1)}
		}, []string{`A spec.containers[0].ports[0].name: Invalid value: "abcdefghijklmnop": must be no more than 15 characters`}},
		example{"port-name", "no letter", func(p *corev1.Pod) { webOf(p).Ports = []corev1.ContainerPort{port("80", 80)} }, []string{`A spec.containers[0].ports[0].name: Invalid value: "80": must contain at least one letter (a-z)`}},
		example{"port-name", "two dashes", func(p *corev1.Pod) { webOf(p).Ports = []corev1.ContainerPort{port("a--b", 80)} }, []string{`A spec.containers[0].ports[0].name: Invalid value: "a--b": must not contain consecutive hyphens`}},
		example{"port-name", "letters, digits and a dash", func(p *corev1.Pod) { webOf(p).Ports = []corev1.ContainerPort{port("h2c-grpc", 80)} }, nil},
		example{"port-name-dup-container", "two without a name", func(p *corev1.Pod) { webOf(p).Ports = []corev1.ContainerPort{port("", 80), port("", 81)} }, nil},
		example{"port-clash-pod", "an app and a native sidecar", func(p *corev1.Pod) {
			webOf(p).Ports, sideOf(p).Ports = []corev1.ContainerPort{port("", 80)}, []corev1.ContainerPort{port("", 80)}
		}, []string{"E spec.containers[0].ports[0].containerPort: Duplicate value: 80: container side listens on TCP port 80 too, and a pod has one network"}},
		example{"port-clash-pod", "TCP said and unsaid", func(p *corev1.Pod) {
			webOf(p).Ports, sideOf(p).Ports = []corev1.ContainerPort{{ContainerPort: 80, Protocol: "TCP"}}, []corev1.ContainerPort{port("", 80)}
		}, []string{"E spec.containers[0].ports[0].containerPort: Duplicate value: 80: container side listens on TCP port 80 too, and a pod has one network"}},
		example{"port-clash-pod", "an init container has ended by then", func(p *corev1.Pod) {
			webOf(p).Ports, initOf(p).Ports = []corev1.ContainerPort{port("", 80)}, []corev1.ContainerPort{port("", 80)}
		}, nil},
		example{"port-clash-pod", "another protocol is another port", func(p *corev1.Pod) {
			webOf(p).Ports, sideOf(p).Ports = []corev1.ContainerPort{port("", 53)}, []corev1.ContainerPort{{ContainerPort: 53, Protocol: "UDP"}}
		}, nil},
		example{"hostport-dup", "two apps", func(p *corev1.Pod) {
			webOf(p).Ports = []corev1.ContainerPort{{ContainerPort: 80, HostPort: 8080, Protocol: "TCP"}}
			p.Spec.Containers = append(p.Spec.Containers, corev1.Container{Name: "b", Image: "b", Ports: []corev1.ContainerPort{{ContainerPort: 81, HostPort: 8080}}})
		}, []string{`A spec.containers[1].ports[0].hostPort: Duplicate value: "TCP//8080"`}},
		example{"hostport-dup", "twice in one init container", func(p *corev1.Pod) {
			sideOf(p).Ports = []corev1.ContainerPort{{ContainerPort: 80, HostPort: 8080}, {ContainerPort: 81, HostPort: 8080}}
		}, []string{`A spec.initContainers[1].ports[1].hostPort: Duplicate value: "TCP//8080"`}},
		example{"hostport-dup", "two addresses", func(p *corev1.Pod) {
			webOf(p).Ports = []corev1.ContainerPort{{ContainerPort: 80, HostPort: 8080, HostIP: "10.0.0.1"}, {ContainerPort: 81, HostPort: 8080, HostIP: "10.0.0.2"}}
		}, nil},

		example{"port-number", "the host's is the container's", onHost(web(port("", -1))), []string{
			"A spec.containers[0].ports[0].containerPort: Invalid value: -1: must be between 1 and 65535, inclusive",
			"A spec.containers[0].ports[0].hostPort: Invalid value: -1: must be between 1 and 65535, inclusive"}},
		example{"port-protocol", "small letters", web(corev1.ContainerPort{ContainerPort: 80, Protocol: "tcp"}), []string{
			`A spec.containers[0].ports[0].protocol: Unsupported value: "tcp": supported values: "SCTP", "TCP", "UDP"`}},
		example{"port-name", "two faults are two findings", web(port("-80", 80)), []string{
			`A spec.containers[0].ports[0].name: Invalid value: "-80": must contain at least one letter (a-z)`,
			`A spec.containers[0].ports[0].name: Invalid value: "-80": must not begin or end with a hyphen`}},
		example{"port-name-dup-container", "a name of the wrong form is no name", web(port("A", 80), port("A", 81)), nil},
		example{"port-clash-pod", "a port that is missing is no clash", both(port("a", 0), port("b", 0)), nil},
		example{"port-dup-container", "two names", web(port("a", 80), port("b", 80)), []string{
			"W spec.containers[0].ports[1]: Duplicate value: 80: ports[0] is TCP port 80 too"}},
		example{"port-dup-container", "two protocols", web(port("a", 53), corev1.ContainerPort{Name: "b", ContainerPort: 53, Protocol: "UDP"}), nil},
		example{"port-dup-container", "hostport-dup says so", onHost(web(port("a", 80), port("b", 80))), nil},
		example{"port-name-dup-pod", "two containers", both(port("http", 80), port("http", 81)), []string{
			`W spec.containers[0].ports[0].name: Duplicate value: "http": container side calls its port 81 so too: a Service finds only one of them by this name`}},
		example{"port-name-dup-pod", "one port is a clash", both(port("http", 80), port("http", 80)), nil},
		example{"port-name-dup-pod", "two protocols", both(port("dns", 53), corev1.ContainerPort{Name: "dns", ContainerPort: 54, Protocol: "UDP"}), nil},
		example{"port-name-dup-pod", "no names", both(port("", 80), port("", 81)), nil},
		example{"port-name-dup-pod", "an init container has ended", func(p *corev1.Pod) {
			webOf(p).Ports, initOf(p).Ports = ports{port("http", 80)}, ports{port("http", 81)}
		}, nil},

		example{"hostport-dup", "twice on the host network", onHost(func(p *corev1.Pod) {
			webOf(p).Ports = ports{port("", 80)}
			p.Spec.Containers = append(p.Spec.Containers, corev1.Container{Name: "b", Image: "b", Ports: ports{port("", 80)}})
		}), []string{`A spec.containers[1].ports[0].hostPort: Duplicate value: "TCP//80"`}},
		example{"port-clash-pod", "hostport-dup says so", onHost(func(p *corev1.Pod) {
			webOf(p).Ports = ports{port("", 80)}
			p.Spec.Containers = append(p.Spec.Containers, corev1.Container{Name: "b", Image: "b", Ports: ports{port("", 80)}})
		}), nil},
		example{"port-clash-pod", "a native sidecar on the host network", onHost(both(port("", 80), port("", 80))), []string{
			"E spec.containers[0].ports[0].containerPort: Duplicate value: 80: container side listens on TCP port 80 too, and a pod has one network"}},
		example{"hostport-native", "beside an app", both(corev1.ContainerPort{ContainerPort: 80, HostPort: 8080}, corev1.ContainerPort{ContainerPort: 81, HostPort: 8080}), []string{
			"E spec.initContainers[1].ports[0].hostPort: Invalid value: 8080: the kubelet doesn't map the ports of native sidecars"}},
		example{"hostport-native", "the host network", onHost(both(port("", 80), port("", 80))), nil},
		example{"hostport-native", "a plain init container", func(p *corev1.Pod) {
			webOf(p).Ports, initOf(p).Ports = ports{{ContainerPort: 80, HostPort: 8080}}, ports{{ContainerPort: 81, HostPort: 8080}}
		}, nil},
		example{"hostnetwork-port", "another port", onHost(web(corev1.ContainerPort{ContainerPort: 80, HostPort: 8080})), []string{
			"A spec.containers[0].ports[0].hostPort: Invalid value: 8080: must match `containerPort` when `hostNetwork` is true"}},
		example{"hostnetwork-port", "the same or none", onHost(web(corev1.ContainerPort{ContainerPort: 80, HostPort: 80}, port("", 81))), nil},
		example{"hostnetwork-port", "the API server doesn't look at init containers", onHost(func(p *corev1.Pod) {
			sideOf(p).Ports = ports{{ContainerPort: 80, HostPort: 8080}}
		}), nil},
		example{"hostip-alone", "no port", web(corev1.ContainerPort{ContainerPort: 80, HostIP: "127.0.0.1"}), []string{
			`W spec.containers[0].ports[0].hostIP: Invalid value: "127.0.0.1": is ignored without a hostPort`}},
		example{"hostip-alone", "a port", web(corev1.ContainerPort{ContainerPort: 80, HostPort: 80, HostIP: "127.0.0.1"}), nil},
	)
}

// The defaults of a pod on the host network are not those of a template.
func TestATemplateHasNoHostPortsOfItsOwn(t *testing.T) {
	p := goodPod()
	p.Spec.HostNetwork = true
	webOf(p).Ports = ports{port("a", 80), port("b", 80)}
	require.Len(t, of(check.Pod(p), "hostport-dup"), 1)
	require.Empty(t, of(check.Template(&corev1.PodTemplateSpec{Spec: p.Spec}), "hostport-dup"))
	p.Spec.Containers = append(p.Spec.Containers, corev1.Container{Name: "b", Image: "b:1", Ports: ports{port("", 80)}})
	require.Len(t, of(check.Template(&corev1.PodTemplateSpec{Spec: p.Spec}), "port-clash-pod"), 1, "the pods will be rejected")
}

func TestScrapePorts(t *testing.T) {
	scraped := func(port string, change ...func(*corev1.Pod)) func(*corev1.Pod) {
		return func(p *corev1.Pod) {
			p.Annotations = map[string]string{"prometheus.io/scrape": "true", "prometheus.io/port": port}
			webOf(p).Ports, sideOf(p).Ports = ports{{ContainerPort: 8080}}, ports{{ContainerPort: 9000}}
			for _, c := range change {
				c(p)
			}
		}
	}
	try(t,
		example{"scrape-port-unserved", "nobody's", scraped("9090"), []string{`W metadata.annotations[prometheus.io/port]: Invalid value: "9090": no container declares this port`}},
		example{"scrape-port-unserved", "a name", scraped("http"), []string{`W metadata.annotations[prometheus.io/port]: Invalid value: "http": must be a number: the name of a port isn't read`}},
		example{"scrape-port-unserved", "a sidecar's", scraped("9000"), nil},
		example{"scrape-port-unserved", "a container that declares nothing", scraped("9090", func(p *corev1.Pod) { webOf(p).Ports = nil }), nil},
		example{"scrape-port-unserved", "a proxy that is there", scraped("15020", func(p *corev1.Pod) { sideOf(p).Name = "istio-proxy" }), nil},
		example{"scrape-port-unserved", "a proxy that its namespace adds", scraped("4191"), nil},
		example{"scrape-port-unserved", "off", scraped("9090", func(p *corev1.Pod) { p.Annotations["prometheus.io/scrape"] = "false" }), nil},
		example{"scrape-port-unserved", "a proxy will be added", scraped("15020", func(p *corev1.Pod) { p.Labels = map[string]string{"sidecar.istio.io/inject": "true"} }), nil},
	)
}
