package conformance_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// ca issues certificates to the two ends of a connection.
type ca struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newCA(t *testing.T) *ca {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test CA"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	cert, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	return &ca{cert, key}
}

// issue gives a certificate for name, and its key, as the keys of a Secret.
func (a *ca) issue(t *testing.T, name string, uris ...*url.URL) map[string][]byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	serial, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: name}, URIs: uris,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageServerAuth},
	}
	if len(uris) == 0 {
		template.DNSNames = []string{name}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, &key.PublicKey, a.key)
	require.NoError(t, err)
	private, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	return map[string][]byte{
		"tls.crt": pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		"tls.key": pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}),
		"ca.crt":  pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.cert.Raw}),
	}
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

// pool gives the CA alone.
func (a *ca) pool() *x509.CertPool {
	p := x509.NewCertPool()
	p.AddCert(a.cert)
	return p
}
