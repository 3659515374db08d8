package conformance_test

import (
	"syscall"
	"testing"
	"time"

	"github.com/podpattern/podpattern/initc"
	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
)

// waitFor starts what initc.WaitForTCP runs.
func waitFor(t *testing.T, addr string, o initc.WaitOptions) *process {
	t.Helper()
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1")).WithInit(initc.WaitForTCP(addr, o).Name("wait"))
	return start(t, container(t, pod, "wait"), nil)
}

func TestWaitForAnOpenPort(t *testing.T) {
	t.Parallel()
	addr := listen(t, "127.0.0.1:0", hangUp)
	p := waitFor(t, addr, initc.WaitOptions{})
	require.Zero(t, p.end(t), p.said(t))
	require.Less(t, time.Since(p.started), atOnce)
	require.Equal(t, addr+" accepts connections", p.lastLine(t))
}

func TestWaitForAPortThatOpensLater(t *testing.T) {
	t.Parallel()
	addr, open := reserved(t)
	p := waitFor(t, addr, initc.WaitOptions{MaxIntervalSeconds: 1})
	time.Sleep(1500 * time.Millisecond)
	open()
	require.Zero(t, p.end(t), p.said(t))
	require.Less(t, time.Since(p.started), 6*time.Second, "a pause that is longer than a second")
	require.Contains(t, p.said(t), "waiting for "+addr)
}

// Where nobody ever listens the wait ends at its timeout, up to one pause and one
// try later, and says what it waited for.
func TestWaitForAClosedPort(t *testing.T) {
	t.Parallel()
	addr, _ := reserved(t)
	p := waitFor(t, addr, initc.WaitOptions{TimeoutSeconds: 2, MaxIntervalSeconds: 1})
	require.Equal(t, 1, p.end(t), p.said(t))
	require.GreaterOrEqual(t, time.Since(p.started), time.Second)
	require.Less(t, time.Since(p.started), 6*time.Second)
	require.Equal(t, "gave up: "+addr+" accepted no connection within 2 seconds", p.lastLine(t))
}

func TestWaitStopsAtOnce(t *testing.T) {
	t.Parallel()
	addr, _ := reserved(t)
	p := waitFor(t, addr, initc.WaitOptions{})
	time.Sleep(1300 * time.Millisecond) // so that it is in the second pause, of two seconds
	told := time.Now()
	require.NoError(t, p.cmd.Process.Signal(syscall.SIGTERM))
	require.Equal(t, 143, p.end(t), p.said(t))
	require.Less(t, time.Since(told), time.Second, "the pause goes on for longer")
	require.Equal(t, "stopped while waiting for "+addr, p.lastLine(t))
}
