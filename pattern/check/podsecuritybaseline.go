package check

import (
	"slices"
	"strconv"
	"strings"

	"github.com/podpattern/podpattern/internal/release"
	corev1 "k8s.io/api/core/v1"
)

// baselineOfPod gives what Pod Security baseline forbids a pod as a whole.
// upstream: kubernetes/pod-security-admission policy
func (x *index) baselineOfPod() (f faults) {
	if x.spec.HostNetwork {
		f.besides("hostNetwork: true")
	}
	if x.spec.HostPID {
		f.besides("hostPID: true")
	}
	if x.spec.HostIPC {
		f.besides("hostIPC: true")
	}
	for i := range x.spec.Volumes {
		if x.spec.Volumes[i].HostPath != nil {
			f.besides("hostPath volume " + x.spec.Volumes[i].Name)
		}
	}
	x.forbiddenAnnotations(&f)
	sc := x.spec.SecurityContext
	if sc == nil {
		return f
	}
	for i := range sc.Sysctls {
		if name := sc.Sysctls[i].Name; !x.safeSysctl(name) {
			f.inContext("sysctl " + name)
		}
	}
	x.forbiddenProfiles(&f, sc.SeccompProfile, sc.AppArmorProfile, sc.SELinuxOptions, sc.WindowsOptions)
	return f
}

// baselineOf gives what Pod Security baseline forbids a container.
func (x *index) baselineOf(c site) (f faults) {
	for i := range c.Ports {
		if p := c.Ports[i].HostPort; p != 0 {
			f.besides("hostPort " + strconv.Itoa(int(p)))
		}
	}
	if x.target.Has(release.ProbeHost) {
		forbiddenHosts(&f, c)
	}
	sc := c.SecurityContext
	if sc == nil {
		return f
	}
	if isTrue(sc.Privileged) {
		f.inContext("privileged: true")
	}
	if sc.Capabilities != nil {
		for _, name := range sc.Capabilities.Add {
			if !baselineCapability(name) {
				f.inContext("the capability " + string(name))
			}
		}
	}
	if sc.ProcMount != nil && *sc.ProcMount != corev1.DefaultProcMount && !x.mayBeRoot() {
		f.inContext("procMount: " + string(*sc.ProcMount))
	}
	x.forbiddenProfiles(&f, sc.SeccompProfile, sc.AppArmorProfile, sc.SELinuxOptions, sc.WindowsOptions)
	return f
}

// forbiddenProfiles looks at what a pod and a container may both set.
func (x *index) forbiddenProfiles(f *faults, seccomp *corev1.SeccompProfile, appArmor *corev1.AppArmorProfile, seLinux *corev1.SELinuxOptions, windows *corev1.WindowsSecurityContextOptions) {
	if seccomp != nil && !safeSeccomp(seccomp) {
		f.inContext("seccompProfile.type: " + string(seccomp.Type))
	}
	if appArmor != nil && appArmor.Type != corev1.AppArmorProfileTypeRuntimeDefault && appArmor.Type != corev1.AppArmorProfileTypeLocalhost {
		f.inContext("appArmorProfile.type: " + string(appArmor.Type))
	}
	if seLinux != nil {
		if !x.safeSELinuxType(seLinux.Type) {
			f.inContext("seLinuxOptions.type: " + seLinux.Type)
		}
		if seLinux.User != "" {
			f.inContext("seLinuxOptions.user")
		}
		if seLinux.Role != "" {
			f.inContext("seLinuxOptions.role")
		}
	}
	if windows != nil && isTrue(windows.HostProcess) {
		f.inContext("windowsOptions.hostProcess: true")
	}
}

func safeSeccomp(s *corev1.SeccompProfile) bool {
	return s.Type == corev1.SeccompProfileTypeRuntimeDefault || s.Type == corev1.SeccompProfileTypeLocalhost
}

func (x *index) safeSELinuxType(name string) bool {
	switch name {
	case "", "container_t", "container_init_t", "container_kvm_t":
		return true
	case "container_engine_t":
		return x.target.Has(engineTypeSafe)
	}
	return false
}

// forbiddenAnnotations looks at the AppArmor profiles in annotations.
func (x *index) forbiddenAnnotations(f *faults) {
	var keys []string
	for key, profile := range x.meta.Annotations {
		if strings.HasPrefix(key, appArmorOfContainer) && profile != "" && profile != corev1.DeprecatedAppArmorBetaProfileRuntimeDefault &&
			!strings.HasPrefix(profile, corev1.DeprecatedAppArmorBetaProfileNamePrefix) {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	for _, key := range keys {
		f.besides("the annotation " + key + ": " + x.meta.Annotations[key])
	}
}

// forbiddenHosts looks at the hosts that probes and hooks make the kubelet call.
func forbiddenHosts(f *faults, c site) {
	look := func(fields string, h handler) {
		if h.httpGet != nil && h.httpGet.Host != "" {
			f.besides("host " + h.httpGet.Host + " in " + fields)
		}
		if h.tcpSocket != nil && h.tcpSocket.Host != "" {
			f.besides("host " + h.tcpSocket.Host + " in " + fields)
		}
	}
	c.probes(func(name string, p *corev1.Probe) { look(name, probeHandler(p)) })
	c.hooks(func(name string, h *corev1.LifecycleHandler) { look(name, hookHandler(h)) })
}

// baselineCapability says whether a capability is one of those that a container
// has anyway, but for NET_RAW.
func baselineCapability(name corev1.Capability) bool {
	switch name {
	case "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE",
		"SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT":
		return true
	}
	return false
}

func (x *index) safeSysctl(name string) bool {
	switch name {
	case "kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.tcp_syncookies", "net.ipv4.ping_group_range",
		"net.ipv4.ip_unprivileged_port_start":
		return true
	case "net.ipv4.ip_local_reserved_ports":
		return x.target.Has(reservedPortsSafe)
	case "net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl", "net.ipv4.tcp_keepalive_probes":
		return x.target.Has(keepaliveSafe)
	case "net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem":
		return x.target.Has(buffersSafe)
	}
	return false
}
