package check

import corev1 "k8s.io/api/core/v1"

var schedulingRules = []Rule{
	{ID: "node-selector", Level: Rejected,
		Title: "the node selector has a key or value that no label has",
		Why:   "no node could have the label: the API server refuses the pod",
		Fix:   "keys and values of at most 63 letters, digits, -, _ and dots; a key may have a prefix, such as example.com/",
		Bad:   `nodeSelector: {example.com/disk type: ssd}`,
		Good:  `nodeSelector: {example.com/disk-type: ssd}`,
		pod: func(x *index, r *Rule) {
			if len(x.spec.NodeSelector) > 0 {
				x.labels(r, &trail{name: "spec.nodeSelector"}, x.spec.NodeSelector)
			}
		}},
	{ID: "node-name", Level: Rejected,
		Title: "nodeName is no name of a node, or is set together with scheduling gates",
		Why:   "the pod goes to that node at once, so it must be one, and gates come too late: the API server refuses the pod",
		Fix:   "drop nodeName, and say with nodeSelector which nodes the scheduler may choose",
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
	{ID: "preemption-policy", Level: Rejected,
		Title: "the preemption policy is unknown",
		Why:   "the scheduler wouldn't know whether the pod may push others out: the API server refuses the pod",
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
}
