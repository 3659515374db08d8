package conformance_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/podpattern/podpattern/pattern/check"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
	"sigs.k8s.io/yaml"
)

// The rules pss-baseline and pss-restricted say what Pod Security admission says,
// of each version that they know.
func TestPodSecurityIsThatOfTheAPIServer(t *testing.T) {
	const pods, oldest, newest = 20000, 25, 36
	checks, err := policy.NewEvaluator(policy.DefaultChecks(), nil)
	require.NoError(t, err)
	denies := func(level api.Level, minor int, p *corev1.Pod) (bool, string) {
		version := api.LevelVersion{Level: level, Version: api.MajorMinorVersion(1, minor)}
		result := policy.AggregateCheckResults(checks.EvaluatePod(version, &p.ObjectMeta, &p.Spec))
		return !result.Allowed, result.ForbiddenDetail()
	}
	r := rand.New(rand.NewPCG(1, 2))
	var allowed, restricted, baseline int
	for n := range pods {
		p := securePod(r)
		for range r.IntN(6) {
			loosen(r, p)
		}
		if p.Spec.OS != nil && p.Spec.OS.Name == corev1.Windows {
			ofWindows(p)
		}
		minor := oldest + r.IntN(newest-oldest+1)
		if n%2 == 0 {
			minor = newest
		}
		found := check.Pod(p, check.Target(fmt.Sprintf("1.%d", minor)))
		var ours [2]bool
		for _, f := range found {
			ours[0] = ours[0] || f.Rule == "pss-baseline"
			ours[1] = ours[1] || f.Rule == "pss-restricted"
		}
		b, why := denies(api.LevelBaseline, minor, p)
		if b != ours[0] {
			t.Fatalf("baseline of 1.%d: %s\n%s\n%s", minor, why, found, manifest(p))
		}
		s, why := denies(api.LevelRestricted, minor, p)
		if s != (ours[0] || ours[1]) {
			t.Fatalf("restricted of 1.%d: %s\n%s\n%s", minor, why, found, manifest(p))
		}
		switch {
		case b:
			baseline++
		case s:
			restricted++
		default:
			allowed++
		}
	}
	t.Logf("%d pods, all with the same verdict: %d allowed, %d not restricted, %d not baseline", pods, allowed, restricted, baseline)
	for _, n := range []int{allowed, restricted, baseline} {
		require.Greater(t, n, pods/20, "the pods must have verdicts of all kinds")
	}
}

func manifest(p *corev1.Pod) string {
	text, err := yaml.Marshal(p)
	return fmt.Sprint(string(text), err)
}

func among[T any](r *rand.Rand, of ...T) T { return of[r.IntN(len(of))] }

// perhaps is nil in one of three.
func perhaps[T any](r *rand.Rand, of ...T) *T {
	if r.IntN(3) == 0 {
		return nil
	}
	v := among(r, of...)
	return &v
}

// securePod gives a pod that Pod Security restricted allows.
func securePod(r *rand.Rand) *corev1.Pod {
	p := &corev1.Pod{}
	p.APIVersion, p.Kind, p.Name = "v1", "Pod", "web"
	c := func(name string) corev1.Container {
		return corev1.Container{Name: name, Image: name + ":1", SecurityContext: &corev1.SecurityContext{
			AllowPrivilegeEscalation: new(false), Capabilities: &corev1.Capabilities{Drop: []corev1.Capability{"ALL"}}}}
	}
	for i := range 1 + r.IntN(3) {
		p.Spec.Containers = append(p.Spec.Containers, c(fmt.Sprintf("c%d", i)))
	}
	for i := range r.IntN(2) {
		p.Spec.InitContainers = append(p.Spec.InitContainers, c(fmt.Sprintf("i%d", i)))
	}
	if r.IntN(3) > 0 {
		p.Spec.SecurityContext = &corev1.PodSecurityContext{RunAsNonRoot: new(true), SeccompProfile: seccompOf(r, true)}
		return p
	}
	p.Spec.SecurityContext = among(r, nil, &corev1.PodSecurityContext{})
	for _, c := range allContainers(p) {
		c.SecurityContext.RunAsNonRoot, c.SecurityContext.SeccompProfile = new(true), seccompOf(r, true)
	}
	return p
}

func allContainers(p *corev1.Pod) []*corev1.Container {
	var out []*corev1.Container
	for i := range p.Spec.InitContainers {
		out = append(out, &p.Spec.InitContainers[i])
	}
	for i := range p.Spec.Containers {
		out = append(out, &p.Spec.Containers[i])
	}
	return out
}

func seccompOf(r *rand.Rand, safe bool) *corev1.SeccompProfile {
	if safe {
		return &corev1.SeccompProfile{Type: among(r, corev1.SeccompProfileTypeRuntimeDefault, corev1.SeccompProfileTypeLocalhost)}
	}
	return among(r, nil, &corev1.SeccompProfile{}, &corev1.SeccompProfile{Type: "Unconfined"}, &corev1.SeccompProfile{Type: "RuntimeDefault"})
}

func appArmorOf(r *rand.Rand) *corev1.AppArmorProfile {
	return &corev1.AppArmorProfile{Type: among(r, corev1.AppArmorProfileTypeUnconfined, corev1.AppArmorProfileTypeRuntimeDefault, corev1.AppArmorProfileTypeLocalhost, "")}
}

func seLinuxOf(r *rand.Rand) *corev1.SELinuxOptions {
	return &corev1.SELinuxOptions{Type: among(r, "", "container_t", "container_init_t", "container_kvm_t", "container_engine_t", "spc_t"),
		User: among(r, "", "", "", "u"), Role: among(r, "", "", "", "r"), Level: among(r, "", "s0")}
}

// loosen changes one field that Pod Security looks at, for the worse or not.
func loosen(r *rand.Rand, p *corev1.Pod) {
	if r.IntN(2) == 0 {
		loosenPod(r, p)
		return
	}
	c := among(r, allContainers(p)...)
	if r.IntN(4) == 0 {
		loosenNetwork(r, c)
		return
	}
	if c.SecurityContext == nil {
		c.SecurityContext = &corev1.SecurityContext{}
	}
	sc := c.SecurityContext
	switch r.IntN(12) {
	case 0:
		c.SecurityContext = nil
	case 1:
		sc.AllowPrivilegeEscalation = perhaps(r, true, false)
	case 2:
		sc.Capabilities = &corev1.Capabilities{Drop: [][]corev1.Capability{nil, {"ALL"}, {"all"}, {"CHOWN"}, {"CHOWN", "ALL"}}[r.IntN(5)]}
	case 3:
		if sc.Capabilities == nil {
			sc.Capabilities = &corev1.Capabilities{}
		}
		sc.Capabilities.Add = append(sc.Capabilities.Add, among[corev1.Capability](r, "NET_BIND_SERVICE", "NET_BIND_SERVICE", "CHOWN", "SYS_CHROOT", "NET_RAW", "SYS_ADMIN", "net_bind_service"))
	case 4:
		sc.Privileged = perhaps(r, true, false)
	case 5:
		sc.ProcMount = perhaps(r, corev1.DefaultProcMount, corev1.UnmaskedProcMount)
	case 6:
		sc.RunAsNonRoot = perhaps(r, true, false)
	case 7:
		sc.RunAsUser = perhaps[int64](r, 0, 1000)
	case 8:
		sc.SeccompProfile = seccompOf(r, r.IntN(3) == 0)
	case 9:
		sc.AppArmorProfile = appArmorOf(r)
	case 10:
		sc.SELinuxOptions = seLinuxOf(r)
	case 11:
		sc.WindowsOptions = &corev1.WindowsSecurityContextOptions{HostProcess: perhaps(r, true, false)}
	}
}

// loosenNetwork gives a container ports, probes and hooks.
func loosenNetwork(r *rand.Rand, c *corev1.Container) {
	handler := func() corev1.ProbeHandler {
		host := among(r, "", "", "127.0.0.1", "example.com")
		return among(r, corev1.ProbeHandler{HTTPGet: &corev1.HTTPGetAction{Host: host}}, corev1.ProbeHandler{TCPSocket: &corev1.TCPSocketAction{Host: host}},
			corev1.ProbeHandler{Exec: &corev1.ExecAction{}}, corev1.ProbeHandler{GRPC: &corev1.GRPCAction{}})
	}
	switch h := handler(); r.IntN(6) {
	case 0:
		c.Ports = []corev1.ContainerPort{{ContainerPort: 80}, {ContainerPort: 81, HostPort: among[int32](r, 0, 8080)}}
	case 1:
		c.LivenessProbe = &corev1.Probe{ProbeHandler: h}
	case 2:
		c.ReadinessProbe = &corev1.Probe{ProbeHandler: h}
	case 3:
		c.StartupProbe = &corev1.Probe{ProbeHandler: h}
	case 4:
		c.Lifecycle = &corev1.Lifecycle{PostStart: &corev1.LifecycleHandler{HTTPGet: h.HTTPGet, TCPSocket: h.TCPSocket}}
	case 5:
		c.Lifecycle = &corev1.Lifecycle{PreStop: &corev1.LifecycleHandler{HTTPGet: h.HTTPGet, TCPSocket: h.TCPSocket}}
	}
}

func loosenPod(r *rand.Rand, p *corev1.Pod) {
	if p.Spec.SecurityContext == nil {
		p.Spec.SecurityContext = &corev1.PodSecurityContext{}
	}
	sc := p.Spec.SecurityContext
	switch r.IntN(16) {
	case 0:
		p.Spec.SecurityContext = nil
	case 1:
		p.Spec.HostNetwork = true
	case 2:
		p.Spec.HostPID = true
	case 3:
		p.Spec.HostIPC = true
	case 4, 5:
		p.Spec.HostUsers = perhaps(r, true, false, false)
	case 6, 7:
		p.Spec.Volumes = append(p.Spec.Volumes, volumeAmong(r, fmt.Sprintf("v%d", len(p.Spec.Volumes))))
	case 8:
		sc.Sysctls = append(sc.Sysctls, corev1.Sysctl{Name: among(r, "kernel.shm_rmid_forced", "net.ipv4.tcp_syncookies", "net.ipv4.ip_unprivileged_port_start",
			"net.ipv4.ip_local_reserved_ports", "net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem", "kernel.sem")})
	case 9:
		sc.RunAsNonRoot = perhaps(r, true, false)
	case 10:
		sc.RunAsUser = perhaps[int64](r, 0, 1000)
	case 11:
		sc.SeccompProfile = seccompOf(r, r.IntN(3) == 0)
	case 12:
		sc.AppArmorProfile = appArmorOf(r)
	case 13:
		sc.SELinuxOptions = seLinuxOf(r)
	case 14:
		sc.WindowsOptions = &corev1.WindowsSecurityContextOptions{HostProcess: perhaps(r, true, false)}
	case 15:
		if r.IntN(2) == 0 {
			p.Spec.OS = &corev1.PodOS{Name: among(r, corev1.Linux, corev1.Windows)}
			return
		}
		p.Annotations = map[string]string{corev1.DeprecatedAppArmorBetaContainerAnnotationKeyPrefix + "c0": among(r, "", "unconfined", "runtime/default", "localhost/x", "x")}
	}
}

func volumeAmong(r *rand.Rand, name string) corev1.Volume {
	return corev1.Volume{Name: name, VolumeSource: among(r,
		corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}, corev1.VolumeSource{ConfigMap: &corev1.ConfigMapVolumeSource{}},
		corev1.VolumeSource{Secret: &corev1.SecretVolumeSource{}}, corev1.VolumeSource{Projected: &corev1.ProjectedVolumeSource{}},
		corev1.VolumeSource{DownwardAPI: &corev1.DownwardAPIVolumeSource{}}, corev1.VolumeSource{CSI: &corev1.CSIVolumeSource{}},
		corev1.VolumeSource{PersistentVolumeClaim: &corev1.PersistentVolumeClaimVolumeSource{}}, corev1.VolumeSource{Ephemeral: &corev1.EphemeralVolumeSource{}},
		corev1.VolumeSource{Image: &corev1.ImageVolumeSource{}}, corev1.VolumeSource{HostPath: &corev1.HostPathVolumeSource{}},
		corev1.VolumeSource{NFS: &corev1.NFSVolumeSource{}}, corev1.VolumeSource{ISCSI: &corev1.ISCSIVolumeSource{}},
		corev1.VolumeSource{GitRepo: &corev1.GitRepoVolumeSource{}}, corev1.VolumeSource{FlexVolume: &corev1.FlexVolumeSource{}})}
}

// ofWindows takes from a pod what the API server refuses on Windows.
func ofWindows(p *corev1.Pod) {
	p.Spec.HostPID, p.Spec.HostIPC, p.Spec.HostUsers = false, false, nil
	if sc := p.Spec.SecurityContext; sc != nil {
		p.Spec.SecurityContext = &corev1.PodSecurityContext{RunAsNonRoot: sc.RunAsNonRoot, WindowsOptions: sc.WindowsOptions}
	}
	for _, c := range allContainers(p) {
		if sc := c.SecurityContext; sc != nil {
			c.SecurityContext = &corev1.SecurityContext{RunAsNonRoot: sc.RunAsNonRoot, WindowsOptions: sc.WindowsOptions}
		}
	}
}
