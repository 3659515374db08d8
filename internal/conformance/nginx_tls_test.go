package conformance_test

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/podpattern/podpattern/ambassador"
	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
)

// tlsFront runs ambassador.TLS before an app, with the certificate of an authority.
func tlsFront(t *testing.T, o ambassador.TLSOptions, files map[string]string) fronted {
	t.Helper()
	behind, front, status := appBehind(t, echoApp)
	o.Port, o.StatusPort = port(t, front), port(t, status)
	return fronted{nginxFor(t, behind, ambassador.TLS(behind, pattern.Secret("web-tls").Volume("web-tls"), o), files).run(t, status), "https://" + front, status}
}

func TestTLSEncrypts(t *testing.T) {
	ours, other := newAuthority(t), newAuthority(t)
	redirect := closedPorts(t, 1)[0]
	p := tlsFront(t, ambassador.TLSOptions{HSTS: "max-age=31536000; includeSubDomains", RedirectPort: port(t, redirect)}, ours.files(t, "web.example.com"))

	for name, h2 := range map[string]bool{"HTTP/2.0": true, "HTTP/1.1": false} {
		answer, body := askBy(t, ours.client(h2, tls.VersionTLS12), "GET", p.url+"/a", "")
		require.Equal(t, name, answer.Proto)
		require.Equal(t, "max-age=31536000; includeSubDomains", answer.Header.Get("Strict-Transport-Security"))
		require.Contains(t, body, "X-Forwarded-Proto: https\r\n")
		require.Contains(t, body, "Host: "+strings.TrimPrefix(p.url, "https://")+"\n")
	}
	_, err := other.client(true, tls.VersionTLS13).Get(p.url)
	require.ErrorAs(t, err, new(x509.UnknownAuthorityError))
	old := ours.client(false, tls.VersionTLS10)
	old.Transport.(*http.Transport).TLSClientConfig.MaxVersion = tls.VersionTLS11
	_, err = old.Get(p.url)
	require.ErrorContains(t, err, "protocol version")

	answer, _ := ask(t, "POST", "http://"+redirect+"/a?b=c", "", "Host", "web.example.com:80")
	require.Equal(t, http.StatusPermanentRedirect, answer.StatusCode)
	require.Equal(t, "https://web.example.com/a?b=c", answer.Header.Get("Location"))
	p.quit(t)
	p.ended(t, 5*time.Second)
}

func TestTLSAsksForCertificates(t *testing.T) {
	ours, clients, other := newAuthority(t), newAuthority(t), newAuthority(t)
	files := ours.files(t, "web.example.com")
	files["etc/client-ca/ca.crt"] = string(clients.PEM())
	billing := clients.issue(t, "billing")
	for name, optional := range map[string]bool{"required": false, "optional": true} {
		t.Run(name, func(t *testing.T) {
			p := tlsFront(t, ambassador.TLSOptions{ClientCA: pattern.ConfigMap("clients").Volume("clients"), ClientCertOptional: optional, SubjectHeader: "X-Client"}, files)
			by := func(certs ...tls.Certificate) (int, string) {
				c := ours.client(true, tls.VersionTLS12)
				c.Transport.(*http.Transport).TLSClientConfig.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
					if len(certs) == 0 {
						return &tls.Certificate{}, nil
					}
					return &certs[0], nil
				}
				answer, body := askBy(t, c, "GET", p.url, "", "X-Client", "CN=root")
				require.NotContains(t, body, "CN=root")
				return answer.StatusCode, body
			}
			status, body := by(billing)
			require.Equal(t, 200, status)
			require.Contains(t, body, "X-Client: CN=billing\r\n")
			status, body = by()
			if optional {
				require.Equal(t, 200, status)
				require.NotContains(t, body, "X-Client")
			} else {
				require.Equal(t, 400, status)
			}
			status, _ = by(other.issue(t, "billing"))
			require.Equal(t, 400, status)
		})
	}
}

// A new certificate is served soon, and the requests go on; one that doesn't go
// with its key is left alone.
func TestTLSReloads(t *testing.T) {
	first, second := newAuthority(t), newAuthority(t)
	p := tlsFront(t, ambassador.TLSOptions{ReloadSeconds: 1}, first.files(t, "web.example.com"))
	serves := func(a localAuthority) bool {
		answer, err := a.client(true, tls.VersionTLS12).Get(p.url)
		if err == nil {
			_ = answer.Body.Close()
		}
		return err == nil
	}
	require.True(t, serves(first))
	next := second.files(t, "web.example.com")
	p.write(t, "etc/tls/tls.crt", next["etc/tls/tls.crt"])
	require.Eventually(t, func() bool { return strings.Contains(p.said(t), "key values mismatch") }, 5*time.Second, 50*time.Millisecond)
	require.True(t, serves(first))
	p.write(t, "etc/tls/tls.key", next["etc/tls/tls.key"])
	require.Eventually(t, func() bool { return serves(second) }, 5*time.Second, 50*time.Millisecond)
	require.Eventually(t, func() bool { return !serves(first) }, 5*time.Second, 50*time.Millisecond) // the last worker of before is gone
	p.quit(t)
	p.ended(t, 5*time.Second)
}

// Without the shell before it, nginx is the same.
func TestTLSWithoutReload(t *testing.T) {
	ours := newAuthority(t)
	p := tlsFront(t, ambassador.TLSOptions{NoReload: true}, ours.files(t, "web.example.com"))
	require.Equal(t, "nginx", filepath.Base(p.command[0]))
	_, err := ours.client(true, tls.VersionTLS12).Get(p.url)
	require.NoError(t, err)
	p.quit(t)
	p.ended(t, 5*time.Second)
}
