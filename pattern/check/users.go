package check

var userRules = []Rule{
	{ID: "sharepid", Level: Warning,
		Title: "the containers share their processes",
		Why:   "each container sees the command lines and environment of the others and, as the same user, their files; with hostPID the API server refuses the pod",
		Fix:   "share only where one container signals another; otherwise drop shareProcessNamespace",
		Bad:   `{shareProcessNamespace: true, containers: [{name: web}, {name: agent}]}`,
		Good:  `{shareProcessNamespace: false, containers: [{name: web}, {name: agent}]}`,
		pod:   sharePID},
}

// uid gives the user that a container runs as, if the pod says it.
func (x *index) uid(c site) (int64, bool) {
	if c.SecurityContext != nil && c.SecurityContext.RunAsUser != nil {
		return *c.SecurityContext.RunAsUser, true
	}
	if sc := x.spec.SecurityContext; sc != nil && sc.RunAsUser != nil {
		return *sc.RunAsUser, true
	}
	return 0, false
}

// gid gives the group that a container runs as, if the pod says it.
func (x *index) gid(c site) (int64, bool) {
	if c.SecurityContext != nil && c.SecurityContext.RunAsGroup != nil {
		return *c.SecurityContext.RunAsGroup, true
	}
	if sc := x.spec.SecurityContext; sc != nil && sc.RunAsGroup != nil {
		return *sc.RunAsGroup, true
	}
	return 0, false
}

// nonRoot says whether a container may not run as root, and whether it is the pod
// that says so.
func (x *index) nonRoot(c site) (nonRoot, inherited bool) {
	if c.SecurityContext != nil && c.SecurityContext.RunAsNonRoot != nil {
		return *c.SecurityContext.RunAsNonRoot, false
	}
	sc := x.spec.SecurityContext
	return sc != nil && isTrue(sc.RunAsNonRoot), true
}

func sharePID(x *index, r *Rule) {
	if !isTrue(x.spec.ShareProcessNamespace) {
		return
	}
	if x.spec.HostPID {
		f := invalid(true, "ShareProcessNamespace and HostPID cannot both be enabled", "drop one of the two")
		f.Level = Rejected
		x.reportPod(r, "spec.shareProcessNamespace", f)
		return
	}
	if x.SharesPID {
		return
	}
	var parties []Party
	for _, c := range x.containers {
		if !c.runsToItsEnd() {
			parties = append(parties, x.party(c, ""))
		}
	}
	if len(parties) > 1 {
		x.reportPod(r, "spec.shareProcessNamespace", invalid(true, "every container sees the command lines, the environment and the files of the others through /proc", ""), parties...)
	}
}
