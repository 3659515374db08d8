package check

import corev1 "k8s.io/api/core/v1"

var schedulingRules = []Rule{
	{ID: "node-selector", Level: Rejected,
		Title: "the node selector has something that is no label",
		Why:   "the API server refuses the pod",
		Fix:   "keys and values have at most 63 letters, digits, -, _ and dots; a key may have a prefix, such as example.com/",
		Bad:   `nodeSelector: {example.com/disk type: ssd}`,
		Good:  `nodeSelector: {example.com/disk-type: ssd}`,
		pod: func(x *index, r *Rule) {
			if len(x.spec.NodeSelector) > 0 {
				x.labels(r, &trail{name: "spec.nodeSelector"}, x.spec.NodeSelector)
			}
		}},
	{ID: "node-name", Level: Rejected,
		Title: "the node that the pod is for is none, or is set while gates keep the pod back",
		Why:   "the API server refuses the pod",
		Fix:   "drop the name and let the scheduler choose; nodeSelector says which nodes",
		Bad:   `nodeName: Node_1`,
		Good:  `nodeSelector: {kubernetes.io/hostname: node-1}`,
		pod: func(x *index, r *Rule) {
			if x.spec.NodeName == "" {
				return
			}
			x.subdomain(r, &trail{name: "spec.nodeName"}, x.spec.NodeName)
			if len(x.spec.SchedulingGates) > 0 {
				f := forbidden("cannot be set until all schedulingGates have been cleared", "drop the name or the gates")
				if x.template {
					f.Level = Broken // the API server looks at it in pods only
				}
				x.reportPod(r, "spec.nodeName", f)
			}
		}},
	{ID: "affinity", Level: Rejected,
		Title: "an affinity asks for something that no node or pod can have",
		Why:   "the API server refuses the pod",
		Fix:   "keys and values as labels have them, and weights from 1 to 100",
		Bad:   `affinity: {podAntiAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 0, podAffinityTerm: {topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: web}}}}]}}`,
		Good:  `affinity: {podAntiAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 100, podAffinityTerm: {topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: web}}}}]}}`,
		pod:   affinity},
	{ID: "toleration", Level: Rejected,
		Title: "a toleration is for a taint that there can't be",
		Why:   "the API server refuses the pod",
		Fix:   "the taint's key, value and effect; Exists takes no value, and seconds go with NoExecute only",
		Bad:   `tolerations: [{key: example.com/gpu, operator: Exists, value: "true"}]`,
		Good:  `tolerations: [{key: example.com/gpu, operator: Exists, effect: NoSchedule}]`,
		pod:   tolerations},
	{ID: "topology-spread", Level: Rejected,
		Title: "a topology spread constraint is incomplete, or contradicts itself or another",
		Why:   "the API server refuses the pod",
		Fix:   "maxSkew from 1 on, a topologyKey and DoNotSchedule or ScheduleAnyway, each pair of them once",
		Bad:   `topologySpreadConstraints: [{maxSkew: 0, topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: web}}}]`,
		Good:  `topologySpreadConstraints: [{maxSkew: 1, topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: web}}}]`,
		pod:   topologySpread},
	{ID: "preemption-policy", Level: Rejected,
		Title: "the preemption policy is none that there is",
		Why:   "the API server refuses the pod",
		Fix:   "PreemptLowerPriority, which is the default, or Never",
		Bad:   `preemptionPolicy: Always`,
		Good:  `preemptionPolicy: Never`,
		pod: func(x *index, r *Rule) {
			p := x.spec.PreemptionPolicy
			if p == nil {
				return
			}
			switch *p {
			case corev1.PreemptLowerPriority, corev1.PreemptNever:
			case "":
				x.reportPod(r, "spec.preemptionPolicy", required("", ""))
			default:
				x.reportPod(r, "spec.preemptionPolicy", notSupported(*p, corev1.PreemptLowerPriority, corev1.PreemptNever))
			}
		}},
	{ID: "node-label-deprecated", Level: Warning,
		Title: "the pod chooses nodes by a label that has another name now",
		Why:   "nodes lose the old label, and then no node fits",
		Fix:   "the label's new name",
		Bad:   `nodeSelector: {beta.kubernetes.io/os: linux}`,
		Good:  `nodeSelector: {kubernetes.io/os: linux}`,
		pod:   oldNodeLabels},
	{ID: "selector-missing", Level: Warning,
		Title: "a constraint or an affinity to pods says nothing of which pods",
		Why:   "without a labelSelector it matches none: a constraint spreads nothing, and a required affinity keeps the pod pending",
		Fix:   "a labelSelector with the labels of the pods; {} is all pods of the namespace",
		Bad:   `topologySpreadConstraints: [{maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: ScheduleAnyway}]`,
		Good:  `topologySpreadConstraints: [{maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: ScheduleAnyway, labelSelector: {matchLabels: {app: web}}}]`,
		pod:   noSelector},
}
