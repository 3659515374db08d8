package sidecar

import (
	"fmt"
	"slices"
	"strings"

	"github.com/podpattern/podpattern/internal/endpoint"
	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/pattern"
)

// OAuth2ProxyOptions changes what [OAuth2Proxy] does. One of EmailDomains and
// AllowedGroups is needed: it says who may come in.
type OAuth2ProxyOptions struct {
	// EmailDomains lets in who has an address in one of them, such as example.com, or
	// .example.com for those below it; * is whoever the issuer lets log in. Default: *
	// if there are AllowedGroups.
	EmailDomains []string
	// AllowedGroups lets in the members of one of them only. Default: no matter.
	AllowedGroups []string
	// Provider is the kind of the issuer: oidc, keycloak-oidc, entra-id, adfs,
	// cidaas or gitlab. Default: oidc.
	Provider string
	// RedirectURL is what the issuer sends users back to, such as
	// https://shop.example.com/oauth2/callback. Default: the host that they asked
	// for, with https.
	RedirectURL string
	// Scope is what is asked of the issuer, such as "openid email groups". Default:
	// the provider's.
	Scope string
	// SkipAuthRoutes are requests that go to the app without a login: a regular
	// expression of the path, from its start on, such as ^/static/; with a method
	// before it, such as GET=^/healthz$. They have no headers of a user.
	SkipAuthRoutes []string
	// TrustedProxies are the addresses of the ingress, such as 10.0.0.0/8, whose
	// X-Forwarded headers are believed. Default: nobody's are.
	TrustedProxies []string
	// PassAccessToken gives the app the user's token, as X-Forwarded-Access-Token.
	PassAccessToken bool
	// CA has the file ca.crt, such as a ConfigMap's volume, with the authorities that
	// may have signed the certificates of the issuer and of Redis. Default: those of the
	// image.
	CA pattern.Volume
	// Redis keeps sessions in a Redis, such as redis://redis:6379, with the password
	// of the Secret's key redis-password if it has one. Default: in cookies, which
	// some issuers' tokens are too long for.
	Redis string
	// Port is what clients dial. Default: 4180, or the next one that is free in the
	// pod; a port that is set here does not move.
	Port int
	// Scrape gives the pod the prometheus.io annotations for the metrics. Default: no;
	// one container of a pod can have them.
	Scrape bool
}

// OAuth2Proxy stands before the app's port and lets in who is logged in with an
// OpenID Connect issuer, with oauth2-proxy. The Secret has the keys client-id,
// client-secret and cookie-secret; the last is 16, 24 or 32 random bytes, in base64
// or not.
//
// It adds: port http, on which the pod's Service and NetworkPolicy lead to it in
// place of the app's; port metrics (44180); and for the app the headers X-Forwarded-User,
// -Email, -Groups and -Preferred-Username, which clients can't set. Its own paths are
// below /oauth2, the health ones too, and /robots.txt. When the pod stops, it still
// serves for five seconds, while load balancers take notice, and then lets requests
// end. It must reach the issuer, and Redis, to start: it is restarted until it does,
// the pod isn't Ready, and a Job's app goes on without it. Any other setting is a
// variable of its name: Env("OAUTH2_PROXY_COOKIE_EXPIRE", "8h").
//
// Whoever reaches the pod's address can pass it by on the app's own port, unless a
// NetworkPolicy forbids that, as PodBuilder.NetworkPolicy does; or the app listens on
// 127.0.0.1 only, where the kubelet's HTTP probes don't reach it.
//
// Defaults: image oauth2-proxy, uid 65532, 10m CPU, 32Mi memory, at most 128Mi.
//
// Options: the last of several wins as a whole.
//
// upstream: oauth2-proxy/oauth2-proxy v7.15.3 pkg/apis/options, pkg/validation,
// oauthproxy.go.
func OAuth2Proxy(appPort int, issuer string, secret pattern.SecretBuilder, opts ...OAuth2ProxyOptions) pattern.SidecarContainer {
	o := opt.Last(opts)
	c := opt.Port(pattern.Sidecar("oauth2-proxy", oauth2ProxyImage), "http", o.Port, 4180)
	c = c.Port("metrics", 44180).MovePorts("metrics").Fronts("http", appPort).
		EnvSecret("OAUTH2_PROXY_CLIENT_ID", secret, "client-id").
		EnvSecret("OAUTH2_PROXY_CLIENT_SECRET", secret, "client-secret").
		EnvSecret("OAUTH2_PROXY_COOKIE_SECRET", secret, "cookie-secret").
		Requests("10m", "32Mi").Limits("", "128Mi").
		Restricted().RunAsUser(65532).RunAsGroup(65532).ReadOnlyRootFilesystem(true).
		Health(pattern.HTTPGet("/oauth2/ping", "http")).
		ReadinessProbe(pattern.HTTPGet("/oauth2/ready", "http")).
		PreStop(pattern.Sleep(5))
	if o.Scrape {
		c = c.Scrape("metrics", "/metrics")
	}
	c = letsIn(logsIn(c, issuer, o), o)
	c = redisSessions(c, o.Redis, secret)
	args := oauth2Args(appPort, issuer, o)
	return c.Late(func(v pattern.View, c pattern.SidecarContainer) pattern.SidecarContainer {
		return c.Args(slices.Concat(args, []string{
			fmt.Sprintf("--http-address=0.0.0.0:%d", v.Port("http")),
			fmt.Sprintf("--metrics-address=0.0.0.0:%d", v.Port("metrics")),
		})...)
	})
}

// logsIn says what of the issuer can't be used.
func logsIn(c pattern.SidecarContainer, issuer string, o OAuth2ProxyOptions) pattern.SidecarContainer {
	if u, port, err := endpoint.URL(issuer, 0, "https", "http"); err != nil {
		c = c.Reject("issuer", issuer, err.Error())
	} else {
		c = c.Dials(u.Hostname(), port)
	}
	if !slices.Contains([]string{"", "oidc", "keycloak-oidc", "entra-id", "adfs", "cidaas", "gitlab"}, o.Provider) {
		c = c.Reject("Provider", o.Provider, "want oidc, keycloak-oidc, entra-id, adfs, cidaas or gitlab")
	}
	if strings.ContainsAny(o.Scope, "\r\n\t") {
		c = c.Reject("Scope", o.Scope, `want scopes with a space between them, such as "openid email"`)
	}
	if o.RedirectURL != "" {
		if _, _, err := endpoint.URL(o.RedirectURL, 0, "https", "http"); err != nil {
			c = c.Reject("RedirectURL", o.RedirectURL, err.Error())
		}
	}
	if o.CA != (pattern.Volume{}) {
		c = c.Reads(o.CA, "/ca")
	}
	return c
}

func redisSessions(c pattern.SidecarContainer, server string, secret pattern.SecretBuilder) pattern.SidecarContainer {
	if server == "" {
		return c
	}
	u, port, err := endpoint.URL(server, 6379, "redis", "rediss")
	if err != nil {
		return c.Reject("Redis", server, err.Error())
	}
	return c.EnvSecret("OAUTH2_PROXY_REDIS_PASSWORD", secret.Optional(), "redis-password").Dials(u.Hostname(), port)
}
