package conformance_test

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/podpattern/podpattern/internal/attach"
	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
)

// nginxHere is what an nginx of the catalogue runs as in a test: as in its image it
// is no root, and writes only where the container has a volume.
type nginxHere struct {
	dir     string
	command []string
	config  string
}

// nginxFor puts a container's command and configuration into a folder of this machine.
// The nginx of Debian is older than that of the image: what it spells otherwise is
// changed, which is http2 alone.
func nginxFor[R pattern.Role](t *testing.T, appPort int, c pattern.Container[R], files map[string]string) nginxHere {
	t.Helper()
	app := pattern.App("web", "web:1").Port("http", appPort)
	objects, err := attach.To(pattern.Pod("web").WithApp(app), c).Objects()
	require.NoError(t, err)
	dir, err := os.MkdirTemp("", "nginx")
	require.NoError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	moved := strings.NewReplacer("/etc/nginx/", dir+"/etc/", "/tmp/", dir+"/tmp/", "/var/cache/nginx", dir+"/cache", "/dev/stdout", dir+"/access.log")
	h := nginxHere{dir: dir}
	for _, o := range objects {
		switch o := o.(type) {
		case *corev1.ConfigMap:
			h.config = o.Data["nginx.conf"]
		case *corev1.Pod:
			for _, c := range o.Spec.InitContainers {
				h.command = expanded(slices.Concat(c.Command, c.Args), c.Env)
			}
		}
	}
	require.NotEmpty(t, h.config)
	for i, word := range h.command {
		h.command[i] = moved.Replace(word)
	}
	if strings.Contains(h.config, "http2 on;") {
		h.config = strings.Replace(strings.Replace(h.config, "http2 on;", "", 1), " ssl;", " ssl http2;", 1)
	}
	h.config = moved.Replace(h.config)
	for _, d := range []string{"tmp", "cache", "etc/podpattern", "etc/tls", "etc/client-ca"} {
		require.NoError(t, os.MkdirAll(filepath.Join(dir, d), 0o755))
	}
	h.write(t, "etc/podpattern/nginx.conf", h.config)
	for name, content := range files {
		h.write(t, name, content)
	}
	h.own(t)
	return h
}

func (h nginxHere) write(t *testing.T, name, content string) {
	t.Helper()
	require.NoError(t, os.WriteFile(filepath.Join(h.dir, name), []byte(content), 0o644))
}

// own gives the folder to the uid of the image, where the test is root.
func (h nginxHere) own(t *testing.T) {
	t.Helper()
	require.NoError(t, os.Chmod(h.dir, 0o755))
	if os.Geteuid() != 0 {
		return
	}
	require.NoError(t, filepath.WalkDir(h.dir, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Chown(path, 101, 101)
	}))
}

// cmd is a command in the folder.
func (h nginxHere) cmd(t *testing.T, argv ...string) *exec.Cmd {
	t.Helper()
	_, err := exec.LookPath("nginx")
	require.NoError(t, err, "these tests need nginx 1.22 or newer")
	c := exec.Command(argv[0], argv[1:]...)
	c.Dir = h.dir
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if os.Geteuid() == 0 {
		c.SysProcAttr.Credential = &syscall.Credential{Uid: 101, Gid: 101}
	}
	return c
}

// check lets nginx read the configuration.
func (h nginxHere) check(t *testing.T) (string, error) {
	t.Helper()
	out, err := h.cmd(t, "nginx", "-t", "-q", "-e", "stderr", "-c", h.dir+"/etc/podpattern/nginx.conf").CombinedOutput()
	return string(out), err
}

// runningNginx is one that was started.
type runningNginx struct {
	nginxHere
	cmd  *exec.Cmd
	log  string
	done chan struct{}
}

// run starts the container's command until the test ends, and waits until it is
// healthy.
func (h nginxHere) run(t *testing.T, status string) *runningNginx {
	t.Helper()
	log, err := os.Create(filepath.Join(t.TempDir(), "log"))
	require.NoError(t, err)
	defer log.Close()
	r := &runningNginx{nginxHere: h, cmd: h.cmd(t, h.command...), log: log.Name(), done: make(chan struct{})}
	r.cmd.Stdout, r.cmd.Stderr = log, log
	require.NoError(t, r.cmd.Start())
	go func() { _ = r.cmd.Wait(); close(r.done) }()
	t.Cleanup(func() {
		_ = syscall.Kill(-r.cmd.Process.Pid, syscall.SIGKILL)
		<-r.done
	})
	for end := time.Now().Add(10 * time.Second); get(status, "/healthz") != 200; time.Sleep(20 * time.Millisecond) {
		require.True(t, time.Now().Before(end), "nginx is not healthy: %s", r.said(t))
	}
	return r
}

func (r *runningNginx) said(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(r.log)
	require.NoError(t, err)
	return string(text)
}

// quit tells it to stop with the signal that its image names, as the runtime does.
func (r *runningNginx) quit(t *testing.T) { require.NoError(t, r.cmd.Process.Signal(syscall.SIGQUIT)) }

func (r *runningNginx) ended(t *testing.T, within time.Duration) {
	t.Helper()
	select {
	case <-r.done:
		require.Zero(t, r.cmd.ProcessState.ExitCode(), r.said(t))
	case <-time.After(within):
		require.Fail(t, "nginx did not stop", r.said(t))
	}
}

// complaints are lines of a log at level warn or above.
var complaints = regexp.MustCompile(`(?m)^.*\[(?:warn|error|crit|alert|emerg)\].*$`)
