package conformance_test

import (
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/podpattern/podpattern/ambassador"
	"github.com/stretchr/testify/require"
)

// An app that dials localhost reaches the upstream, and who asks haproxy for its
// health gets what the documentation of ambassador.TCP says.
func TestHaproxyForwards(t *testing.T) {
	upstream := listen(t, "127.0.0.1:0", func(c net.Conn) { _, _ = io.WriteString(c, "hello from upstream") })
	here, status := serve(t, upstream)

	require.Eventually(t, func() bool { return get(status, "/ready") == http.StatusOK }, 10*time.Second, 50*time.Millisecond)
	require.Equal(t, http.StatusOK, get(status, "/healthz"))
	require.Equal(t, http.StatusOK, get(status, "/metrics"))

	c, err := net.Dial("tcp", here)
	require.NoError(t, err)
	defer c.Close()
	said, err := io.ReadAll(c)
	require.NoError(t, err)
	require.Equal(t, "hello from upstream", string(said))
}

// An upstream that is down makes haproxy no less healthy, only not ready.
func TestHaproxyWithoutAnUpstream(t *testing.T) {
	_, status := serve(t, closedPorts(t, 1)[0])
	require.Eventually(t, func() bool { return get(status, "/ready") == http.StatusServiceUnavailable }, 10*time.Second, 50*time.Millisecond)
	require.Equal(t, http.StatusOK, get(status, "/healthz"))
}

// serve runs haproxy as ambassador.TCP configures it, until the test ends. With the
// signal that its image names, and no connection open, it then stops by itself.
func serve(t *testing.T, upstream string) (here, status string) {
	t.Helper()
	free := closedPorts(t, 2)
	here, status = free[0], free[1]
	config := haproxyConfig(t, ambassador.TCP("db", upstream, ambassador.TCPOptions{Port: port(t, here), StatusPort: port(t, status)}))
	file := filepath.Join(t.TempDir(), "haproxy.cfg")
	require.NoError(t, os.WriteFile(file, []byte(config), 0o600))
	c := exec.Command("haproxy", "-db", "-f", file)
	c.Stdout, c.Stderr = t.Output(), t.Output()
	require.NoError(t, c.Start())
	t.Cleanup(func() {
		require.NoError(t, c.Process.Signal(syscall.SIGUSR1))
		late := time.AfterFunc(10*time.Second, func() { _ = c.Process.Kill() })
		_ = c.Wait()
		require.True(t, late.Stop(), "haproxy did not stop")
	})
	require.Eventually(t, func() bool { return get(status, "/healthz") == http.StatusOK }, 10*time.Second, 50*time.Millisecond)
	return here, status
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
