package pattern_test

import (
	"github.com/podpattern/podpattern/pattern"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func ExamplePodBuilder_NodeSelector() {
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4"))
	showFields(pod.NodeSelector("kubernetes.io/arch", "arm64"), "spec.nodeSelector")
	// Output:
	// nodeSelector:
	//   kubernetes.io/arch: arm64
}

func ExamplePodBuilder_Toleration() {
	pod := pattern.Pod("train").WithApp(pattern.App("train", "train:1"))
	showFields(pod.Toleration(corev1.Toleration{Key: "gpu", Operator: corev1.TolerationOpExists}), "spec.tolerations")
	// Output:
	// tolerations:
	// - key: gpu
	//   operator: Exists
}

// No two replicas on one node.
func ExamplePodBuilder_Affinity() {
	apart := corev1.Affinity{PodAntiAffinity: &corev1.PodAntiAffinity{
		RequiredDuringSchedulingIgnoredDuringExecution: []corev1.PodAffinityTerm{{
			TopologyKey:   corev1.LabelHostname,
			LabelSelector: &metav1.LabelSelector{MatchLabels: map[string]string{"app": "db"}},
		}},
	}}
	showFields(pattern.Pod("db").WithApp(pattern.App("db", "db:16")).Affinity(apart), "spec.affinity")
	// Output:
	// affinity:
	//   podAntiAffinity:
	//     requiredDuringSchedulingIgnoredDuringExecution:
	//     - labelSelector:
	//         matchLabels:
	//           app: db
	//       topologyKey: kubernetes.io/hostname
}

// The replicas are spread over the zones.
func ExamplePodBuilder_TopologySpread() {
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4")).TopologySpread(corev1.TopologySpreadConstraint{
		MaxSkew: 1, TopologyKey: corev1.LabelTopologyZone, WhenUnsatisfiable: corev1.ScheduleAnyway,
		LabelSelector: &metav1.LabelSelector{MatchLabels: map[string]string{"app": "web"}},
	})
	showFields(pod, "spec.topologySpreadConstraints")
	// Output:
	// topologySpreadConstraints:
	// - labelSelector:
	//     matchLabels:
	//       app: web
	//   maxSkew: 1
	//   topologyKey: topology.kubernetes.io/zone
	//   whenUnsatisfiable: ScheduleAnyway
}

func ExamplePodBuilder_PriorityClass() {
	pod := pattern.Pod("agent").WithApp(pattern.App("agent", "agent:1"))
	showFields(pod.PriorityClass("system-node-critical"), "spec.priorityClassName")
	// Output:
	// priorityClassName: system-node-critical
}

func ExamplePodBuilder_SchedulerName() {
	pod := pattern.Pod("train").WithApp(pattern.App("train", "train:1"))
	showFields(pod.SchedulerName("batch-scheduler"), "spec.schedulerName")
	// Output:
	// schedulerName: batch-scheduler
}

func ExamplePodBuilder_SchedulingGate() {
	pod := pattern.Pod("train").WithApp(pattern.App("train", "train:1"))
	showFields(pod.SchedulingGate("example.com/quota"), "spec.schedulingGates")
	// Output:
	// schedulingGates:
	// - name: example.com/quota
}
