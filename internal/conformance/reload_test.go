package conformance_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/podpattern/podpattern/ambassador"
	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
)

// runReloading runs the shell that stands before haproxy with a script in its place:
// after a second the files are looked at, and the stop is over.
func runReloading(t *testing.T, folder, script string) *process {
	t.Helper()
	front := ambassador.MTLSServer(8080, pattern.Secret("web-tls").Volume("web-tls"), ambassador.MTLSServerOptions{AllowAll: true})
	c := container(t, pattern.Pod("web").WithApp(pattern.App("web", "web:1").Ports(8080)).WithAmbassador(front), "mtls")
	require.Equal(t, []string{"USR2", "USR1", "20", "30", "/certs", "haproxy"}, c.Command[4:10])
	c.Command = append(c.Command[:6:6], "1", "1", folder, "sh", "-c", script)
	p := start(t, c, nil)
	require.Eventually(t, func() bool { return strings.Contains(p.said(t), "started") }, 10*time.Second, 20*time.Millisecond)
	return p
}

// Each change is one reload.
func TestReloadingReloads(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	file := filepath.Join(folder, "tls.crt")
	require.NoError(t, os.WriteFile(file, []byte("1"), 0o644))
	p := runReloading(t, folder, `trap 'echo reload' USR2; echo started; while :; do sleep 0.1; done`)
	time.Sleep(300 * time.Millisecond) // until the file was read
	require.NoError(t, os.WriteFile(file, []byte("2"), 0o644))
	time.Sleep(3500 * time.Millisecond)
	require.Equal(t, 1, strings.Count(p.said(t), "reload"), p.said(t))
}

// At a stop the program has its seconds, also when it ends before them, and its exit
// code is that of the container.
func TestReloadingStops(t *testing.T) {
	for name, tt := range map[string]struct {
		script string
		code   int
		least  time.Duration
	}{
		"by itself": {`trap 'sleep 0.3; exit 7' USR1; echo started; while :; do sleep 0.1; done`, 7, 300 * time.Millisecond},
		"at last":   {`trap 'echo asked' USR1; trap 'exit 3' TERM; echo started; while :; do sleep 0.1; done`, 3, time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := runReloading(t, t.TempDir(), tt.script)
			told := time.Now()
			require.NoError(t, p.cmd.Process.Signal(syscall.SIGTERM))
			require.Equal(t, tt.code, p.end(t), p.said(t))
			require.GreaterOrEqual(t, time.Since(told), tt.least)
			require.Less(t, time.Since(told), tt.least+atOnce)
		})
	}
}
