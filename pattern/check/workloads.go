package check

import (
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
)

// workloadRules are about a pod template and what carries it.
var workloadRules = []Rule{
	{ID: "workload-restart-policy", Level: Rejected,
		Title: "a Deployment, ReplicaSet, StatefulSet or DaemonSet has a restartPolicy other than Always",
		Why:   "its pods are to run until they are deleted: the API server refuses any policy but Always",
		Fix:   "leave restartPolicy out, or use a Job",
		Bad:   "kind: Deployment\nspec: {template: {spec: {restartPolicy: OnFailure}}}",
		Good:  "kind: Job\nspec: {template: {spec: {restartPolicy: OnFailure}}}",
		pod: func(x *index, r *Rule) {
			policy := x.spec.RestartPolicy
			if runsForever(x.carrier) && policy != "" && policy != corev1.RestartPolicyAlways {
				x.reportPod(r, "spec.restartPolicy", notSupported(policy, corev1.RestartPolicyAlways))
			}
		}},
	{ID: "workload-deadline", Level: Rejected,
		Title: "a Deployment, ReplicaSet, StatefulSet or DaemonSet has activeDeadlineSeconds",
		Why:   "its pods are to run until they are deleted: the API server refuses a deadline",
		Fix:   "leave activeDeadlineSeconds out, or use a Job",
		Bad:   "kind: DaemonSet\nspec: {template: {spec: {activeDeadlineSeconds: 60}}}",
		Good:  "kind: Job\nspec: {template: {spec: {activeDeadlineSeconds: 60}}}",
		pod: func(x *index, r *Rule) {
			if !runsForever(x.carrier) || x.spec.ActiveDeadlineSeconds == nil {
				return
			}
			kind := x.carrier
			if kind == "Deployment" {
				kind = "ReplicaSet" // which the API server says of both
			}
			x.reportPod(r, "spec.activeDeadlineSeconds", forbidden("activeDeadlineSeconds in "+kind+" is not Supported", ""))
		}},
	{ID: "workload-selector", Level: Rejected,
		Title: "the selector of a workload is missing, is empty, or doesn't match its own pods",
		Why:   "it would make pods for ever and never find one, or take all pods for its own: the API server refuses it",
		Fix:   "a selector with labels, such as matchLabels: {app: web}, which the pod template has too",
		Bad:   "kind: Deployment\nspec: {selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: shop}}}}",
		Good:  "kind: Deployment\nspec: {selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}}}",
		pod: func(x *index, r *Rule) {
			if x.workload == nil || !runsForever(x.workload.kind) || x.lacksSelector(r) {
				return
			}
			selector, err := metav1.LabelSelectorAsSelector(x.workload.selector)
			if err != nil || selector.Matches(labels.Set(x.meta.Labels)) || selector.Empty() {
				return
			}
			x.reportPod(r, "metadata.labels", invalid(labels.FormatLabels(x.meta.Labels), "`selector` does not match template `labels`", ""))
		}},
	{ID: "job-restart-policy", Level: Rejected,
		Title: "a Job has restartPolicy Always, which is the default",
		Why:   "its pods are to end, and with Always they never would: the API server refuses the Job",
		Fix:   "set restartPolicy to OnFailure or Never",
		Bad:   "kind: Job\nspec: {template: {spec: {restartPolicy: Always}}}",
		Good:  "kind: Job\nspec: {template: {spec: {restartPolicy: OnFailure}}}",
		pod:   jobRestartPolicy},
	{ID: "job-failurepolicy-container", Level: Rejected,
		Title: "the failure policy of a Job names a container that its pod doesn't have",
		Why:   "the rule could never apply: the API server refuses the Job",
		Fix:   "name a container of the pod template",
		Bad:   "kind: Job\nspec: {podFailurePolicy: {rules: [{action: FailJob, onExitCodes: {containerName: main, operator: In, values: [42]}}]}}",
		Good:  "kind: Job\nspec: {podFailurePolicy: {rules: [{action: FailJob, onExitCodes: {containerName: web, operator: In, values: [42]}}]}}",
		pod: func(x *index, r *Rule) {
			if x.workload == nil || x.workload.job == nil || x.workload.job.PodFailurePolicy == nil {
				return
			}
			for i := range x.workload.job.PodFailurePolicy.Rules {
				codes := x.workload.job.PodFailurePolicy.Rules[i].OnExitCodes
				if codes == nil || codes.ContainerName == nil {
					continue
				}
				if _, there := x.named(*codes.ContainerName); !there {
					x.reportWorkload(r, "podFailurePolicy.rules"+at(i)+".onExitCodes.containerName",
						invalid(*codes.ContainerName, "must be one of the container or initContainer names in the pod template", ""))
				}
			}
		}},
}

// lacksSelector reports a selector that is missing or empty. Of one that is missing
// the API server says in a second error that it matches no labels; of a DaemonSet it
// says nothing else.
// upstream: kubernetes/kubernetes pkg/apis/apps/validation/validation.go (ValidateDeploymentSpec,
// ValidateReplicaSetSpec, ValidateStatefulSetSpec, ValidateDaemonSetSpec)
func (x *index) lacksSelector(r *Rule) bool {
	kind := x.workload.kind
	switch s := x.workload.selector; {
	case s != nil && len(s.MatchLabels)+len(s.MatchExpressions) > 0:
		return false
	case s == nil && kind == "DaemonSet":
		x.reportPod(r, "metadata.labels", invalid(labels.FormatLabels(x.meta.Labels), "`selector` does not match template `labels`", ""))
	case s == nil:
		x.reportWorkload(r, "selector", required("", ""))
	default:
		if kind == "ReplicaSet" {
			kind = "Deployment" // which the API server says of both
		}
		x.reportWorkload(r, "selector", invalid("{}", "empty selector is invalid for "+strings.ToLower(kind), ""))
	}
	return true
}

// runsForever says whether a kind of workload makes pods that are to run until
// they are deleted.
func runsForever(kind string) bool {
	return kind == "Deployment" || kind == "ReplicaSet" || kind == "StatefulSet" || kind == "DaemonSet"
}

// runsToItsEnd says whether a kind of workload makes pods that end.
func runsToItsEnd(kind string) bool { return kind == "Job" || kind == "CronJob" }

func jobRestartPolicy(x *index, r *Rule) {
	if !runsToItsEnd(x.carrier) {
		return
	}
	policy := x.spec.RestartPolicy
	switch {
	case policy == "" || policy == corev1.RestartPolicyAlways:
		x.reportPod(r, "spec.restartPolicy", required(fmt.Sprintf("valid values: %q, %q", corev1.RestartPolicyOnFailure, corev1.RestartPolicyNever), ""))
	case policy != corev1.RestartPolicyOnFailure && policy != corev1.RestartPolicyNever:
		x.reportPod(r, "spec.restartPolicy", notSupported(policy, corev1.RestartPolicyOnFailure, corev1.RestartPolicyNever))
	case policy != corev1.RestartPolicyNever && x.workload != nil && x.workload.job != nil && x.workload.job.PodFailurePolicy != nil:
		x.reportPod(r, "spec.restartPolicy", invalid(string(policy), fmt.Sprintf("only %q is supported when podFailurePolicy is specified", corev1.RestartPolicyNever), "set restartPolicy to Never"))
	}
}

// reportWorkload adds a finding about a field of the workload's own spec, such as
// "podFailurePolicy".
func (x *index) reportWorkload(r *Rule, field string, f Finding) {
	f.Path = strings.TrimSuffix(x.workload.path, "template") + field
	x.found = append(x.found, r.finding(f))
}
