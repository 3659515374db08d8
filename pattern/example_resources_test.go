package pattern_test

import (
	"github.com/podpattern/podpattern/pattern"
	corev1 "k8s.io/api/core/v1"
)

// An empty string leaves what was said before.
func ExampleContainer_Requests() {
	web := pattern.App("web", "web:1.4").Requests("100m", "64Mi")
	showContainer(web.Requests("", "128Mi"))
	// Output:
	// resources:
	//   requests:
	//     cpu: 100m
	//     memory: 128Mi
}

// No limit of the CPU: the program may use what nobody else wants.
func ExampleContainer_Limits() {
	showContainer(pattern.App("web", "web:1.4").Requests("100m", "64Mi").Limits("", "256Mi"))
	// Output:
	// resources:
	//   limits:
	//     memory: 256Mi
	//   requests:
	//     cpu: 100m
	//     memory: 64Mi
}

func ExampleContainer_Limits_lessThanRequests() {
	web := pattern.App("web", "web:1.4").Requests("", "512Mi").Limits("", "256Mi")
	showFindings(pattern.Pod("web").WithApp(web).Findings())
	// Output:
	// spec.containers[0].resources.requests: Invalid value: "512Mi": must be less than or equal to memory limit of 256Mi (container web)
	//   Fix: lower the request, or raise the limit [A req-gt-limit]
}

func ExampleContainer_Request() {
	showContainer(pattern.App("web", "web:1.4").Request(corev1.ResourceEphemeralStorage, "2Gi"))
	// Output:
	// resources:
	//   requests:
	//     ephemeral-storage: 2Gi
}

func ExampleContainer_Limit() {
	showContainer(pattern.App("train", "train:1").Limit("nvidia.com/gpu", "1"))
	// Output:
	// resources:
	//   limits:
	//     nvidia.com/gpu: "1"
}

// A container can take more CPU while it runs, and must restart for more memory.
func ExampleContainer_ResizePolicy() {
	showContainer(pattern.App("jvm", "jvm:21").
		ResizePolicy(corev1.ResourceCPU, corev1.NotRequired).
		ResizePolicy(corev1.ResourceMemory, corev1.RestartContainer))
	// Output:
	// resizePolicy:
	// - resourceName: cpu
	//   restartPolicy: NotRequired
	// - resourceName: memory
	//   restartPolicy: RestartContainer
}

func ExampleContainer_ResourceClaim() {
	train := pattern.App("train", "train:1").ResourceClaim("gpu")
	pod := pattern.Pod("train").WithApp(train).ResourceClaim("gpu", "one-gpu")
	showFields(pod, "spec.containers.0.resources", "spec.resourceClaims")
	// Output:
	// resources:
	//   claims:
	//   - name: gpu
	// resourceClaims:
	// - name: gpu
	//   resourceClaimTemplateName: one-gpu
}

// The containers share one budget, in place of one each.
func ExamplePodBuilder_Requests() {
	web, cache := pattern.App("web", "web:1.4"), pattern.Sidecar("cache", "memcached:1.6")
	pod := pattern.Pod("web").WithApp(web).WithSidecar(cache)
	showFields(pod.Requests("500m", "256Mi").Limits("", "512Mi"), "spec.resources")
	// Output:
	// resources:
	//   limits:
	//     memory: 512Mi
	//   requests:
	//     cpu: 500m
	//     memory: 256Mi
}

func ExamplePodBuilder_Limits() {
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4")).Limits("2", "512Mi")
	showFields(pod, "spec.resources")
	showFindings(pod.Target("1.33").Findings())
	// Output:
	// resources:
	//   limits:
	//     cpu: "2"
	//     memory: 512Mi
	// spec.resources: Invalid value: pod-level resources needs Kubernetes 1.34, the target is 1.33
	//   Fix: build for it with Target("1.34") or -target 1.34, or do without [E target-version]
}

func ExamplePodBuilder_ResourceClaim() {
	web := pattern.App("web", "web:1.4").ResourceClaim("nic")
	showFields(pattern.Pod("web").WithApp(web).ResourceClaim("nic", "fast-nic"), "spec.resourceClaims")
	// Output:
	// resourceClaims:
	// - name: nic
	//   resourceClaimTemplateName: fast-nic
}
