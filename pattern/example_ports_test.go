package pattern_test

import (
	"github.com/podpattern/podpattern/pattern"
	corev1 "k8s.io/api/core/v1"
)

func ExampleContainer_Port() {
	showContainer(pattern.App("web", "web:1.4").Port("http", 8080).Port("metrics", 9090))
	// Output:
	// ports:
	// - containerPort: 8080
	//   name: http
	// - containerPort: 9090
	//   name: metrics
}

// Services find ports by their names: where an app has the name already, a
// helper's gets out of the way, and its probes follow.
func ExampleContainer_Port_taken() {
	web := pattern.App("web", "web:1.4").Port("http", 8080)
	cache := pattern.Sidecar("cache", "cache:1").Port("http", 8081).
		ReadinessProbe(pattern.HTTPGet("/ready", "http"))
	pod := pattern.Pod("web").WithApp(web).WithSidecar(cache)
	showFields(pod, "spec.initContainers.0.ports", "spec.initContainers.0.readinessProbe")
	// Output:
	// ports:
	// - containerPort: 8081
	//   name: cache-http
	// readinessProbe:
	//   httpGet:
	//     path: /ready
	//     port: cache-http
}

func ExampleContainer_UDPPort() {
	showContainer(pattern.App("dns", "coredns:1.12").Port("dns-tcp", 53).UDPPort("dns", 53))
	// Output:
	// ports:
	// - containerPort: 53
	//   name: dns-tcp
	// - containerPort: 53
	//   name: dns
	//   protocol: UDP
}

func ExampleContainer_Ports() {
	showContainer(pattern.App("web", "web:1.4").Ports(8080, 9090))
	// Output:
	// ports:
	// - containerPort: 8080
	// - containerPort: 9090
}

func ExampleContainer_ContainerPort() {
	showContainer(pattern.App("dns", "coredns:1.12").
		ContainerPort(corev1.ContainerPort{ContainerPort: 53, HostPort: 53, Protocol: corev1.ProtocolUDP}))
	// Output:
	// ports:
	// - containerPort: 53
	//   hostPort: 53
	//   protocol: UDP
}

// All containers of a pod share one network. A port that two of them want is an
// error, unless one says that it doesn't mind which it gets.
func ExampleContainer_MovePorts() {
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4").Port("http", 8080))
	admin := pattern.Sidecar("admin", "admin:1").Port("admin", 8080)
	showFindings(pod.WithSidecar(admin).Findings())
	showFields(pod.WithSidecar(admin.MovePorts("admin")), "spec.initContainers.0.ports")
	// Output:
	// spec.containers[0].ports[0].containerPort: Duplicate value: 8080: container admin listens on TCP port 8080 too, and a pod has one network (container web, container admin)
	//   Fix: give one of the two another port [E port-clash-pod]
	// ports:
	// - containerPort: 8081
	//   name: admin
}

func ExampleContainer_Published() {
	web := pattern.App("web", "web:1.4").Port("http", 8080)
	exporter := pattern.Sidecar("exporter", "exporter:1").Port("metrics", 9100).Published()
	pod := pattern.Pod("web").WithApp(web).WithSidecar(exporter)
	showFields(pod.Service(), "spec.ports")
	// Output:
	// ports:
	// - name: http
	//   port: 8080
	//   targetPort: http
	// - name: metrics
	//   port: 9100
	//   targetPort: metrics
}
