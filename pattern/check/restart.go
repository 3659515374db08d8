package check

var restartRules = []rule{
	{"restart-rules", Rejected, func(x *index, r rule) {
		for _, c := range x.containers {
			if len(c.RestartPolicyRules) > 0 && c.RestartPolicy == nil {
				x.report(r, c, ".restartPolicy", required("must specify restartPolicy when restart rules are used", "set it with RestartPolicy"))
			}
		}
	}},
}
