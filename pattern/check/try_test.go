package check_test

import (
	"testing"

	"github.com/podpattern/podpattern/pattern/check"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

// example is a pod that a rule finds fault with, or one that looks alike and is
// fine.
type example struct {
	rule   string
	name   string
	change func(*corev1.Pod)
	want   []string // "level path: text" of the rule's findings
}

// goodPod has one app, one sidecar and one init container.
func goodPod() *corev1.Pod {
	p := &corev1.Pod{}
	p.Name = "web"
	p.Spec.InitContainers = []corev1.Container{
		{Name: "init", Image: "init:1"},
		{Name: "side", Image: "side:1", RestartPolicy: new(corev1.ContainerRestartPolicyAlways)},
	}
	p.Spec.Containers = []corev1.Container{{Name: "web", Image: "web:1"}}
	p.Spec.Volumes = []corev1.Volume{emptyDir("data")}
	return p
}

func emptyDir(name string) corev1.Volume {
	return corev1.Volume{Name: name, VolumeSource: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}}
}

func mount(name, path string) corev1.VolumeMount {
	return corev1.VolumeMount{Name: name, MountPath: path}
}

func port(name string, number int32) corev1.ContainerPort {
	return corev1.ContainerPort{Name: name, ContainerPort: number}
}

func list(cpu, memory string) corev1.ResourceList {
	return corev1.ResourceList{"cpu": resource.MustParse(cpu), "memory": resource.MustParse(memory)}
}

// init, side and web give the containers of a goodPod.
func initOf(p *corev1.Pod) *corev1.Container { return &p.Spec.InitContainers[0] }
func sideOf(p *corev1.Pod) *corev1.Container { return &p.Spec.InitContainers[1] }
func webOf(p *corev1.Pod) *corev1.Container  { return &p.Spec.Containers[0] }

const label63 = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"

// try holds what a rule finds in pods against what it should. Texts and paths are
// those of the API server, where it has the rule.
func try(t *testing.T, examples ...example) {
	t.Helper()
	for _, tt := range examples {
		t.Run(tt.rule+"/"+tt.name, func(t *testing.T) {
			requireRule(t, tt.rule)
			p := goodPod()
			tt.change(p)
			before := p.DeepCopy()
			found := check.Pod(p)
			require.Equal(t, before, p, "a check must not write to the pod")
			var got []string
			for _, f := range of(found, tt.rule) {
				got = append(got, string(f.Level)+" "+fieldError(f).Error())
			}
			require.Equal(t, tt.want, got, "\n%s", found)
		})
	}
}

func ids(fs check.Findings) []string {
	var out []string
	for _, f := range fs {
		out = append(out, f.Rule)
	}
	return out
}

// of gives the findings of one rule.
func of(fs check.Findings, rule string) check.Findings {
	var out check.Findings
	for _, f := range fs {
		if f.Rule == rule {
			out = append(out, f)
		}
	}
	return out
}

// requireRule fails where a table names a rule that there isn't, so that what it
// wants none of is never found.
func requireRule(t *testing.T, id string) {
	t.Helper()
	_, there := check.Lookup(id)
	require.True(t, there, "no rule is called %s", id)
}
