package initc

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/podpattern/podpattern/internal/expansion"
	"github.com/podpattern/podpattern/pattern"
)

// Sysctl sets parameters of the kernel before the app starts, by a privileged
// container. It is for those that PodBuilder.Sysctl can't set, and refuses those that
// are allowed in every pod.
//
//	initc.Sysctl(map[string]string{"vm.max_map_count": "262144"})
//
// It adds a busybox container sysctl, with 16 MiB, that is privileged and runs as
// root: it has all rights on the node while it runs. Pod Security baseline and
// restricted forbid it, and the pod has a finding that says so (pss-baseline); the
// namespace must enforce neither.
//
// vm.* and fs.* but for fs.mqueue.*, and most of kernel.*, belong to the node: they
// change for all its pods, and stay when this one is gone. Two pods with different
// values are in a race: set such a one where nodes are set up, if you can. net.*
// belongs to the pod, unless it has the node's network; so do kernel.msg*,
// kernel.sem, kernel.shm* and fs.mqueue.*. Those that are not refused here, such as
// net.core.somaxconn, need no privileged container either where the nodes' kubelet
// allows them (allowedUnsafeSysctls): then use PodBuilder.Sysctl.
//
// Defaults: image busybox, uid 0, 5m CPU, 8Mi memory, at most 16Mi.
//
// docs: tasks/administer-cluster/sysctl-cluster, concepts/security/
// pod-security-standards.
func Sysctl(settings map[string]string) pattern.InitContainer {
	command := []string{"sysctl", "-w"}
	sorted := slices.Sorted(maps.Keys(settings))
	for _, name := range sorted {
		command = append(command, name+"="+expansion.Literal(settings[name]))
	}
	c := tells(pattern.Init("sysctl", busyboxImage)).
		Command(command...).
		Privileged().RunAsUser(0).RunAsGroup(0).ReadOnlyRootFilesystem(true).
		Requests("5m", "8Mi").Limits("", "16Mi")
	if len(settings) == 0 {
		c = c.Reject("settings", "", "name at least one parameter, such as vm.max_map_count")
	}
	for _, name := range sorted {
		switch {
		case !parameter.MatchString(name):
			c = c.Reject("settings", name, "want the name of a parameter, such as vm.max_map_count")
		case slices.Contains(safe, name):
			c = c.Reject("settings", name, "is allowed in every pod: set it with PodBuilder.Sysctl, without a privileged container")
		case settings[name] == "" || strings.ContainsAny(settings[name], "\r\n\x00"):
			c = c.Reject("settings", settings[name], name+" wants a value of one line")
		}
	}
	return c
}

// parameter is the name of a kernel's parameter, with dots only: slashes would be
// another way to write one that is safe.
var parameter = regexp.MustCompile(`^([a-z0-9]([-_a-z0-9]*[a-z0-9])?\.)+[a-z0-9]([-_a-z0-9]*[a-z0-9])?$`)

// safe are the parameters that Pod Security allows in a pod's own list.
// upstream: k8s.io/pod-security-admission v0.36.3 policy/check_sysctls.go.
var safe = []string{
	"kernel.shm_rmid_forced",
	"net.ipv4.ip_local_port_range",
	"net.ipv4.ip_local_reserved_ports",
	"net.ipv4.ip_unprivileged_port_start",
	"net.ipv4.ping_group_range",
	"net.ipv4.tcp_fin_timeout",
	"net.ipv4.tcp_keepalive_intvl",
	"net.ipv4.tcp_keepalive_probes",
	"net.ipv4.tcp_keepalive_time",
	"net.ipv4.tcp_rmem",
	"net.ipv4.tcp_syncookies",
	"net.ipv4.tcp_wmem",
}
