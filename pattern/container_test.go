package pattern_test

import (
	"testing"

	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// What each call sets, and whether a second one replaces or appends.
func TestFieldsOfAContainer(t *testing.T) {
	secret, config := corev1.LocalObjectReference{Name: "s"}, corev1.LocalObjectReference{Name: "c"}
	security := func(sc corev1.SecurityContext) corev1.Container { return corev1.Container{SecurityContext: &sc} }
	resources := func(r corev1.ResourceRequirements) corev1.Container { return corev1.Container{Resources: r} }
	list := func(name corev1.ResourceName, q string) corev1.ResourceList {
		return corev1.ResourceList{name: resource.MustParse(q)}
	}
	from := func(name string, source corev1.EnvVarSource) corev1.Container {
		return corev1.Container{Env: []corev1.EnvVar{{Name: name, ValueFrom: &source}}}
	}
	for _, tt := range []struct {
		name string
		c    pattern.AppContainer
		want corev1.Container
	}{
		{"Name replaces", web().Name("a").Name("b"), corev1.Container{Name: "b"}},
		{"Image replaces", web().Image("a:1").Image("b:1"), corev1.Container{Image: "b:1"}},
		{"ImagePullPolicy", web().ImagePullPolicy(corev1.PullNever).ImagePullPolicy(corev1.PullAlways), corev1.Container{ImagePullPolicy: corev1.PullAlways}},
		{"Command replaces", web().Command("a", "b").Command("c"), corev1.Container{Command: []string{"c"}}},
		{"Args replaces", web().Args("a", "b").Args("c"), corev1.Container{Args: []string{"c"}}},
		{"Shell replaces the command", web().Command("a").Shell("b").Args("c"), corev1.Container{Command: []string{"sh", "-c", "b"}, Args: []string{"c"}}},
		{"WorkingDir", web().WorkingDir("/a").WorkingDir("/b"), corev1.Container{WorkingDir: "/b"}},
		{"TerminationMessage", web().TerminationMessage("/log", corev1.TerminationMessageFallbackToLogsOnError), corev1.Container{TerminationMessagePath: "/log", TerminationMessagePolicy: corev1.TerminationMessageFallbackToLogsOnError}},
		{"Stdin", web().Stdin(false), corev1.Container{Stdin: true}},
		{"Stdin with a terminal", web().Stdin(true), corev1.Container{Stdin: true, TTY: true}},
		{"ports append", web().Port("a", 1).Ports(2).UDPPort("b", 3), corev1.Container{Ports: []corev1.ContainerPort{{Name: "a", ContainerPort: 1}, {ContainerPort: 2}, {Name: "b", ContainerPort: 3, Protocol: corev1.ProtocolUDP}}}},

		{"Env replaces in its place, else appends", web().Env("A", "1").Env("B", "2").Env("A", "3"), corev1.Container{Env: []corev1.EnvVar{{Name: "A", Value: "3"}, {Name: "B", Value: "2"}}}},
		{"a source replaces a value", web().Env("A", "1").EnvField("A", "metadata.name"), from("A", corev1.EnvVarSource{FieldRef: &corev1.ObjectFieldSelector{FieldPath: "metadata.name"}})},
		{"a value replaces a source", web().EnvField("A", "metadata.name").Env("A", "1"), corev1.Container{Env: []corev1.EnvVar{{Name: "A", Value: "1"}}}},
		{"EnvSecret", web().EnvSecret("A", pattern.Secret("s").Optional(), "k"), from("A", corev1.EnvVarSource{SecretKeyRef: &corev1.SecretKeySelector{LocalObjectReference: secret, Key: "k", Optional: new(true)}})},
		{"EnvConfigMap", web().EnvConfigMap("A", pattern.ConfigMap("c"), "k"), from("A", corev1.EnvVarSource{ConfigMapKeyRef: &corev1.ConfigMapKeySelector{LocalObjectReference: config, Key: "k"}})},
		{"EnvResource", web().EnvResource("A", "limits.memory", "1Mi"), from("A", corev1.EnvVarSource{ResourceFieldRef: &corev1.ResourceFieldSelector{Resource: "limits.memory", Divisor: resource.MustParse("1Mi")}})},
		{"EnvFrom appends", web().EnvFrom(pattern.Secret("s")).EnvFromPrefix("P_", pattern.ConfigMap("c").Optional()), corev1.Container{EnvFrom: []corev1.EnvFromSource{
			{SecretRef: &corev1.SecretEnvSource{LocalObjectReference: secret}}, {Prefix: "P_", ConfigMapRef: &corev1.ConfigMapEnvSource{LocalObjectReference: config, Optional: new(true)}}}}},

		{"Requests leaves out what is empty", web().Requests("1", "").Requests("", "1Gi").Requests("2", ""), resources(corev1.ResourceRequirements{Requests: corev1.ResourceList{"cpu": resource.MustParse("2"), "memory": resource.MustParse("1Gi")}})},
		{"Limits", web().Limits("", "1Gi"), resources(corev1.ResourceRequirements{Limits: list("memory", "1Gi")})},
		{"Request and Limit of any resource", web().Request("example.com/gpu", "1").Limit("example.com/gpu", "1"), resources(corev1.ResourceRequirements{Requests: list("example.com/gpu", "1"), Limits: list("example.com/gpu", "1")})},
		{"ResourceClaim appends", web().ResourceClaim("a").ResourceClaim("b"), resources(corev1.ResourceRequirements{Claims: []corev1.ResourceClaim{{Name: "a"}, {Name: "b"}}})},
		{"ResizePolicy appends", web().ResizePolicy("cpu", corev1.NotRequired).ResizePolicy("memory", corev1.RestartContainer), corev1.Container{ResizePolicy: []corev1.ContainerResizePolicy{{ResourceName: "cpu", RestartPolicy: corev1.NotRequired}, {ResourceName: "memory", RestartPolicy: corev1.RestartContainer}}}},

		{"RunAsUser refuses root with it", web().RunAsUser(1000), security(corev1.SecurityContext{RunAsUser: new(int64(1000)), RunAsNonRoot: new(true)})},
		{"RunAsUser as root", web().RunAsNonRoot().RunAsUser(0), security(corev1.SecurityContext{RunAsUser: new(int64(0)), RunAsNonRoot: new(false)})},
		{"RunAsGroup", web().RunAsGroup(5), security(corev1.SecurityContext{RunAsGroup: new(int64(5))})},
		{"RunAsNonRoot", web().RunAsNonRoot(), security(corev1.SecurityContext{RunAsNonRoot: new(true)})},
		{"ReadOnlyRootFilesystem", web().ReadOnlyRootFilesystem(true).ReadOnlyRootFilesystem(false), security(corev1.SecurityContext{ReadOnlyRootFilesystem: new(false)})},
		{"AllowPrivilegeEscalation", web().AllowPrivilegeEscalation(true), security(corev1.SecurityContext{AllowPrivilegeEscalation: new(true)})},
		{"Privileged", web().Privileged(), security(corev1.SecurityContext{Privileged: new(true)})},
		{"capabilities append", web().AddCapabilities("A").AddCapabilities("B").DropCapabilities("ALL"), security(corev1.SecurityContext{Capabilities: &corev1.Capabilities{Add: []corev1.Capability{"A", "B"}, Drop: []corev1.Capability{"ALL"}}})},
		{"SeccompProfile", web().SeccompProfile(corev1.SeccompProfileTypeLocalhost, "a.json"), security(corev1.SecurityContext{SeccompProfile: &corev1.SeccompProfile{Type: corev1.SeccompProfileTypeLocalhost, LocalhostProfile: new("a.json")}})},
		{"SecurityContext replaces as a whole", web().Privileged().SecurityContext(corev1.SecurityContext{RunAsGroup: new(int64(1))}), security(corev1.SecurityContext{RunAsGroup: new(int64(1))})},
		{"Restricted", web().Restricted(), security(corev1.SecurityContext{AllowPrivilegeEscalation: new(false), RunAsNonRoot: new(true),
			Capabilities: &corev1.Capabilities{Drop: []corev1.Capability{"ALL"}}, SeccompProfile: &corev1.SeccompProfile{Type: corev1.SeccompProfileTypeRuntimeDefault}})},

		{"a probe replaces", web().LivenessProbe(pattern.Exec("a")).LivenessProbe(pattern.Exec("b", "c")), corev1.Container{LivenessProbe: &corev1.Probe{ProbeHandler: corev1.ProbeHandler{Exec: &corev1.ExecAction{Command: []string{"b", "c"}}}}}},
		{"HTTPGet", web().Port("http", 80).StartupProbe(pattern.HTTPGet("/p", "http").HTTPS().Header("A", "b").Header("C", "d")), corev1.Container{Ports: []corev1.ContainerPort{{Name: "http", ContainerPort: 80}}, StartupProbe: &corev1.Probe{ProbeHandler: corev1.ProbeHandler{HTTPGet: &corev1.HTTPGetAction{
			Path: "/p", Port: intstr.FromString("http"), Scheme: corev1.URISchemeHTTPS, HTTPHeaders: []corev1.HTTPHeader{{Name: "A", Value: "b"}, {Name: "C", Value: "d"}}}}}}},
		{"GRPC", web().ReadinessProbe(pattern.GRPC(80, "svc")), corev1.Container{ReadinessProbe: &corev1.Probe{ProbeHandler: corev1.ProbeHandler{GRPC: &corev1.GRPCAction{Port: 80, Service: new("svc")}}}}},
		{"GRPC of the server as a whole", web().ReadinessProbe(pattern.GRPC(80, "")), corev1.Container{ReadinessProbe: &corev1.Probe{ProbeHandler: corev1.ProbeHandler{GRPC: &corev1.GRPCAction{Port: 80}}}}},
		{"times of a probe", web().ReadinessProbe(pattern.TCPSocket(80).InitialDelaySeconds(1).PeriodSeconds(2).TimeoutSeconds(3).FailureThreshold(4).SuccessThreshold(5)), corev1.Container{ReadinessProbe: &corev1.Probe{
			ProbeHandler: corev1.ProbeHandler{TCPSocket: &corev1.TCPSocketAction{Port: intstr.FromInt32(80)}}, InitialDelaySeconds: 1, PeriodSeconds: 2, TimeoutSeconds: 3, FailureThreshold: 4, SuccessThreshold: 5}}},
		{"grace of a probe", web().LivenessProbe(pattern.TCPSocket(80).TerminationGracePeriodSeconds(5)), corev1.Container{LivenessProbe: &corev1.Probe{
			ProbeHandler: corev1.ProbeHandler{TCPSocket: &corev1.TCPSocketAction{Port: intstr.FromInt32(80)}}, TerminationGracePeriodSeconds: new(int64(5))}}},
		{"No… takes a probe away", web().LivenessProbe(pattern.Exec("a")).NoLivenessProbe(), corev1.Container{}},
		{"a hook replaces", web().PreStop(pattern.Exec("a")).PreStop(pattern.Sleep(5)).PostStart(pattern.HTTPGet("/", 80)), corev1.Container{Lifecycle: &corev1.Lifecycle{
			PreStop: &corev1.LifecycleHandler{Sleep: &corev1.SleepAction{Seconds: 5}}, PostStart: &corev1.LifecycleHandler{HTTPGet: &corev1.HTTPGetAction{Path: "/", Port: intstr.FromInt32(80)}}}}},
		{"Apply is a chain of calls", web().Apply(house, house), corev1.Container{ImagePullPolicy: corev1.PullAlways}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.want.Name == "" {
				tt.want.Name = "web"
			}
			if tt.want.Image == "" {
				tt.want.Image = "web:1"
			}
			claims := func(t *corev1.PodTemplateSpec) {
				for _, c := range tt.want.Resources.Claims {
					t.Spec.ResourceClaims = append(t.Spec.ResourceClaims, corev1.PodResourceClaim{Name: c.Name, ResourceClaimName: new("claim")})
				}
			}
			require.Equal(t, tt.want, build(t, with(tt.c).Edit(claims)).Spec.Containers[0])
		})
	}
}

// house is a rule that holds for containers of every role.
func house[R pattern.Role](c pattern.Container[R]) pattern.Container[R] {
	return c.ImagePullPolicy(corev1.PullAlways)
}

func TestOneRuleForEveryRole(t *testing.T) {
	pod := build(t, pattern.Pod("web").WithApp(web().Apply(house)).WithSidecar(side("s").Apply(house)).WithInit(setup("i").Apply(house)).
		WithAmbassador(pattern.Ambassador("am", "am:1").Apply(house)).WithAdapter(pattern.Adapter("ad", "ad:1").Apply(house)))
	require.Len(t, pod.Spec.InitContainers, 4)
	for _, c := range append(pod.Spec.InitContainers, pod.Spec.Containers...) {
		require.Equal(t, corev1.PullAlways, c.ImagePullPolicy)
	}
}

func TestNothingThatWasNotAskedFor(t *testing.T) {
	pod := build(t, with(web(), side("s")).WithInit(setup("i")))
	require.Equal(t, &corev1.PodSpec{
		InitContainers: []corev1.Container{{Name: "s", Image: "s:1", RestartPolicy: new(corev1.ContainerRestartPolicyAlways)}, {Name: "i", Image: "i:1"}},
		Containers:     []corev1.Container{{Name: "web", Image: "web:1"}},
	}, &pod.Spec)
	require.Empty(t, pod.Annotations)
	require.Empty(t, pod.Labels)
}
