package check_test

import (
	"testing"

	"github.com/podpattern/podpattern/pattern/check"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
)

// hardPod is a goodPod that Pod Security restricted allows.
func hardPod(change func(*corev1.Pod)) func(*corev1.Pod) {
	return func(p *corev1.Pod) {
		p.Spec.SecurityContext = &corev1.PodSecurityContext{RunAsNonRoot: new(true), SeccompProfile: &corev1.SeccompProfile{Type: "RuntimeDefault"}}
		for _, c := range []*corev1.Container{initOf(p), sideOf(p), webOf(p)} {
			c.SecurityContext = &corev1.SecurityContext{AllowPrivilegeEscalation: new(false), Capabilities: &corev1.Capabilities{Drop: []corev1.Capability{"ALL"}}}
		}
		change(p)
	}
}

func TestPodSecurity(t *testing.T) {
	const baseline, restricted = "Forbidden: Pod Security baseline forbids ", "Forbidden: Pod Security restricted wants "
	const container = "allowPrivilegeEscalation: false and capabilities.drop: [ALL]"
	try(t,
		example{"pss-baseline", "a hard pod", hardPod(func(*corev1.Pod) {}), nil},
		example{"pss-restricted", "a hard pod", hardPod(func(*corev1.Pod) {}), nil},
		example{"pss-baseline", "a plain pod", func(*corev1.Pod) {}, nil},
		example{"pss-restricted", "a plain pod: what all lack is the pod's", func(*corev1.Pod) {}, []string{
			"W spec: " + restricted + "runAsNonRoot: true and seccompProfile.type: RuntimeDefault of the pod; " + container + " of each container"}},
		example{"pss-restricted", "what baseline forbids is said once", func(p *corev1.Pod) { p.Spec.HostNetwork = true }, nil},
		example{"pss-restricted", "what one container lacks is its own", hardPod(func(p *corev1.Pod) {
			p.Spec.SecurityContext.RunAsNonRoot = nil
			initOf(p).SecurityContext.RunAsNonRoot, sideOf(p).SecurityContext.RunAsNonRoot = new(true), new(true)
		}), []string{"W spec.containers[0].securityContext: " + restricted + "runAsNonRoot: true"}},
		example{"pss-restricted", "root against the pod's word", hardPod(func(p *corev1.Pod) {
			webOf(p).SecurityContext.RunAsNonRoot, webOf(p).SecurityContext.RunAsUser = new(false), new(int64(0))
		}), []string{"W spec.containers[0].securityContext: " + restricted + "runAsNonRoot: true and a runAsUser other than 0"}},
		example{"pss-restricted", "root of its own", hardPod(func(p *corev1.Pod) {
			p.Spec.HostUsers, p.Spec.SecurityContext.RunAsNonRoot, p.Spec.SecurityContext.RunAsUser = new(false), nil, new(int64(0))
			webOf(p).SecurityContext.ProcMount = new(corev1.UnmaskedProcMount)
		}), []string{"W spec.containers[0].securityContext: " + restricted + "procMount: Default"}},
		example{"pss-restricted", "capabilities", hardPod(func(p *corev1.Pod) {
			webOf(p).SecurityContext.Capabilities.Add = []corev1.Capability{"NET_BIND_SERVICE", "CHOWN", "CHOWN"}
			initOf(p).SecurityContext.Capabilities = nil
			sideOf(p).SecurityContext.Capabilities.Drop = []corev1.Capability{"all"}
		}), []string{
			"W spec: " + restricted + "capabilities.drop: [ALL] of container init and container side; no capability CHOWN of container web"}},
		example{"pss-restricted", "volumes", hardPod(func(p *corev1.Pod) {
			p.Spec.Volumes = append(p.Spec.Volumes, corev1.Volume{Name: "n", VolumeSource: corev1.VolumeSource{NFS: &corev1.NFSVolumeSource{}}}, corev1.Volume{Name: "unsaid"})
		}), []string{"W spec: " + restricted + "volume n to be a PersistentVolumeClaim"}},
		example{"pss-baseline", "the pod as a whole", hardPod(func(p *corev1.Pod) {
			p.Spec.HostNetwork, p.Spec.HostPID, p.Spec.HostIPC = true, true, true
			p.Spec.Volumes = []corev1.Volume{{Name: "h", VolumeSource: corev1.VolumeSource{HostPath: &corev1.HostPathVolumeSource{}}}}
			annotate(corev1.DeprecatedAppArmorBetaContainerAnnotationKeyPrefix+"web", "unconfined")(p)
		}), []string{"W spec: " + baseline + "hostNetwork: true, hostPID: true, hostIPC: true, hostPath volume h and the annotation container.apparmor.security.beta.kubernetes.io/web: unconfined"}},
		example{"pss-baseline", "the pod's security context", hardPod(func(p *corev1.Pod) {
			sc := p.Spec.SecurityContext
			sc.Sysctls = []corev1.Sysctl{{Name: "net.ipv4.tcp_rmem"}, {Name: "net.core.somaxconn"}}
			sc.SeccompProfile.Type, sc.AppArmorProfile = "Unconfined", &corev1.AppArmorProfile{Type: "Unconfined"}
			sc.SELinuxOptions = &corev1.SELinuxOptions{Type: "spc_t", User: "u", Role: "r", Level: "s0"}
			sc.WindowsOptions = &corev1.WindowsSecurityContextOptions{HostProcess: new(true)}
		}), []string{"W spec.securityContext: " + baseline + "sysctl net.core.somaxconn, seccompProfile.type: Unconfined, appArmorProfile.type: Unconfined, " +
			"seLinuxOptions.type: spc_t, seLinuxOptions.user, seLinuxOptions.role and windowsOptions.hostProcess: true"}},
		example{"pss-baseline", "a container", hardPod(func(p *corev1.Pod) {
			webOf(p).Ports = []corev1.ContainerPort{{ContainerPort: 80, HostPort: 8080}}
			webOf(p).LivenessProbe = &corev1.Probe{ProbeHandler: corev1.ProbeHandler{TCPSocket: &corev1.TCPSocketAction{Host: "db"}}}
			webOf(p).Lifecycle = &corev1.Lifecycle{PreStop: &corev1.LifecycleHandler{HTTPGet: &corev1.HTTPGetAction{Host: "web"}}}
			webOf(p).SecurityContext.ProcMount, webOf(p).SecurityContext.Privileged = new(corev1.UnmaskedProcMount), new(true)
			sideOf(p).SecurityContext.Capabilities.Add = []corev1.Capability{"NET_RAW", "CHOWN"}
		}), []string{
			"W spec.containers[0]: " + baseline + "hostPort 8080, host db in livenessProbe, host web in lifecycle.preStop, privileged: true and procMount: Unmasked",
			"W spec.initContainers[1].securityContext: " + baseline + "the capability NET_RAW"}},
		example{"pss-restricted", "Windows", func(p *corev1.Pod) {
			p.Spec.OS, p.Spec.SecurityContext = &corev1.PodOS{Name: corev1.Windows}, &corev1.PodSecurityContext{RunAsNonRoot: new(true)}
		}, nil},
	)
}

func TestPodSecurityOfOlderVersions(t *testing.T) {
	p := goodPod()
	hardPod(func(p *corev1.Pod) {
		p.Spec.HostUsers, p.Spec.SecurityContext.RunAsUser = new(false), new(int64(0))
		p.Spec.SecurityContext.Sysctls = []corev1.Sysctl{{Name: "net.ipv4.ip_local_reserved_ports"}, {Name: "net.ipv4.tcp_fin_timeout"}, {Name: "net.ipv4.tcp_wmem"}}
		p.Spec.SecurityContext.SELinuxOptions = &corev1.SELinuxOptions{Type: "container_engine_t"}
		webOf(p).LivenessProbe = &corev1.Probe{ProbeHandler: corev1.ProbeHandler{HTTPGet: &corev1.HTTPGetAction{Host: "web"}}}
	})(p)
	const forbids, wants = "Pod Security baseline forbids ", "Pod Security restricted wants "
	for version, want := range map[string][]string{
		"1.26": {forbids + "sysctl net.ipv4.ip_local_reserved_ports, sysctl net.ipv4.tcp_fin_timeout, sysctl net.ipv4.tcp_wmem and seLinuxOptions.type: container_engine_t"},
		"1.27": {forbids + "sysctl net.ipv4.tcp_fin_timeout, sysctl net.ipv4.tcp_wmem and seLinuxOptions.type: container_engine_t"},
		"1.29": {forbids + "sysctl net.ipv4.tcp_wmem and seLinuxOptions.type: container_engine_t"},
		"1.31": {forbids + "sysctl net.ipv4.tcp_wmem"},
		"1.33": {wants + "a runAsUser other than 0"},
		"1.34": {forbids + "host web in livenessProbe"},
		"1.35": {forbids + "host web in livenessProbe"},
	} {
		var got []string
		for _, rule := range []string{"pss-baseline", "pss-restricted"} {
			for _, f := range of(check.Pod(p, check.Target(version)), rule) {
				got = append(got, f.Detail)
			}
		}
		require.Equal(t, want, got, version)
	}
}

// The one finding of a pod names all containers that it is about.
func TestPodSecurityNamesTheContainers(t *testing.T) {
	found := of(check.Pod(goodPod()), "pss-restricted")
	require.Len(t, found, 1)
	require.Equal(t, []check.Party{
		{Container: "init", Path: "spec.initContainers[0].securityContext"},
		{Container: "side", Path: "spec.initContainers[1].securityContext"},
		{Container: "web", Path: "spec.containers[0].securityContext"},
	}, found[0].Parties)
}
