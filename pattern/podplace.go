package pattern

import (
	corev1 "k8s.io/api/core/v1"
)

// NodeSelector sets a label that the node must have.
func (p PodBuilder) NodeSelector(key, value string) PodBuilder {
	bad := labelFlaw("spec.nodeSelector", key, value)
	return p.add(func(s *podDraft) {
		s.reportAll(bad)
		set(&s.t.Spec.NodeSelector, key, value)
	})
}

// Toleration appends taints of nodes that the pod puts up with.
func (p PodBuilder) Toleration(ts ...corev1.Toleration) PodBuilder {
	if len(ts) == 0 {
		return p.reject(missing("no-arguments", "spec.tolerations", "give the tolerations"))
	}
	kept := make([]corev1.Toleration, len(ts))
	for i := range ts {
		ts[i].DeepCopyInto(&kept[i])
	}
	return p.spec(func(s *corev1.PodSpec) {
		for i := range kept {
			s.Tolerations = append(s.Tolerations, *kept[i].DeepCopy())
		}
	})
}

// Affinity replaces the affinity as a whole.
func (p PodBuilder) Affinity(a corev1.Affinity) PodBuilder {
	kept := a.DeepCopy()
	return p.spec(func(s *corev1.PodSpec) { s.Affinity = kept.DeepCopy() })
}

// TopologySpread appends constraints on how pods spread over the cluster.
func (p PodBuilder) TopologySpread(cs ...corev1.TopologySpreadConstraint) PodBuilder {
	if len(cs) == 0 {
		return p.reject(missing("no-arguments", "spec.topologySpreadConstraints", "give the constraints"))
	}
	kept := make([]corev1.TopologySpreadConstraint, len(cs))
	for i := range cs {
		cs[i].DeepCopyInto(&kept[i])
	}
	return p.spec(func(s *corev1.PodSpec) {
		for i := range kept {
			s.TopologySpreadConstraints = append(s.TopologySpreadConstraints, *kept[i].DeepCopy())
		}
	})
}

// PriorityClass replaces the priority class, by default the cluster's own.
func (p PodBuilder) PriorityClass(name string) PodBuilder {
	p = p.references("PriorityClass", "spec.priorityClassName", name)
	return p.spec(func(s *corev1.PodSpec) { s.PriorityClassName = name })
}

// SchedulerName replaces the scheduler, by default default-scheduler.
func (p PodBuilder) SchedulerName(name string) PodBuilder {
	p = p.references("scheduler", "spec.schedulerName", name)
	return p.spec(func(s *corev1.PodSpec) { s.SchedulerName = name })
}

// SchedulingGate appends a gate that keeps the pod from being scheduled until
// something removes it.
func (p PodBuilder) SchedulingGate(name string) PodBuilder {
	bad := keyFlaw(".name", name)
	return p.add(func(s *podDraft) {
		s.reportUnder(bad, "spec.schedulingGates", len(s.t.Spec.SchedulingGates))
		s.t.Spec.SchedulingGates = append(s.t.Spec.SchedulingGates, corev1.PodSchedulingGate{Name: name})
	})
}
