package check

import (
	"github.com/podpattern/podpattern/internal/release"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation"
)

// The checks of a security context that the API server makes.
// upstream: kubernetes/kubernetes pkg/apis/core/validation/validation.go
var securityRules = []Rule{
	{ID: "security-context", Level: Rejected,
		Title: "allowPrivilegeEscalation is false, but the container has all rights",
		Why:   "a privileged container, or one with CAP_SYS_ADMIN, has already what allowPrivilegeEscalation: false would keep from it: the API server refuses the pod",
		Fix:   "drop privileged or CAP_SYS_ADMIN, or allowPrivilegeEscalation",
		Bad:   `containers: [{name: web, securityContext: {privileged: true, allowPrivilegeEscalation: false}}]`,
		Good:  `containers: [{name: web, securityContext: {allowPrivilegeEscalation: false}}]`,
		pod:   contradictions},
	{ID: "security-id", Level: Rejected,
		Title: "the number of a user or group is out of range",
		Why:   "Linux has no such user or group: the API server refuses the pod",
		Fix:   "a number from 0 to 2147483647",
		Bad:   `{securityContext: {runAsUser: -1}, containers: [{name: web}]}`,
		Good:  `{securityContext: {runAsUser: 10001}, containers: [{name: web}]}`,
		pod:   securityIDs},
	{ID: "proc-mount", Level: Rejected,
		Title: "procMount is unknown, or is Unmasked without a user namespace",
		Why:   "an unmasked /proc shows the node to a container that has the node's users: the API server refuses the pod",
		Fix:   "leave out procMount, or set Unmasked and hostUsers: false",
		Bad:   `containers: [{name: web, securityContext: {procMount: Unmasked}}]`,
		Good:  `containers: [{name: web, securityContext: {procMount: Default}}]`,
		pod:   procMount},
	{ID: "group-policy", Level: Rejected,
		Title: "fsGroupChangePolicy or supplementalGroupsPolicy is unknown",
		Why:   "the kubelet wouldn't know which groups to give: the API server refuses the pod",
		Fix:   "OnRootMismatch or Always for fsGroupChangePolicy; Merge or Strict for supplementalGroupsPolicy",
		Bad:   `{securityContext: {fsGroupChangePolicy: Never}, containers: [{name: web}]}`,
		Good:  `{securityContext: {fsGroupChangePolicy: OnRootMismatch}, containers: [{name: web}]}`,
		pod: func(x *index, r *Rule) {
			sc := x.spec.SecurityContext
			if sc == nil {
				return
			}
			if p := sc.FSGroupChangePolicy; p != nil && *p != corev1.FSGroupChangeAlways && *p != corev1.FSGroupChangeOnRootMismatch {
				x.reportPod(r, "spec.securityContext.fsGroupChangePolicy", notSupported(*p, corev1.FSGroupChangeAlways, corev1.FSGroupChangeOnRootMismatch))
			}
			if p := sc.SupplementalGroupsPolicy; p != nil && *p != corev1.SupplementalGroupsPolicyMerge && *p != corev1.SupplementalGroupsPolicyStrict && x.target.Has(release.GroupsPolicy) {
				x.reportPod(r, "spec.securityContext.supplementalGroupsPolicy", notSupported(*p, corev1.SupplementalGroupsPolicyMerge, corev1.SupplementalGroupsPolicyStrict))
			}
		}},
	{ID: "selinux-policy", Level: Rejected,
		Title: "seLinuxChangePolicy is unknown or not on by default",
		Why:   "MountOption needs the feature gate SELinuxMount, which is off: the API server refuses the pod",
		Fix:   "leave it out, or write Recursive",
		Bad:   `{securityContext: {seLinuxChangePolicy: MountOption}, containers: [{name: web}]}`,
		Good:  `{securityContext: {seLinuxChangePolicy: Recursive}, containers: [{name: web}]}`,
		pod: func(x *index, r *Rule) {
			sc := x.spec.SecurityContext
			if sc == nil || sc.SELinuxChangePolicy == nil || !x.target.Has(release.SELinuxChange) {
				return
			}
			if p := *sc.SELinuxChangePolicy; p != corev1.SELinuxChangePolicyRecursive {
				x.reportPod(r, "spec.securityContext.seLinuxChangePolicy", notSupported(p, corev1.SELinuxChangePolicyRecursive))
			}
		}},
	{ID: "host-users", Level: Rejected,
		Title: "a pod with hostUsers: false uses something of the node",
		Why:   "users of its own go neither with the node's other namespaces nor with block devices: the API server refuses the pod",
		Fix:   "drop hostUsers: false, or the other field",
		Bad:   `{hostUsers: false, hostPID: true, containers: [{name: web}]}`,
		Good:  `{hostUsers: false, containers: [{name: web}]}`,
		pod:   hostUsers},
}

// holder is a pod or one of its containers: both have a security context.
type holder struct {
	x *index
	c site // no container: the pod
}

func (p holder) report(r *Rule, fields string, f Finding) {
	if p.c.Container == nil {
		p.x.reportPod(r, "spec.securityContext"+fields, f)
	} else {
		p.x.report(r, p.c, ".securityContext"+fields, f)
	}
}

func contradictions(x *index, r *Rule) {
	for _, c := range x.containers {
		sc := c.SecurityContext
		if sc == nil || sc.AllowPrivilegeEscalation == nil || *sc.AllowPrivilegeEscalation {
			continue
		}
		if isTrue(sc.Privileged) {
			x.report(r, c, ".securityContext", invalid("", "cannot set `allowPrivilegeEscalation` to false and `privileged` to true", ""))
		}
		if adds(sc, "CAP_SYS_ADMIN") {
			x.report(r, c, ".securityContext", invalid("", "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN", ""))
		}
	}
}

func adds(sc *corev1.SecurityContext, capability corev1.Capability) bool {
	if sc.Capabilities == nil {
		return false
	}
	for _, c := range sc.Capabilities.Add {
		if c == capability {
			return true
		}
	}
	return false
}

func securityIDs(x *index, r *Rule) {
	if sc := x.spec.SecurityContext; sc != nil {
		p := holder{x: x}
		p.id(r, ".fsGroup", sc.FSGroup)
		p.id(r, ".runAsUser", sc.RunAsUser)
		p.id(r, ".runAsGroup", sc.RunAsGroup)
		for i := range sc.SupplementalGroups {
			if badID(sc.SupplementalGroups[i]) {
				p.id(r, ".supplementalGroups"+at(i), &sc.SupplementalGroups[i])
			}
		}
	}
	for _, c := range x.containers {
		if sc := c.SecurityContext; sc != nil {
			p := holder{x, c}
			p.id(r, ".runAsUser", sc.RunAsUser)
			p.id(r, ".runAsGroup", sc.RunAsGroup)
		}
	}
}

// badID says whether id is the number of no user and no group.
func badID(id int64) bool { return len(validation.IsValidUserID(id)) > 0 }

func (p holder) id(r *Rule, field string, id *int64) {
	if id != nil && badID(*id) {
		p.report(r, field, invalid(*id, validation.IsValidUserID(*id)[0], ""))
	}
}

func procMount(x *index, r *Rule) {
	if !x.target.Has(release.ProcMount) {
		return // the API server makes it Default
	}
	for _, c := range x.containers {
		if c.SecurityContext == nil || c.SecurityContext.ProcMount == nil {
			continue
		}
		switch m := *c.SecurityContext.ProcMount; {
		case m == corev1.DefaultProcMount:
		case m != corev1.UnmaskedProcMount:
			x.report(r, c, ".securityContext.procMount", notSupported(m, corev1.DefaultProcMount, corev1.UnmaskedProcMount))
		case !x.ownUsers():
			x.report(r, c, ".securityContext.procMount", invalid(m, "`hostUsers` must be false to use `Unmasked`", ""))
		}
	}
}

// ownUsers says whether the pod has a user namespace of its own.
func (x *index) ownUsers() bool { return isFalse(x.spec.HostUsers) }

func hostUsers(x *index, r *Rule) {
	if !x.ownUsers() || !x.target.Has(release.UserNamespaces) {
		return
	}
	for _, f := range [...]struct {
		field string
		set   bool
	}{{"hostNetwork", x.spec.HostNetwork}, {"hostPID", x.spec.HostPID}, {"hostIPC", x.spec.HostIPC}} {
		if f.set {
			x.reportPod(r, "spec."+f.field, forbidden("when `hostUsers` is false", ""))
		}
	}
	for _, c := range x.containers {
		if len(c.VolumeDevices) > 0 {
			x.report(r, c, ".volumeDevices", forbidden("when `hostUsers` is false", ""))
		}
	}
}
