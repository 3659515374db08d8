package ambassador_test

import (
	"testing"

	"github.com/podpattern/podpattern/ambassador"
	"github.com/podpattern/podpattern/initc"
	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/patterntest"
	"github.com/stretchr/testify/require"
)

func TestInjected(t *testing.T) {
	pod := pattern.Pod("web").Hardened().WithApp(patterntest.App()).WithInit(initc.WaitForTCP("postgres.prod.svc:5432"))
	skip := ambassador.InjectedOptions{SkipOutbound: []int{5432, 6379}, SkipInbound: []int{9100}, CPU: "50m", Memory: "64Mi", MemoryLimit: "256Mi"}
	revision, classic := skip, skip
	revision.Revision, classic.Classic = "canary", true
	for name, injected := range map[string]func(pattern.PodBuilder) pattern.PodBuilder{
		"istio":           ambassador.Injected(ambassador.Istio),
		"istio-options":   ambassador.Injected(ambassador.Istio, revision),
		"istio-classic":   ambassador.Injected(ambassador.Istio, classic),
		"linkerd":         ambassador.Injected(ambassador.Linkerd),
		"linkerd-options": ambassador.Injected(ambassador.Linkerd, skip),
		"linkerd-classic": ambassador.Injected(ambassador.Linkerd, classic),
	} {
		t.Run(name, func(t *testing.T) { patterntest.Golden(t, "injected-"+name, pod.Apply(injected).Deployment(2)) })
	}
}

// A classic proxy comes after the init containers, which the checks know.
func TestInjectedClassicIsTooLateForInitContainers(t *testing.T) {
	classic := ambassador.InjectedOptions{Classic: true}
	for mesh, past := range map[ambassador.Injector]int64{ambassador.Istio: 1337, ambassador.Linkerd: 2102} {
		wait := initc.WaitForTCP("postgres.prod.svc:5432")
		pod := pattern.Pod("web").Hardened().WithApp(patterntest.App()).Apply(ambassador.Injected(mesh, classic))
		findings := pod.WithInit(wait).Findings()
		require.Len(t, findings, 1)
		require.Equal(t, "mesh-init-network", findings[0].Rule)
		require.Empty(t, pod.WithInit(wait.RunAsUser(past)).Findings())
	}
}

func TestInjectedRefuses(t *testing.T) {
	tests := map[string]struct {
		mesh ambassador.Injector
		opts ambassador.InjectedOptions
		want string
	}{
		"no mesh":            {"", ambassador.InjectedOptions{}, "mesh: want Istio or Linkerd"},
		"another mesh":       {"consul", ambassador.InjectedOptions{}, "mesh: want Istio or Linkerd"},
		"Linkerd's revision": {ambassador.Linkerd, ambassador.InjectedOptions{Revision: "canary"}, "Revision: want the revision of an Istio"},
		"revision":           {ambassador.Istio, ambassador.InjectedOptions{Revision: "1.30!"}, "Revision: want the revision"},
		"control plane":      {ambassador.Istio, ambassador.InjectedOptions{ControlPlane: "istio system"}, "ControlPlane: want the name of a namespace"},
		"port 0":             {ambassador.Istio, ambassador.InjectedOptions{SkipOutbound: []int{0}}, "SkipOutbound: the port must be"},
		"port 70000":         {ambassador.Istio, ambassador.InjectedOptions{SkipInbound: []int{80, 70000}}, "SkipInbound: the port must be"},
		"cpu":                {ambassador.Istio, ambassador.InjectedOptions{CPU: "some"}, "CPU: want a quantity"},
		"memory":             {ambassador.Linkerd, ambassador.InjectedOptions{Memory: "-1Mi"}, "Memory: want a quantity"},
		"memory limit":       {ambassador.Linkerd, ambassador.InjectedOptions{MemoryLimit: "64 MB"}, "MemoryLimit: want a quantity"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := pattern.Pod("web").WithApp(patterntest.App()).Apply(ambassador.Injected(tt.mesh, tt.opts)).Build()
			require.ErrorContains(t, err, tt.want)
			require.ErrorContains(t, err, "injected_test.go:")
		})
	}
}

// A proxy that can't reach its control plane doesn't start, and nothing after it.
func TestInjectedReachesItsControlPlane(t *testing.T) {
	for namespace, injected := range map[string]func(pattern.PodBuilder) pattern.PodBuilder{
		"istio-system": ambassador.Injected(ambassador.Istio),
		"linkerd":      ambassador.Injected(ambassador.Linkerd),
		"mesh":         ambassador.Injected(ambassador.Istio, ambassador.InjectedOptions{ControlPlane: "mesh"}),
	} {
		policy, err := pattern.Pod("web").WithApp(patterntest.App()).Apply(injected).NetworkPolicy().Build()
		require.NoError(t, err)
		last := policy.Spec.Egress[len(policy.Spec.Egress)-1]
		require.Len(t, last.To, 1)
		require.Equal(t, namespace, last.To[0].NamespaceSelector.MatchLabels["kubernetes.io/metadata.name"])
	}
}
