package conformance_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/podpattern/podpattern/adapter"
	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
)

// adapt starts what adapter.Script runs, with a folder for what it reads and one
// for what it writes.
func adapt(t *testing.T, script, in, out string) *process {
	t.Helper()
	from, to := pattern.EmptyDir("raw"), pattern.EmptyDir("out")
	pod := pattern.Pod("web").
		WithApp(pattern.App("web", "web:1").Writes(from, "/raw"), pattern.App("reader", "reader:1").Reads(to, "/converted")).
		WithAdapter(adapter.Script("convert", script, adapter.ScriptOptions{From: from, To: to}))
	return start(t, container(t, pod, "convert"), map[string]string{"/in": in, "/out": out})
}

// The app writes NAME|VALUE, its readers want name value: while both run, each
// line gets across, and a stopped pod does not wait for an adapter.
func TestScriptConverts(t *testing.T) {
	t.Parallel()
	in, out := t.TempDir(), t.TempDir()
	raw, err := os.Create(filepath.Join(in, "metrics.raw"))
	require.NoError(t, err)
	defer raw.Close()
	_, err = raw.WriteString("requests_total|17\n")
	require.NoError(t, err)

	p := adapt(t, `tail -n +1 -F "$IN/metrics.raw" | awk -F'|' '{ print $1, $2; fflush() }' >"$OUT/metrics.prom"`, in, out)
	converted := func(want string) func() bool {
		return func() bool {
			got, err := os.ReadFile(filepath.Join(out, "metrics.prom"))
			return err == nil && string(got) == want
		}
	}
	require.Eventually(t, converted("requests_total 17\n"), 10*time.Second, 50*time.Millisecond)
	_, err = raw.WriteString("errors_total|3\n")
	require.NoError(t, err)
	require.Eventually(t, converted("requests_total 17\nerrors_total 3\n"), 10*time.Second, 50*time.Millisecond)

	told := time.Now()
	require.NoError(t, p.cmd.Process.Signal(syscall.SIGTERM))
	require.Zero(t, p.end(t), p.said(t))
	require.Less(t, time.Since(told), atOnce)
}

// The kubelet starts an adapter again that failed; so it must say that it did.
func TestScriptTellsItsFailure(t *testing.T) {
	t.Parallel()
	p := adapt(t, `echo "$(echo no) $IN/metrics.raw"; [ $$ -gt 1 ] && exit 3`, "/nowhere", "/nowhere")
	require.Equal(t, 3, p.end(t))
	require.Equal(t, "no /nowhere/metrics.raw", p.lastLine(t))
}
