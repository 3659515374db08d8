package check

import (
	"github.com/podpattern/podpattern/internal/release"
	corev1 "k8s.io/api/core/v1"
)

var platformRules = []Rule{
	{ID: "os-name", Level: Rejected,
		Title: "the operating system of the pod is unknown",
		Why:   "no node has it: the API server refuses the pod",
		Fix:   "name it linux or windows, or leave out os",
		Bad:   `{os: {name: Linux}, containers: [{name: web}]}`,
		Good:  `{os: {name: linux}, containers: [{name: web}]}`,
		pod: func(x *index, r *Rule) {
			if x.spec.OS == nil {
				return
			}
			switch name := x.spec.OS.Name; name {
			case corev1.Linux, corev1.Windows:
			case "":
				x.reportPod(r, "spec.os.name", required("", ""))
			default:
				x.reportPod(r, "spec.os", notSupported(name, corev1.Linux, corev1.Windows))
			}
		}},
	{ID: "os-field", Level: Rejected,
		Title: "a field is for another operating system than the pod's",
		Why:   "the node couldn't obey it: the API server refuses the pod",
		Fix:   "drop the field, or correct spec.os.name",
		Bad:   `{os: {name: linux}, securityContext: {windowsOptions: {runAsUserName: web}}, containers: [{name: web}]}`,
		Good:  `{os: {name: linux}, securityContext: {runAsUser: 10001}, containers: [{name: web}]}`,
		pod: func(x *index, r *Rule) {
			switch {
			case x.spec.OS == nil:
			case x.spec.OS.Name == corev1.Linux:
				x.fieldsOfWindows(r)
			case x.spec.OS.Name == corev1.Windows:
				x.fieldsOfLinux(r)
			}
		}},
}

// fieldsOfWindows does what validateLinux does.
func (x *index) fieldsOfWindows(r *Rule) {
	const refusal = "windows options cannot be set for a linux pod"
	if sc := x.spec.SecurityContext; sc != nil && sc.WindowsOptions != nil {
		x.reportPod(r, "spec.securityContext.windowsOptions", forbidden(refusal, ""))
	}
	for _, c := range x.containers {
		if c.SecurityContext != nil && c.SecurityContext.WindowsOptions != nil {
			x.report(r, c, ".securityContext.windowsOptions", forbidden(refusal, ""))
		}
	}
}

// fieldsOfLinux does what validateWindows does.
func (x *index) fieldsOfLinux(r *Rule) {
	const refusal = "cannot be set for a windows pod"
	for _, f := range [...]struct {
		field string
		set   bool
	}{
		{"hostUsers", x.spec.HostUsers != nil && x.target.Has(release.UserNamespaces)},
		{"hostPID", x.spec.HostPID},
		{"hostIPC", x.spec.HostIPC},
		{"shareProcessNamespace", x.spec.ShareProcessNamespace != nil},
	} {
		if f.set {
			x.reportPod(r, "spec."+f.field, forbidden(refusal, ""))
		}
	}
	if sc := x.spec.SecurityContext; sc != nil {
		for _, f := range [...]struct {
			field string
			set   bool
		}{
			{"appArmorProfile", sc.AppArmorProfile != nil && x.target.Has(release.AppArmorFields)},
			{"seLinuxOptions", sc.SELinuxOptions != nil},
			{"seccompProfile", sc.SeccompProfile != nil},
			{"fsGroup", sc.FSGroup != nil},
			{"fsGroupChangePolicy", sc.FSGroupChangePolicy != nil},
			{"sysctls", len(sc.Sysctls) > 0},
			{"runAsUser", sc.RunAsUser != nil},
			{"runAsGroup", sc.RunAsGroup != nil},
			{"supplementalGroups", len(sc.SupplementalGroups) > 0},
			{"supplementalGroupsPolicy", sc.SupplementalGroupsPolicy != nil && x.target.Has(release.GroupsPolicy)},
			{"seLinuxChangePolicy", sc.SELinuxChangePolicy != nil && x.target.Has(release.SELinuxChange)},
		} {
			if f.set {
				x.reportPod(r, "spec.securityContext."+f.field, forbidden(refusal, ""))
			}
		}
	}
	for _, c := range x.containers {
		if sc := c.SecurityContext; sc != nil {
			x.containerFieldsOfLinux(r, c, refusal)
		}
	}
}

func (x *index) containerFieldsOfLinux(r *Rule, c site, refusal string) {
	sc := c.SecurityContext
	for _, f := range [...]struct {
		field string
		set   bool
	}{
		{"appArmorProfile", sc.AppArmorProfile != nil && x.target.Has(release.AppArmorFields)},
		{"seLinuxOptions", sc.SELinuxOptions != nil},
		{"seccompProfile", sc.SeccompProfile != nil},
		{"capabilities", sc.Capabilities != nil},
		{"readOnlyRootFilesystem", sc.ReadOnlyRootFilesystem != nil},
		{"privileged", sc.Privileged != nil},
		{"allowPrivilegeEscalation", sc.AllowPrivilegeEscalation != nil},
		{"procMount", sc.ProcMount != nil},
		{"runAsUser", sc.RunAsUser != nil},
		{"runAsGroup", sc.RunAsGroup != nil},
	} {
		if f.set {
			x.report(r, c, ".securityContext."+f.field, forbidden(refusal, ""))
		}
	}
}
