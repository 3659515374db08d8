package catalogue

import (
	"github.com/podpattern/podpattern/adapter"
	"github.com/podpattern/podpattern/ambassador"
	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/sidecar"
)

func nginxes() []Use {
	nginx := Verified{"nginx: check and traffic", "TestNginxTakesTheConfiguration"}
	pages, certificate := empty("pages"), pattern.Secret("web-tls").Volume("web-tls")
	site, shop, legacy := serves("site", 8180), serves("shop", 8280), serves("legacy", 8380)
	return []Use{
		use("sidecar.ReverseProxy", "default", nginx, sidecar.ReverseProxy(8180), site),
		use("sidecar.ReverseProxy", "a cache, a limit and headers", nginx, sidecar.ReverseProxy(8180, sidecar.ReverseProxyOptions{
			Gzip: true, CacheSize: "256Mi", CacheSeconds: 30, RatePerSecond: 20, TrustedProxies: []string{"10.0.0.0/8"},
			RequestHeaders: map[string]string{"X-Debug": ""}, ResponseHeaders: map[string]string{"X-Frame-Options": "DENY"}}), site),
		use("sidecar.Content", "a page every minute", Verified{"busybox: run", "TestContentPublishes"},
			sidecar.Content(pages, "docker.io/library/busybox:1.38.0", "date >index.html")),
		use("ambassador.TLS", "default", nginx, ambassador.TLS(8280, certificate), shop),
		use("ambassador.TLS", "clients with certificates", nginx, ambassador.TLS(8280, certificate, ambassador.TLSOptions{
			ClientCA: pattern.ConfigMap("clients").Volume("clients"), SubjectHeader: "X-Client-Subject", HSTS: "max-age=31536000", RedirectPort: 8088}), shop),
		use("ambassador.TLS", "without a shell", nginx, ambassador.TLS(8280, certificate, ambassador.TLSOptions{NoReload: true}), shop),
		use("adapter.HTTPRewrite", "paths and texts", nginx, adapter.HTTPRewrite(8380, adapter.HTTPRewriteOptions{
			Rules: []adapter.HTTPRule{
				{Regex: `^/v2/orders/([0-9]+)$`, To: "/order.php/show/$1", Method: "POST"},
				{Prefix: "/v2/", To: "/cgi-bin/api/"},
			},
			Replace: []adapter.HTTPReplacement{{Old: "http://legacy.internal", New: "https://api.example.com"}}}), legacy),
	}
}
