package check

import "github.com/podpattern/podpattern/internal/release"

var nativeRules = []Rule{
	{ID: "native-min-version", Level: Broken,
		Title:  "this version of Kubernetes doesn't know native sidecars",
		Why:    "before 1.29 the API server drops the restartPolicy: the sidecar becomes a plain init container that never ends, and the app never starts",
		Fix:    "make it a regular container, or run on 1.29 and later",
		Bad:    `initContainers: [{name: proxy, restartPolicy: Always, readinessProbe: {httpGet: {path: /ready, port: 8081}}}]`,
		Good:   `containers: [{name: web}, {name: proxy, readinessProbe: {httpGet: {path: /ready, port: 8081}}}]`,
		Target: "1.28",
		pod: func(x *index, r *Rule) {
			if x.target.Has(release.NativeSidecars) {
				return
			}
			for _, c := range x.containers {
				if c.native() {
					x.report(r, c, ".restartPolicy", forbidden("needs Kubernetes "+release.NativeSidecars.String()+", not "+x.target.String(), ""))
				}
			}
		}},
	{ID: "native-readiness-counts", Level: Warning,
		Title: "a helper that only ships logs or metrics decides whether the pod is ready",
		Why:   "the readiness of a native sidecar counts like that of an app: when its backend is down, all pods leave their Services, though the apps work; this knows well-known shippers and exporters by their images",
		Fix:   "give it no readinessProbe; a livenessProbe restarts it",
		Bad:   `initContainers: [{name: logs, image: "cr.fluentbit.io/fluent/fluent-bit:5.1.1", restartPolicy: Always, readinessProbe: {httpGet: {path: /api/v2/health, port: 2020}}}]`,
		Good:  `initContainers: [{name: logs, image: "cr.fluentbit.io/fluent/fluent-bit:5.1.1", restartPolicy: Always, readinessProbe: null, livenessProbe: {httpGet: {path: /, port: 2020}}}]`,
		pod: func(x *index, r *Rule) {
			for _, c := range x.containers {
				if c.ReadinessProbe != nil && c.native() && shipsOnly(c.Image) {
					x.report(r, c, ".readinessProbe", invalid(imageName(c.Image), "takes the pod out of its Services when it is not ready", ""))
				}
			}
		}},
}
