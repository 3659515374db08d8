package conformance_test

import (
	"context"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/podpattern/podpattern/adapter"
	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
)

// mtailArgs gives the arguments of adapter.MetricsFromLogs, with its programs and the
// logs in folders here.
func mtailArgs(t *testing.T, logs string, metrics []adapter.LogMetric, o adapter.MetricsFromLogsOptions) []string {
	t.Helper()
	volume := pattern.EmptyDir("logs")
	objects, err := pattern.Pod("web").WithApp(pattern.App("web", "web:1").Writes(volume, "/logs")).
		WithAdapter(adapter.MetricsFromLogs(volume, metrics, o)).Objects()
	require.NoError(t, err)
	progs := t.TempDir()
	for name, text := range objects[0].(*corev1.ConfigMap).Data {
		require.NoError(t, os.WriteFile(filepath.Join(progs, name), []byte(text), 0o600))
	}
	args := objects[1].(*corev1.Pod).Spec.InitContainers[0].Args
	for i := range args {
		args[i] = strings.NewReplacer("/etc/mtail", progs, "/logs/", logs+"/").Replace(args[i])
	}
	return args
}

// mtail compiles the programs of a helper. Beside logs to read it sometimes doesn't
// end then.
func mtail(t *testing.T, args []string) (string, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	require.Contains(t, args[0], "--progs=")
	out, err := exec.CommandContext(ctx, "mtail", args[0], "--compile_only", "--logtostderr", "--port=0").CombinedOutput()
	return string(out), err
}

// logMetrics have in them what could end a regular expression, or a string.
func logMetrics() []adapter.LogMetric {
	return []adapter.LogMetric{
		{Name: "app_requests_total", Regex: `^GET /a\/(?P<route>[^"/|]+)\\/ "(?P<by>\d+)" # \$x \{\}$`, Labels: []string{"route", "by"}},
		{Name: "counter", Type: "gauge", Regex: `^tiefe/größe=(?P<v>\S+)`, Value: "v"},
		{Name: "app_latency_seconds", Type: "histogram", Regex: `took (?P<took>[0-9.]+)s`, Value: "took"},
		{Name: "app_size_bytes", Type: "histogram", Regex: `size (?P<histogram>\d+) (?P<kind>\w*)`, Value: "histogram", Labels: []string{"kind"}, Buckets: []float64{-1, 0, 1e9, 1e21}},
		{Name: "app_bytes_total", Regex: `size (?P<size>\d+)`, Value: "size"},
		{Name: "app_lines_total", Regex: `$`},
		{Name: "app_lines_total", Regex: `twice (?P<n>-?\d+(\.\d+)?)`, Value: "n"},
	}
}

// What mtail counts is what Prometheus gets; a value that is no number hurts no other
// metric.
func TestMetricsFromLogs(t *testing.T) {
	logs, addr := t.TempDir(), closedPorts(t, 1)[0]
	log, err := os.Create(filepath.Join(logs, "app.log"))
	require.NoError(t, err)
	defer log.Close()
	background(t, nil, "mtail", mtailArgs(t, logs, logMetrics(), adapter.MetricsFromLogsOptions{Port: port(t, addr),
		Programs: map[string]string{"more.mtail": "counter more_total\n/more/ {\n  more_total++\n}\n"}})...)
	require.Eventually(t, func() bool { return get(addr, "/") == http.StatusOK }, 10*time.Second, 20*time.Millisecond)
	_, err = log.WriteString(strings.Join([]string{
		`GET /a/cart\/ "200" # $x {}`,
		`tiefe/größe=1e3`, `tiefe/größe=viel`,
		`took 0.3s`, `size 17 x`, `twice 2.5`, `more`, ``,
	}, "\n"))
	require.NoError(t, err)
	for _, want := range []string{
		`app_requests_total{by="200",route="cart"} 1`,
		`counter 1000`,
		`app_latency_seconds_bucket{le="0.25"} 0`,
		`app_latency_seconds_bucket{le="0.5"} 1`,
		`app_size_bytes_bucket{kind="x",le="0"} 0`,
		`app_size_bytes_bucket{kind="x",le="1e+09"} 1`,
		`app_bytes_total 17`,
		`app_lines_total 9.5`, // seven lines, and what one of them says
		`more_total 1`,
	} {
		require.Eventually(t, func() bool { return strings.Contains(scraped(t, addr, "/metrics"), "\n"+want+"\n") }, 5*time.Second, 50*time.Millisecond, want)
	}
	// The app starts after mtail, which finds the files that it makes.
	later, err := os.Create(filepath.Join(logs, "later.log"))
	require.NoError(t, err)
	defer later.Close()
	require.Eventually(t, func() bool {
		_, err := later.WriteString("more\n")
		return err == nil && !strings.Contains(scraped(t, addr, "/metrics"), "\nmore_total 1\n")
	}, 5*time.Second, 50*time.Millisecond)
	out, err := promtool(t, scraped(t, addr, "/metrics"))
	require.NoError(t, err, out)
}

// The check of a program can fail.
func TestMtailRefusesABrokenProgram(t *testing.T) {
	args := mtailArgs(t, t.TempDir(), logMetrics(), adapter.MetricsFromLogsOptions{})
	out, err := mtail(t, args)
	require.NoError(t, err, out)
	args = mtailArgs(t, t.TempDir(), logMetrics(), adapter.MetricsFromLogsOptions{Programs: map[string]string{"broken.mtail": "/a/ { a++ }\n"}})
	out, err = mtail(t, args)
	require.Error(t, err)
	require.Contains(t, out, "broken.mtail")
}
