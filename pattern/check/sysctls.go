package check

import (
	"fmt"
	"strings"
)

const (
	maxSysctl = 253
	// sysctlForm is the form of a name, as the API server prints it.
	// upstream: kubernetes/kubernetes pkg/apis/core/validation/validation.go
	sysctlForm = `^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$`
)

var sysctlRules = []Rule{
	{ID: "sysctl", Level: Rejected,
		Title: "a sysctl has no proper name, is there twice, or belongs to the node",
		Why:   "with hostNetwork the sysctls of the network are the node's, with hostIPC those of IPC: the API server refuses the pod",
		Fix:   "each sysctl once, and none of a namespace that the pod shares with the node",
		Bad:   `{securityContext: {sysctls: [{name: net.ipv4.tcp_syncookies, value: "1"}, {name: net.ipv4.tcp_syncookies, value: "0"}]}, containers: [{name: web}]}`,
		Good:  `{securityContext: {sysctls: [{name: net.ipv4.tcp_syncookies, value: "1"}]}, containers: [{name: web}]}`,
		pod: func(x *index, r *Rule) {
			if sc := x.spec.SecurityContext; sc == nil || len(sc.Sysctls) == 0 {
				return
			}
			x.sysctls(r)
		}},
}

// sysctls does what validateSysctls does.
func (x *index) sysctls(r *Rule) {
	var seen firsts[string]
	for i := range x.spec.SecurityContext.Sysctls {
		name := x.spec.SecurityContext.Sysctls[i].Name
		first, again := seen.at(name, i)
		path := func() string { return "spec.securityContext.sysctls" + at(i) + ".name" }
		switch {
		case name == "":
			x.reportPod(r, path(), required("", "name it, such as net.ipv4.tcp_syncookies"))
		case !isSysctl(name):
			x.reportPod(r, path(), invalid(name, fmt.Sprintf("must have at most %d characters and match regex %s", maxSysctl, sysctlForm), ""))
		case again:
			x.reportPod(r, path(), duplicate(name, "", "keep one of the two"), Party{Path: x.under + "spec.securityContext.sysctls" + at(first) + ".name"})
		}
		switch namespace := sysctlNamespace(name); {
		case x.spec.HostNetwork && namespace == "net":
			x.reportPod(r, path(), invalid(name, "may not be specified when 'hostNetwork' is true", "drop it, or hostNetwork"))
		case x.spec.HostIPC && namespace == "ipc":
			x.reportPod(r, path(), invalid(name, "may not be specified when 'hostIPC' is true", "drop it, or hostIPC"))
		}
	}
}

// isSysctl says whether name has the form of a sysctl: parts of a-z, 0-9, - and _
// between dots and slashes, with a letter or digit at both ends.
func isSysctl(name string) bool {
	if len(name) > maxSysctl {
		return false
	}
	edge := false // whether the character before may end a part
	for i := range len(name) {
		switch c := name[i]; {
		case 'a' <= c && c <= 'z' || digit(c):
			edge = true
		case c == '.' || c == '/':
			if !edge {
				return false
			}
			edge = false
		case c == '-' || c == '_':
			if i == 0 || name[i-1] == '.' || name[i-1] == '/' {
				return false
			}
			edge = false
		default:
			return false
		}
	}
	return edge
}

// sysctlNamespace gives the kernel's namespace of a sysctl: net, ipc or "" for none
// that is known.
// upstream: kubernetes/component-helpers node/util/sysctl
func sysctlNamespace(name string) string {
	// net/ipv4/conf/eth0.1/forwarding is net.ipv4.conf.eth0/1.forwarding.
	if i := strings.IndexAny(name, "./"); i >= 0 && name[i] == '/' {
		name = strings.NewReplacer(".", "/", "/", ".").Replace(name)
	}
	name, _, _ = strings.Cut(name, "*")
	switch name {
	case "kernel.sem", "kernel.shmall", "kernel.shmmax", "kernel.shmmni", "kernel.shm_rmid_forced", "kernel.shm",
		"kernel.msgmax", "kernel.msgmnb", "kernel.msgmni", "kernel.msg":
		return "ipc"
	}
	switch {
	case strings.HasPrefix(name, "net."):
		return "net"
	case strings.HasPrefix(name, "fs.mqueue."):
		return "ipc"
	}
	return ""
}
