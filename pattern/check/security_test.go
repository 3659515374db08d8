package check_test

import (
	"testing"

	"github.com/podpattern/podpattern/pattern/check"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
)

// secured gives a container a security context, and podSecured a pod.
func secured(of func(*corev1.Pod) *corev1.Container, sc corev1.SecurityContext) func(*corev1.Pod) {
	return func(p *corev1.Pod) { of(p).SecurityContext = &sc }
}

func podSecured(sc corev1.PodSecurityContext) func(*corev1.Pod) {
	return func(p *corev1.Pod) { p.Spec.SecurityContext = &sc }
}

const idRange = "must be between 0 and 2147483647, inclusive"

func TestSecurityContexts(t *testing.T) {
	try(t,
		example{"security-context", "a native sidecar with all rights", secured(sideOf, corev1.SecurityContext{AllowPrivilegeEscalation: new(false), Privileged: new(true),
			Capabilities: &corev1.Capabilities{Add: []corev1.Capability{"CAP_SYS_ADMIN", "CAP_SYS_ADMIN"}}}), []string{
			"A spec.initContainers[1].securityContext: Invalid value: \"\": cannot set `allowPrivilegeEscalation` to false and `privileged` to true",
			"A spec.initContainers[1].securityContext: Invalid value: \"\": cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN"}},
		example{"security-context", "the API server knows that name only", secured(webOf, corev1.SecurityContext{AllowPrivilegeEscalation: new(false),
			Capabilities: &corev1.Capabilities{Add: []corev1.Capability{"SYS_ADMIN"}}}), nil},
		example{"security-id", "each field", func(p *corev1.Pod) {
			podSecured(corev1.PodSecurityContext{FSGroup: new(int64(-1)), RunAsUser: new(int64(-1)), RunAsGroup: new(int64(1 << 31)), SupplementalGroups: []int64{0, -1}})(p)
			secured(initOf, corev1.SecurityContext{RunAsUser: new(int64(1 << 31)), RunAsGroup: new(int64(-1))})(p)
		}, []string{
			"A spec.initContainers[0].securityContext.runAsGroup: Invalid value: -1: " + idRange,
			"A spec.initContainers[0].securityContext.runAsUser: Invalid value: 2147483648: " + idRange,
			"A spec.securityContext.fsGroup: Invalid value: -1: " + idRange,
			"A spec.securityContext.runAsGroup: Invalid value: 2147483648: " + idRange,
			"A spec.securityContext.runAsUser: Invalid value: -1: " + idRange,
			"A spec.securityContext.supplementalGroups[1]: Invalid value: -1: " + idRange}},
		example{"security-id", "the first and the last", podSecured(corev1.PodSecurityContext{RunAsUser: new(int64(0)), FSGroup: new(int64(1<<31 - 1))}), nil},
		example{"proc-mount", "no such", secured(webOf, corev1.SecurityContext{ProcMount: new(corev1.ProcMountType("All"))}),
			[]string{`A spec.containers[0].securityContext.procMount: Unsupported value: "All": supported values: "Default", "Unmasked"`}},
		example{"proc-mount", "the node's users", secured(webOf, corev1.SecurityContext{ProcMount: new(corev1.UnmaskedProcMount)}),
			[]string{"A spec.containers[0].securityContext.procMount: Invalid value: \"Unmasked\": `hostUsers` must be false to use `Unmasked`"}},
		example{"proc-mount", "users of its own", func(p *corev1.Pod) {
			p.Spec.HostUsers = new(false)
			secured(webOf, corev1.SecurityContext{ProcMount: new(corev1.UnmaskedProcMount)})(p)
		}, nil},
		example{"group-policy", "both", podSecured(corev1.PodSecurityContext{FSGroupChangePolicy: new(corev1.PodFSGroupChangePolicy("x")), SupplementalGroupsPolicy: new(corev1.SupplementalGroupsPolicy(""))}), []string{
			`A spec.securityContext.fsGroupChangePolicy: Unsupported value: "x": supported values: "Always", "OnRootMismatch"`,
			`A spec.securityContext.supplementalGroupsPolicy: Unsupported value: "": supported values: "Merge", "Strict"`}},
		example{"selinux-policy", "not on by default", podSecured(corev1.PodSecurityContext{SELinuxChangePolicy: new(corev1.SELinuxChangePolicyMountOption)}),
			[]string{`A spec.securityContext.seLinuxChangePolicy: Unsupported value: "MountOption": supported values: "Recursive"`}},
		example{"host-users", "all that is the node's", func(p *corev1.Pod) {
			p.Spec.HostUsers, p.Spec.HostNetwork, p.Spec.HostPID, p.Spec.HostIPC = new(false), true, true, true
			webOf(p).VolumeDevices = []corev1.VolumeDevice{{Name: "data", DevicePath: "/dev/x"}}
		}, []string{
			"A spec.containers[0].volumeDevices: Forbidden: when `hostUsers` is false",
			"A spec.hostIPC: Forbidden: when `hostUsers` is false",
			"A spec.hostNetwork: Forbidden: when `hostUsers` is false",
			"A spec.hostPID: Forbidden: when `hostUsers` is false"}},
		example{"host-users", "the node's users", func(p *corev1.Pod) { p.Spec.HostUsers, p.Spec.HostPID = new(true), true }, nil},
	)
}

// A field that the API server drops since its feature is off there is no finding.
func TestSecurityFieldsOfLaterVersions(t *testing.T) {
	p := goodPod()
	p.Spec.HostUsers, p.Spec.HostPID = new(false), true
	podSecured(corev1.PodSecurityContext{SupplementalGroupsPolicy: new(corev1.SupplementalGroupsPolicy("x")), SELinuxChangePolicy: new(corev1.PodSELinuxChangePolicy("x")),
		AppArmorProfile: &corev1.AppArmorProfile{}})(p)
	secured(webOf, corev1.SecurityContext{ProcMount: new(corev1.ProcMountType("x"))})(p)
	rules := []string{"group-policy", "selinux-policy", "host-users", "proc-mount", "apparmor-profile"}
	for _, rule := range rules {
		require.NotEmpty(t, of(check.Pod(p, check.Target("1.33")), rule), rule)
		require.Empty(t, of(check.Pod(p, check.Target("1.29")), rule), rule)
	}
}
