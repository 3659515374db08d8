package sidecar_test

import (
	"testing"

	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/patterntest"
	"github.com/podpattern/podpattern/sidecar"
	"github.com/stretchr/testify/require"
)

const issuer = "https://login.example.com/realms/shop"

func TestOAuth2Proxy(t *testing.T) {
	pod := pattern.Pod("web").Hardened().WithApp(patterntest.App())
	client := pattern.Secret("web-oauth2")
	tests := map[string]pattern.SidecarContainer{
		"domain": sidecar.OAuth2Proxy(8080, issuer, client, sidecar.OAuth2ProxyOptions{EmailDomains: []string{"example.com", ".example.org", "*.example.net"}}),
		"options": sidecar.OAuth2Proxy(8080, issuer, client, sidecar.OAuth2ProxyOptions{
			AllowedGroups: []string{"shop,admins", `the "team"`}, Provider: "keycloak-oidc",
			CA:          pattern.ConfigMap("company-ca").Volume("company-ca"),
			RedirectURL: "https://shop.example.com/oauth2/callback", Scope: "openid email groups",
			SkipAuthRoutes: []string{"GET=^/healthz$", "^/[a-z]{1,3}/(a|b)$", "^/a$|^/b$"}, TrustedProxies: []string{"10.0.0.0/8", "2001:db8::1"},
			PassAccessToken: true, Redis: "rediss://redis.prod.svc", Port: 8000, Scrape: true,
		}),
	}
	for name, c := range tests {
		t.Run(name, func(t *testing.T) { patterntest.Helper(t, "oauth2proxy-"+name, pod, c) })
	}
}

// Who dials the Service comes to the proxy, at the port that was the app's, and
// nobody may pass it by.
func TestOAuth2ProxyFrontsTheService(t *testing.T) {
	pod := pattern.Pod("web").WithApp(patterntest.App()).WithSidecar(
		sidecar.OAuth2Proxy(8080, issuer, pattern.Secret("web-oauth2"), sidecar.OAuth2ProxyOptions{EmailDomains: []string{"*"}}))
	service, err := pod.Service().Build()
	require.NoError(t, err)
	built, err := pod.Build()
	require.NoError(t, err)
	require.Len(t, service.Spec.Ports, 1)
	require.EqualValues(t, 8080, service.Spec.Ports[0].Port)
	require.Equal(t, built.Spec.InitContainers[0].Ports[0].Name, service.Spec.Ports[0].TargetPort.String())
	policy, err := pod.NetworkPolicy().Build()
	require.NoError(t, err)
	require.Len(t, policy.Spec.Ingress, 1)
	require.Len(t, policy.Spec.Ingress[0].Ports, 1)
	require.EqualValues(t, 4180, policy.Spec.Ingress[0].Ports[0].Port.IntValue())
}

func TestOAuth2ProxyRefuses(t *testing.T) {
	type options = sidecar.OAuth2ProxyOptions
	all := []string{"*"}
	tests := map[string]struct {
		port   int
		issuer string
		opts   options
		want   string
	}{
		"nobody":              {8080, issuer, options{}, "who may come in?"},
		"a URL as domain":     {8080, issuer, options{EmailDomains: []string{"https://example.com"}}, "EmailDomains: want a domain"},
		"half a wildcard":     {8080, issuer, options{EmailDomains: []string{"*example.com"}}, "EmailDomains: want a domain"},
		"an empty group":      {8080, issuer, options{AllowedGroups: []string{""}}, "AllowedGroups"},
		"no issuer":           {8080, "", options{EmailDomains: all}, "issuer: want https://"},
		"an issuer's name":    {8080, "login.example.com", options{EmailDomains: all}, "issuer: want https://"},
		"a port of nobody":    {9999, issuer, options{EmailDomains: all}, "no other container of the pod has the TCP port"},
		"port 0":              {0, issuer, options{EmailDomains: all}, "between 1 and 65535"},
		"provider":            {8080, issuer, options{EmailDomains: all, Provider: "google+"}, "want oidc, keycloak-oidc"},
		"redirect":            {8080, issuer, options{EmailDomains: all, RedirectURL: "/oauth2/callback"}, "RedirectURL: want https://"},
		"scope":               {8080, issuer, options{EmailDomains: all, Scope: "openid\nemail"}, "Scope"},
		"a route anywhere":    {8080, issuer, options{EmailDomains: all, SkipAuthRoutes: []string{"/static/"}}, "found anywhere in a path"},
		"with a method too":   {8080, issuer, options{EmailDomains: all, SkipAuthRoutes: []string{"GET=/static/"}}, "found anywhere in a path"},
		"everything":          {8080, issuer, options{EmailDomains: all, SkipAuthRoutes: []string{""}}, "found anywhere in a path"},
		"no regex":            {8080, issuer, options{EmailDomains: all, SkipAuthRoutes: []string{"^/("}}, "no regular expression"},
		"a = in the path":     {8080, issuer, options{EmailDomains: all, SkipAuthRoutes: []string{"^/a=b"}}, "takes all for a method"},
		"a = behind a method": {8080, issuer, options{EmailDomains: all, SkipAuthRoutes: []string{"GET=^/a!=b"}}, "every path but that one"},
		"all but a path":      {8080, issuer, options{EmailDomains: all, SkipAuthRoutes: []string{"GET!=^/private/"}}, "every path but that one"},
		"half anchored":       {8080, issuer, options{EmailDomains: all, SkipAuthRoutes: []string{"^/healthz$|/metrics$"}}, "write ^/(a|b)$"},
		"an unknown method":   {8080, issuer, options{EmailDomains: all, SkipAuthRoutes: []string{"get=^/a"}}, "want a method before the ="},
		"a name as proxy":     {8080, issuer, options{EmailDomains: all, TrustedProxies: []string{"ingress"}}, "such as 10.0.0.0/8"},
		"half a range":        {8080, issuer, options{EmailDomains: all, TrustedProxies: []string{"10.1.2.3/8"}}, "such as 10.0.0.0/8"},
		"a password of Redis": {8080, issuer, options{EmailDomains: all, Redis: "redis://:secret@redis"}, "printed in clear"},
		"Redis over HTTP":     {8080, issuer, options{EmailDomains: all, Redis: "http://redis"}, "Redis: want redis://"},
		"the proxy's port":    {8080, issuer, options{EmailDomains: all, Port: -1}, "between 1 and 65535"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			pod := pattern.Pod("web").WithApp(patterntest.App())
			patterntest.Refuses(t, pod, sidecar.OAuth2Proxy(tt.port, tt.issuer, pattern.Secret("web-oauth2"), tt.opts), tt.want)
		})
	}
	patterntest.Refuses(t, pattern.Pod("web").WithApp(patterntest.App()),
		sidecar.OAuth2Proxy(8080, issuer, pattern.SecretBuilder{}, options{EmailDomains: all}), "name")
}
