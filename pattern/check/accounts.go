package check

import (
	"cmp"

	"github.com/podpattern/podpattern/internal/names"
)

var accountRules = []Rule{
	{ID: "pod-reference", Level: Rejected,
		Title: "the name of an account, a class or a pull secret has the wrong form",
		Why:   "no object can have the name: the API server refuses the pod; but an impossible pull secret it accepts, and the image is pulled without it",
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
		Why:   "kubectl apply and patches merge the list by name, so one of the two gets lost",
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
}
