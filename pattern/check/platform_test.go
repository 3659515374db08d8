package check_test

import (
	"testing"

	"github.com/podpattern/podpattern/pattern/check"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
)

func TestOperatingSystems(t *testing.T) {
	os := func(name corev1.OSName) func(*corev1.Pod) {
		return func(p *corev1.Pod) { p.Spec.OS = &corev1.PodOS{Name: name} }
	}
	both := func(a, b func(*corev1.Pod)) func(*corev1.Pod) { return func(p *corev1.Pod) { a(p); b(p) } }
	accounts := &corev1.WindowsSecurityContextOptions{RunAsUserName: new("web")}
	try(t,
		example{"os-name", "none", os(""), []string{"A spec.os.name: Required value"}},
		example{"os-name", "no such", os("Linux"), []string{`A spec.os: Unsupported value: "Linux": supported values: "linux", "windows"`}},
		example{"os-field", "Windows on Linux", both(os("linux"), both(podSecured(corev1.PodSecurityContext{WindowsOptions: accounts}), secured(initOf, corev1.SecurityContext{WindowsOptions: accounts}))), []string{
			"A spec.initContainers[0].securityContext.windowsOptions: Forbidden: windows options cannot be set for a linux pod",
			"A spec.securityContext.windowsOptions: Forbidden: windows options cannot be set for a linux pod"}},
		example{"os-field", "Windows where nobody says", podSecured(corev1.PodSecurityContext{WindowsOptions: accounts}), nil},
		example{"os-field", "Linux on no known system", both(os("x"), podSecured(corev1.PodSecurityContext{RunAsUser: new(int64(1))})), nil},
	)
}

// Each field of Linux is refused on Windows.
func TestFieldsOfLinuxOnWindows(t *testing.T) {
	p := goodPod()
	p.Spec.OS = &corev1.PodOS{Name: corev1.Windows}
	p.Spec.HostUsers, p.Spec.HostPID, p.Spec.HostIPC, p.Spec.ShareProcessNamespace = new(true), true, true, new(false)
	p.Spec.SecurityContext = &corev1.PodSecurityContext{AppArmorProfile: &corev1.AppArmorProfile{}, SELinuxOptions: &corev1.SELinuxOptions{},
		SeccompProfile: &corev1.SeccompProfile{}, FSGroup: new(int64(1)), FSGroupChangePolicy: new(corev1.FSGroupChangeAlways), Sysctls: []corev1.Sysctl{{}},
		RunAsUser: new(int64(1)), RunAsGroup: new(int64(1)), SupplementalGroups: []int64{1}, SupplementalGroupsPolicy: new(corev1.SupplementalGroupsPolicyMerge),
		SELinuxChangePolicy: new(corev1.SELinuxChangePolicyRecursive), RunAsNonRoot: new(true), WindowsOptions: &corev1.WindowsSecurityContextOptions{}}
	webOf(p).SecurityContext = &corev1.SecurityContext{AppArmorProfile: &corev1.AppArmorProfile{}, SELinuxOptions: &corev1.SELinuxOptions{}, SeccompProfile: &corev1.SeccompProfile{},
		Capabilities: &corev1.Capabilities{}, ReadOnlyRootFilesystem: new(false), Privileged: new(false), AllowPrivilegeEscalation: new(false), ProcMount: new(corev1.DefaultProcMount),
		RunAsUser: new(int64(1)), RunAsGroup: new(int64(1)), RunAsNonRoot: new(true), WindowsOptions: &corev1.WindowsSecurityContextOptions{}}
	var pod, container int
	for _, f := range of(check.Pod(p), "os-field") {
		require.Equal(t, "cannot be set for a windows pod", f.Detail)
		require.Equal(t, check.Rejected, f.Level)
		if len(f.Parties) > 0 {
			container++
		} else {
			pod++
		}
	}
	require.Equal(t, []int{15, 10}, []int{pod, container})
}
