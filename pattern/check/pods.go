package check

import (
	"math"

	corev1 "k8s.io/api/core/v1"
)

var podRules = []Rule{
	{ID: "restart-policy", Level: Rejected,
		Title: "the restart policy of the pod is unknown",
		Why:   "the kubelet wouldn't know what to do with a container that has ended: the API server refuses the pod",
		Fix:   "Always for what serves; OnFailure or Never for what runs to its end",
		Bad:   `restartPolicy: always`,
		Good:  `restartPolicy: Always`,
		pod: func(x *index, r *Rule) {
			if runsToItsEnd(x.carrier) {
				return // job-restart-policy says it
			}
			switch x.spec.RestartPolicy {
			case "", corev1.RestartPolicyAlways, corev1.RestartPolicyOnFailure, corev1.RestartPolicyNever:
			default:
				x.reportPod(r, "spec.restartPolicy", notSupported(x.spec.RestartPolicy,
					corev1.RestartPolicyAlways, corev1.RestartPolicyOnFailure, corev1.RestartPolicyNever))
			}
		}},
	{ID: "deadline", Level: Rejected,
		Title: "activeDeadlineSeconds is not from 1 to 2147483647",
		Why:   "it says after how many seconds the pod is killed: the API server refuses a number out of range",
		Fix:   "a number of seconds from 1 on, or no deadline",
		Bad:   `activeDeadlineSeconds: 0`,
		Good:  `activeDeadlineSeconds: 3600`,
		pod: func(x *index, r *Rule) {
			if d := x.spec.ActiveDeadlineSeconds; d != nil && (*d < 1 || *d > math.MaxInt32) {
				x.reportPod(r, "spec.activeDeadlineSeconds", invalid(*d, "must be between 1 and 2147483647, inclusive", ""))
			}
		}},
	{ID: "grace-period", Level: Warning,
		Title: "terminationGracePeriodSeconds is negative",
		Why:   "the API server turns it into 1: the containers are killed a second after they were asked to stop",
		Fix:   "as many seconds as the slowest container needs to stop; the default is 30",
		Bad:   `terminationGracePeriodSeconds: -1`,
		Good:  `terminationGracePeriodSeconds: 45`,
		pod: func(x *index, r *Rule) {
			if g := x.spec.TerminationGracePeriodSeconds; g != nil && *g < 0 {
				x.reportPod(r, "spec.terminationGracePeriodSeconds", invalid(*g, "must be >= 0; negative values are invalid and will be treated as 1", ""))
			}
		}},
}
