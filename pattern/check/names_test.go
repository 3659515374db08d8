package check_test

import (
	"strings"
	"testing"

	"github.com/podpattern/podpattern/pattern/check"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
)

func TestNames(t *testing.T) {
	long := strings.Repeat("W", 64)
	try(t,
		example{"no-app-container", "init containers alone", func(p *corev1.Pod) { p.Spec.Containers = nil }, []string{"A spec.containers: Required value"}},
		example{"name-label", "no name", func(p *corev1.Pod) { webOf(p).Name = "" }, []string{"A spec.containers[0].name: Required value"}},
		example{"name-label", "capitals", func(p *corev1.Pod) { initOf(p).Name = "Init" }, []string{`A spec.initContainers[0].name: Invalid value: "Init": ` + label63}},
		example{"name-label", "64 characters", func(p *corev1.Pod) { webOf(p).Name = strings.Repeat("w", 64) }, []string{`A spec.containers[0].name: Invalid value: "` + strings.Repeat("w", 64) + `": must be no more than 63 characters`}},
		example{"name-label", "63 characters", func(p *corev1.Pod) { webOf(p).Name = strings.Repeat("w", 63) }, nil},
		example{"name-label", "a volume without a name", func(p *corev1.Pod) { p.Spec.Volumes[0].Name = "" }, []string{"A spec.volumes[0].name: Required value"}},
		example{"name-label", "a volume with an underscore", func(p *corev1.Pod) { p.Spec.Volumes[0].Name = "a_b" }, []string{`A spec.volumes[0].name: Invalid value: "a_b": ` + label63}},
		example{"container-name-dup", "two apps", func(p *corev1.Pod) {
			p.Spec.Containers = append(p.Spec.Containers, corev1.Container{Name: "web", Image: "b"})
		}, []string{`A spec.containers[1].name: Duplicate value: "web"`}},
		example{"container-name-dup", "an init container as the app", func(p *corev1.Pod) { initOf(p).Name = "web" }, []string{`A spec.initContainers[0].name: Duplicate value: "web"`}},
		example{"container-name-dup", "three of one name", func(p *corev1.Pod) { initOf(p).Name, sideOf(p).Name = "web", "web" },
			[]string{`A spec.initContainers[0].name: Duplicate value: "web"`, `A spec.initContainers[1].name: Duplicate value: "web"`}},
		example{"container-name-dup", "a volume as a container", func(p *corev1.Pod) { p.Spec.Volumes[0].Name = "web" }, nil},

		example{"name-label", "two faults are two findings", func(p *corev1.Pod) { webOf(p).Name = long },
			[]string{`A spec.containers[0].name: Invalid value: "` + long + `": must be no more than 63 characters`, `A spec.containers[0].name: Invalid value: "` + long + `": ` + label63}},
		example{"container-name-dup", "two without a name", func(p *corev1.Pod) {
			webOf(p).Name = ""
			p.Spec.Containers = append(p.Spec.Containers, corev1.Container{})
		}, []string{`A spec.containers[1].name: Duplicate value: ""`}},
		example{"container-name-dup", "init containers without a name", func(p *corev1.Pod) { initOf(p).Name, sideOf(p).Name = "", "" }, nil},
		example{"container-name-dup", "two init containers", func(p *corev1.Pod) { initOf(p).Name = "side" }, []string{`A spec.initContainers[1].name: Duplicate value: "side"`}},
	)
}

func TestVagueNames(t *testing.T) {
	vague := func(name string) bool {
		p := goodPod()
		sideOf(p).Name = name
		return len(of(check.Pod(p), "name-vague")) == 1
	}
	for _, name := range []string{"container", "container1", "container-1", "c2", "sidecar", "sidecar2", "side-car", "helper", "helper-01", "app2", "main1", "init-2", "my-container", "first-container"} {
		require.True(t, vague(name), name)
	}
	for _, name := range []string{"app", "main", "web", "init", "proxy", "exporter", "web1", "h2", "istio-proxy", "log-sidecar", "sidecar-injector", "containerd", "user-container", "app-proxy", "helper-ui", "s3", "k8s-sidecar", "2", ""} {
		require.False(t, vague(name), name)
	}
	p := goodPod()
	p.Spec.InitContainers, webOf(p).Name = nil, "container"
	require.Empty(t, of(check.Pod(p), "name-vague"), "alone it is the pod")
}
