package conformance_test

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/podpattern/podpattern/internal/authority"
)

// localAuthority signs certificates for servers on this machine.
type localAuthority struct{ *authority.Authority }

func newAuthority(t *testing.T) localAuthority { return localAuthority{authority.New(t)} }

// keys are those of a Secret with a certificate for a server of that name on this machine,
// or a client.
func (a localAuthority) keys(t *testing.T, name string) map[string][]byte {
	t.Helper()
	return a.Issue(t, name, x509.Certificate{DNSNames: []string{name}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}})
}

func (a localAuthority) issue(t *testing.T, name string) tls.Certificate {
	t.Helper()
	return pair(t, a.keys(t, name))
}

// files are those of a Secret of type kubernetes.io/tls, and of one with the authority.
func (a localAuthority) files(t *testing.T, name string) map[string]string {
	t.Helper()
	keys := a.keys(t, name)
	return map[string]string{"etc/tls/tls.crt": string(keys["tls.crt"]), "etc/tls/tls.key": string(keys["tls.key"]), "etc/client-ca/ca.crt": string(keys["ca.crt"])}
}

// client trusts this authority alone.
func (a localAuthority) client(h2 bool, minVersion uint16) *http.Client {
	return &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{
		DisableKeepAlives: true, ForceAttemptHTTP2: h2, TLSClientConfig: &tls.Config{RootCAs: a.Pool(), MinVersion: minVersion},
	}}
}
