package conformance_test

import (
	"io"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/sidecar"
	"github.com/stretchr/testify/require"
)

// A server that asks for a password is read with that of the Secret; with another
// the exporter works on, and says that the server is down.
func TestRedisExporter(t *testing.T) {
	free := closedPorts(t, 3)
	background(t, nil, "redis-server", "--port", strconv.Itoa(port(t, free[0])), "--bind", "127.0.0.1", "--save", "", "--requirepass", "se$cret", "--dir", t.TempDir())
	for i, tt := range []struct{ password, want string }{{"se$cret", "redis_up 1"}, {"wrong", "redis_up 0"}} {
		c := container(t, pattern.Pod("web").WithApp(pattern.App("redis", "redis:8")).WithSidecar(
			sidecar.RedisExporter("redis://"+free[0], sidecar.RedisExporterOptions{
				Password: pattern.Secret("redis"), Port: port(t, free[1+i]), CountKeys: []string{"db0=session:*"}, CheckKeys: []string{"cart:*"}})), "redis-exporter")
		require.Equal(t, "REDIS_PASSWORD", c.Env[0].Name)
		background(t, []string{"REDIS_PASSWORD=" + tt.password}, "prometheus-redis-exporter", c.Args...)

		require.Eventually(t, func() bool { return get(free[1+i], c.LivenessProbe.HTTPGet.Path) == http.StatusOK }, 10*time.Second, 50*time.Millisecond)
		require.Eventually(t, func() bool { return strings.Contains(scraped(t, free[1+i], "/metrics"), "\n"+tt.want+"\n") }, 10*time.Second, 50*time.Millisecond)
	}
}

// A flag that the program doesn't have ends it; so the test above can fail.
func TestRedisExporterRefusesAFlag(t *testing.T) {
	out, err := exec.Command("prometheus-redis-exporter", "-redis.address=redis://127.0.0.1").CombinedOutput()
	require.Error(t, err)
	require.Contains(t, string(out), "flag provided but not defined")
}

// background starts a program that the test's end stops.
func background(t *testing.T, env []string, program string, args ...string) *exec.Cmd {
	t.Helper()
	c := exec.Command(program, args...)
	c.Env = append(os.Environ(), env...)
	c.Stdout, c.Stderr = t.Output(), t.Output()
	require.NoError(t, c.Start())
	t.Cleanup(func() {
		_ = c.Process.Kill()
		_ = c.Wait()
	})
	return c
}

// scraped gives what a server says.
func scraped(t *testing.T, addr, path string) string {
	t.Helper()
	answer, err := http.Get("http://" + addr + path)
	require.NoError(t, err)
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	return string(body)
}
