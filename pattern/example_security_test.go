package pattern_test

import (
	"github.com/podpattern/podpattern/pattern"
	corev1 "k8s.io/api/core/v1"
)

func ExampleContainer_SecurityContext() {
	profile := corev1.AppArmorProfile{Type: corev1.AppArmorProfileTypeRuntimeDefault}
	web := pattern.App("web", "web:1.4").RunAsUser(1000) // is replaced too
	showContainer(web.SecurityContext(corev1.SecurityContext{AppArmorProfile: &profile}))
	// Output:
	// securityContext:
	//   appArmorProfile:
	//     type: RuntimeDefault
}

func ExampleContainer_Restricted() {
	showContainer(pattern.App("web", "web:1.4").Restricted())
	// Output:
	// securityContext:
	//   allowPrivilegeEscalation: false
	//   capabilities:
	//     drop:
	//     - ALL
	//   runAsNonRoot: true
	//   seccompProfile:
	//     type: RuntimeDefault
}

// A later call changes its own field and leaves the others.
func ExampleContainer_RunAsUser() {
	showContainer(pattern.App("web", "web:1.4").RunAsUser(1000).RunAsGroup(1000))
	// Output:
	// securityContext:
	//   runAsGroup: 1000
	//   runAsNonRoot: true
	//   runAsUser: 1000
}

func ExampleContainer_RunAsGroup() {
	showContainer(pattern.App("web", "web:1.4").RunAsGroup(2000))
	// Output:
	// securityContext:
	//   runAsGroup: 2000
}

func ExampleContainer_RunAsNonRoot() {
	showContainer(pattern.App("web", "web:1.4").RunAsNonRoot())
	// Output:
	// securityContext:
	//   runAsNonRoot: true
}

func ExampleContainer_ReadOnlyRootFilesystem() {
	showContainer(pattern.App("web", "web:1.4").ReadOnlyRootFilesystem(true).Scratch("/tmp", "64Mi"), "securityContext")
	// Output:
	// securityContext:
	//   readOnlyRootFilesystem: true
}

func ExampleContainer_AllowPrivilegeEscalation() {
	showContainer(pattern.App("web", "web:1.4").AllowPrivilegeEscalation(false))
	// Output:
	// securityContext:
	//   allowPrivilegeEscalation: false
}

func ExampleContainer_Privileged() {
	showContainer(pattern.Init("sysctl", "busybox:1.38").Shell("sysctl -w vm.max_map_count=262144").Privileged(), "securityContext")
	// Output:
	// securityContext:
	//   privileged: true
}

// A server that listens below port 1024 needs one capability, and no other.
func ExampleContainer_AddCapabilities() {
	showContainer(pattern.App("dns", "coredns:1.12").DropCapabilities("ALL").AddCapabilities("NET_BIND_SERVICE"))
	// Output:
	// securityContext:
	//   capabilities:
	//     add:
	//     - NET_BIND_SERVICE
	//     drop:
	//     - ALL
}

func ExampleContainer_DropCapabilities() {
	showContainer(pattern.App("web", "web:1.4").DropCapabilities("NET_RAW", "MKNOD"))
	// Output:
	// securityContext:
	//   capabilities:
	//     drop:
	//     - NET_RAW
	//     - MKNOD
}

func ExampleContainer_SeccompProfile() {
	showContainer(pattern.App("web", "web:1.4").SeccompProfile(corev1.SeccompProfileTypeLocalhost, "profiles/web.json"))
	// Output:
	// securityContext:
	//   seccompProfile:
	//     localhostProfile: profiles/web.json
	//     type: Localhost
}

func ExamplePodBuilder_SecurityContext() {
	policy := corev1.SupplementalGroupsPolicyStrict
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4")).
		SecurityContext(corev1.PodSecurityContext{SupplementalGroupsPolicy: &policy})
	showFields(pod, "spec.securityContext")
	// Output:
	// securityContext:
	//   supplementalGroupsPolicy: Strict
}

func ExamplePodBuilder_FSGroup() {
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4"))
	showFields(pod.FSGroup(2000), "spec.securityContext")
	// Output:
	// securityContext:
	//   fsGroup: 2000
}

// A volume of many files is changed only if its folder has another group.
func ExamplePodBuilder_FSGroupChangePolicy() {
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4"))
	showFields(pod.FSGroup(2000).FSGroupChangePolicy(corev1.FSGroupChangeOnRootMismatch), "spec.securityContext")
	// Output:
	// securityContext:
	//   fsGroup: 2000
	//   fsGroupChangePolicy: OnRootMismatch
}

func ExamplePodBuilder_RunAsUser() {
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4"))
	showFields(pod.RunAsUser(1000), "spec.securityContext")
	// Output:
	// securityContext:
	//   runAsNonRoot: true
	//   runAsUser: 1000
}

func ExamplePodBuilder_RunAsGroup() {
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4"))
	showFields(pod.RunAsUser(1000).RunAsGroup(1000), "spec.securityContext")
	// Output:
	// securityContext:
	//   runAsGroup: 1000
	//   runAsNonRoot: true
	//   runAsUser: 1000
}

func ExamplePodBuilder_RunAsNonRoot() {
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4"))
	showFields(pod.RunAsNonRoot(), "spec.securityContext")
	// Output:
	// securityContext:
	//   runAsNonRoot: true
}

func ExamplePodBuilder_SupplementalGroups() {
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4"))
	showFields(pod.SupplementalGroups(3000, 4000), "spec.securityContext")
	// Output:
	// securityContext:
	//   supplementalGroups:
	//   - 3000
	//   - 4000
}

func ExamplePodBuilder_SeccompProfile() {
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4"))
	showFields(pod.SeccompProfile(corev1.SeccompProfileTypeRuntimeDefault, ""), "spec.securityContext")
	// Output:
	// securityContext:
	//   seccompProfile:
	//     type: RuntimeDefault
}

func ExamplePodBuilder_Sysctl() {
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4"))
	showFields(pod.Sysctl("net.ipv4.ip_unprivileged_port_start", "80"), "spec.securityContext")
	// Output:
	// securityContext:
	//   sysctls:
	//   - name: net.ipv4.ip_unprivileged_port_start
	//     value: "80"
}

func ExamplePodBuilder_Hardened() {
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4"))
	showFields(pod.Hardened(), "spec")
	// Output:
	// spec:
	//   automountServiceAccountToken: false
	//   containers:
	//   - image: web:1.4
	//     name: web
	//     securityContext:
	//       allowPrivilegeEscalation: false
	//       capabilities:
	//         drop:
	//         - ALL
	//   securityContext:
	//     runAsNonRoot: true
	//     seccompProfile:
	//       type: RuntimeDefault
}
