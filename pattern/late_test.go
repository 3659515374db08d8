package pattern_test

import (
	"fmt"
	"testing"

	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
)

// late is a sidecar with a Late function.
func late(f func(pattern.View, pattern.SidecarContainer) pattern.SidecarContainer) pattern.SidecarContainer {
	return side("s").Late(f)
}

func TestLateSeesWhatIsSettled(t *testing.T) {
	saw := func(p pattern.PodBuilder, c pattern.SidecarContainer) string {
		c = c.Late(func(v pattern.View, c pattern.SidecarContainer) pattern.SidecarContainer {
			return c.Env("SAW", fmt.Sprintf("%s/%s %s %s native=%t grace=%d port=%d unknown=%d",
				v.Namespace(), v.PodName(), v.Kind(), v.Name(), v.Native(), v.GracePeriodSeconds(), v.Port("http"), v.Port("nope")))
		})
		template, err := p.WithSidecar(c).Template()
		require.NoError(t, err)
		return env(container(t, &template.Spec, "final"), "SAW")
	}
	p := with(web().Port("http", 8080))
	c := side("s").Port("http", 8080).MovePorts().Name("final")
	require.Equal(t, "/web Pod final native=true grace=30 port=8081 unknown=0", saw(p, c), "a port that moved and got another name")
	require.Equal(t, "prod/web Pod final native=true grace=5 port=8081 unknown=0", saw(p.Namespace("prod").TerminationGracePeriodSeconds(5), c))
	require.Equal(t, "/web Pod final native=false grace=30 port=8081 unknown=0", saw(p, c.Classic()))
	require.Equal(t, "/web Pod final native=false grace=30 port=8081 unknown=0", saw(p.Target("1.28"), c))
}

func TestLateSeesTheWorkload(t *testing.T) {
	p := with(web(), late(func(v pattern.View, c pattern.SidecarContainer) pattern.SidecarContainer {
		return c.Env("KIND", v.Kind())
	}))
	kindIn := func(spec *corev1.PodSpec) string { return env(container(t, spec, "s"), "KIND") }

	pod, err := p.Build()
	require.NoError(t, err)
	require.Equal(t, "Pod", kindIn(&pod.Spec))
	deployment, err := p.Deployment(1).Build()
	require.NoError(t, err)
	require.Equal(t, "Deployment", kindIn(&deployment.Spec.Template.Spec))
	set, err := p.StatefulSet(1).Build()
	require.NoError(t, err)
	require.Equal(t, "StatefulSet", kindIn(&set.Spec.Template.Spec))
	daemons, err := p.DaemonSet().Build()
	require.NoError(t, err)
	require.Equal(t, "DaemonSet", kindIn(&daemons.Spec.Template.Spec))
	job, err := p.Job().Build()
	require.NoError(t, err)
	require.Equal(t, "Job", kindIn(&job.Spec.Template.Spec))
	cron, err := p.CronJob("@daily").Build()
	require.NoError(t, err)
	require.Equal(t, "CronJob", kindIn(&cron.Spec.JobTemplate.Spec.Template.Spec))
}

func TestWhatTheUserSetsAfterLateWins(t *testing.T) {
	c := side("s").Args("before").Env("BOTH", "before").Late(func(_ pattern.View, c pattern.SidecarContainer) pattern.SidecarContainer {
		return c.Args("late").Command("late").Env("BOTH", "late").Env("LATE", "late").ReadinessProbe(pattern.Exec("late"))
	}).Args("after").Env("AFTER", "after")
	pod := build(t, with(web(), c))
	s := container(t, &pod.Spec, "s")
	require.Equal(t, []string{"after"}, s.Args)
	require.Equal(t, []string{"late"}, s.Command)
	require.Equal(t, []corev1.EnvVar{{Name: "BOTH", Value: "late"}, {Name: "LATE", Value: "late"}, {Name: "AFTER", Value: "after"}}, s.Env)

	pod = build(t, with(web(), c.ReadinessProbe(pattern.Exec("mine"))))
	require.Equal(t, []string{"mine"}, container(t, &pod.Spec, "s").ReadinessProbe.Exec.Command)
}

func TestLateMayAddVolumesFilesAndWiring(t *testing.T) {
	data := pattern.EmptyDir("data")
	p := with(web(), late(func(v pattern.View, c pattern.SidecarContainer) pattern.SidecarContainer {
		return c.Writes(data, "/data").Scratch("/tmp", "1Mi").Config("/etc/s/s.conf", v.PodName()).
			AppEnv("A", "b").AppReads(data, "/data").PodLabel("l", "v").Dials("10.0.0.1", 80).NeedsAPI()
	}))
	objects, err := p.Objects()
	require.NoError(t, err)
	require.ElementsMatch(t, []string{"ConfigMap", "ServiceAccount", "Pod"}, kinds(objects))
	pod := objects[len(objects)-1].(*corev1.Pod)
	require.Len(t, pod.Spec.Volumes, 4)
	require.Equal(t, "b", env(container(t, &pod.Spec, "web"), "A"))
	require.Equal(t, "v", pod.Labels["l"])
}

func TestLateMayNotChangeWhatIsSettled(t *testing.T) {
	for _, tt := range []struct {
		name string
		f    func(pattern.View, pattern.SidecarContainer) pattern.SidecarContainer
	}{
		{"its name", func(_ pattern.View, c pattern.SidecarContainer) pattern.SidecarContainer { return c.Name("other") }},
		{"its ports", func(_ pattern.View, c pattern.SidecarContainer) pattern.SidecarContainer { return c.Ports(80) }},
		{"its place, by Before", func(_ pattern.View, c pattern.SidecarContainer) pattern.SidecarContainer { return c.Before("i") }},
		{"its place, by After", func(_ pattern.View, c pattern.SidecarContainer) pattern.SidecarContainer { return c.After("i") }},
		{"its place, by First", func(_ pattern.View, c pattern.SidecarContainer) pattern.SidecarContainer { return c.First() }},
		{"its place, by Last", func(_ pattern.View, c pattern.SidecarContainer) pattern.SidecarContainer { return c.Last() }},
		{"its place, by Classic", func(_ pattern.View, c pattern.SidecarContainer) pattern.SidecarContainer { return c.Classic() }},
		{"its companions", func(_ pattern.View, c pattern.SidecarContainer) pattern.SidecarContainer {
			return c.Brings(setup("more"))
		}},
		{"itself for another", func(pattern.View, pattern.SidecarContainer) pattern.SidecarContainer { return side("other") }},
		{"itself for none", func(pattern.View, pattern.SidecarContainer) pattern.SidecarContainer {
			return pattern.SidecarContainer{}
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := side("s").
				Late(tt.f)
			line := lineAbove(1)
			f := only(t, with(web(), c).WithInit(setup("i")).Findings(), "late")
			require.Equal(t, line, f.At)
		})
	}
}

func TestErrorsInLate(t *testing.T) {
	c := late(func(_ pattern.View, c pattern.SidecarContainer) pattern.SidecarContainer {
		return c.Env("", "v").Reject("Options.URL", "x", "is no URL")
	})
	found := own(with(web(), c).Findings())
	require.ElementsMatch(t, []string{"env-name", "helper-option"}, rules(found), "each once, though the container is replayed twice")
	for _, f := range found {
		require.Contains(t, f.At, "late_test.go:")
	}
}

// What was found before the second replay must not be lost by it.
func TestErrorsBesideLate(t *testing.T) {
	c := late(func(_ pattern.View, c pattern.SidecarContainer) pattern.SidecarContainer { return c }).
		MovePorts("nope").Env("", "v").Endpoint("e", "nope").After("nobody")
	require.ElementsMatch(t, []string{"port-unknown", "env-name", "endpoint", "order-unknown"}, rules(with(web(), c).Findings()))
}

func TestLateInLate(t *testing.T) {
	pod := build(t, with(web(), late(func(_ pattern.View, c pattern.SidecarContainer) pattern.SidecarContainer {
		return c.Late(func(v pattern.View, c pattern.SidecarContainer) pattern.SidecarContainer { return c.Args(v.Name()) })
	})))
	require.Equal(t, []string{"s"}, container(t, &pod.Spec, "s").Args)
}

func TestAViewOfNothing(t *testing.T) {
	var v pattern.View
	require.Zero(t, v.Port("http"))
	require.Empty(t, v.Name()+v.PodName()+v.Namespace()+v.Kind())
	require.False(t, v.Native())
	require.EqualValues(t, 30, v.GracePeriodSeconds())
	require.Zero(t, v.MemoryLimit())
}

// A function that changes a pod can refuse what it was given, too; the list that it
// shows may change afterwards.
func TestAPodCanBeRejected(t *testing.T) {
	names := []string{"a", "b"}
	p := with(web()).Apply(func(p pattern.PodBuilder) pattern.PodBuilder { return p.Reject("names", names, "want one") })
	line := lineAbove(1)
	names[0] = "changed"
	f := only(t, p.Findings(), "helper-option")
	require.Equal(t, []string{"a", "b"}, f.Value)
	require.Contains(t, f.Detail, "names: want one")
	require.Equal(t, line, f.At)
}

func TestReject(t *testing.T) {
	c := side("s").
		Reject("LogShipper.URL", "x", "is no URL")
	line := lineAbove(1)
	f := only(t, with(web(), c).Findings(), "helper-option")
	require.Equal(t, "LogShipper.URL: is no URL", f.Detail)
	require.Equal(t, "x", f.Value)
	require.Equal(t, line, f.At)
}

// Findings end up in logs.
func TestRejectHidesPasswords(t *testing.T) {
	for value, want := range map[string]string{
		"https://me:secret@host/path":  "https://me:***@host/path",
		"me:secret@host:path":          "me:***@host:path",
		"redis://:secret@host":         "redis://:***@host",
		"https://me@host":              "https://me@host",
		"https://host:80/a@b":          "https://host:80/a@b",
		"git@github.com:example/site":  "git@github.com:example/site",
		"registry.example.com/a@sha:1": "registry.example.com/a@sha:1",
		"":                             "",
	} {
		f := only(t, with(web(), side("s").Reject("URL", value, "no")).Findings(), "helper-option")
		require.Equal(t, want, f.Value, value)
		require.NotContains(t, f.Error(), "secret")
	}
}

// A helper that refused its options may not be finished: what it lacks is no news.
func TestARefusedHelperIsNotWarnedOf(t *testing.T) {
	refused := with(web(), side("s").Reject("URL", "x", "no")).Findings()
	require.NotContains(t, refused.String(), "container s has no request")
	require.Contains(t, with(web(), side("s")).Findings().String(), "container s has no request")
	require.Contains(t, refused.String(), "container web has no request", "the others are")
}
