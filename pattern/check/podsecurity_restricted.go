package check

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
)

const (
	wantsNonRoot = "runAsNonRoot: true"
	wantsSeccomp = "seccompProfile.type: RuntimeDefault"
)

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
	if nonRoot || sc != nil && sc.RunAsNonRoot != nil && !*sc.RunAsNonRoot && !x.mayBeRoot() {
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
		if nonRoot && x.lacksNonRoot(c) || sc.RunAsNonRoot != nil && !*sc.RunAsNonRoot {
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
