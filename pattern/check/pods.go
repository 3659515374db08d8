package check

import (
	"math"

	corev1 "k8s.io/api/core/v1"
)

var podRules = []Rule{
	{ID: "restart-policy", Level: Rejected,
		Title: "the restart policy of the pod is none that there is",
		Why:   "the API server refuses the pod",
		Fix:   "Always, or OnFailure or Never for what ends",
		Bad:   `restartPolicy: always`,
		Good:  `restartPolicy: Always`,
		pod: func(x *index, r *Rule) {
			switch x.spec.RestartPolicy {
			case "", corev1.RestartPolicyAlways, corev1.RestartPolicyOnFailure, corev1.RestartPolicyNever:
			default:
				x.reportPod(r, "spec.restartPolicy", notSupported(x.spec.RestartPolicy,
					corev1.RestartPolicyAlways, corev1.RestartPolicyOnFailure, corev1.RestartPolicyNever))
			}
		}},
	{ID: "deadline", Level: Rejected,
		Title: "the deadline of the pod is no number of seconds that it can have",
		Why:   "the API server refuses the pod",
		Fix:   "from 1 to 2147483647 seconds, or none",
		Bad:   `activeDeadlineSeconds: 0`,
		Good:  `activeDeadlineSeconds: 3600`,
		pod: func(x *index, r *Rule) {
			if d := x.spec.ActiveDeadlineSeconds; d != nil && (*d < 1 || *d > math.MaxInt32) {
				x.reportPod(r, "spec.activeDeadlineSeconds", invalid(*d, "must be between 1 and 2147483647, inclusive", ""))
			}
		}},
	{ID: "grace-period", Level: Warning,
		Title: "the pod has less than no time to stop",
		Why:   "the API server makes 1 of a negative number: the containers are killed after a second",
		Fix:   "how many seconds the slowest container needs to stop; the default is 30",
		Bad:   `terminationGracePeriodSeconds: -1`,
		Good:  `terminationGracePeriodSeconds: 45`,
		pod: func(x *index, r *Rule) {
			if g := x.spec.TerminationGracePeriodSeconds; g != nil && *g < 0 {
				x.reportPod(r, "spec.terminationGracePeriodSeconds", invalid(*g, "must be >= 0; negative values are invalid and will be treated as 1", ""))
			}
		}},
	{ID: "init-deadline", Level: Warning,
		Title: "what starts before the app may take longer than the pod has",
		Why:   "the deadline passes while a container still waits as it should, and its own time-out, which says for whom, never comes",
		Fix:   "shorter time-outs, or a later deadline",
		Bad:   "kind: Job\nspec: {activeDeadlineSeconds: 60, template: {spec: {initContainers: [{name: wait-for-db, command: [wait-for, --timeout=2m]}], containers: [{name: web}]}}}",
		Good:  "kind: Job\nspec: {activeDeadlineSeconds: 900, template: {spec: {initContainers: [{name: wait-for-db, command: [wait-for, --timeout=2m]}], containers: [{name: web}]}}}",
		pod:   initDeadline},
	{ID: "mesh-init-network", Level: Warning,
		Title: "a plain init container needs the network before the mesh's proxy is there",
		Why:   "its connections fail, or go past the mesh and its encryption",
		Fix:   "let the mesh inject a native sidecar, which starts before the init containers",
		Bad:   `{kind: Pod, metadata: {name: web, annotations: {linkerd.io/inject: enabled}}, spec: {initContainers: [{name: migrate, args: ["postgres://db:5432/web"]}], containers: [{name: web}]}}`,
		Good:  `{kind: Pod, metadata: {name: web, annotations: {linkerd.io/inject: enabled, config.beta.linkerd.io/proxy-enable-native-sidecar: "true"}}, spec: {initContainers: [{name: migrate, args: ["postgres://db:5432/web"]}], containers: [{name: web}]}}`,
		pod:   meshInitNetwork},
}
