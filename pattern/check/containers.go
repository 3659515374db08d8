package check

import corev1 "k8s.io/api/core/v1"

var containerRules = []Rule{
	{ID: "pull-policy", Level: Rejected,
		Title: "the imagePullPolicy of a container is none that there is",
		Why:   "the API server refuses the pod",
		Fix:   "Always, IfNotPresent or Never, or leave it out",
		Bad:   `containers: [{name: web, imagePullPolicy: OnChange}]`,
		Good:  `containers: [{name: web, imagePullPolicy: IfNotPresent}]`,
		pod: func(x *index, r *Rule) {
			for _, c := range x.containers {
				switch c.ImagePullPolicy {
				case "", corev1.PullAlways, corev1.PullIfNotPresent, corev1.PullNever:
				default:
					x.report(r, c, ".imagePullPolicy", notSupported(c.ImagePullPolicy, corev1.PullAlways, corev1.PullIfNotPresent, corev1.PullNever))
				}
			}
		}},
	{ID: "termination-message-policy", Level: Rejected,
		Title: "the terminationMessagePolicy of a container is none that there is",
		Why:   "the API server refuses the pod",
		Fix:   "File or FallbackToLogsOnError, or leave it out",
		Bad:   `containers: [{name: web, terminationMessagePolicy: Logs}]`,
		Good:  `containers: [{name: web, terminationMessagePolicy: FallbackToLogsOnError}]`,
		pod: func(x *index, r *Rule) {
			for _, c := range x.containers {
				switch c.TerminationMessagePolicy {
				case "", corev1.TerminationMessageReadFile, corev1.TerminationMessageFallbackToLogsOnError:
				default:
					x.report(r, c, ".terminationMessagePolicy", notSupported(c.TerminationMessagePolicy, corev1.TerminationMessageReadFile, corev1.TerminationMessageFallbackToLogsOnError))
				}
			}
		}},
}
