package pattern_test

import (
	"testing"

	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// What the API server and a mesh make of a helper is no drift; what looks like it is.
func TestWhatOthersMakeOfAHelper(t *testing.T) {
	b := pattern.Bundle("b", fitting("a").Port("http", 9000).ReadinessProbe(pattern.HTTPGet("/ready", 9000))).Allow("bundle-host-network", "the port is free on all nodes")
	led := func(path string) func(*corev1.Container) {
		return func(c *corev1.Container) {
			c.ReadinessProbe.HTTPGet = &corev1.HTTPGetAction{Path: path, Port: intstr.FromInt32(15020)}
		}
	}
	for _, tt := range []struct {
		reason string
		change func(*corev1.Container)
		stays  bool
	}{
		{"the node's port, on the network of the node", func(c *corev1.Container) { c.Ports[0].HostPort = 9000 }, true},
		{"another port of the node", func(c *corev1.Container) { c.Ports[0].HostPort = 9001 }, false},
		{"the node's port of another port", func(c *corev1.Container) { c.Ports[0].HostPort, c.Ports[0].ContainerPort = 9001, 9001 }, false},
		{"a probe that Istio leads through its proxy", led("/app-health/a/readyz"), true},
		{"a probe that Istio leads to another container", led("/app-health/shop/readyz"), false},
		{"another probe", led("/healthz"), false},
		{"a probe where there was none", func(c *corev1.Container) {
			c.LivenessProbe = &corev1.Probe{ProbeHandler: corev1.ProbeHandler{HTTPGet: &corev1.HTTPGetAction{Path: "/app-health/a/livez", Port: intstr.FromInt32(15020)}}}
		}, false},
		{"no probe", func(c *corev1.Container) { c.ReadinessProbe = nil }, false},
	} {
		template := &somebodys().Spec.Template
		template.Spec.HostNetwork = true
		require.NoError(t, b.ApplyTo(template))
		fresh := template.DeepCopy()
		tt.change(container(t, &template.Spec, "a"))
		want := fresh
		if tt.stays {
			want = template.DeepCopy()
		}
		require.NoError(t, b.ApplyTo(template))
		require.Equal(t, want, template, tt.reason)
		require.NoError(t, b.RemoveFrom(template), tt.reason)
		require.Empty(t, template.Spec.InitContainers, tt.reason)
	}
}
