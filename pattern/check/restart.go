package check

import (
	"github.com/podpattern/podpattern/internal/release"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// The most restart rules of a container, and the most exit codes of a rule.
const (
	mostRestartRules = 20
	mostExitCodes    = 255
)

var restartRules = []Rule{
	{ID: "container-restart-policy", Level: Rejected,
		Title: "the restart policy of a container is unknown",
		Why:   "the kubelet wouldn't know what to do when the container ends: the API server refuses the pod",
		Fix:   "Always, Never or OnFailure; Always makes an init container a native sidecar",
		Bad:   `containers: [{name: web, restartPolicy: Sometimes}]`,
		Good:  `containers: [{name: web, restartPolicy: OnFailure}]`,
		pod: func(x *index, r *Rule) {
			if !x.target.Has(release.RestartRules) {
				return
			}
			for _, c := range x.containers {
				if c.RestartPolicy == nil {
					continue
				}
				switch *c.RestartPolicy {
				case corev1.ContainerRestartPolicyAlways, corev1.ContainerRestartPolicyNever, corev1.ContainerRestartPolicyOnFailure:
				default:
					x.report(r, c, ".restartPolicy", notSupported(*c.RestartPolicy, corev1.ContainerRestartPolicyAlways, corev1.ContainerRestartPolicyNever, corev1.ContainerRestartPolicyOnFailure))
				}
			}
		}},
	{ID: "restart-rules", Level: Rejected,
		Title: "a restart rule of a container is incomplete, or not for this container",
		Why:   "the kubelet couldn't tell at which exit codes to restart: the API server refuses the pod",
		Fix:   "set restartPolicy too; each rule needs an action and exitCodes with the operator In or NotIn",
		Bad:   `containers: [{name: web, restartPolicyRules: [{action: Restart, exitCodes: {operator: In, values: [42]}}]}]`,
		Good:  `containers: [{name: web, restartPolicy: Never, restartPolicyRules: [{action: Restart, exitCodes: {operator: In, values: [42]}}]}]`,
		pod: func(x *index, r *Rule) {
			if !x.target.Has(release.RestartRules) {
				return // the API server drops them
			}
			for _, c := range x.containers {
				if len(c.RestartPolicyRules) > 0 {
					x.restartRules(r, c)
				}
			}
		}},
	{ID: "container-restart-version", Level: Broken,
		Title:  "this version of Kubernetes doesn't know restart policies and rules of containers",
		Why:    "before 1.35 the API server drops them or refuses the pod: the containers restart as the pod's restartPolicy says",
		Fix:    "use the pod's restartPolicy, or run on 1.35 and later",
		Bad:    `containers: [{name: web, restartPolicy: OnFailure}]`,
		Good:   `{restartPolicy: OnFailure, containers: [{name: web}]}`,
		Target: "1.34",
		pod: func(x *index, r *Rule) {
			if x.target.Has(release.RestartRules) {
				return
			}
			for _, c := range x.containers {
				switch {
				case c.RestartPolicy != nil && !c.native():
					x.report(r, c, ".restartPolicy", forbidden("needs Kubernetes "+release.RestartRules.String()+", not "+x.target.String(), ""))
				case len(c.RestartPolicyRules) > 0:
					x.report(r, c, ".restartPolicyRules", forbidden("needs Kubernetes "+release.RestartRules.String()+", not "+x.target.String(), ""))
				}
			}
		}},
}

// restartRules holds the rules of a container against what they may be.
// upstream: kubernetes/kubernetes pkg/apis/core/validation/validation.go validateContainerRestartPolicy,
// validateInitContainerRestartPolicy
func (x *index) restartRules(r *Rule, c site) {
	if c.RestartPolicy == nil {
		x.report(r, c, ".restartPolicy", required("must specify restartPolicy when restart rules are used", "set it to what happens when no rule fits"))
		if c.init {
			return // nobody looks at the rules then
		}
	}
	all := x.target.Has(release.RestartAllOnExit)
	if c.native() && !all {
		x.report(r, c, ".restartPolicyRules", forbidden("restartPolicyRules are not allowed for init containers with restart policy Always", "needs Kubernetes "+release.RestartAllOnExit.String()))
		return
	}
	if n := len(c.RestartPolicyRules); n > mostRestartRules {
		x.report(r, c, ".restartPolicyRules", tooMany(n, mostRestartRules))
	}
	for i := range c.RestartPolicyRules {
		x.restartRule(r, c, i, all)
	}
}

func (x *index) restartRule(r *Rule, c site, i int, all bool) {
	rule := &c.RestartPolicyRules[i]
	switch {
	case rule.Action == corev1.ContainerRestartRuleActionRestart:
	case all && rule.Action == corev1.ContainerRestartRuleActionRestartAllContainers:
	case all:
		x.report(r, c, ".restartPolicyRules"+at(i)+".action", notSupported(rule.Action, corev1.ContainerRestartRuleActionRestart, corev1.ContainerRestartRuleActionRestartAllContainers))
	default:
		f := notSupported(rule.Action, corev1.ContainerRestartRuleActionRestart)
		if rule.Action == corev1.ContainerRestartRuleActionRestartAllContainers {
			f.Fix = "needs Kubernetes " + release.RestartAllOnExit.String()
		}
		x.report(r, c, ".restartPolicyRules"+at(i)+".action", f)
	}
	codes := rule.ExitCodes
	if codes == nil {
		x.report(r, c, ".restartPolicyRules"+at(i)+".exitCodes", required("must be specified", ""))
		return
	}
	if codes.Operator != corev1.ContainerRestartRuleOnExitCodesOpIn && codes.Operator != corev1.ContainerRestartRuleOnExitCodesOpNotIn {
		x.report(r, c, ".restartPolicyRules"+at(i)+".exitCodes.operator", notSupported(codes.Operator, corev1.ContainerRestartRuleOnExitCodesOpIn, corev1.ContainerRestartRuleOnExitCodesOpNotIn))
	}
	if n := len(codes.Values); n > mostExitCodes {
		x.report(r, c, ".restartPolicyRules"+at(i)+".exitCodes.values", tooMany(n, mostExitCodes))
	}
}

func tooMany(n, most int) Finding {
	e := field.TooMany(nil, n, most)
	return Finding{Type: e.Type, Value: n, Detail: e.Detail, Fix: "fewer of them"}
}
