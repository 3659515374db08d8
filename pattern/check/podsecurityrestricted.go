package check

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

var restrictedRules = []Rule{
	{ID: "pss-restricted", Level: Warning,
		Title: "Pod Security Standard restricted forbids the pod",
		Why:   "a namespace that enforces restricted refuses the pod, because an intruder could do more in the container than it needs",
		Fix:   "set what restricted asks for: runAsNonRoot, a seccompProfile, allowPrivilegeEscalation: false and capabilities that drop ALL",
		Bad:   `containers: [{name: web, securityContext: {allowPrivilegeEscalation: true, capabilities: null}}]`,
		Good:  `containers: [{name: web, securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}}]`,
		pod:   restricted},
}

const (
	wantsNonRoot = "runAsNonRoot: true"
	wantsSeccomp = "seccompProfile.type: RuntimeDefault"
)

// wish is what restricted wants of containers that lack the same.
type wish struct {
	faults
	of []site
}

// restricted makes one finding of all that the pod and its containers lack. What
// baseline forbids, restricted forbids too: there is another thing to think of first.
func restricted(x *index, r *Rule) {
	if slices.ContainsFunc(x.found, func(f Finding) bool { return f.Rule == "pss-baseline" }) {
		return
	}
	nonRoot, seccomp := x.missingEverywhere()
	ofPod := x.restrictedOfPod(nonRoot, seccomp)
	var wishes []wish
	var places firsts[string]
	for _, c := range x.containers {
		f := x.restrictedOf(c, !nonRoot, !seccomp)
		if len(f.texts) == 0 {
			continue
		}
		i, again := places.at(strings.Join(f.texts, ","), len(wishes))
		if !again {
			wishes = append(wishes, wish{faults: f})
		}
		wishes[i].of = append(wishes[i].of, c)
	}
	const verdict = "Pod Security restricted wants "
	switch {
	case len(wishes) == 0:
		ofPod.report(holder{x: x}, r, verdict)
	case len(ofPod.texts) == 0 && len(wishes) == 1 && len(wishes[0].of) == 1:
		wishes[0].report(holder{x, wishes[0].of[0]}, r, verdict)
	default:
		x.reportWishes(r, verdict, ofPod, wishes)
	}
}

// reportWishes says who is to have what: "A of the pod; B and C of each container".
func (x *index) reportWishes(r *Rule, verdict string, ofPod faults, wishes []wish) {
	var parts []string
	var parties []Party
	if len(ofPod.texts) > 0 {
		parts = append(parts, enumerated(ofPod.texts)+" of the pod")
	}
	for _, w := range wishes {
		var who []string
		for _, c := range w.of {
			who = append(who, "container "+c.Name)
			parties = append(parties, x.party(c, ".securityContext"))
		}
		if len(who) == len(x.containers) && len(who) > 1 {
			who = []string{"each container"}
		}
		parts = append(parts, enumerated(w.texts)+" of "+enumerated(who))
	}
	x.reportPod(r, "spec", forbidden(verdict+strings.Join(parts, "; "), ""), parties...)
}

// missingEverywhere says whether all containers lack what the pod could say for
// them, and it doesn't.
func (x *index) missingEverywhere() (nonRoot, seccomp bool) {
	nonRoot, seccomp = len(x.containers) > 0, len(x.containers) > 0
	for _, c := range x.containers {
		nonRoot = nonRoot && x.lacksNonRoot(c)
		seccomp = seccomp && x.lacksSeccomp(c)
		if !nonRoot && !seccomp {
			break
		}
	}
	return nonRoot, seccomp
}

// lacksNonRoot says whether neither the container nor the pod says runAsNonRoot.
func (x *index) lacksNonRoot(c site) bool {
	if c.SecurityContext != nil && c.SecurityContext.RunAsNonRoot != nil || x.mayBeRoot() {
		return false
	}
	return x.spec.SecurityContext == nil || x.spec.SecurityContext.RunAsNonRoot == nil
}

// lacksSeccomp says whether neither the container nor the pod names a profile.
func (x *index) lacksSeccomp(c site) bool {
	if c.SecurityContext != nil && c.SecurityContext.SeccompProfile != nil || x.windows() {
		return false
	}
	return x.spec.SecurityContext == nil || x.spec.SecurityContext.SeccompProfile == nil
}

// restrictedOfPod gives what Pod Security restricted wants of a pod as a whole and
// baseline doesn't.
func (x *index) restrictedOfPod(nonRoot, seccomp bool) (f faults) {
	for i := range x.spec.Volumes {
		if !restrictedVolume(&x.spec.Volumes[i].VolumeSource) {
			f.besides("volume " + x.spec.Volumes[i].Name + " to be a PersistentVolumeClaim")
		}
	}
	sc := x.spec.SecurityContext
	if nonRoot || sc != nil && isFalse(sc.RunAsNonRoot) && !x.mayBeRoot() {
		f.inContext(wantsNonRoot)
	}
	if sc != nil && sc.RunAsUser != nil && *sc.RunAsUser == 0 && !x.mayBeRoot() {
		f.inContext("a runAsUser other than 0")
	}
	if seccomp {
		f.inContext(wantsSeccomp)
	}
	return f
}

// restrictedOf gives what Pod Security restricted wants of a container and baseline
// doesn't. What all containers lack is the pod's to say.
func (x *index) restrictedOf(c site, nonRoot, seccomp bool) (f faults) {
	var none corev1.SecurityContext
	sc := c.SecurityContext
	if sc == nil {
		sc = &none
	}
	if !x.windows() {
		if sc.AllowPrivilegeEscalation == nil || *sc.AllowPrivilegeEscalation {
			f.inContext("allowPrivilegeEscalation: false")
		}
		restrictedCapabilities(&f, sc.Capabilities)
	}
	if !x.mayBeRoot() {
		if nonRoot && x.lacksNonRoot(c) || isFalse(sc.RunAsNonRoot) {
			f.inContext(wantsNonRoot)
		}
		if sc.RunAsUser != nil && *sc.RunAsUser == 0 {
			f.inContext("a runAsUser other than 0")
		}
	} else if sc.ProcMount != nil && *sc.ProcMount != corev1.DefaultProcMount {
		f.inContext("procMount: Default")
	}
	if seccomp && x.lacksSeccomp(c) {
		f.inContext(wantsSeccomp)
	}
	return f
}

func restrictedCapabilities(f *faults, c *corev1.Capabilities) {
	if c == nil || !slices.Contains(c.Drop, "ALL") {
		f.inContext("capabilities.drop: [ALL]")
	}
	if c == nil {
		return
	}
	for _, name := range c.Add {
		if name != "NET_BIND_SERVICE" && baselineCapability(name) {
			f.inContext("no capability " + string(name))
		}
	}
}

// restrictedVolume says whether restricted allows a volume, or baseline already
// forbids it.
func restrictedVolume(v *corev1.VolumeSource) bool {
	return v.HostPath != nil || v.ConfigMap != nil || v.CSI != nil || v.DownwardAPI != nil || v.EmptyDir != nil || v.Ephemeral != nil ||
		v.Image != nil || v.PersistentVolumeClaim != nil || v.Projected != nil || v.Secret != nil ||
		*v == corev1.VolumeSource{} // the API server makes it an emptyDir
}
