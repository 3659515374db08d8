package catalogue_test

import (
	"testing"

	"github.com/podpattern/podpattern/adapter"
	"github.com/podpattern/podpattern/ambassador"
	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/patterntest"
	"github.com/podpattern/podpattern/sidecar"
	"github.com/stretchr/testify/require"
)

// Helpers that have to do with each other.
func TestHelpersCompose(t *testing.T) {
	logs := pattern.EmptyDir("logs").SizeLimit("1Gi")
	app := patterntest.App()
	pod := pattern.Pod("web").Hardened()
	logging := pod.WithApp(app.Writes(logs, "/var/log/web"))
	shipper := func(to sidecar.Destination) pattern.SidecarContainer { return sidecar.LogShipper(logs, to) }
	tests := map[string]pattern.PodBuilder{
		"two log shippers of one volume": logging.WithSidecar(shipper(sidecar.Loki("http://loki:3100")), shipper(sidecar.Stdout()).Name("audit")),
		"an adapter that reads what the shipper reads": logging.WithSidecar(shipper(sidecar.Loki("http://loki:3100"))).
			WithAdapter(adapter.LogsToJSON(logs, `^(?<level>\w+) (?<message>.*)$`)),
		"a shipper, and a rotation of what it reads": logging.WithSidecar(shipper(sidecar.Stdout()), sidecar.LogRotate(logs, 10001)),
		"two ambassadors of one kind":                pod.WithApp(app).WithAmbassador(ambassador.TCP("db", "postgres.prod.svc:5432"), ambassador.TCP("cache", "redis.prod.svc:6379")),
		"two fronts of two ports":                    pod.WithApp(app.Port("admin", 9000)).WithSidecar(sidecar.ReverseProxy(8080), sidecar.ReverseProxy(9000).Name("admin-proxy")),
		"TLS before a login before the app": pod.WithApp(app).
			WithSidecar(sidecar.OAuth2Proxy(8080, "https://login.example.com", pattern.Secret("oauth2"), sidecar.OAuth2ProxyOptions{EmailDomains: []string{"example.com"}, Port: 4180})).
			WithAmbassador(ambassador.TLS(4180, pattern.Secret("tls").Volume("tls"))),
		"an exporter of an ambassador": pod.WithApp(app).WithAmbassador(ambassador.TLS(8080, pattern.Secret("tls").Volume("tls"), ambassador.TLSOptions{StatusPort: 8081})).
			WithSidecar(sidecar.NginxExporter("http://127.0.0.1:8081/stub_status")),
	}
	for name, pod := range tests {
		t.Run(name, func(t *testing.T) {
			require.Empty(t, pod.Findings())
			require.Empty(t, pod.Deployment(2).Findings())
			_, err := pattern.Objects(pod.Deployment(2), pod.Service(), pod.NetworkPolicy())
			require.NoError(t, err)
		})
	}
}

// What clients of the Service reach is the outermost front.
func TestTheOutermostFrontIsPublished(t *testing.T) {
	pod := pattern.Pod("web").WithApp(patterntest.App()).
		WithSidecar(sidecar.OAuth2Proxy(8080, "https://login.example.com", pattern.Secret("oauth2"), sidecar.OAuth2ProxyOptions{EmailDomains: []string{"example.com"}, Port: 4180})).
		WithAmbassador(ambassador.TLS(4180, pattern.Secret("tls").Volume("tls")))
	service, err := pod.Service().Build()
	require.NoError(t, err)
	require.Len(t, service.Spec.Ports, 1)
	require.Equal(t, "https", service.Spec.Ports[0].TargetPort.String())
	require.EqualValues(t, 8443, service.Spec.Ports[0].Port)
}
