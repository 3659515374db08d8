package conformance_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// postgres is a PostgreSQL server that runs until the test ends. Its superuser is
// postgres; everybody needs a password (SCRAM), and over TCP TLS where hba says so.
type postgres struct{ bin, addr string }

const superPassword = "super"

// newPostgres starts a server; hba is the type of its lines in pg_hba.conf: host, or
// hostssl, and certs are its certificate.
func newPostgres(t *testing.T, hba string, certs map[string][]byte) postgres {
	t.Helper()
	fresh, err := freshCluster()
	require.NoError(t, err)
	p := postgres{postgresPrograms(), closedPorts(t, 1)[0]}
	data := filepath.Join(unprivilegedFolder(t, nil), "data")
	unpack := unprivileged(exec.Command("tar", "-x", "-C", filepath.Dir(data)))
	unpack.Stdin = bytes.NewReader(fresh)
	out, err := unpack.CombinedOutput()
	require.NoError(t, err, string(out))
	settings := []string{"-D", data, "-F", "-h", "127.0.0.1", "-p", strconv.Itoa(port(t, p.addr)), "-k", "", "-c", "max_connections=30"}
	if certs != nil {
		settings = append(settings, "-c", "ssl=on")
		give(t, data, map[string][]byte{"server.crt": certs["tls.crt"], "server.key": certs["tls.key"]})
	}
	give(t, data, map[string][]byte{"pg_hba.conf": []byte(hba + " all all 127.0.0.1/32 scram-sha-256\n")})
	server := unprivileged(exec.Command(filepath.Join(p.bin, "postgres"), settings...))
	server.Stdout, server.Stderr = t.Output(), t.Output()
	require.NoError(t, server.Start())
	t.Cleanup(func() { _ = server.Process.Signal(syscall.SIGQUIT); _ = server.Wait() }) // at once
	require.Eventually(t, func() bool {
		return exec.Command(filepath.Join(p.bin, "pg_isready"), "-q", "-h", "127.0.0.1", "-p", strconv.Itoa(port(t, p.addr))).Run() == nil
	}, 20*time.Second, 50*time.Millisecond)
	return p
}

// postgresPrograms gives the folder with the server's programs, of the newest version.
func postgresPrograms() string {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	return slices.Max(append(found, ""))
}

// freshCluster is what initdb makes, as the tar of the folder data: it takes seconds,
// and one does for all tests.
var freshCluster = sync.OnceValues(func() ([]byte, error) {
	folder, err := os.MkdirTemp("", "initdb")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	password := filepath.Join(folder, "password")
	if err := errors.Join(os.WriteFile(password, []byte(superPassword+"\n"), 0o644), os.Chmod(folder, 0o777)); err != nil {
		return nil, err
	}
	initdb := unprivileged(exec.Command(filepath.Join(postgresPrograms(), "initdb"), "-D", filepath.Join(folder, "data"), "-U", "postgres", "-A", "scram-sha-256",
		"--pwfile", password, "--no-sync", "--no-instructions", "--locale=C"))
	if out, err := initdb.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("these tests need postgresql: %w: %s", err, out)
	}
	return unprivileged(exec.Command("tar", "-c", "-C", folder, "data")).Output()
})

// psql runs SQL at an address.
func (p postgres) psql(t *testing.T, addr, user, password, sql string) (string, error) {
	t.Helper()
	c := exec.Command("psql", "-X", "-At", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", strconv.Itoa(port(t, addr)), "-U", user, "-d", "postgres", "-c", sql)
	c.Env = append(os.Environ(), "PGPASSWORD="+password, "PGCONNECT_TIMEOUT=5")
	out, err := c.CombinedOutput()
	return strings.TrimSpace(string(out)), err
}

// super runs SQL as the superuser, past every pool.
func (p postgres) super(t *testing.T, sql string) string {
	t.Helper()
	out, err := p.psql(t, p.addr, "postgres", superPassword, sql)
	require.NoError(t, err, out)
	return out
}

// nobody is whom a program runs as that refuses to be root.
const nobody = 65534

func unprivileged(c *exec.Cmd) *exec.Cmd {
	c.Dir = "/"
	if os.Getuid() == 0 {
		c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	}
	return c
}

// unprivilegedFolder is a folder with files for such a program: above a folder of
// the testing package is one that only its owner can enter.
func unprivilegedFolder(t *testing.T, files map[string][]byte) string {
	t.Helper()
	folder, err := os.MkdirTemp("", "conformance")
	require.NoError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	if os.Getuid() == 0 {
		require.NoError(t, os.Chown(folder, nobody, nobody))
	}
	give(t, folder, files)
	return folder
}

// give writes files that belong to such a program.
func give(t *testing.T, folder string, files map[string][]byte) {
	t.Helper()
	for name, content := range files {
		file := filepath.Join(folder, name)
		require.NoError(t, os.WriteFile(file, content, 0o600))
		if os.Getuid() == 0 {
			require.NoError(t, os.Chown(file, nobody, nobody))
		}
	}
}
