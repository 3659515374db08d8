package pattern_test

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
)

func TestEditRunsLast(t *testing.T) {
	pod := build(t, with(
		web().Edit(func(c *corev1.Container) { c.Args = append(c.Args, fmt.Sprint(len(c.Env), len(c.VolumeMounts))) }).Args("mine").Writes(pattern.EmptyDir("d"), "/d"),
		side("s").AppEnv("A", "b")).
		Edit(func(t *corev1.PodTemplateSpec) {
			t.Annotations = map[string]string{"containers": fmt.Sprint(len(t.Spec.InitContainers))}
		}))
	require.Equal(t, []string{"mine", "1 1"}, pod.Spec.Containers[0].Args, "after the wiring and the mounts")
	require.Equal(t, "1", pod.Annotations["containers"])
}

func TestEditMayNotChangeTheName(t *testing.T) {
	c := web().
		Edit(func(c *corev1.Container) { c.Name = "other" })
	line := lineAbove(1)
	f := only(t, with(c).Findings(), "edit-name")
	require.Equal(t, line, f.At)
	require.Equal(t, "spec.containers[0].name", f.Path)
}

// edited has containers that only an Edit knows of, before and behind the others.
func edited() pattern.PodBuilder {
	return with(web().Port("http", 80), side("s").Port("metrics", 90).Published()).Label("app", "web").Edit(func(t *corev1.PodTemplateSpec) {
		first, last := corev1.Container{Name: "first", Image: "first:1"}, corev1.Container{Name: "last", Image: "last:1"}
		t.Spec.InitContainers = append([]corev1.Container{first}, append(t.Spec.InitContainers, last)...)
		first.Name, last.Name = "before", "behind"
		t.Spec.Containers = append([]corev1.Container{first}, append(t.Spec.Containers, last)...)
	})
}

func TestEditMayAddContainers(t *testing.T) {
	p := edited()
	build(t, p)
	s, err := p.Service().Build()
	require.NoError(t, err)
	var ports []string
	for _, port := range s.Spec.Ports {
		ports = append(ports, port.Name)
	}
	require.Equal(t, []string{"http", "metrics"}, ports)
	n, err := p.NetworkPolicy().Build()
	require.NoError(t, err)
	require.Equal(t, []string{"TCP 80", "TCP 90"}, policyPorts(n.Spec.Ingress[0].Ports))
	tree := run([]pattern.Object{p}, "-o", "tree")
	require.Zero(t, tree.code)
	require.Regexp(t, `s +native sidecar`, tree.out)
	require.Regexp(t, `behind +container`, tree.out)
}

// A finding about a container that only an Edit knows of must not have the line of
// another container, and one about another container must have its own.
func TestFindingsAfterAnEdit(t *testing.T) {
	app := pattern.App("web", "")
	appLine := lineAbove(1)
	for _, name := range []string{"before", "behind"} {
		p := pattern.Pod("web").WithApp(app).Edit(func(t *corev1.PodTemplateSpec) {
			extra := corev1.Container{Name: name}
			if name == "before" {
				t.Spec.Containers = append([]corev1.Container{extra}, t.Spec.Containers...)
			} else {
				t.Spec.Containers = append(t.Spec.Containers, extra)
			}
		})
		found := own(p.Findings())
		require.Equal(t, []string{"image-missing", "image-missing"}, rules(found))
		for _, f := range found {
			if f.Parties[0].Container == "web" {
				require.Equal(t, appLine, f.At)
			} else {
				require.NotEqual(t, appLine, f.At)
				require.NotEmpty(t, f.At)
			}
		}
	}
}

func TestEditMayTakeContainersAway(t *testing.T) {
	p := with(web().Port("http", 80), side("s")).WithApp(pattern.App("b", "b:1").Ports(81)).Label("app", "web").Edit(func(t *corev1.PodTemplateSpec) {
		t.Spec.InitContainers, t.Spec.Containers = nil, t.Spec.Containers[:1]
	})
	build(t, p)
	s, err := p.Service().Build()
	require.NoError(t, err)
	require.Len(t, s.Spec.Ports, 1)
	require.Zero(t, run([]pattern.Object{p}, "-o", "tree").code)

	none := p.Edit(func(t *corev1.PodTemplateSpec) { t.Spec.Containers = nil })
	require.Equal(t, []string{"no-app-container"}, rules(none.Findings()))
}

// What an edit of a workload brings is a matter of its own pod, whatever asked for pods before.
func TestAnEditedWorkloadIsHeldToItsOwnPod(t *testing.T) {
	allows := with(web().Port("http", 80)).Allow("secret-literal", "it is none")
	other := pattern.Pod("other").WithApp(web().Port("http", 80))
	secret := func(d *appsv1.Deployment) {
		d.Spec.Template.Spec.Containers[0].Env = []corev1.EnvVar{{Name: "PASSWORD", Value: "hunter2"}}
	}
	found := func(objects ...pattern.Object) string {
		var errs strings.Builder
		pattern.Run(nil, io.Discard, &errs, objects...)
		return errs.String()
	}
	require.NotContains(t, found(allows.Service(), other.Service(), allows.Deployment(1).Edit(secret), other.Deployment(1)), "PASSWORD")
	require.Contains(t, found(allows.Service(), other.Service(), other.Deployment(1).Edit(secret), allows.Deployment(1)), "PASSWORD")
}
