package pattern_test

import "github.com/podpattern/podpattern/pattern"

// Containers start in the order of the calls that added them; one wish changes
// its own place only.
func ExampleContainer_Before() {
	migrate := pattern.Init("migrate", "web:1.4")
	seed := pattern.Init("seed", "web:1.4")
	proxy := pattern.Sidecar("proxy", "proxy:1")
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4")).WithInit(migrate, seed)
	showOrder(pod.WithSidecar(proxy))
	showOrder(pod.WithSidecar(proxy.Before("migrate")))
	// Output:
	// migrate -> seed -> proxy -> web
	// proxy -> migrate -> seed -> web
}

// Two wishes that contradict each other are an error.
func ExampleContainer_Before_cycle() {
	migrate := pattern.Init("migrate", "web:1.4").Before("seed")
	seed := pattern.Init("seed", "web:1.4").Before("migrate")
	showFindings(pattern.Pod("web").WithApp(pattern.App("web", "web:1.4")).WithInit(migrate, seed).Findings())
	// Output:
	// spec.initContainers: Invalid value: the start order is a cycle: seed before migrate before seed (container seed, container migrate)
	//   Fix: remove one of these Before, After, First or Last [A order-cycle]
}

// What is After a native helper with a Health starts when the helper is well: it
// gets a startup probe, for which Kubernetes waits.
func ExampleContainer_After() {
	migrate := pattern.Init("migrate", "web:1.4").After("proxy")
	proxy := pattern.Sidecar("proxy", "proxy:1").Health(pattern.TCPSocket(5432))
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4")).WithInit(migrate).WithSidecar(proxy)
	showOrder(pod)
	showFields(pod, "spec.initContainers.0.startupProbe")
	// Output:
	// proxy -> migrate -> web
	// startupProbe:
	//   failureThreshold: 60
	//   periodSeconds: 1
	//   tcpSocket:
	//     port: 5432
}

func ExampleContainer_After_unknown() {
	migrate := pattern.Init("migrate", "web:1.4").After("prxoy")
	showFindings(pattern.Pod("web").WithApp(pattern.App("web", "web:1.4")).WithInit(migrate).Findings())
	// Output:
	// spec.initContainers[0]: Invalid value: "prxoy": After: the pod has no container of this name (container migrate)
	//   Fix: name an init container or a native helper of the pod [E order-unknown]
}

func ExampleContainer_First() {
	migrate := pattern.Init("migrate", "web:1.4")
	mesh := pattern.Sidecar("mesh", "mesh:1").First()
	showOrder(pattern.Pod("web").WithApp(pattern.App("web", "web:1.4")).WithInit(migrate).WithSidecar(mesh))
	// Output:
	// mesh -> migrate -> web
}

func ExampleContainer_Last() {
	warm := pattern.Init("warm-up", "web:1.4").Last()
	migrate := pattern.Init("migrate", "web:1.4")
	showOrder(pattern.Pod("web").WithApp(pattern.App("web", "web:1.4")).WithInit(warm, migrate))
	// Output:
	// migrate -> warm-up -> web
}
