package check

import (
	"cmp"

	"github.com/podpattern/podpattern/internal/names"
)

var accountRules = []Rule{
	{ID: "pod-reference", Level: Rejected,
		Title: "the name of an account, a class or a pull secret is none that an object can have",
		Why:   "the API server refuses the pod; an impossible pull secret it accepts, and the node pulls without it",
		Fix:   "the object's name: small letters, digits, - and dots, with a letter or digit at both ends",
		Bad:   `serviceAccountName: web_reader`,
		Good:  `serviceAccountName: web-reader`,
		pod: func(x *index, r *Rule) {
			// The API server reads the deprecated name where the other is missing.
			if name := cmp.Or(x.spec.ServiceAccountName, x.spec.DeprecatedServiceAccount); name != "" {
				x.subdomain(r, &trail{name: "spec.serviceAccountName"}, name)
			}
			if x.spec.PriorityClassName != "" {
				x.subdomain(r, &trail{name: "spec.priorityClassName"}, x.spec.PriorityClassName)
			}
			if x.spec.RuntimeClassName != nil {
				x.subdomain(r, &trail{name: "spec.runtimeClassName"}, *x.spec.RuntimeClassName)
			}
			for i := range x.spec.ImagePullSecrets {
				name := x.spec.ImagePullSecrets[i].Name
				if !names.IsSubdomain(name) {
					f := invalid(name, "no secret has such a name: the node pulls without it", "")
					f.Level = Warning
					x.reportPod(r, "spec.imagePullSecrets"+at(i)+".name", f)
				}
			}
		}},
	{ID: "pull-secret-dup", Level: Warning,
		Title: "one pull secret is named twice",
		Why:   "a patch or an apply that merges by name drops one of the two",
		Fix:   "name it once",
		Bad:   `imagePullSecrets: [{name: registry}, {name: registry}]`,
		Good:  `imagePullSecrets: [{name: registry}]`,
		pod: func(x *index, r *Rule) {
			if len(x.spec.ImagePullSecrets) < 2 {
				return
			}
			var seen firsts[string]
			for i := range x.spec.ImagePullSecrets {
				name := x.spec.ImagePullSecrets[i].Name
				if _, dup := seen.at(name, i); dup && name != "" {
					x.reportPod(r, "spec.imagePullSecrets"+at(i)+".name", duplicate(name, "", ""))
				}
			}
		}},
	{ID: "token-shared", Level: Warning,
		Title: "one container needs the API server, and others get the token too",
		Why:   "whoever breaks into one of the others may do what the account may",
		Fix:   "automountServiceAccountToken: false, and a projected serviceAccountToken for the one container",
		Bad: `{serviceAccountName: web, automountServiceAccountToken: true, volumes: [{name: boards, emptyDir: {sizeLimit: 32Mi}}], containers: [{name: web, volumeMounts: [{name: boards, mountPath: /boards, readOnly: true}]},
  {name: boards, image: "quay.io/kiwigrid/k8s-sidecar:2.10.1", volumeMounts: [{name: boards, mountPath: /out}]}]}`,
		Good: `{serviceAccountName: web, volumes: [{name: boards, emptyDir: {sizeLimit: 32Mi}}, {name: token, projected: {sources: [{serviceAccountToken: {path: token, expirationSeconds: 3600}}]}}], containers: [{name: web, volumeMounts: [{name: boards, mountPath: /boards, readOnly: true}]},
  {name: boards, image: "quay.io/kiwigrid/k8s-sidecar:2.10.1", volumeMounts: [{name: boards, mountPath: /out}, {name: token, mountPath: /var/run/secrets/kubernetes.io/serviceaccount, readOnly: true}]}]}`,
		pod: tokenShared},
}
