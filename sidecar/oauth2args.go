package sidecar

import (
	"encoding/csv"
	"fmt"
	"strings"

	"github.com/podpattern/podpattern/internal/expansion"
	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/pattern"
)

// oauth2Args gives the arguments but for the ports.
func oauth2Args(appPort int, issuer string, o OAuth2ProxyOptions) []string {
	domains := o.EmailDomains
	if len(domains) == 0 {
		domains = []string{"*"}
	}
	args := []string{
		"--provider=" + opt.Or(o.Provider, "oidc"),
		"--oidc-issuer-url=" + expansion.Literal(issuer),
		fmt.Sprintf("--upstream=http://127.0.0.1:%d", appPort),
		"--ping-path=/oauth2/ping", "--ready-path=/oauth2/ready", "--silence-ping-logging=true",
		"--skip-provider-button=true",
	}
	args = append(args, listed("--email-domain", domains)...)
	args = append(args, listed("--allowed-group", o.AllowedGroups)...)
	args = append(args, listed("--skip-auth-route", o.SkipAuthRoutes)...)
	if len(o.TrustedProxies) > 0 {
		args = append(append(args, "--reverse-proxy=true"), listed("--trusted-proxy-ip", o.TrustedProxies)...)
	}
	for _, f := range []struct{ flag, value string }{{"redirect-url", o.RedirectURL}, {"scope", o.Scope}, {"redis-connection-url", o.Redis}} {
		if f.value != "" {
			args = append(args, "--"+f.flag+"="+expansion.Literal(f.value))
		}
	}
	if o.Redis != "" {
		args = append(args, "--session-store-type=redis")
	}
	if o.CA != (pattern.Volume{}) {
		args = append(args, "--provider-ca-file=/ca/ca.crt", "--redis-ca-path=/ca/ca.crt")
	}
	if o.PassAccessToken {
		args = append(args, "--pass-access-token=true")
	}
	return args
}

// listed gives a flag once for each value. Its values are lines of CSV.
func listed(flag string, values []string) []string {
	var args []string
	for _, value := range values {
		var b strings.Builder
		w := csv.NewWriter(&b)
		_ = w.Write([]string{value}) // a Builder takes everything
		w.Flush()
		args = append(args, flag+"="+expansion.Literal(strings.TrimSuffix(b.String(), "\n")))
	}
	return args
}
