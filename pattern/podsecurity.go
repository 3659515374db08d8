package pattern

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation"
)

// SecurityContext replaces the pod's security context as a whole.
func (p PodBuilder) SecurityContext(sc corev1.PodSecurityContext) PodBuilder {
	kept := sc.DeepCopy()
	return p.spec(func(s *corev1.PodSpec) { s.SecurityContext = kept.DeepCopy() })
}

// FSGroup replaces the group that the pod's volumes are made writable for. A
// negative one is an error.
func (p PodBuilder) FSGroup(gid int64) PodBuilder {
	return p.id("fsGroup", gid, func(sc *corev1.PodSecurityContext, id *int64) { sc.FSGroup = id })
}

// FSGroupChangePolicy replaces when FSGroup changes the files of a volume; by
// default at every mount.
func (p PodBuilder) FSGroupChangePolicy(policy corev1.PodFSGroupChangePolicy) PodBuilder {
	if bad := oneOf("spec.securityContext.fsGroupChangePolicy", policy, corev1.FSGroupChangeAlways, corev1.FSGroupChangeOnRootMismatch); bad != nil {
		return p.reject(bad)
	}
	return p.security(func(sc *corev1.PodSecurityContext) { v := policy; sc.FSGroupChangePolicy = &v })
}

// RunAsUser replaces the uid of all containers that don't set their own, and
// refuses uid 0 where it isn't 0 itself. A negative one is an error.
func (p PodBuilder) RunAsUser(uid int64) PodBuilder {
	return p.id("runAsUser", uid, func(sc *corev1.PodSecurityContext, id *int64) {
		nonRoot := *id != 0
		sc.RunAsUser, sc.RunAsNonRoot = id, &nonRoot
	})
}

// RunAsGroup replaces the gid of all containers that don't set their own. A
// negative one is an error.
func (p PodBuilder) RunAsGroup(gid int64) PodBuilder {
	return p.id("runAsGroup", gid, func(sc *corev1.PodSecurityContext, id *int64) { sc.RunAsGroup = id })
}

// RunAsNonRoot refuses to start any container as uid 0.
func (p PodBuilder) RunAsNonRoot() PodBuilder {
	return p.security(func(sc *corev1.PodSecurityContext) { yes := true; sc.RunAsNonRoot = &yes })
}

// SupplementalGroups appends groups that all containers are in. A negative one, and
// none at all, are errors.
func (p PodBuilder) SupplementalGroups(gids ...int64) PodBuilder {
	if len(gids) == 0 {
		return p.reject(missing("no-arguments", "spec.securityContext.supplementalGroups", "name the groups"))
	}
	gids = slices.Clone(gids)
	for i, id := range gids {
		if badID(id) {
			p = p.reject(podIDFlaw("supplementalGroups"+index(i), id))
		}
	}
	return p.security(func(sc *corev1.PodSecurityContext) {
		sc.SupplementalGroups = append(sc.SupplementalGroups, gids...)
	})
}

// SeccompProfile replaces the seccomp profile of all containers that don't set
// their own, such as RuntimeDefault; localhost is the file of a Localhost
// profile, else empty.
func (p PodBuilder) SeccompProfile(t corev1.SeccompProfileType, localhost string) PodBuilder {
	if bad := seccompFlaw("spec.securityContext.seccompProfile", t, localhost); bad != nil {
		return p.reject(bad)
	}
	return p.security(func(sc *corev1.PodSecurityContext) { sc.SeccompProfile = seccomp(t, localhost) })
}

// Sysctl sets a kernel parameter of the pod; one of the name is replaced. What is
// no name of one is an error.
func (p PodBuilder) Sysctl(name, value string) PodBuilder {
	if len(validation.IsDNS1123Subdomain(strings.NewReplacer("/", ".", "_", "-").Replace(name))) > 0 {
		return p.reject(invalid("sysctl", "spec.securityContext.sysctls", name, "is no name of a kernel parameter", "such as net.ipv4.tcp_keepalive_time"))
	}
	return p.security(func(sc *corev1.PodSecurityContext) {
		set := corev1.Sysctl{Name: name, Value: value}
		if i := slices.IndexFunc(sc.Sysctls, func(s corev1.Sysctl) bool { return s.Name == name }); i >= 0 {
			sc.Sysctls[i] = set
			return
		}
		sc.Sysctls = append(sc.Sysctls, set)
	})
}

func (p PodBuilder) id(field string, id int64, change func(*corev1.PodSecurityContext, *int64)) PodBuilder {
	if badID(id) {
		return p.reject(podIDFlaw(field, id))
	}
	return p.security(func(sc *corev1.PodSecurityContext) { own := id; change(sc, &own) })
}

func podIDFlaw(field string, id int64) *flaw {
	return invalid("user-id", "spec.securityContext."+field, id, "must be between 0 and 2147483647, inclusive", "a number from 0")
}

func (p PodBuilder) security(change func(*corev1.PodSecurityContext)) PodBuilder {
	return p.spec(func(s *corev1.PodSpec) {
		if s.SecurityContext == nil {
			s.SecurityContext = &corev1.PodSecurityContext{}
		}
		change(s.SecurityContext)
	})
}

// Hardened sets what Pod Security restricted asks, where nothing else was set,
// and what is safe without knowing the program: the pod refuses uid 0, has the
// runtime's seccomp profile and no token for the API server; no container can
// gain rights or has capabilities. It sets no uid, since that is the image's, and
// no read-only root on containers that don't ask for it.
// docs: concepts/security/pod-security-standards.
func (p PodBuilder) Hardened() PodBuilder {
	return p.add(func(s *podDraft) { s.hardened = true })
}

// harden does what Hardened says to a pod's own settings; the resolver does it to
// the containers.
func harden(s *corev1.PodSpec) {
	if s.AutomountServiceAccountToken == nil {
		no := false
		s.AutomountServiceAccountToken = &no
	}
	if s.OS != nil && s.OS.Name == corev1.Windows {
		return // the API server refuses these fields there
	}
	if s.SecurityContext == nil {
		s.SecurityContext = &corev1.PodSecurityContext{}
	}
	if s.SecurityContext.RunAsNonRoot == nil {
		yes := true
		s.SecurityContext.RunAsNonRoot = &yes
	}
	if s.SecurityContext.SeccompProfile == nil {
		s.SecurityContext.SeccompProfile = seccomp(corev1.SeccompProfileTypeRuntimeDefault, "")
	}
}

// hardenContainer does what Hardened says to a container.
func hardenContainer(c *corev1.Container) {
	if c.SecurityContext == nil {
		c.SecurityContext = &corev1.SecurityContext{}
	}
	sc := c.SecurityContext
	if sc.Privileged != nil && *sc.Privileged {
		return // the API server refuses the pair
	}
	if sc.AllowPrivilegeEscalation == nil {
		sc.AllowPrivilegeEscalation = new(false)
	}
	if sc.Capabilities == nil {
		sc.Capabilities = &corev1.Capabilities{}
	}
	if !slices.Contains(sc.Capabilities.Drop, "ALL") {
		sc.Capabilities.Drop = append(sc.Capabilities.Drop, "ALL")
	}
}
