package check_test

import (
	"testing"

	"github.com/podpattern/podpattern/pattern/check"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
)

func restartOn(action corev1.ContainerRestartRuleAction, codes ...int32) corev1.ContainerRestartRule {
	return corev1.ContainerRestartRule{Action: action, ExitCodes: &corev1.ContainerRestartRuleOnExitCodes{Operator: corev1.ContainerRestartRuleOnExitCodesOpIn, Values: codes}}
}

func TestRestartRules(t *testing.T) {
	rules := func(rules ...corev1.ContainerRestartRule) func(*corev1.Pod) {
		return func(p *corev1.Pod) {
			webOf(p).RestartPolicy, webOf(p).RestartPolicyRules = new(corev1.ContainerRestartPolicyNever), rules
		}
	}
	try(t,
		example{"container-restart-policy", "an empty one and an unknown one", func(p *corev1.Pod) {
			webOf(p).RestartPolicy, initOf(p).RestartPolicy = new(corev1.ContainerRestartPolicy("")), new(corev1.ContainerRestartPolicy("always"))
		}, []string{
			`A spec.containers[0].restartPolicy: Unsupported value: "": supported values: "Always", "Never", "OnFailure"`,
			`A spec.initContainers[0].restartPolicy: Unsupported value: "always": supported values: "Always", "Never", "OnFailure"`}},
		example{"container-restart-policy", "each of them", func(p *corev1.Pod) {
			webOf(p).RestartPolicy, initOf(p).RestartPolicy = new(corev1.ContainerRestartPolicyOnFailure), new(corev1.ContainerRestartPolicyNever)
		}, nil},
		example{"restart-rules", "an empty rule", rules(corev1.ContainerRestartRule{}), []string{
			`A spec.containers[0].restartPolicyRules[0].action: Unsupported value: "": supported values: "Restart"`,
			"A spec.containers[0].restartPolicyRules[0].exitCodes: Required value: must be specified"}},
		example{"restart-rules", "an unknown operator", rules(corev1.ContainerRestartRule{Action: "Restart", ExitCodes: &corev1.ContainerRestartRuleOnExitCodes{Operator: "in"}}),
			[]string{`A spec.containers[0].restartPolicyRules[0].exitCodes.operator: Unsupported value: "in": supported values: "In", "NotIn"`}},
		example{"restart-rules", "too many codes", rules(restartOn("Restart", make([]int32, 256)...)), []string{"A spec.containers[0].restartPolicyRules[0].exitCodes.values: Too many: 256: must have at most 255 items"}},
		example{"restart-rules", "as many codes as may be", rules(restartOn("Restart", make([]int32, 255)...)), nil},
		example{"restart-rules", "too many rules", func(p *corev1.Pod) {
			all := make([]corev1.ContainerRestartRule, 21)
			for i := range all {
				all[i] = restartOn("Restart", 1)
			}
			rules(all...)(p)
		}, []string{"A spec.containers[0].restartPolicyRules: Too many: 21: must have at most 20 items"}},
		example{"restart-rules", "no policy in an init container, where nobody looks further", func(p *corev1.Pod) {
			initOf(p).RestartPolicyRules = []corev1.ContainerRestartRule{{}}
		}, []string{"A spec.initContainers[0].restartPolicy: Required value: must specify restartPolicy when restart rules are used"}},
		example{"restart-rules", "no policy in an app", func(p *corev1.Pod) {
			webOf(p).RestartPolicyRules = []corev1.ContainerRestartRule{{Action: "Restart"}}
		}, []string{
			"A spec.containers[0].restartPolicy: Required value: must specify restartPolicy when restart rules are used",
			"A spec.containers[0].restartPolicyRules[0].exitCodes: Required value: must be specified"}},
		example{"container-restart-version", "the default target knows them", rules(restartOn("Restart", 1)), nil},
	)
}

func TestRestartRulesByVersion(t *testing.T) {
	p := goodPod()
	webOf(p).RestartPolicy, webOf(p).RestartPolicyRules = new(corev1.ContainerRestartPolicyNever), []corev1.ContainerRestartRule{restartOn("RestartAllContainers", 1)}
	sideOf(p).RestartPolicyRules = []corev1.ContainerRestartRule{restartOn("Restart", 1)}
	initOf(p).RestartPolicy = new(corev1.ContainerRestartPolicyOnFailure)
	texts := func(target string) (out []string) {
		for _, f := range check.Pod(p, check.Target(target), check.AtLeast(check.Broken)) {
			out = append(out, string(f.Level)+" "+f.Rule+" "+f.Path)
		}
		return out
	}
	require.Empty(t, texts("1.36"))
	require.Equal(t, []string{
		"A restart-rules spec.containers[0].restartPolicyRules[0].action",
		"A restart-rules spec.initContainers[1].restartPolicyRules",
	}, texts("1.35"), "all containers, and rules of native sidecars, from 1.36 on")
	require.Equal(t, []string{
		"E container-restart-version spec.containers[0].restartPolicy",
		"E container-restart-version spec.initContainers[0].restartPolicy",
		"E container-restart-version spec.initContainers[1].restartPolicyRules",
	}, texts("1.34"))
}

func TestPoliciesOfAContainer(t *testing.T) {
	try(t,
		example{"pull-policy", "an unknown one", func(p *corev1.Pod) { initOf(p).ImagePullPolicy = "always" }, []string{`A spec.initContainers[0].imagePullPolicy: Unsupported value: "always": supported values: "Always", "IfNotPresent", "Never"`}},
		example{"pull-policy", "the known ones", func(p *corev1.Pod) {
			initOf(p).ImagePullPolicy, sideOf(p).ImagePullPolicy, webOf(p).ImagePullPolicy = corev1.PullAlways, corev1.PullNever, corev1.PullIfNotPresent
		}, nil},
		example{"termination-message-policy", "an unknown one", func(p *corev1.Pod) { webOf(p).TerminationMessagePolicy = "file" }, []string{`A spec.containers[0].terminationMessagePolicy: Unsupported value: "file": supported values: "File", "FallbackToLogsOnError"`}},
		example{"termination-message-policy", "the known ones", func(p *corev1.Pod) {
			webOf(p).TerminationMessagePolicy, sideOf(p).TerminationMessagePolicy = corev1.TerminationMessageReadFile, corev1.TerminationMessageFallbackToLogsOnError
		}, nil},
	)
}
