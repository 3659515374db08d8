package conformance_test

import (
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/podpattern/podpattern/ambassador"
	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
)

// An app that dials localhost reaches the upstream, and who asks haproxy for its
// health gets what the documentation of ambassador.TCP says.
func TestHaproxyForwards(t *testing.T) {
	upstream := says(t, "hello from upstream")
	here, status := runTCP(t, upstream, ambassador.TCPOptions{}, nil)

	require.Eventually(t, func() bool { return get(status, "/ready") == http.StatusOK }, 10*time.Second, 50*time.Millisecond)
	require.Equal(t, http.StatusOK, get(status, "/healthz"))
	require.Equal(t, http.StatusOK, get(status, "/metrics"))
	require.Equal(t, "hello from upstream", hear(t, here))
}

// An upstream that is down makes haproxy no less healthy, only not ready.
func TestHaproxyWithoutAnUpstream(t *testing.T) {
	_, status := runTCP(t, closedPorts(t, 1)[0], ambassador.TCPOptions{}, nil)
	require.Eventually(t, func() bool { return get(status, "/ready") == http.StatusServiceUnavailable }, 10*time.Second, 50*time.Millisecond)
	require.Equal(t, http.StatusOK, get(status, "/healthz"))
}

// Of two servers one is dead: each connection gets the other one, from the first
// on, also before the checks have found out.
func TestHaproxyFailsOver(t *testing.T) {
	here, _ := runTCP(t, closedPorts(t, 1)[0], ambassador.TCPOptions{Upstreams: []string{says(t, "alive")}}, nil)
	for range 20 {
		require.Equal(t, "alive", hear(t, here))
	}
}

// A backup is used while no other server is up, and no longer.
func TestHaproxyUsesABackup(t *testing.T) {
	addr := closedPorts(t, 1)[0]
	here, _ := runTCP(t, addr, ambassador.TCPOptions{Backups: []string{says(t, "backup")}, CheckSeconds: 1}, nil)
	require.Eventually(t, func() bool { return hear(t, here) == "backup" }, 10*time.Second, 50*time.Millisecond)
	listen(t, addr, func(c net.Conn) { _, _ = io.WriteString(c, "first") })
	require.Eventually(t, func() bool { return hear(t, here) == "first" }, 10*time.Second, 50*time.Millisecond)
}

func TestHaproxyBalances(t *testing.T) {
	a, b := says(t, "a"), says(t, "b")
	for balance, want := range map[ambassador.Balance]string{
		ambassador.RoundRobin:  "abababab",
		ambassador.FirstServer: "aaaaaaaa",
	} {
		t.Run(balance.String(), func(t *testing.T) {
			here, _ := runTCP(t, a, ambassador.TCPOptions{Upstreams: []string{b}, Balance: balance}, nil)
			var heard strings.Builder
			for range want {
				heard.WriteString(hear(t, here))
			}
			require.Equal(t, want, heard.String())
		})
	}
	here, _ := runTCP(t, a, ambassador.TCPOptions{Upstreams: []string{b}}, nil)
	for _, want := range []string{"a", "b"} {
		require.Eventually(t, func() bool { return hear(t, here) == want }, 10*time.Second, time.Millisecond)
	}
}

// With TLS a server must show a certificate of the CA, for its name.
func TestHaproxyVerifiesTheServer(t *testing.T) {
	good, bad := newCA(t), newCA(t)
	for name, tt := range map[string]struct {
		shows      tls.Certificate
		serverName string
		want       string
	}{
		"its own":      {pair(t, good.issue(t, "db.example.com")), "db.example.com", "secret"},
		"another name": {pair(t, good.issue(t, "db.example.com")), "cache.example.com", ""},
		"another CA":   {pair(t, bad.issue(t, "db.example.com")), "db.example.com", ""},
	} {
		t.Run(name, func(t *testing.T) {
			l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{tt.shows}})
			require.NoError(t, err)
			serveOn(t, l, func(c net.Conn) { _, _ = io.WriteString(c, "secret") })
			here, status := runTCP(t, l.Addr().String(), ambassador.TCPOptions{TLS: ambassador.TCPTLS{CA: pattern.ConfigMap("ca").Volume("ca"), ServerName: tt.serverName}}, good.folders(t, "unused"))
			require.Equal(t, tt.want, hear(t, here))
			if tt.want == "" {
				require.Eventually(t, func() bool { return get(status, "/ready") == http.StatusServiceUnavailable }, 10*time.Second, 50*time.Millisecond)
			}
		})
	}
}

// A check is the one that was asked for: a server that answers it otherwise is down.
func TestHaproxyChecks(t *testing.T) {
	path := "/" + hostile
	asked := make(chan string, 100)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	serveOn(t, l, func(c net.Conn) {
		buffer := make([]byte, 1024)
		n, _ := c.Read(buffer)
		line, _, _ := strings.Cut(string(buffer[:n]), "\r\n")
		asked <- line
		_, _ = io.WriteString(c, "HTTP/1.0 500 no\r\n\r\n")
	})
	_, status := runTCP(t, l.Addr().String(), ambassador.TCPOptions{Check: ambassador.HTTPCheck(path), CheckSeconds: 1}, nil)
	require.Equal(t, "GET "+path+" HTTP/1.0", <-asked)
	require.Eventually(t, func() bool { return get(status, "/ready") == http.StatusServiceUnavailable }, 10*time.Second, 50*time.Millisecond)
}

// runTCP runs haproxy as ambassador.TCP configures it. folders are its certificates.
func runTCP(t *testing.T, upstream string, o ambassador.TCPOptions, folders map[string]string) (here, status string) {
	t.Helper()
	free := closedPorts(t, 2)
	here, status = free[0], free[1]
	o.Port, o.StatusPort = port(t, here), port(t, status)
	runHaproxy(t, ambassador.TCP("db", upstream, o), status, folders)
	return here, status
}

// runHaproxy runs an ambassador until the test ends: its own command, or haproxy as
// the entrypoint of its image does. With the signal that the image names, and no
// connection open, it then stops by itself.
func runHaproxy(t *testing.T, c pattern.AmbassadorContainer, status string, folders map[string]string, env ...string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "haproxy.cfg")
	require.NoError(t, os.WriteFile(file, []byte(relocate(haproxyConfig(t, c), folders)), 0o600))
	argv := []string{"haproxy", "-W", "-db", "-f", "/usr/local/etc/haproxy/haproxy.cfg"}
	if own := container(t, pattern.Pod("web").WithApp(pattern.App("web", "web:1").Ports(8080)).WithAmbassador(c), "db"); len(own.Command) > 0 {
		argv = slices.Clone(own.Command)
		argv[0] = filepath.Join(busybox(t), argv[0])
	}
	rewrite(argv, folders, map[string]string{"/usr/local/etc/haproxy/haproxy.cfg": file})
	run := exec.Command(argv[0], argv[1:]...)
	run.Args[0] = filepath.Base(argv[0])
	run.Env = append(os.Environ(), env...)
	run.Stdout, run.Stderr = t.Output(), t.Output()
	run.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	run.WaitDelay = 100 * time.Millisecond // what PID 1 would take along may still hold the output
	require.NoError(t, run.Start())
	t.Cleanup(func() {
		defer func() { _ = syscall.Kill(-run.Process.Pid, syscall.SIGKILL) }()
		stopped := make(chan error, 1)
		go func() { stopped <- run.Wait() }()
		for range 50 { // its first process loses a signal that comes right after the start
			_ = run.Process.Signal(syscall.SIGUSR1)
			select {
			case <-stopped:
				return
			case <-time.After(200 * time.Millisecond):
			}
		}
		require.Fail(t, "haproxy did not stop")
	})
	require.Eventually(t, func() bool { return get(status, "/healthz") == http.StatusOK }, 10*time.Second, 50*time.Millisecond)
}

// rewrite makes a command one that runs here: with the files and folders that are
// here, and looking at them every second.
func rewrite(argv []string, folders, words map[string]string) {
	for i, word := range argv {
		argv[i] = relocate(word, folders)
		if here, known := words[word]; known {
			argv[i] = here
		}
		if word == "30" {
			argv[i] = "1"
		}
	}
}

// says gives the address of a server that says one thing.
func says(t *testing.T, text string) string {
	t.Helper()
	return listen(t, "127.0.0.1:0", func(c net.Conn) { _, _ = io.WriteString(c, text) })
}

// serveOn answers each connection of a listener until the test ends.
func serveOn(t *testing.T, l net.Listener, answer func(net.Conn)) {
	t.Helper()
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return // the test has ended
			}
			go func() {
				defer c.Close()
				answer(c)
			}()
		}
	}()
}

// hear gives all that a server says, which is nothing where haproxy has none.
func hear(t *testing.T, addr string) string {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	require.NoError(t, err)
	defer c.Close()
	said, _ := io.ReadAll(c) // haproxy resets the connection that it has no server for
	return string(said)
}

func port(t *testing.T, addr string) int {
	t.Helper()
	_, digits, err := net.SplitHostPort(addr)
	require.NoError(t, err)
	n, err := strconv.Atoi(digits)
	require.NoError(t, err)
	return n
}

// get gives the status of an answer, and 0 where there is none.
func get(addr, path string) int {
	// A connection that is kept alive would keep haproxy from stopping.
	client := &http.Client{Timeout: time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	answer, err := client.Get("http://" + addr + path)
	if err != nil {
		return 0
	}
	_ = answer.Body.Close()
	return answer.StatusCode
}
