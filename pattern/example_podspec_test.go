package pattern_test

import (
	"github.com/podpattern/podpattern/pattern"
	corev1 "k8s.io/api/core/v1"
)

// A Job's pod gets OnFailure where it says nothing.
func ExamplePodBuilder_RestartPolicy() {
	pod := pattern.Pod("migrate").WithApp(pattern.App("migrate", "web:1.4"))
	showFields(pod.Job(), "spec.template.spec.restartPolicy")
	showFields(pod.RestartPolicy(corev1.RestartPolicyNever).Job(), "spec.template.spec.restartPolicy")
	// Output:
	// restartPolicy: OnFailure
	// restartPolicy: Never
}

func ExamplePodBuilder_TerminationGracePeriodSeconds() {
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4"))
	showFields(pod.TerminationGracePeriodSeconds(120), "spec.terminationGracePeriodSeconds")
	// Output:
	// terminationGracePeriodSeconds: 120
}

func ExamplePodBuilder_ActiveDeadlineSeconds() {
	pod := pattern.Pod("report").WithApp(pattern.App("report", "report:1"))
	showFields(pod.ActiveDeadlineSeconds(3600), "spec.activeDeadlineSeconds")
	// Output:
	// activeDeadlineSeconds: 3600
}

func ExamplePodBuilder_ServiceAccount() {
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4"))
	showFields(pod.ServiceAccount("web"), "spec.serviceAccountName")
	// Output:
	// serviceAccountName: web
}

func ExamplePodBuilder_AutomountServiceAccountToken() {
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4"))
	showFields(pod.AutomountServiceAccountToken(false), "spec.automountServiceAccountToken")
	// Output:
	// automountServiceAccountToken: false
}

func ExamplePodBuilder_PullSecret() {
	pod := pattern.Pod("web").WithApp(pattern.App("web", "registry.example.com/web:1.4"))
	showFields(pod.PullSecret("example-registry"), "spec.imagePullSecrets")
	// Output:
	// imagePullSecrets:
	// - name: example-registry
}

func ExamplePodBuilder_ShareProcessNamespace() {
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4"))
	showFields(pod.ShareProcessNamespace(), "spec.shareProcessNamespace")
	// Output:
	// shareProcessNamespace: true
}

func ExamplePodBuilder_RuntimeClass() {
	pod := pattern.Pod("build").WithApp(pattern.App("build", "build:1"))
	showFields(pod.RuntimeClass("gvisor"), "spec.runtimeClassName")
	// Output:
	// runtimeClassName: gvisor
}

func ExamplePodBuilder_OS() {
	pod := pattern.Pod("web").WithApp(pattern.App("web", "iis:2025"))
	showFields(pod.OS(corev1.Windows), "spec.os")
	// Output:
	// os:
	//   name: windows
}

// A load balancer's controller says when it knows the pod.
func ExamplePodBuilder_ReadinessGate() {
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4"))
	showFields(pod.ReadinessGate("example.com/registered"), "spec.readinessGates")
	// Output:
	// readinessGates:
	// - conditionType: example.com/registered
}
