package check

// ephemeralRules say nothing of what is in an ephemeral container: no new pod can
// have one, whatever it is.
var ephemeralRules = []Rule{
	{ID: "ephemeral-containers", Level: Rejected,
		Title: "a new pod has ephemeral containers",
		Why:   "they are for debugging, and are added to a pod that runs: the API server refuses a pod or a template that starts with them",
		Fix:   "remove them; kubectl debug adds one to a running pod",
		Bad:   `ephemeralContainers: [{name: debug, image: "busybox:1.37.0"}]`,
		Good:  `containers: [{name: web}]`,
		pod: func(x *index, r *Rule) {
			if len(x.spec.EphemeralContainers) == 0 {
				return
			}
			detail := "cannot be set on create"
			if x.template {
				detail = "ephemeral containers not allowed in pod template"
			}
			x.reportPod(r, "spec.ephemeralContainers", forbidden(detail, ""))
		}},
}
