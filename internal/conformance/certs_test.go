package conformance_test

import (
	"crypto/tls"
	"crypto/x509"
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"github.com/podpattern/podpattern/internal/authority"
	"github.com/stretchr/testify/require"
)

// ca issues certificates to the two ends of a connection.
type ca struct{ *authority.Authority }

func newCA(t *testing.T) *ca { return &ca{authority.New(t)} }

// issue gives a certificate for name, and its key, as the keys of a Secret.
func (a *ca) issue(t *testing.T, name string, uris ...*url.URL) map[string][]byte {
	t.Helper()
	template := x509.Certificate{URIs: uris}
	if len(uris) == 0 {
		template.DNSNames = []string{name}
	}
	return a.Issue(t, name, template)
}

// folders gives the folders that the ambassadors mount, with a certificate for name,
// and where they are here.
func (a *ca) folders(t *testing.T, name string) map[string]string {
	t.Helper()
	certs, only := t.TempDir(), t.TempDir()
	keys := a.issue(t, name)
	writeCerts(t, certs, keys)
	require.NoError(t, os.WriteFile(filepath.Join(only, "ca.crt"), keys["ca.crt"], 0o644))
	return map[string]string{"/certs": certs, "/ca": only}
}

// writeCerts writes the keys of a Secret as files.
func writeCerts(t *testing.T, folder string, keys map[string][]byte) {
	t.Helper()
	for file, content := range keys {
		require.NoError(t, os.WriteFile(filepath.Join(folder, file), content, 0o644))
	}
}

// pair gives a certificate as crypto/tls takes it.
func pair(t *testing.T, keys map[string][]byte) tls.Certificate {
	t.Helper()
	p, err := tls.X509KeyPair(keys["tls.crt"], keys["tls.key"])
	require.NoError(t, err)
	return p
}
