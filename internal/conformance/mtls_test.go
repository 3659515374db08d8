package conformance_test

import (
	"crypto/tls"
	"fmt"
	"io"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/podpattern/podpattern/ambassador"
	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
)

// The app talks plain text to localhost, and reaches what is behind a stunnel that
// wants a certificate; with one of another CA it doesn't.
func TestMTLSReachesStunnel(t *testing.T) {
	good, bad := newCA(t), newCA(t)
	secret := says(t, "secret")
	peer := stunnel(t, good.issue(t, "api.example.com"), "connect = "+secret, "verifyChain = yes", "requireCert = yes")
	for name, tt := range map[string]struct {
		ca   *ca
		want string
	}{
		"the right CA": {good, "secret"},
		"another CA":   {bad, ""},
	} {
		t.Run(name, func(t *testing.T) {
			free := closedPorts(t, 2)
			c := ambassador.MTLS("db", peer, pattern.Secret("web-tls").Volume("web-tls"), ambassador.MTLSOptions{
				CA: pattern.ConfigMap("ca").Volume("ca"), ServerName: "api.example.com", Port: port(t, free[0]), StatusPort: port(t, free[1])})
			folders := tt.ca.folders(t, "web")
			folders["/ca"] = good.folders(t, "unused")["/ca"] // it trusts the server in any case
			runHaproxy(t, c, free[1], folders)
			require.Equal(t, tt.want, hear(t, free[0]))
		})
	}
}

// A client, a stunnel, is let in by its certificate.
func TestMTLSServerLetsStunnelIn(t *testing.T) {
	good, bad := newCA(t), newCA(t)
	here := runMTLSServer(t, says(t, "secret"), good.folders(t, "web.prod.svc"), ambassador.MTLSServerOptions{AllowCommonNames: []string{"billing", `the "shop" $1`}})
	for name, tt := range map[string]struct {
		shows map[string][]byte
		want  string
	}{
		"its name":    {good.issue(t, `the "shop" $1`), "secret"},
		"other name":  {good.issue(t, "the"), ""},
		"another CA":  {bad.issue(t, "billing"), ""},
		"one of more": {good.issue(t, "billing"), "secret"},
	} {
		t.Run(name, func(t *testing.T) {
			tt.shows["ca.crt"] = good.issue(t, "unused")["ca.crt"]
			require.Equal(t, tt.want, hear(t, stunnel(t, tt.shows, "client = yes", "connect = "+here, "verifyChain = yes", "checkHost = web.prod.svc")))
		})
	}
	t.Run("none", func(t *testing.T) {
		require.Empty(t, hear(t, stunnel(t, nil, "client = yes", "connect = "+here)))
	})
}

// A new certificate is shown to new clients, and a bad one to nobody; a connection
// that was open before goes on.
func TestMTLSServerReadsANewCertificate(t *testing.T) {
	authority := newCA(t)
	folders := authority.folders(t, "web")
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	serveOn(t, l, func(c net.Conn) {
		_, _ = io.WriteString(c, "sec")
		_, _ = c.Read(make([]byte, 5)) // until it is asked, or nobody is there
		_, _ = io.WriteString(c, "ret")
	})
	here := runMTLSServer(t, l.Addr().String(), folders, ambassador.MTLSServerOptions{AllowAll: true})
	client := &tls.Config{RootCAs: authority.Pool(), ServerName: "web", Certificates: []tls.Certificate{pair(t, authority.issue(t, "client"))}}
	serial := func() *big.Int {
		c, err := tls.Dial("tcp", here, client)
		if err != nil {
			return nil
		}
		defer c.Close()
		return c.ConnectionState().PeerCertificates[0].SerialNumber
	}
	first := serial()
	require.NotNil(t, first)
	open, err := tls.Dial("tcp", here, client)
	require.NoError(t, err)
	defer open.Close()
	begin := make([]byte, 3)
	_, err = io.ReadFull(open, begin)
	require.NoError(t, err)

	bad := authority.issue(t, "web")
	bad["tls.key"] = []byte("no key")
	writeCerts(t, folders["/certs"], bad)
	time.Sleep(1500 * time.Millisecond)
	require.Equal(t, first, serial())

	writeCerts(t, folders["/certs"], authority.issue(t, "web"))
	require.Eventually(t, func() bool { now := serial(); return now != nil && now.Cmp(first) != 0 }, 10*time.Second, 100*time.Millisecond)
	_, err = io.WriteString(open, "go on")
	require.NoError(t, err)
	end, err := io.ReadAll(open)
	require.NoError(t, err)
	require.Equal(t, "secret", string(begin)+string(end))
}

// runMTLSServer runs haproxy in front of an app.
func runMTLSServer(t *testing.T, app string, folders map[string]string, o ambassador.MTLSServerOptions) string {
	t.Helper()
	folders["127.0.0.1:8080"] = app
	free := closedPorts(t, 2)
	o.Port, o.StatusPort = port(t, free[0]), port(t, free[1])
	runHaproxy(t, ambassador.MTLSServer(8080, pattern.Secret("web-tls").Volume("web-tls"), o).Name("db"), free[1], folders)
	return free[0]
}

// stunnel runs until the test ends, with a certificate and settings; it gives its
// address.
func stunnel(t *testing.T, certs map[string][]byte, settings ...string) string {
	t.Helper()
	folder, addr := t.TempDir(), closedPorts(t, 1)[0]
	config := "foreground = yes\npid =\nsyslog = no\n[peer]\naccept = " + addr + "\n"
	for key, setting := range map[string]string{"tls.crt": "cert", "tls.key": "key", "ca.crt": "CAfile"} {
		if certs != nil {
			file := filepath.Join(folder, key)
			require.NoError(t, os.WriteFile(file, certs[key], 0o600))
			config += setting + " = " + file + "\n"
		}
	}
	for _, s := range settings {
		config += s + "\n"
	}
	file := filepath.Join(folder, "stunnel.conf")
	require.NoError(t, os.WriteFile(file, []byte(config), 0o600))
	c := exec.Command("stunnel4", file)
	c.Stdout, c.Stderr = t.Output(), t.Output()
	require.NoError(t, c.Start(), "these tests need stunnel4")
	t.Cleanup(func() { _ = c.Process.Kill(); _ = c.Wait() })
	require.Eventually(t, func() bool { return listens(addr) }, 10*time.Second, 20*time.Millisecond, fmt.Sprint(settings))
	return addr
}

// listens says whether somebody has a port, without a connection that would be seen.
func listens(addr string) bool {
	l, err := net.Listen("tcp", addr)
	if err == nil {
		_ = l.Close()
	}
	return err != nil
}
