package check_test

import (
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
)

func TestSysctls(t *testing.T) {
	names := func(change func(*corev1.Pod), names ...string) func(*corev1.Pod) {
		return func(p *corev1.Pod) {
			p.Spec.SecurityContext = &corev1.PodSecurityContext{}
			for _, name := range names {
				p.Spec.SecurityContext.Sysctls = append(p.Spec.SecurityContext.Sysctls, corev1.Sysctl{Name: name, Value: "1"})
			}
			change(p)
		}
	}
	plain := func(*corev1.Pod) {}
	const form = `must have at most 253 characters and match regex ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$`
	var malformed []example
	for _, name := range []string{"A", "a.", ".a", "a..b", "-a", "a-", "a_.b", "a/_b", "a b", strings.Repeat("a", 254)} {
		malformed = append(malformed, example{"sysctl", name, names(plain, name), []string{`A spec.securityContext.sysctls[0].name: Invalid value: "` + name + `": ` + form}})
	}
	try(t, malformed...)
	try(t,
		example{"sysctl", "no name", names(plain, ""), []string{"A spec.securityContext.sysctls[0].name: Required value"}},
		example{"sysctl", "twice", names(plain, "a.b", "a.c", "a.b"), []string{`A spec.securityContext.sysctls[2].name: Duplicate value: "a.b"`}},
		example{"sysctl", "all that a name may be", names(plain, "a", "0/a_-b.c", "net/ipv4/conf/eth0.1/forwarding", strings.Repeat("a", 253)), nil},
		example{"sysctl", "the node's network", names(func(p *corev1.Pod) { p.Spec.HostNetwork = true }, "net.ipv4.tcp_syncookies", "net/core/somaxconn", "kernel.sem"), []string{
			`A spec.securityContext.sysctls[0].name: Invalid value: "net.ipv4.tcp_syncookies": may not be specified when 'hostNetwork' is true`,
			`A spec.securityContext.sysctls[1].name: Invalid value: "net/core/somaxconn": may not be specified when 'hostNetwork' is true`}},
		example{"sysctl", "the node's IPC", names(func(p *corev1.Pod) { p.Spec.HostIPC = true }, "kernel.sem", "fs.mqueue.msg_max", "net.ipv4.tcp_syncookies"), []string{
			`A spec.securityContext.sysctls[0].name: Invalid value: "kernel.sem": may not be specified when 'hostIPC' is true`,
			`A spec.securityContext.sysctls[1].name: Invalid value: "fs.mqueue.msg_max": may not be specified when 'hostIPC' is true`}},
	)
}
