package conformance_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/podpattern/podpattern/ambassador"
	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
)

// 50 clients at once are 5 connections to the server; who is in the list of users can
// log in, and who is not is looked up by AuthUser.
func TestPgBouncerPools(t *testing.T) {
	server := newPostgres(t, "host", nil)
	server.super(t, `CREATE USER app PASSWORD 'it''s "a"'; CREATE USER other PASSWORD 'other'; CREATE USER lookup PASSWORD 'lookup'`)
	server.super(t, `CREATE FUNCTION get_auth(TEXT) RETURNS TABLE (name NAME, secret TEXT) SECURITY DEFINER LANGUAGE SQL
		AS 'SELECT rolname, rolpassword FROM pg_authid WHERE rolname = $1'`)
	here := runPgBouncer(t, server.addr, "\"app\" \"it's \"\"a\"\"\"\n\"lookup\" \"lookup\"\n", ambassador.PgBouncerOptions{
		PoolSize: 5, AuthUser: "lookup", AuthQuery: "SELECT name, secret FROM get_auth($1)"}, nil).addr

	_, err := server.psql(t, here, "app", "wrong", "SELECT 1")
	require.Error(t, err)
	out, err := server.psql(t, here, "other", "other", "SELECT 1")
	require.NoError(t, err, out)

	bench := exec.Command(filepath.Join(server.bin, "pgbench"), "-n", "-c", "50", "-j", "2", "-t", "8", "-f", "/dev/stdin",
		"-h", "127.0.0.1", "-p", strconv.Itoa(port(t, here)), "-U", "app", "postgres")
	bench.Stdin = strings.NewReader("SELECT pg_sleep(0.01);\n")
	bench.Env = append(os.Environ(), `PGPASSWORD=it's "a"`)
	done := make(chan struct{})
	var said []byte
	go func() { defer close(done); said, err = bench.CombinedOutput() }()
	most := 0
	for running := true; running; {
		select {
		case <-done:
			running = false
		default:
			n, err := strconv.Atoi(server.super(t, "SELECT count(*) FROM pg_stat_activity WHERE usename = 'app'"))
			require.NoError(t, err)
			most = max(most, n)
		}
	}
	require.NoError(t, err, string(said))
	require.Contains(t, string(said), "number of transactions actually processed: 400/400")
	require.Equal(t, 5, most, "connections to the server")
}

// With a CA a server must show its certificate, for its name; and a list of users
// that changes is read again.
func TestPgBouncerVerifiesTheServer(t *testing.T) {
	good, bad := newCA(t), newCA(t)
	server := newPostgres(t, "hostssl", good.issue(t, "localhost"))
	server.super(t, "CREATE USER app PASSWORD 'app'")
	upstream := "localhost:" + strconv.Itoa(port(t, server.addr))
	o := ambassador.PgBouncerOptions{CA: pattern.ConfigMap("ca").Volume("ca")}
	pool := runPgBouncer(t, upstream, "", o, good.issue(t, "unused"))
	_, err := server.psql(t, pool.addr, "app", "app", "SELECT 1")
	require.Error(t, err, "app is not in the list")
	require.NoError(t, os.WriteFile(filepath.Join(pool.folders["/users"], "userlist.txt"), []byte("\"app\" \"app\"\n"), 0o644))
	require.Eventually(t, func() bool {
		out, err := server.psql(t, pool.addr, "app", "app", "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
		return err == nil && out == "t"
	}, 10*time.Second, 100*time.Millisecond)

	o.QueryWaitTimeoutSeconds = 1 // the client need not wait for the next try
	other := runPgBouncer(t, upstream, "\"app\" \"app\"\n", o, bad.issue(t, "unused"))
	require.Eventually(t, func() bool {
		_, err := server.psql(t, other.addr, "app", "app", "SELECT 1")
		return err != nil && strings.Contains(other.said(t), "certificate verify failed")
	}, 10*time.Second, 100*time.Millisecond)
}

// The check that the tests above make by starting it can fail.
func TestPgBouncerRefusesABrokenConfiguration(t *testing.T) {
	folder := unprivilegedFolder(t, nil)
	config := strings.Replace(pgBouncerINI(t, ambassador.PgBouncer("db", "db:5432", pattern.Secret("users"))), "pool_mode = transaction", "pool_mode = transactions", 1)
	give(t, folder, map[string][]byte{"pgbouncer.ini": []byte(config)})
	out, err := unprivileged(exec.Command("pgbouncer", filepath.Join(folder, "pgbouncer.ini"))).CombinedOutput()
	require.Error(t, err)
	require.Contains(t, string(out), "pool_mode")
}

// pool is a PgBouncer that runs until the test ends.
type pool struct {
	addr    string
	log     string
	folders map[string]string
}

func (p pool) said(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(p.log)
	require.NoError(t, err)
	return string(text)
}

// runPgBouncer runs what the container runs: told to stop, it ends by itself.
func runPgBouncer(t *testing.T, upstream, users string, o ambassador.PgBouncerOptions, certs map[string][]byte) pool {
	t.Helper()
	addr := closedPorts(t, 1)[0]
	o.Port = port(t, addr)
	c := ambassador.PgBouncer("db", upstream, pattern.Secret("users"), o)
	p := pool{addr: addr, folders: map[string]string{
		"/users": unprivilegedFolder(t, map[string][]byte{"userlist.txt": []byte(users)}), "/ca": unprivilegedFolder(t, map[string][]byte{"ca.crt": certs["ca.crt"]}),
	}}
	folder := unprivilegedFolder(t, map[string][]byte{"pgbouncer.ini": []byte(relocate(pgBouncerINI(t, c), p.folders)), "log": nil})
	p.log = filepath.Join(folder, "log")
	bouncer, err := exec.LookPath("pgbouncer")
	require.NoError(t, err, "these tests need pgbouncer")
	argv := container(t, pattern.Pod("web").WithApp(pattern.App("web", "web:1")).WithAmbassador(c), "db").Command
	rewrite(argv, p.folders, map[string]string{
		"/usr/bin/pgbouncer": bouncer, "/etc/pgbouncer/pgbouncer.ini": filepath.Join(folder, "pgbouncer.ini")})
	log, err := os.Create(p.log)
	require.NoError(t, err)
	defer log.Close()
	run := unprivileged(exec.Command("busybox", argv...))
	run.Stdout, run.Stderr = log, log
	if run.SysProcAttr == nil {
		run.SysProcAttr = &syscall.SysProcAttr{}
	}
	run.SysProcAttr.Setpgid = true
	require.NoError(t, run.Start())
	t.Cleanup(func() {
		told := time.Now()
		require.NoError(t, run.Process.Signal(syscall.SIGTERM))
		late := time.AfterFunc(10*time.Second, func() { _ = syscall.Kill(-run.Process.Pid, syscall.SIGKILL) })
		_ = run.Wait()
		late.Stop()
		_ = syscall.Kill(-run.Process.Pid, syscall.SIGKILL) // what PID 1 would take along
		require.Less(t, time.Since(told), atOnce, p.said(t))
		if t.Failed() {
			t.Log(p.said(t))
		}
	})
	require.Eventually(t, func() bool { return strings.Contains(p.said(t), "process up") }, 10*time.Second, 50*time.Millisecond)
	return p
}

// pgBouncerINI gives the configuration as PgBouncer 1.18, Debian's, takes it: it knows
// no prepared statements of the protocol.
func pgBouncerINI(t *testing.T, c pattern.AmbassadorContainer) string {
	t.Helper()
	objects, err := pattern.Pod("web").WithApp(pattern.App("web", "web:1")).WithAmbassador(c).Objects()
	require.NoError(t, err)
	config := objects[0].(*corev1.ConfigMap).Data["pgbouncer.ini"]
	require.Contains(t, config, "max_prepared_statements")
	return regexp.MustCompile("(?m)^max_prepared_statements.*\n").ReplaceAllString(config, "")
}
