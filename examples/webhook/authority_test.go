package main

import (
	"crypto/x509"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"

	issuer "github.com/podpattern/podpattern/internal/authority"
	"github.com/stretchr/testify/require"
)

// testAuthority signs certificates for 127.0.0.1.
type testAuthority struct{ *issuer.Authority }

func newAuthority(t *testing.T) testAuthority { return testAuthority{issuer.New(t)} }

// pair gives the texts of tls.crt and tls.key.
func (a testAuthority) pair(t *testing.T, serial int64) (crt, key []byte) {
	t.Helper()
	issued := a.Issue(t, "webhook", x509.Certificate{SerialNumber: big.NewInt(serial), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, KeyUsage: x509.KeyUsageDigitalSignature})
	return issued["tls.crt"], issued["tls.key"]
}

func write(t *testing.T, folder, file string, text []byte) {
	t.Helper()
	require.NoError(t, os.WriteFile(filepath.Join(folder, file), text, 0o600))
}
