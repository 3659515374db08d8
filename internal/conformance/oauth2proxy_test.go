package conformance_test

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/sidecar"
	"github.com/stretchr/testify/require"
)

// upstream: oauth2-proxy/oauth2-proxy v7.15.3 pkg/apis/options.
func oauth2Flags() flags {
	return flagsOf(map[string]string{
		"Bool": `allow-query-semicolons auth-logging bearer-token-login-fallback cookie-csrf-per-request cookie-httponly cookie-secure
			disable-keep-alives display-htpasswd-form encode-state entra-id-federated-token-auth errors-to-info-log force-https
			force-json-errors gcp-healthchecks insecure-oidc-allow-unverified-email insecure-oidc-skip-issuer-verification
			insecure-oidc-skip-nonce logging-compress logging-local-time pass-access-token pass-authorization-header pass-basic-auth
			pass-host-header pass-user-headers prefer-email-to-user proxy-websockets redis-insecure-skip-tls-verify redis-use-cluster
			redis-use-sentinel relative-redirect-url request-logging reverse-proxy session-cookie-minimal set-authorization-header
			set-basic-auth set-xauthrequest show-debug-on-error silence-ping-logging skip-auth-preflight skip-auth-strip-headers
			skip-claims-from-profile-url skip-jwt-bearer-tokens skip-oidc-discovery skip-provider-button ssl-insecure-skip-verify
			ssl-upstream-insecure-skip-verify standard-logging use-system-trust-store`,
		"Duration": `cookie-csrf-expire cookie-expire cookie-refresh flush-interval upstream-timeout`,
		"Int":      `cookie-csrf-per-request-limit logging-max-age logging-max-backups logging-max-size redis-connection-idle-timeout`,
		"String": `acr-values approval-prompt auth-logging-format auth-request-response-mode authenticated-emails-file azure-graph-group-field
			azure-tenant backend-logout-url banner basic-auth-password bitbucket-repository bitbucket-team client-id client-secret
			client-secret-file code-challenge-method cookie-csrf-samesite cookie-name cookie-path cookie-samesite cookie-secret
			cookie-secret-file custom-sign-in-logo custom-templates-dir footer force-code-challenge-method github-org github-repo github-team
			github-token google-admin-api-user-scope google-admin-email google-service-account-json google-target-principal
			google-use-application-default-credentials google-use-organization-id htpasswd-file http-address https-address jwt-key
			jwt-key-file logging-filename login-url metrics-address metrics-secure-address metrics-tls-cert-file metrics-tls-key-file
			oidc-email-claim oidc-groups-claim oidc-issuer-url oidc-jwks-url ping-path ping-user-agent profile-url prompt provider
			provider-display-name proxy-prefix pubjwk-url ready-path real-client-ip-header redeem-url redirect-url redis-ca-path
			redis-connection-url redis-password redis-sentinel-master-name redis-sentinel-password redis-username request-id-header
			request-logging-format resource scope session-store-type signature-key standard-logging-format tls-cert-file tls-key-file
			tls-min-version user-id-claim validate-url`,
		"StringSlice": `allowed-group allowed-role api-route cookie-domain email-domain entra-id-allowed-tenant exclude-logging-path extra-jwt-issuers
			github-user gitlab-group gitlab-project google-group htpasswd-user-group keycloak-group oidc-audience-claim
			oidc-enabled-signing-alg oidc-extra-audience oidc-public-key-file provider-ca-file redis-cluster-connection-urls
			redis-sentinel-connection-urls skip-auth-regex skip-auth-route tls-cipher-suite trusted-ip trusted-proxy-ip upstream
			whitelist-domain`,
	})
}

// oauth2Proxy refuses what oauth2-proxy refuses.
// upstream: oauth2-proxy/oauth2-proxy v7.15.3 pkg/validation.
func oauth2Proxy(args []string, env map[string]string) (flags, error) {
	f := oauth2Flags()
	if err := f.parse(args); err != nil {
		return f, err
	}
	for _, name := range []string{"CLIENT_ID", "CLIENT_SECRET", "COOKIE_SECRET"} {
		if _, set := env["OAUTH2_PROXY_"+name]; !set {
			return f, errors.New("missing setting: " + name)
		}
	}
	for name := range env {
		flag := strings.ReplaceAll(strings.ToLower(strings.TrimPrefix(name, "OAUTH2_PROXY_")), "_", "-")
		if f.Lookup(flag) == nil {
			return f, errors.New("no flag has the variable " + name)
		}
	}
	for _, route := range f.list("skip-auth-route") {
		if strings.Contains(route, "!=") {
			return f, errors.New("it would open every other path")
		}
		parts := strings.SplitN(route, "=", 2)
		if _, err := regexp.Compile(parts[len(parts)-1]); err != nil {
			return f, err
		}
	}
	switch {
	case len(f.list("email-domain")) == 0:
		return f, errors.New("missing setting for email validation")
	case f.text("oidc-issuer-url") == "":
		return f, errors.New("missing setting: oidc-issuer-url")
	case strings.HasPrefix(f.text("http-address"), "127.0.0.1"):
		return f, errors.New("the kubelet and the Service don't reach it")
	case f.on("reverse-proxy") != (len(f.list("trusted-proxy-ip")) > 0):
		return f, errors.New("it would believe everybody's headers")
	case f.Changed("redis-connection-url") != (f.text("session-store-type") == "redis"):
		return f, errors.New("one Redis setting without the other")
	}
	return f, nil
}

func TestOAuth2ProxyTakesTheFlags(t *testing.T) {
	for name, c := range usesOf(t, "sidecar.OAuth2Proxy") {
		_, err := oauth2Proxy(c.args, c.env)
		require.NoError(t, err, name)
		for _, wrong := range []string{
			"--skip-auth-regex-x=^/a", "--email-domains=a", "-http-address=x", "--skip-auth-route=(", "--skip-auth-route=GET=^/a!=b", "--http-address=127.0.0.1:4180", "--cookie-expire=1", "word", "--oidc-issuer-url=",
		} {
			_, err := oauth2Proxy(append(slices.Clone(c.args), wrong), c.env)
			require.Error(t, err, wrong)
		}
		_, err = oauth2Proxy(c.args, nil)
		require.ErrorContains(t, err, "missing setting")
	}
}

// The values of a list come out as they went in: upstream splits them at commas.
func TestOAuth2ProxyKeepsItsLists(t *testing.T) {
	groups := []string{"shop,admins", `the "team"`, `"`, " a ", "größe", `a\b`, "#x"}
	routes := []string{`^/[a-z]{1,3}/(a|b)$`, `GET=^/a"b,c$`}
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1").Port("http", 8080)).WithSidecar(
		sidecar.OAuth2Proxy(8080, "https://login.example.com", pattern.Secret("s"), sidecar.OAuth2ProxyOptions{AllowedGroups: groups, SkipAuthRoutes: routes}))
	c := container(t, pod, "oauth2-proxy")
	env := make(map[string]string)
	for _, e := range c.Env {
		env[e.Name] = ""
	}
	f, err := oauth2Proxy(c.Args, env)
	require.NoError(t, err)
	require.Equal(t, groups, f.list("allowed-group"))
	require.Equal(t, routes, f.list("skip-auth-route"))
}
