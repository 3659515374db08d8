package ambassador_test

import (
	"testing"

	"github.com/podpattern/podpattern/ambassador"
	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/patterntest"
	"github.com/stretchr/testify/require"
)

func TestTLS(t *testing.T) {
	pod := pattern.Pod("web").Hardened().WithApp(patterntest.App())
	cert := pattern.Secret("web-tls").Volume("web-tls")
	patterntest.Helper(t, "tls-default", pod, ambassador.TLS(8080, cert))
	patterntest.Helper(t, "tls-options", pod.TerminationGracePeriodSeconds(60), ambassador.TLS(8080, cert, ambassador.TLSOptions{
		Port: 9443, StatusPort: 9000, RedirectPort: 9080, MinVersion: "1.3", HSTS: "max-age=31536000; includeSubDomains",
		ClientCA: pattern.ConfigMap("clients").Volume("clients"), ClientCertOptional: true, SubjectHeader: "X-Client-Subject", ReloadSeconds: 300,
		MaxBody: "16Mi", TimeoutSeconds: 300, TrustedProxies: []string{"10.0.0.0/8"}, Workers: 2, AccessLog: "off", IPv6: true,
	}))
	patterntest.Helper(t, "tls-no-reload", pod, ambassador.TLS(8080, cert, ambassador.TLSOptions{NoReload: true}))
}

// Two ports of one app, each with a certificate of its own.
func TestTLSTwice(t *testing.T) {
	pod := pattern.Pod("web").Hardened().WithApp(patterntest.App().Port("admin", 8090)).WithAmbassador(
		ambassador.TLS(8080, pattern.Secret("web-tls").Volume("web-tls")),
		ambassador.TLS(8090, pattern.Secret("admin-tls").Volume("admin-tls")).Name("admin-tls"))
	require.Empty(t, pod.Findings())
	built, err := pod.Build()
	require.NoError(t, err)
	secrets := make(map[string]string)
	for _, v := range built.Spec.Volumes {
		if v.Secret != nil {
			secrets[v.Name] = v.Secret.SecretName
		}
	}
	require.Equal(t, map[string]string{"web-tls": "web-tls", "admin-tls": "admin-tls"}, secrets)
}

// The Service can send plain HTTP to the redirect.
func TestTLSRedirectIsInTheService(t *testing.T) {
	pod := pattern.Pod("web").WithApp(patterntest.App()).WithAmbassador(
		ambassador.TLS(8080, pattern.Secret("web-tls").Volume("web-tls"), ambassador.TLSOptions{RedirectPort: 8088}))
	service, err := pod.Service().PortTo("https", 443, "https").PortTo("http", 80, "http-redirect").Build()
	require.NoError(t, err)
	ports := make(map[int32]string)
	for _, p := range service.Spec.Ports {
		ports[p.Port] = p.TargetPort.String()
	}
	require.Equal(t, map[int32]string{443: "https", 80: "http-redirect"}, ports)
}

func TestTLSRefuses(t *testing.T) {
	pod := pattern.Pod("web").WithApp(patterntest.App())
	cert, ca := pattern.Secret("tls").Volume("tls"), pattern.ConfigMap("clients").Volume("clients")
	tests := map[string]struct {
		port int
		cert pattern.Volume
		opts ambassador.TLSOptions
		want string
	}{
		"no certificate":       {8080, pattern.Volume{}, ambassador.TLSOptions{}, "zero-volume"},
		"no such port":         {8090, cert, ambassador.TLSOptions{}, "no other container of the pod has the TCP port"},
		"the app's own port":   {8080, cert, ambassador.TLSOptions{Port: 8080}, "port-clash-pod"},
		"redirect port":        {8080, cert, ambassador.TLSOptions{RedirectPort: -1}, "between 1 and 65535"},
		"an old TLS":           {8080, cert, ambassador.TLSOptions{MinVersion: "1.1"}, "want 1.2 or 1.3"},
		"HSTS without an age":  {8080, cert, ambassador.TLSOptions{HSTS: "includeSubDomains"}, "want a max-age"},
		"HSTS in two lines":    {8080, cert, ambassador.TLSOptions{HSTS: "max-age=1\nX: y"}, "want a max-age"},
		"reload":               {8080, cert, ambassador.TLSOptions{ReloadSeconds: -1}, "want a positive number of seconds"},
		"optional for nothing": {8080, cert, ambassador.TLSOptions{ClientCertOptional: true}, "needs a ClientCA"},
		"subject of nobody":    {8080, cert, ambassador.TLSOptions{SubjectHeader: "X-Client"}, "needs a ClientCA"},
		"subject header":       {8080, cert, ambassador.TLSOptions{ClientCA: ca, SubjectHeader: "X Client"}, "want the name of a header"},
		"subject in the host":  {8080, cert, ambassador.TLSOptions{ClientCA: ca, SubjectHeader: "host"}, "nginx sets this header itself"},
		"body":                 {8080, cert, ambassador.TLSOptions{MaxBody: "10M B"}, "want a size"},
		"timeout":              {8080, cert, ambassador.TLSOptions{TimeoutSeconds: -1}, "want a positive number of seconds"},
		"proxies":              {8080, cert, ambassador.TLSOptions{TrustedProxies: []string{"10.0.0.0/8; deny all"}}, "want an address or a network"},
		"log":                  {8080, cert, ambassador.TLSOptions{AccessLog: "on"}, "want combined, json or off"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) { patterntest.Refuses(t, pod, ambassador.TLS(tt.port, tt.cert, tt.opts), tt.want) })
	}
}
