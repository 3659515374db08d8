package pattern_test

import (
	"encoding/json"
	"slices"
	"sync"
	"testing"

	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

const tracingRecord = "bundles.podpattern.dev/tracing"

// traced is a template with the bundle tracing in it.
func traced(t *testing.T) *corev1.PodTemplateSpec {
	t.Helper()
	template := &somebodys().Spec.Template
	require.NoError(t, tracing("agent:1").ApplyTo(template))
	return template
}

// What was changed by hand in the bundle's parts is put right, and what others have added
// to them stays.
func TestDriftIsRepaired(t *testing.T) {
	always := corev1.ContainerRestartPolicyAlways
	for _, tt := range []struct {
		reason string
		change func(*corev1.PodTemplateSpec)
		stays  bool
	}{
		{"another image", func(p *corev1.PodTemplateSpec) { p.Spec.InitContainers[0].Image = "evil:1" }, false},
		{"an argument", func(p *corev1.PodTemplateSpec) { p.Spec.InitContainers[0].Args = []string{"--off"} }, false},
		{"a command", func(p *corev1.PodTemplateSpec) { p.Spec.InitContainers[0].Command = []string{"sleep", "9999"} }, false},
		{"no restart policy", func(p *corev1.PodTemplateSpec) { p.Spec.InitContainers[0].RestartPolicy = nil }, false},
		{"less memory", func(p *corev1.PodTemplateSpec) {
			p.Spec.InitContainers[0].Resources.Limits[corev1.ResourceMemory] = resource.MustParse("1Mi")
		}, false},
		{"another port", func(p *corev1.PodTemplateSpec) { p.Spec.InitContainers[0].Ports[0].ContainerPort++ }, false},
		{"root", func(p *corev1.PodTemplateSpec) { p.Spec.InitContainers[0].SecurityContext.RunAsUser = new(int64(1)) }, false},
		{"the container is gone", func(p *corev1.PodTemplateSpec) { p.Spec.InitContainers = nil }, false},
		{"a variable of the app has another value", func(p *corev1.PodTemplateSpec) { p.Spec.Containers[0].Env[1].Value = "1" }, false},
		{"the variables of the app are gone", func(p *corev1.PodTemplateSpec) { p.Spec.Containers[0].Env = p.Spec.Containers[0].Env[2:] }, false},

		{"what the API server fills in", func(p *corev1.PodTemplateSpec) {
			c := &p.Spec.InitContainers[0]
			c.ImagePullPolicy, c.TerminationMessagePath, c.TerminationMessagePolicy = corev1.PullIfNotPresent, "/dev/termination-log", corev1.TerminationMessageReadFile
			c.Ports[0].Protocol = corev1.ProtocolTCP
		}, true},
		{"the token that the API server mounts", func(p *corev1.PodTemplateSpec) {
			p.Spec.InitContainers[0].VolumeMounts = []corev1.VolumeMount{{Name: "kube-api-access-x", MountPath: "/var/run/secrets/kubernetes.io/serviceaccount", ReadOnly: true}}
		}, true},
		{"the CPU limit of a LimitRange", func(p *corev1.PodTemplateSpec) {
			p.Spec.InitContainers[0].Resources.Limits[corev1.ResourceCPU] = resource.MustParse("1")
		}, true},
		{"a variable of another webhook", func(p *corev1.PodTemplateSpec) {
			p.Spec.InitContainers[0].Env = []corev1.EnvVar{{Name: "NODE", Value: "n"}}
		}, true},
		{"a setting of security that was open", func(p *corev1.PodTemplateSpec) {
			p.Spec.InitContainers[0].SecurityContext.RunAsGroup = new(int64(10001))
		}, true},
		{"containers of others in front, between and behind", func(p *corev1.PodTemplateSpec) {
			p.Spec.InitContainers = []corev1.Container{{Name: "mesh-init", Image: "mesh:1"}, p.Spec.InitContainers[0], {Name: "mesh", Image: "mesh:1", RestartPolicy: &always}}
			p.Spec.Containers = append([]corev1.Container{{Name: "first", Image: "first:1"}}, p.Spec.Containers...)
		}, false}, // first is an app, and gets the variables
		{"init containers of others", func(p *corev1.PodTemplateSpec) {
			p.Spec.InitContainers = []corev1.Container{{Name: "mesh-init", Image: "mesh:1"}, p.Spec.InitContainers[0], {Name: "mesh", Image: "mesh:1", RestartPolicy: &always}}
		}, true},
	} {
		t.Run(tt.reason, func(t *testing.T) {
			fresh := traced(t)
			template := fresh.DeepCopy()
			tt.change(template)
			changed := template.DeepCopy()
			require.NoError(t, tracing("agent:1").ApplyTo(template))
			if tt.stays {
				require.Equal(t, changed, template)
				return
			}
			require.NotEqual(t, changed, template)
			want, got := fresh.Spec.InitContainers[0], template.Spec.InitContainers[0]
			for _, c := range template.Spec.InitContainers {
				if c.Name == want.Name {
					got = c
				}
			}
			require.Equal(t, want, got)
			for _, c := range template.Spec.Containers {
				require.Equal(t, fresh.Spec.Containers[0].Env[:2], c.Env[:2])
			}
		})
	}
}

// A newer version stands where the older one stood, though others have put theirs around it.
func TestRefreshedInPlace(t *testing.T) {
	template := traced(t)
	template.Spec.InitContainers = []corev1.Container{{Name: "mesh-init", Image: "mesh:1"}, template.Spec.InitContainers[0], {Name: "setup", Image: "setup:1"}}
	more := pattern.Bundle("tracing", fitting("before"), fitting("agent"), fitting("behind"))
	require.NoError(t, more.ApplyTo(template))
	require.Equal(t, []string{"mesh-init", "before", "agent", "behind", "setup"}, names(template.Spec.InitContainers))
	renamed := pattern.Bundle("tracing", fitting("tracer"))
	require.NoError(t, renamed.ApplyTo(template))
	require.Equal(t, []string{"mesh-init", "tracer", "setup"}, names(template.Spec.InitContainers))
	require.NoError(t, renamed.RemoveFrom(template))
	require.Equal(t, []string{"mesh-init", "setup"}, names(template.Spec.InitContainers))
}

// What comes in the place of something that goes stands there, and not before the next of the
// bundle's.
func TestARenamedHelperKeepsThePlace(t *testing.T) {
	template := &somebodys().Spec.Template
	require.NoError(t, pattern.Bundle("a", fitting("old")).ApplyTo(template))
	require.NoError(t, pattern.Bundle("b", fitting("other")).ApplyTo(template))
	between := []corev1.Container{template.Spec.InitContainers[0], {Name: "mesh-init", Image: "mesh:1"}, template.Spec.InitContainers[1]}
	template.Spec.InitContainers = between
	require.NoError(t, pattern.Bundle("a", fitting("new")).ApplyTo(template))
	require.Equal(t, []string{"new", "mesh-init", "other"}, names(template.Spec.InitContainers))
}

// A struct that came with the bundle stays while somebody else has a field in it.
func TestAStructWithMoreInItStays(t *testing.T) {
	template := &somebodys().Spec.Template
	b := pattern.Bundle("b", fitting("a").FSGroup(7).Classic().Port("http", 9000).Fronts("http", 8080).PreStop(pattern.Sleep(5)))
	template.Spec.Containers[0].Ports = []corev1.ContainerPort{{ContainerPort: 8080}}
	require.NoError(t, b.ApplyTo(template))
	require.Equal(t, int64(5), template.Spec.Containers[0].Lifecycle.PreStop.Sleep.Seconds)
	template.Spec.SecurityContext.RunAsUser = new(int64(1000))
	template.Spec.Containers[0].Lifecycle.PostStart = &corev1.LifecycleHandler{Sleep: &corev1.SleepAction{Seconds: 1}}
	require.NoError(t, b.RemoveFrom(template))
	require.Equal(t, &corev1.PodSecurityContext{RunAsUser: new(int64(1000))}, template.Spec.SecurityContext)
	require.Equal(t, &corev1.Lifecycle{PostStart: &corev1.LifecycleHandler{Sleep: &corev1.SleepAction{Seconds: 1}}}, template.Spec.Containers[0].Lifecycle)
}

func names(containers []corev1.Container) []string {
	var out []string
	for _, c := range containers {
		out = append(out, c.Name)
	}
	return out
}

// Anybody who may write the pod may write the record: what can't be the bundle's is refused.
func TestForgedAndStaleRecords(t *testing.T) {
	real := traced(t).Annotations[tracingRecord]
	var entries []string
	require.NoError(t, json.Unmarshal([]byte(real), &entries))
	with := func(more ...string) string {
		text, err := json.Marshal(append(entries[:len(entries):len(entries)], more...))
		require.NoError(t, err)
		return string(text)
	}
	for _, tt := range []struct {
		reason, record string
		ok             bool // to apply
	}{
		{"no JSON", "{", false},
		{"no list", `{"a":"b"}`, false},
		{"no texts", `[1]`, false},
		{"no part of a pod", `["00000000 status/phase"]`, false},
		{"a container's part, and no container", `["00000000 env//A"]`, false},
		{"no part at all", `[""]`, false},
		{"twice the same", with(entries[0]), false},
		{"the app", with("00000000 containers/shop"), false},
		{"a variable of the app", with("00000000 env/shop/MODE"), false},
		{"a label of the pod", with("00000000 labels/app"), false},
		{"itself", with("00000000 annotations/" + tracingRecord), false},
		{"another bundle's record", with("00000000 annotations/bundles.podpattern.dev/other"), false},
		{"what isn't there", with("00000000 containers/gone", "00000000 env/nobody/A", "00000000 volumes/gone", "00000000 spec/nodeName"), true},
		{"a record copied from another pod", real, true},
	} {
		t.Run(tt.reason, func(t *testing.T) {
			template := traced(t)
			if tt.reason == "a record copied from another pod" {
				template = &somebodys().Spec.Template
				template.Annotations = map[string]string{}
			}
			template.Annotations[tracingRecord] = tt.record
			before := template.DeepCopy()
			for _, err := range []error{tracing("agent:2").RemoveFrom(template.DeepCopy()), tracing("agent:2").ApplyTo(template)} {
				if tt.ok {
					require.NoError(t, err)
					continue
				}
				require.Contains(t, rules(findingsOf(t, err)), "bundle-record", "%v", err)
			}
			if tt.ok {
				want := &somebodys().Spec.Template
				require.NoError(t, tracing("agent:2").ApplyTo(want))
				require.Equal(t, want, template)
			} else {
				require.Equal(t, before, template)
			}
		})
	}
}

// A pod whose own containers are gone is none of the bundle's to run, or to empty.
func TestAPodOfTheBundleAloneIsRefused(t *testing.T) {
	b := pattern.Bundle("b", fitting("a").Classic())
	template := &somebodys().Spec.Template
	require.NoError(t, b.ApplyTo(template))
	template.Spec.Containers = template.Spec.Containers[1:]
	require.Equal(t, []string{"a"}, names(template.Spec.Containers))
	before := template.DeepCopy()
	require.ErrorContains(t, b.ApplyTo(template), "all containers")
	require.ErrorContains(t, b.RemoveFrom(template), "all containers")
	require.Equal(t, before, template)
}

// What the author of the pod writes beside a bundle's parts is his.
func TestTheAuthorsOwnWins(t *testing.T) {
	mode, own := corev1.EnvVar{Name: "MODE", Value: "fast"}, []corev1.EnvVar{{Name: "OTLP_PORT", Value: "9"}, {Name: "OTLP_HOST", Value: "h"}}
	for where, tt := range map[string]struct {
		write func(env []corev1.EnvVar) []corev1.EnvVar
		want  []corev1.EnvVar
	}{
		"behind":   {func(env []corev1.EnvVar) []corev1.EnvVar { return slices.Concat(env, own) }, slices.Concat([]corev1.EnvVar{mode}, own)},
		"in front": {func(env []corev1.EnvVar) []corev1.EnvVar { return slices.Concat(own, env) }, slices.Concat(own, []corev1.EnvVar{mode})},
	} {
		written := traced(t)
		written.Spec.Containers[0].Env = tt.write(written.Spec.Containers[0].Env)
		applied := written.DeepCopy()
		require.NoError(t, tracing("agent:1").ApplyTo(applied), where)
		require.Equal(t, tt.want, applied.Spec.Containers[0].Env, where)
		for _, template := range []*corev1.PodTemplateSpec{applied, written} {
			require.NoError(t, tracing("agent:1").RemoveFrom(template), where)
			require.Equal(t, tt.want, template.Spec.Containers[0].Env, where)
		}
	}
}

// A helper that a newer version doesn't have any more goes, though the API server's own
// plugins have mounted a token in it and given it resources: they run before any webhook.
func TestADroppedHelperGoesThoughOthersFilledItIn(t *testing.T) {
	older := pattern.Bundle("b", fitting("kept"), fitting("extra"))
	newer := pattern.Bundle("b", fitting("kept"))
	template := &somebodys().Spec.Template
	before := template.DeepCopy()
	require.NoError(t, older.ApplyTo(template))
	for i := range template.Spec.InitContainers {
		c := &template.Spec.InitContainers[i]
		c.VolumeMounts = append(c.VolumeMounts, corev1.VolumeMount{Name: "kube-api-access-abcde", MountPath: "/var/run/secrets/kubernetes.io/serviceaccount", ReadOnly: true})
		c.Env = append(c.Env, corev1.EnvVar{Name: "NODE", Value: "n"})
		c.Resources.Limits[corev1.ResourceCPU] = resource.MustParse("1")
		c.ReadinessProbe = &corev1.Probe{}
	}
	require.NoError(t, newer.ApplyTo(template))
	require.Equal(t, []string{"kept"}, names(template.Spec.InitContainers))
	require.NoError(t, newer.RemoveFrom(template))
	require.Equal(t, before, template)

	require.NoError(t, older.ApplyTo(template))
	template.Spec.InitContainers[1].Args = []string{"mine"}
	require.ErrorContains(t, newer.ApplyTo(template), "initContainers/extra")
}

// What the author does with a bundle's parts leaves no pod behind that the API server refuses.
func TestRemovalLeavesNoMountWithoutItsVolume(t *testing.T) {
	logs := pattern.EmptyDir("app-logs").SizeLimit("1Mi")
	b := pattern.Bundle("b", fitting("reader").Reads(logs, "/logs").AppWrites(logs, "/var/log/app").AppEnv("LOGS", "/var/log/app"))
	emptied := pattern.Bundle("b", fitting("reader"))
	apply := func() *corev1.PodTemplateSpec {
		template := &somebodys().Spec.Template
		require.NoError(t, b.ApplyTo(template))
		return template
	}
	for _, gone := range []func(*corev1.PodTemplateSpec) error{b.RemoveFrom, emptied.ApplyTo} {
		template := apply()
		template.Spec.Containers[0].VolumeMounts = append(template.Spec.Containers[0].VolumeMounts, corev1.VolumeMount{Name: "app-logs", MountPath: "/mine"})
		require.NoError(t, gone(template))
		require.Equal(t, []corev1.VolumeMount{{Name: "app-logs", MountPath: "/mine"}}, template.Spec.Containers[0].VolumeMounts)
		require.Equal(t, "app-logs", template.Spec.Volumes[0].Name, "it is the pod's own now")
		require.NotContains(t, template.Annotations["bundles.podpattern.dev/b"], "volumes/")

		template = apply()
		template.Spec.Containers[0].Name = "renamed"
		require.NoError(t, gone(template))
		require.Empty(t, template.Spec.Containers[0].VolumeMounts)
		require.Equal(t, somebodys().Spec.Template.Spec.Containers[0].Env, template.Spec.Containers[0].Env)
		require.Empty(t, template.Spec.Volumes)
	}
	template := apply()
	template.Spec.Containers[0].Name = "renamed"
	template.Spec.Containers = append(template.Spec.Containers, corev1.Container{Name: "more", Image: "more:1"})
	require.NoError(t, b.ApplyTo(template))
	for _, c := range template.Spec.Containers {
		require.Equal(t, []corev1.VolumeMount{{Name: "app-logs", MountPath: "/var/log/app"}}, c.VolumeMounts, c.Name)
		require.Equal(t, "LOGS", c.Env[0].Name)
	}
	require.NoError(t, b.RemoveFrom(template))
	require.Empty(t, template.Annotations)
	require.Empty(t, template.Spec.Containers[1].VolumeMounts)
}

// An empty bundle of the name takes out all that is as the bundle wrote it, and no more.
func TestRemovalByNameAlone(t *testing.T) {
	template := traced(t)
	require.NoError(t, pattern.Bundle("tracing").RemoveFrom(template))
	require.Equal(t, &somebodys().Spec.Template, template)

	template = traced(t)
	template.Spec.InitContainers[0].Image = "mine:1"
	err := pattern.Bundle("tracing").RemoveFrom(template)
	require.ErrorContains(t, err, "initContainers/agent")
	require.NoError(t, tracing("agent:1").RemoveFrom(template), "the bundle knows its helper by the name")
	require.Equal(t, &somebodys().Spec.Template, template)
}

// One bundle serves many goroutines, and no two pods share anything.
func TestABundleIsForAllGoroutines(t *testing.T) {
	b := pattern.Bundle("all", fitting("a").Config("/etc/a/a.conf", "a").Scratch("/tmp", "1Mi").AppEnv("A", "b").PodLabel("a", "b").FSGroup(1).HostAlias("10.0.0.1", "db").PullSecret("s"))
	templates := make([]*corev1.PodTemplateSpec, 50)
	var all sync.WaitGroup
	for i := range templates {
		templates[i] = &somebodys().Spec.Template
		all.Go(func() {
			if b.ApplyTo(templates[i]) == nil {
				templates[i].Spec.InitContainers[0].SecurityContext.Capabilities.Drop[0] = "NET_RAW"
				templates[i].Spec.HostAliases[0].Hostnames[0] = "x"
				templates[i].Spec.InitContainers[0].Resources.Limits["x"] = resource.MustParse("1")
				*templates[i].Spec.SecurityContext.FSGroup = 2
				*templates[i].Spec.Volumes[0].EmptyDir.SizeLimit = resource.MustParse("2Mi")
			}
		})
	}
	all.Wait()
	last := &somebodys().Spec.Template
	require.NoError(t, b.ApplyTo(last))
	require.Equal(t, corev1.Capability("ALL"), last.Spec.InitContainers[0].SecurityContext.Capabilities.Drop[0])
	require.Equal(t, "db", last.Spec.HostAliases[0].Hostnames[0])
	require.Equal(t, int64(1), *last.Spec.SecurityContext.FSGroup)
	require.Equal(t, "1Mi", last.Spec.Volumes[0].EmptyDir.SizeLimit.String())
	require.NotContains(t, last.Spec.InitContainers[0].Resources.Limits, corev1.ResourceName("x"))
}
