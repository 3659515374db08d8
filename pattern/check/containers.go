package check

import corev1 "k8s.io/api/core/v1"

var containerRules = []Rule{
	{ID: "pull-policy", Level: Rejected,
		Title: "the imagePullPolicy of a container is unknown",
		Why:   "the kubelet wouldn't know when to pull the image: the API server refuses the pod",
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
		Title: "the terminationMessagePolicy of a container is unknown",
		Why:   "the kubelet wouldn't know where the last words of the container stand: the API server refuses the pod",
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
	{ID: "no-app-container", Level: Rejected,
		Title: "the pod has no regular container",
		Why:   "init containers and native sidecars only serve the regular ones: the API server refuses the pod",
		Fix:   "add a container to spec.containers; a pod needs at least one",
		Bad:   `containers: []`,
		Good:  `containers: [{name: web}]`,
		pod: func(x *index, r *Rule) {
			if len(x.spec.Containers) == 0 {
				x.reportPod(r, "spec.containers", required("", ""))
			}
		}},
}
