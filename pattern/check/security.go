package check

var securityRules = []rule{
	{"security-context", Rejected, func(x *index, r rule) {
		for _, c := range x.containers {
			sc := c.SecurityContext
			if sc != nil && sc.Privileged != nil && *sc.Privileged && sc.AllowPrivilegeEscalation != nil && !*sc.AllowPrivilegeEscalation {
				x.report(r, c, ".securityContext", invalid("", "cannot set `allowPrivilegeEscalation` to false and `privileged` to true", "drop one of the two"))
			}
		}
	}},
}
