package check

var userRules = []Rule{
	{ID: "nonroot-root", Level: Broken,
		Title: "a container may not run as root and is told to",
		Why:   "runAsNonRoot forbids user 0: the kubelet doesn't start the container",
		Fix:   "another runAsUser, or no runAsNonRoot",
		Bad:   `containers: [{name: web, securityContext: {runAsNonRoot: true, runAsUser: 0}}]`,
		Good:  `containers: [{name: web, securityContext: {runAsNonRoot: true, runAsUser: 10001}}]`,
		pod:   nonRootRoot},
	{ID: "nonroot-numeric", Level: Warning,
		Title: "a container may not run as root, and nobody says by number as whom it runs",
		Why:   "if the image names its user, the kubelet can't tell that it isn't root and doesn't start the container",
		Fix:   "set runAsUser to the number of the image's user",
		Bad:   `{securityContext: {runAsUser: null}, containers: [{name: web}]}`,
		Good:  `{securityContext: {runAsUser: 10001}, containers: [{name: web}]}`,
		pod:   nonRootNumeric},
	{ID: "sharepid", Level: Warning,
		Title: "the containers share their processes",
		Why:   "each sees the command lines, the environment and, as the same user, the files of all others; with hostPID the API server refuses the pod",
		Fix:   "share only where one container signals another; otherwise drop shareProcessNamespace",
		Bad:   `{shareProcessNamespace: true, containers: [{name: web}, {name: agent}]}`,
		Good:  `{shareProcessNamespace: false, containers: [{name: web}]}`,
		pod:   sharePID},
	{ID: "uid-mismatch", Level: Warning,
		Title: "two containers write to one volume as different users",
		Why:   "a file belongs to the user that wrote it: the other one can't change it, nor connect to it if it is a socket",
		Fix:   "set the pod's fsGroup, or one runAsUser for both",
		Bad:   `{securityContext: {fsGroup: null}, volumes: [{name: d, emptyDir: {sizeLimit: 1Mi}}], containers: [{name: web, volumeMounts: [{name: d, mountPath: /d}]}, {name: agent, securityContext: {runAsUser: 2}, volumeMounts: [{name: d, mountPath: /d}]}]}`,
		Good:  `{securityContext: {fsGroup: 10001}, containers: [{name: web}]}`,
		pod:   uidMismatch},
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
