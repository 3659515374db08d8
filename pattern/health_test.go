package pattern_test

import (
	"testing"

	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
)

// probesOf names the probes that a container has.
func probesOf(c *corev1.Container) string {
	out := ""
	if c.StartupProbe != nil {
		out += "startup "
	}
	if c.ReadinessProbe != nil {
		out += "readiness "
	}
	if c.LivenessProbe != nil {
		out += "liveness "
	}
	return out
}

func TestProbesThatFollowFromHealth(t *testing.T) {
	ask := pattern.HTTPGet("/healthz", 80)
	native := side("s").Health(ask)
	gating := native.First()
	for _, tt := range []struct {
		name string
		c    pattern.SidecarContainer
		want string
	}{
		{"native, and nobody waits", native, "readiness liveness "},
		{"native, and others wait", gating, "startup readiness liveness "},
		{"classic", native.Classic(), "readiness liveness "},
		{"KeepServing", native.WhenDown(pattern.KeepServing), "liveness "},
		{"KeepServing, and others wait", gating.WhenDown(pattern.KeepServing), "startup liveness "},
		{"NotReady is the default", native.WhenDown(pattern.NotReady), "readiness liveness "},
		{"without readiness", native.NoReadinessProbe(), "liveness "},
		{"without liveness", native.NoLivenessProbe(), "readiness "},
		{"without startup", gating.NoStartupProbe(), "readiness liveness "},
		{"taken away before Health", side("s").NoLivenessProbe().Health(ask), "readiness "},
		{"without any", gating.NoStartupProbe().NoReadinessProbe().NoLivenessProbe(), ""},
		{"no health, no probes", side("s").First(), ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			pod := build(t, with(web(), tt.c))
			require.Equal(t, tt.want, probesOf(container(t, &pod.Spec, "s")))
		})
	}
}

func TestAnAppsHealth(t *testing.T) {
	pod := build(t, with(web().Health(pattern.Exec("true"))))
	require.Equal(t, "readiness liveness ", probesOf(&pod.Spec.Containers[0]))
}

func TestAProbeSetByHandStaysAsItIs(t *testing.T) {
	mine := pattern.Exec("mine")
	pod := build(t, with(web(), side("s").First().StartupProbe(mine).ReadinessProbe(mine).Health(pattern.HTTPGet("/", 80)).LivenessProbe(mine)))
	s := container(t, &pod.Spec, "s")
	for _, p := range []*corev1.Probe{s.StartupProbe, s.ReadinessProbe, s.LivenessProbe} {
		require.Equal(t, []string{"mine"}, p.Exec.Command)
	}
}

// A restart must come later than the end of traffic, and the others must not
// wait long for a helper that has started.
func TestTimesOfTheProbesThatFollow(t *testing.T) {
	ask := pattern.HTTPGet("/", 80).InitialDelaySeconds(20).PeriodSeconds(15).TimeoutSeconds(2).FailureThreshold(2).SuccessThreshold(3).TerminationGracePeriodSeconds(5)
	pod := build(t, with(web(), side("s").First().Health(ask)))
	s := container(t, &pod.Spec, "s")

	require.EqualValues(t, 1, s.StartupProbe.PeriodSeconds)
	require.EqualValues(t, 60, s.StartupProbe.FailureThreshold)
	require.Zero(t, s.StartupProbe.InitialDelaySeconds)
	require.Zero(t, s.StartupProbe.SuccessThreshold)

	require.EqualValues(t, 15, s.ReadinessProbe.PeriodSeconds)
	require.EqualValues(t, 2, s.ReadinessProbe.FailureThreshold)
	require.EqualValues(t, 3, s.ReadinessProbe.SuccessThreshold, "readiness alone may ask for more than one")
	require.Nil(t, s.ReadinessProbe.TerminationGracePeriodSeconds, "the API refuses it there")

	require.EqualValues(t, 15, s.LivenessProbe.PeriodSeconds)
	require.Greater(t, s.LivenessProbe.FailureThreshold, s.ReadinessProbe.FailureThreshold)
	require.Zero(t, s.LivenessProbe.SuccessThreshold)
	require.EqualValues(t, 5, *s.LivenessProbe.TerminationGracePeriodSeconds)
}

func TestRestartPod(t *testing.T) {
	c := side("s").WhenDown(pattern.RestartPod)
	line := lineAbove(1)
	for _, target := range []string{"1.28", "1.34", "1.35"} {
		f := only(t, with(web(), c).Target(target).Findings(), "target-version")
		require.Equal(t, line, f.At)
		require.Contains(t, f.Detail, "1.36")
	}
	pod := build(t, with(web(), c).Target("1.36"))
	s := container(t, &pod.Spec, "s")
	require.Equal(t, corev1.ContainerRestartPolicyAlways, *s.RestartPolicy)
	require.Len(t, s.RestartPolicyRules, 1)
	require.Equal(t, corev1.ContainerRestartRuleActionRestartAllContainers, s.RestartPolicyRules[0].Action)
	require.Equal(t, &corev1.ContainerRestartRuleOnExitCodes{Operator: corev1.ContainerRestartRuleOnExitCodesOpNotIn, Values: []int32{0}}, s.RestartPolicyRules[0].ExitCodes)

	app := build(t, with(web().WhenDown(pattern.RestartPod)).Target("1.36"))
	require.NotNil(t, app.Spec.Containers[0].RestartPolicy, "rules need a policy beside them")
}

func TestReadyFile(t *testing.T) {
	data := pattern.EmptyDir("data")
	loader := side("loader").Writes(data, "/data")
	pod := build(t, with(web().Reads(data, "/data").ReadinessProbe(pattern.TCPSocket(80)), loader.ReadyFile(data, "a/done")))
	require.Equal(t, []string{"test", "-e", "/data/a/done"}, container(t, &pod.Spec, "loader").ReadinessProbe.Exec.Command)
	require.NotNil(t, container(t, &pod.Spec, "web").ReadinessProbe.TCPSocket, "the app's own probe stays")

	for _, tt := range []struct {
		name string
		pod  pattern.PodBuilder
	}{
		{"in an init container", with(web()).WithInit(setup("i").Writes(data, "/data").ReadyFile(data, "done"))},
		{"beside a readiness probe", with(web(), loader.ReadinessProbe(pattern.Exec("true")).ReadyFile(data, "done"))},
		{"in a volume that isn't mounted", with(web(), side("s").ReadyFile(data, "done"))},
	} {
		t.Run(tt.name, func(t *testing.T) {
			require.Contains(t, only(t, tt.pod.Findings(), "ready-file").At, "health_test.go:")
		})
	}
	part := build(t, with(web(), side("s").Writes(data.SubPath("a"), "/part").ReadyFile(data, "a/b/done")))
	require.Equal(t, []string{"test", "-e", "/part/b/done"}, container(t, &part.Spec, "s").ReadinessProbe.Exec.Command, "the path is relative to the volume")
	outside := with(web(), side("s").Writes(data.SubPath("a"), "/part").ReadyFile(data, "done"))
	require.Equal(t, []string{"ready-file"}, rules(outside.Findings()), "the container doesn't see it")

	health := build(t, with(web(), loader.ReadyFile(data, "done").Health(pattern.TCPSocket(1))))
	require.NotNil(t, container(t, &health.Spec, "loader").ReadinessProbe.Exec, "what was asked for goes before what follows")
}

// What another container of the pod dials is waited for; a server elsewhere that has
// the same port is none of the pod's.
func TestWhoIsDialledOnLocalhostIsWaitedFor(t *testing.T) {
	proxy := side("proxy").Port("db", 5432).Health(pattern.TCPSocket("db"))
	probe := func(host string) *corev1.Probe {
		pod := build(t, with(web(), proxy, side("client").Dials(host, 5432)))
		return container(t, &pod.Spec, "proxy").StartupProbe
	}
	require.NotNil(t, probe("127.0.0.1"))
	require.NotNil(t, probe("localhost"))
	require.Nil(t, probe("db.example.com"))
	pod := build(t, with(web(), proxy.Dials("127.0.0.1", 5432)))
	require.Nil(t, container(t, &pod.Spec, "proxy").StartupProbe, "itself")
}
