package ambassador_test

import (
	"testing"

	"github.com/podpattern/podpattern/ambassador"
	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/patterntest"
)

func TestMTLS(t *testing.T) {
	pod := pattern.Pod("web").Hardened().WithApp(patterntest.App().Env("UPSTREAM", "http://$(API_HOST):$(API_PORT)"))
	patterntest.Helper(t, "mtls-default", pod, ambassador.MTLS("api", "api.prod.svc:443", pattern.Secret("web-tls").Volume("web-tls")))
	patterntest.Helper(t, "mtls-options", pod, ambassador.MTLS("api", "api.example.com:8443", pattern.Secret("web-tls").Volume("web-tls"), ambassador.MTLSOptions{
		Upstreams: []string{"10.0.0.7:8443"}, Balance: ambassador.FirstServer, CA: pattern.ConfigMap("partner-ca").Volume("partner-ca"), ServerName: "api.partner.example", ALPN: []string{"h2"},
		Port: 9443, StatusPort: 9000, CheckSeconds: 10, IdleTimeoutSeconds: 60, MaxConnections: 50, GateOnUpstream: true, Scrape: true}))
}

func TestMTLSRefuses(t *testing.T) {
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1"))
	patterntest.Refuses(t, pod, ambassador.MTLS("api", "api", pattern.Secret("web-tls").Volume("web-tls")), "upstream: want host:port")
	patterntest.Refuses(t, pod, ambassador.MTLS("api", "10.0.0.7:443", pattern.Secret("web-tls").Volume("web-tls")), "set ServerName")
	patterntest.Refuses(t, pod, ambassador.MTLS("api", "api:443", pattern.Secret("web-tls").Volume("web-tls"), ambassador.MTLSOptions{ServerName: "10.0.0.7"}), "want the name in the server's certificate")
	patterntest.Refuses(t, pod, ambassador.MTLS("api", "api:443", pattern.Secret("web-tls").Volume("web-tls"), ambassador.MTLSOptions{ALPN: []string{"h2,h3"}}), "ALPN: want")
	patterntest.Refuses(t, pod, ambassador.MTLS("api", "api:443", pattern.Volume{}), "certificate: want a volume")
}

func TestMTLSServer(t *testing.T) {
	pod := pattern.Pod("web").Hardened().WithApp(patterntest.App())
	patterntest.Helper(t, "mtls-server-all", pod, ambassador.MTLSServer(8080, pattern.Secret("web-tls").Volume("web-tls"), ambassador.MTLSServerOptions{AllowAll: true}))
	patterntest.Helper(t, "mtls-server-names", pod, ambassador.MTLSServer(8080, pattern.Secret("web-tls").Volume("web-tls"), ambassador.MTLSServerOptions{
		AllowCommonNames: []string{"the shop", "billing"}, AllowURIs: []string{"spiffe://example.com/ns/prod/sa/shop"}, AllowDNSNames: []string{"shop.prod.svc"},
		ClientCA: pattern.Secret("mesh-ca").Volume("mesh-ca"), ProxyProtocol: true, ALPN: []string{"h2", "http/1.1"}, Port: 9443, StatusPort: 9000, IdleTimeoutSeconds: 60, MaxConnections: 50, Scrape: true}))
	patterntest.Golden(t, "mtls-server-service", pod.WithAmbassador(
		ambassador.MTLSServer(8080, pattern.Secret("web-tls").Volume("web-tls"), ambassador.MTLSServerOptions{AllowAll: true})).Service())
}

func TestMTLSServerRefuses(t *testing.T) {
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1").Port("http", 8080))
	type opts = ambassador.MTLSServerOptions
	for name, tt := range map[string]struct {
		port int
		opts opts
		want string
	}{
		"nobody":              {8080, opts{}, "say which clients may come"},
		"all and one":         {8080, opts{AllowAll: true, AllowCommonNames: []string{"a"}}, "AllowAll: lets in all"},
		"an empty name":       {8080, opts{AllowCommonNames: []string{""}}, "AllowCommonNames: want"},
		"another rule":        {8080, opts{AllowCommonNames: []string{"a\n  bind :80"}}, "AllowCommonNames: want"},
		"no URI":              {8080, opts{AllowURIs: []string{"web"}}, "AllowURIs: want a URI"},
		"two names in one":    {8080, opts{AllowURIs: []string{"spiffe://a/b, URI:spiffe://a/c"}}, "AllowURIs: want a URI"},
		"no DNS name":         {8080, opts{AllowDNSNames: []string{"*.prod.svc"}}, "AllowDNSNames: want a DNS name"},
		"a port that is none": {0, opts{AllowAll: true}, "between 1 and 65535"},
		"a port of nobody":    {9999, opts{AllowAll: true}, "9999"},
		"connections":         {8080, opts{AllowAll: true, MaxConnections: -1}, "MaxConnections: want a positive number"},
		"time":                {8080, opts{AllowAll: true, IdleTimeoutSeconds: -1}, "IdleTimeoutSeconds: want a positive number"},
	} {
		t.Run(name, func(t *testing.T) {
			patterntest.Refuses(t, pod, ambassador.MTLSServer(tt.port, pattern.Secret("web-tls").Volume("web-tls"), tt.opts), tt.want)
		})
	}
	patterntest.Refuses(t, pod, ambassador.MTLSServer(8080, pattern.Volume{}, opts{AllowAll: true}), "certificate: want a volume")
}
