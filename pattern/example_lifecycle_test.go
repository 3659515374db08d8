package pattern_test

import (
	"github.com/podpattern/podpattern/pattern"
	corev1 "k8s.io/api/core/v1"
)

// Load balancers take some seconds to notice that a pod goes.
func ExampleSleep() {
	showContainer(pattern.App("web", "web:1.4").PreStop(pattern.Sleep(10)))
	// Output:
	// lifecycle:
	//   preStop:
	//     sleep:
	//       seconds: 10
}

func ExampleContainer_PreStop() {
	showContainer(pattern.App("web", "nginx:1.30").PreStop(pattern.Exec("nginx", "-s", "quit")))
	// Output:
	// lifecycle:
	//   preStop:
	//     exec:
	//       command:
	//       - nginx
	//       - -s
	//       - quit
}

func ExampleContainer_PostStart() {
	showContainer(pattern.App("web", "web:1.4").PostStart(pattern.HTTPGet("/warm-up", 8080)))
	// Output:
	// lifecycle:
	//   postStart:
	//     httpGet:
	//       path: /warm-up
	//       port: 8080
}

// A helper that ends with an error is not started again, whatever the pod does.
func ExampleContainer_RestartPolicy() {
	showContainer(pattern.Sidecar("report", "report:1").Classic().RestartPolicy(corev1.ContainerRestartPolicyNever))
	// Output:
	// restartPolicy: Never
}

// The worker is started again where its exit code says that it's worth a try.
func ExampleContainer_RestartRules() {
	worker := pattern.App("worker", "worker:1").
		RestartPolicy(corev1.ContainerRestartPolicyNever).
		RestartRules(pattern.RestartOn(75))
	showFields(pattern.Pod("worker").WithApp(worker).Job(), "spec.template.spec.containers")
	// Output:
	// containers:
	// - image: worker:1
	//   name: worker
	//   restartPolicy: Never
	//   restartPolicyRules:
	//   - action: Restart
	//     exitCodes:
	//       operator: In
	//       values:
	//       - 75
}

func ExampleRestartOn() {
	showContainer(pattern.App("worker", "worker:1").
		RestartPolicy(corev1.ContainerRestartPolicyNever).
		RestartRules(pattern.RestartOn(42, 75)), "restartPolicyRules")
	// Output:
	// restartPolicyRules:
	// - action: Restart
	//   exitCodes:
	//     operator: In
	//     values:
	//     - 42
	//     - 75
}

// A helper that sleeps before it stops, where nobody needs it by then.
func ExampleContainer_NoPreStop() {
	proxy := pattern.Sidecar("proxy", "proxy:1").PreStop(pattern.Sleep(5))
	showContainer(proxy.NoPreStop(), "lifecycle")
	// Output:
	// lifecycle: null
}
