package pattern

import (
	"slices"

	"github.com/podpattern/podpattern/internal/release"
	corev1 "k8s.io/api/core/v1"
)

// RestartPolicy replaces what happens when this container alone ends; by default
// the pod's restart policy says it. Needs Kubernetes 1.35. A native helper has
// Always: another policy there, and one that the API doesn't have, are errors.
func (c Container[R]) RestartPolicy(policy corev1.ContainerRestartPolicy) Container[R] {
	origin := here(ofConstructor)
	bad := oneOf(".restartPolicy", policy, corev1.ContainerRestartPolicyAlways, corev1.ContainerRestartPolicyOnFailure, corev1.ContainerRestartPolicyNever)
	return c.add(func(d *draft) {
		d.reportAll(bad, "")
		p := policy
		d.c.RestartPolicy = &p
		d.own().ownPolicy = &origin
	})
}

// RestartRules appends rules that go by exit code; the first that matches wins,
// and where none does the container's restart policy holds, which must be set
// ([Container.RestartPolicy]). Needs Kubernetes 1.35. A rule without exit codes is
// an error.
// docs: concepts/workloads/pods/pod-lifecycle, container restart rules.
func (c Container[R]) RestartRules(rules ...corev1.ContainerRestartRule) Container[R] {
	if len(rules) == 0 {
		return c.reject(missing("no-arguments", ".restartPolicyRules", "give the rules: RestartRules(pattern.RestartOn(42))"))
	}
	kept := make([]corev1.ContainerRestartRule, len(rules))
	for i := range rules {
		rules[i].DeepCopyInto(&kept[i])
	}
	n := need{release.RestartRules, "RestartRules", ".restartPolicyRules", here(ofConstructor)}
	for _, rule := range kept {
		if rule.ExitCodes == nil || len(rule.ExitCodes.Values) == 0 {
			return c.reject(missing("restart-rules", ".restartPolicyRules.exitCodes", "name the exit codes"))
		}
		if rule.Action == corev1.ContainerRestartRuleActionRestartAllContainers {
			n = need{release.RestartAllOnExit, "RestartAllContainers", n.field, n.at}
		}
	}
	return c.add(func(d *draft) {
		for i := range kept {
			d.c.RestartPolicyRules = append(d.c.RestartPolicyRules, *kept[i].DeepCopy())
		}
		d.need(n)
	})
}

// RestartOn gives a rule that restarts the container on those exit codes.
func RestartOn(codes ...int32) corev1.ContainerRestartRule {
	return corev1.ContainerRestartRule{
		Action:    corev1.ContainerRestartRuleActionRestart,
		ExitCodes: &corev1.ContainerRestartRuleOnExitCodes{Operator: corev1.ContainerRestartRuleOnExitCodesOpIn, Values: slices.Clone(codes)},
	}
}

// Classic makes a helper a regular container, as all were before Kubernetes 1.29:
// it starts with the app, not before it, and keeps a Job from completing. On an
// app or an init container it changes nothing.
func (c Container[R]) Classic() Container[R] {
	return c.add(func(d *draft) { d.classic = true })
}

// Native makes a helper a native sidecar again: an init container that restarts
// always, starts before what comes after it and stops after the app. It is the
// default where the target has it.
func (c Container[R]) Native() Container[R] {
	return c.add(func(d *draft) { d.classic = false })
}
