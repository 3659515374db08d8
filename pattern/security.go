package pattern

import (
	"math"
	"slices"

	corev1 "k8s.io/api/core/v1"
)

// SecurityContext replaces the security context as a whole.
func (c Container[R]) SecurityContext(sc corev1.SecurityContext) Container[R] {
	kept := sc.DeepCopy()
	return c.add(func(d *draft) { d.c.SecurityContext = kept.DeepCopy() })
}

// Restricted sets what Pod Security restricted asks of a container: no privilege
// escalation, no capabilities, runAsNonRoot and the runtime's seccomp profile. It
// replaces what was said of these before, and takes Privileged away.
// It sets no uid: an image whose user is a name needs [Container.RunAsUser] too.
// docs: concepts/security/pod-security-standards.
func (c Container[R]) Restricted() Container[R] {
	return c.security(func(sc *corev1.SecurityContext) {
		sc.Privileged, sc.AllowPrivilegeEscalation, sc.RunAsNonRoot = nil, new(false), new(true)
		if sc.Capabilities == nil {
			sc.Capabilities = &corev1.Capabilities{}
		}
		sc.Capabilities.Drop = []corev1.Capability{"ALL"}
		sc.SeccompProfile = seccomp(corev1.SeccompProfileTypeRuntimeDefault, "")
	})
}

// RunAsUser replaces the uid of the program and, with it, sets runAsNonRoot for
// any but 0. A negative one is an error.
func (c Container[R]) RunAsUser(uid int64) Container[R] {
	if badID(uid) {
		return c.reject(idFlaw("runAsUser", uid))
	}
	return c.security(func(sc *corev1.SecurityContext) {
		id, nonRoot := uid, uid != 0
		sc.RunAsUser, sc.RunAsNonRoot = &id, &nonRoot
	})
}

// RunAsGroup replaces the gid of the program. A negative one is an error.
func (c Container[R]) RunAsGroup(gid int64) Container[R] {
	if badID(gid) {
		return c.reject(idFlaw("runAsGroup", gid))
	}
	return c.security(func(sc *corev1.SecurityContext) { id := gid; sc.RunAsGroup = &id })
}

func idFlaw(field string, id int64) *flaw {
	return invalid("user-id", ".securityContext."+field, id, "must be between 0 and 2147483647, inclusive", "a number from 0")
}

// RunAsNonRoot refuses to start the program as uid 0.
func (c Container[R]) RunAsNonRoot() Container[R] {
	return c.security(func(sc *corev1.SecurityContext) { yes := true; sc.RunAsNonRoot = &yes })
}

// ReadOnlyRootFilesystem says whether the image's files can't be written; what
// the program writes then needs a [Container.Scratch] or another mount.
func (c Container[R]) ReadOnlyRootFilesystem(on bool) Container[R] {
	return c.security(func(sc *corev1.SecurityContext) { v := on; sc.ReadOnlyRootFilesystem = &v })
}

// AllowPrivilegeEscalation says whether the program may gain more rights than it
// was started with.
func (c Container[R]) AllowPrivilegeEscalation(on bool) Container[R] {
	return c.security(func(sc *corev1.SecurityContext) { v := on; sc.AllowPrivilegeEscalation = &v })
}

// Privileged gives the program the rights of root on the node. Pod Security
// baseline forbids it.
func (c Container[R]) Privileged() Container[R] {
	return c.security(func(sc *corev1.SecurityContext) { yes := true; sc.Privileged = &yes })
}

// AddCapabilities appends capabilities, named without CAP_.
func (c Container[R]) AddCapabilities(names ...corev1.Capability) Container[R] {
	if len(names) == 0 {
		return c.reject(missing("no-arguments", ".securityContext.capabilities.add", "name the capabilities"))
	}
	names = slices.Clone(names)
	return c.capabilities(func(o *corev1.Capabilities) { o.Add = append(o.Add, names...) })
}

// DropCapabilities appends capabilities that the program loses, named without
// CAP_, or ALL.
func (c Container[R]) DropCapabilities(names ...corev1.Capability) Container[R] {
	if len(names) == 0 {
		return c.reject(missing("no-arguments", ".securityContext.capabilities.drop", "name the capabilities, or ALL"))
	}
	names = slices.Clone(names)
	return c.capabilities(func(o *corev1.Capabilities) { o.Drop = append(o.Drop, names...) })
}

func (c Container[R]) capabilities(change func(*corev1.Capabilities)) Container[R] {
	return c.security(func(sc *corev1.SecurityContext) {
		if sc.Capabilities == nil {
			sc.Capabilities = &corev1.Capabilities{}
		}
		change(sc.Capabilities)
	})
}

// SeccompProfile replaces the seccomp profile, such as RuntimeDefault; localhost
// is the file of a Localhost profile, else empty.
func (c Container[R]) SeccompProfile(t corev1.SeccompProfileType, localhost string) Container[R] {
	if bad := seccompFlaw(".securityContext.seccompProfile", t, localhost); bad != nil {
		return c.reject(bad)
	}
	return c.security(func(sc *corev1.SecurityContext) { sc.SeccompProfile = seccomp(t, localhost) })
}

func seccompFlaw(field string, t corev1.SeccompProfileType, localhost string) *flaw {
	if bad := oneOf(field+".type", t, corev1.SeccompProfileTypeRuntimeDefault, corev1.SeccompProfileTypeUnconfined, corev1.SeccompProfileTypeLocalhost); bad != nil {
		return bad
	}
	if (t == corev1.SeccompProfileTypeLocalhost) != (localhost != "") {
		return invalid("enum-value", field+".localhostProfile", localhost, "a Localhost profile has a file, and no other has", "give the file with Localhost only")
	}
	return nil
}

func seccomp(t corev1.SeccompProfileType, localhost string) *corev1.SeccompProfile {
	p := &corev1.SeccompProfile{Type: t}
	if localhost != "" {
		p.LocalhostProfile = &localhost
	}
	return p
}

func (c Container[R]) security(change func(*corev1.SecurityContext)) Container[R] {
	return c.add(func(d *draft) {
		if d.c.SecurityContext == nil {
			d.c.SecurityContext = &corev1.SecurityContext{}
		}
		change(d.c.SecurityContext)
	})
}

// badID says whether a uid or gid is one that the API server refuses.
func badID(id int64) bool { return id < 0 || id > math.MaxInt32 }
