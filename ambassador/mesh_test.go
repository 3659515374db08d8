package ambassador_test

import (
	"testing"
	"time"

	"github.com/podpattern/podpattern/ambassador"
	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/patterntest"
	"github.com/stretchr/testify/require"
)

func TestMesh(t *testing.T) {
	pod := pattern.Pod("web").Hardened().WithApp(patterntest.App())
	patterntest.Helper(t, "mesh-default", pod, ambassador.Mesh(8080))
	patterntest.Helper(t, "mesh-options", pod, ambassador.Mesh(8080, ambassador.MeshOptions{
		Certificate: pattern.Secret("web-tls").Volume("web-tls"), ClientCA: pattern.ConfigMap("clients").Volume("clients"), HTTP2: true,
		Port: 8443, StatusPort: 9000, Timeout: time.Minute, MaxRequests: 100, RequestsPerSecond: 50,
		Traces: ambassador.Traces{To: "otel.observability.svc:4317"}, NoAccessLog: true, Scrape: true, IPv6: true, IdleTimeout: time.Hour,
	}))
}

// Clients of the Service reach envoy and not the app.
func TestMeshIsInFrontOfTheApp(t *testing.T) {
	pod := pattern.Pod("web").Hardened().WithApp(patterntest.App()).WithAmbassador(ambassador.Mesh(8080))
	service, err := pod.Service().Build()
	require.NoError(t, err)
	built, err := pod.Build()
	require.NoError(t, err)
	require.Len(t, service.Spec.Ports, 1)
	to := service.Spec.Ports[0].TargetPort.String()
	for _, p := range built.Spec.InitContainers[0].Ports {
		if p.Name == to {
			require.EqualValues(t, 10000, p.ContainerPort)
			return
		}
	}
	require.Fail(t, "no port of envoy is called "+to)
}

// The pod's NetworkPolicy lets the spans out.
func TestTracesAreDialled(t *testing.T) {
	pod := pattern.Pod("web").WithApp(patterntest.App()).
		WithAmbassador(ambassador.Mesh(8080, ambassador.MeshOptions{Traces: ambassador.Traces{To: "192.0.2.7:4317"}}))
	policy, err := pod.NetworkPolicy().YAML()
	require.NoError(t, err)
	require.Contains(t, string(policy), "cidr: 192.0.2.7/32")
}

func TestMeshRefuses(t *testing.T) {
	tests := map[string]struct {
		port int
		opts ambassador.MeshOptions
		want string
	}{
		"no port":      {0, ambassador.MeshOptions{}, "between 1 and 65535"},
		"another port": {8081, ambassador.MeshOptions{}, "has the TCP port that this one stands before"},
		"no TLS":       {8080, ambassador.MeshOptions{ClientCA: pattern.ConfigMap("ca").Volume("ca")}, "ClientCA: needs a Certificate"},
		"timeout":      {8080, ambassador.MeshOptions{Timeout: -1}, "Timeout: want a time"},
		"silence":      {8080, ambassador.MeshOptions{IdleTimeout: -1}, "IdleTimeout: want a time"},
		"requests":     {8080, ambassador.MeshOptions{MaxRequests: -1}, "MaxRequests: want a positive number"},
		"rate":         {8080, ambassador.MeshOptions{RequestsPerSecond: -1}, "RequestsPerSecond: want a positive number"},
		"collector":    {8080, ambassador.MeshOptions{Traces: ambassador.Traces{To: "otel"}}, "Traces.To: want host:port"},
		"a port twice": {8080, ambassador.MeshOptions{Port: 8080}, "port-clash-pod"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			patterntest.Refuses(t, pattern.Pod("web").WithApp(patterntest.App()), ambassador.Mesh(tt.port, tt.opts), tt.want)
		})
	}
}
