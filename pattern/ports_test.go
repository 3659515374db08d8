package pattern_test

import (
	"testing"

	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
)

func TestAHelpersPortNameGivesWay(t *testing.T) {
	for _, tt := range []struct {
		name      string
		pod       pattern.PodBuilder
		container string
		want      []string
	}{
		{"to an app's", with(web().Port("http", 80), side("admin").Port("http", 81)), "admin", []string{"admin-http"}},
		{"to an app's that is added later", with(web(), side("admin").Port("http", 81)).WithApp(pattern.App("b", "b:1").Port("http", 80)), "admin", []string{"admin-http"}},
		{"to an earlier helper's", with(web(), side("a").Port("http", 80), side("b").Port("http", 81)), "b", []string{"b-http"}},
		{"the earlier helper keeps its own", with(web(), side("a").Port("http", 80), side("b").Port("http", 81)), "a", []string{"http"}},
		{"the app keeps its own", with(web().Port("http", 80), side("a").Port("http", 81)), "web", []string{"http"}},
		{"and is cut to 15 characters", with(web().Port("metrics", 80), side("collector").Port("metrics", 81)), "collector", []string{"collect-metrics"}},
		{"and leaves its other ports", with(web().Port("http", 80), side("a").Port("http", 81).Port("grpc", 82)), "a", []string{"a-http", "grpc"}},
		{"also where the new name is taken", with(web().Port("http", 80).Port("a-http", 81), side("a").Port("http", 82)), "a", []string{"a-http-2"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			pod := build(t, tt.pod)
			var names []string
			for _, p := range container(t, &pod.Spec, tt.container).Ports {
				names = append(names, p.Name)
				require.LessOrEqual(t, len(p.Name), 15)
			}
			require.Equal(t, tt.want, names)
		})
	}
}

func TestProbesAndHooksFollowAPortsName(t *testing.T) {
	pod := build(t, with(web().Port("http", 80), side("a").Port("http", 81).
		ReadinessProbe(pattern.HTTPGet("/", "http")).
		LivenessProbe(pattern.TCPSocket("http")).
		StartupProbe(pattern.HTTPGet("/", "http")).
		PreStop(pattern.HTTPGet("/stop", "http")).
		PostStart(pattern.HTTPGet("/start", "http"))))
	a := container(t, &pod.Spec, "a")
	require.Equal(t, "a-http", a.ReadinessProbe.HTTPGet.Port.String())
	require.Equal(t, "a-http", a.LivenessProbe.TCPSocket.Port.String())
	require.Equal(t, "a-http", a.StartupProbe.HTTPGet.Port.String())
	require.Equal(t, "a-http", a.Lifecycle.PreStop.HTTPGet.Port.String())
	require.Equal(t, "a-http", a.Lifecycle.PostStart.HTTPGet.Port.String())
}

func TestWhatFollowsFromHealthFollowsAPortsName(t *testing.T) {
	pod := build(t, with(web().Port("http", 80), side("a").Port("http", 81).Endpoint("a", "http").Health(pattern.HTTPGet("/", "http"))))
	a := container(t, &pod.Spec, "a")
	for _, p := range []*corev1.Probe{a.StartupProbe, a.ReadinessProbe, a.LivenessProbe} {
		require.Equal(t, "a-http", p.HTTPGet.Port.String())
	}
	require.Equal(t, "81", env(container(t, &pod.Spec, "web"), "A_PORT"))
}

func TestAPortMovesOnlyIfItMay(t *testing.T) {
	clash := with(web().Port("http", 8080), side("a").Port("admin", 8080))
	require.Equal(t, []string{"port-clash-pod"}, rules(clash.Findings()))

	for _, tt := range []struct {
		name string
		pod  pattern.PodBuilder
		want []int32
	}{
		{"to the next one", with(web().Port("http", 8080), side("a").Port("admin", 8080).MovePorts()), []int32{8081}},
		{"over those that are taken", with(web().Ports(8080, 8081, 8082), side("a").Port("admin", 8080).MovePorts()), []int32{8083}},
		{"not where it is free", with(web().Port("http", 8080), side("a").Port("admin", 9090).MovePorts()), []int32{9090}},
		{"not for another protocol", with(web().UDPPort("dns", 53), side("a").Port("dns-tcp", 53).MovePorts()), []int32{53}},
		{"past its own other ports", with(web().Port("http", 8080), side("a").Ports(8080, 8081).MovePorts()), []int32{8081, 8082}},
		{"those that are named", with(web().Ports(1, 2), side("a").Port("x", 1).Port("y", 3).MovePorts("x")), []int32{4, 3}},
		{"past a later helper's, which may not move", with(web().Port("http", 8080), side("a").Port("admin", 8080).MovePorts(), side("b").Port("x", 8081)), []int32{8082}},
		{"past an app that is added later", with(web(), side("a").Port("admin", 8080).MovePorts()).WithApp(pattern.App("b", "b:1").Port("http", 8080)), []int32{8081}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			pod := build(t, tt.pod)
			var got []int32
			for _, p := range container(t, &pod.Spec, "a").Ports {
				got = append(got, p.ContainerPort)
			}
			require.Equal(t, tt.want, got)
		})
	}
}

func TestTheEndOfTheRangeIsTheEnd(t *testing.T) {
	p := with(web().Port("http", 65535), side("a").Port("admin", 65535).MovePorts())
	require.Equal(t, []string{"port-clash-pod"}, rules(p.Findings()), "there is no next port")
}

func TestAPlainInitContainerMayHaveThePortOfAnApp(t *testing.T) {
	build(t, with(web().Port("http", 8080)).WithInit(setup("check").Ports(8080)))
}

func TestAPortWithAllThatTheAPIHas(t *testing.T) {
	want := corev1.ContainerPort{Name: "http", ContainerPort: 80, HostPort: 8080, HostIP: "10.0.0.1", Protocol: corev1.ProtocolSCTP}
	pod := build(t, with(web().ContainerPort(want)))
	require.Equal(t, []corev1.ContainerPort{want}, pod.Spec.Containers[0].Ports)
}

// env is the value of a variable.
func env(c *corev1.Container, name string) string {
	for _, e := range c.Env {
		if e.Name == name {
			return e.Value
		}
	}
	return "not set"
}

// In a bundle too two ports have two names, though both have to be cut: the targetPort of
// a Service is one of them.
func TestPortsOfABundleHaveNamesOfTheirOwn(t *testing.T) {
	template := &somebodys().Spec.Template
	b := pattern.Bundle("b", fitting("observability-agent").Port("metrics", 9000), fitting("observability-proxy").Port("metrics", 9001))
	require.NoError(t, b.ApplyTo(template))
	require.Equal(t, "observa-metrics", container(t, &template.Spec, "observability-agent").Ports[0].Name)
	require.Equal(t, "obser-metrics-2", container(t, &template.Spec, "observability-proxy").Ports[0].Name)
}
