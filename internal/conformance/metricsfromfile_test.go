package conformance_test

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/podpattern/podpattern/adapter"
	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
)

// serveFile runs what adapter.MetricsFromFile does, with the volume in a folder here.
func serveFile(t *testing.T, in, file string, o adapter.MetricsFromFileOptions) (*process, string) {
	t.Helper()
	addr := closedPorts(t, 1)[0]
	o.Port = port(t, addr)
	stats := pattern.EmptyDir("stats")
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1").Writes(stats, "/stats")).WithAdapter(adapter.MetricsFromFile(stats, file, o))
	objects, err := pod.Objects()
	require.NoError(t, err)
	here := t.TempDir()
	moved := strings.NewReplacer("/etc/metrics", here, "/usr/share/metrics", here, "/in/", in+"/")
	for name, text := range objects[0].(*corev1.ConfigMap).Data {
		require.NoError(t, os.WriteFile(filepath.Join(here, name), []byte(moved.Replace(text)), 0o600))
	}
	c := container(t, pod, "file-metrics")
	for i := range c.Command {
		c.Command[i] = moved.Replace(c.Command[i])
	}
	for i := range c.Env {
		c.Env[i].Value = moved.Replace(c.Env[i].Value)
	}
	p := start(t, c, nil)
	require.Eventually(t, func() bool { return get(addr, "/metrics.cgi") == http.StatusOK }, 10*time.Second, 20*time.Millisecond, p.said(t))
	return p, addr
}

// Each scrape reads the file as it is then, and what it gives is what Prometheus
// takes, whatever stands in the file.
func TestMetricsFromFile(t *testing.T) {
	in := t.TempDir()
	p, addr := serveFile(t, in, "queues.raw", adapter.MetricsFromFileOptions{HeaderLines: 1, Metrics: []adapter.FileMetric{
		{Name: "app_queue_depth", Help: `Jobs that "wait" in C:\jobs`, Value: 2, Labels: map[string]int{"queue": 1, "host": 4}},
		{Name: "app_jobs_total", Type: "counter", Help: "Jobs.", Value: 3, Labels: map[string]int{"queue": 1}, Match: map[int]string{4: `h 1 "\"`}},
	}})
	none := exposition(t, addr)
	require.Contains(t, none, "metrics_file_up 0\n")
	require.NotContains(t, none, "app_")

	raw := strings.Join([]string{
		"queue|depth|jobs|host",
		`mail | 17 |100|h 1 "\"`,
		`we"ird\n{q}=$(x)|+1.5e3|`,
		"# sms|1|1|h2", "", "sms|unknown|2|h2", "a line that is none",
		"ümläut|-Inf|7|h2\r",
		`mail|18|101|h 1 "\"`,
	}, "\n")
	require.NoError(t, os.WriteFile(filepath.Join(in, "queues.raw"), []byte(raw), 0o600))
	got := exposition(t, addr)
	want := `# HELP app_queue_depth Jobs that "wait" in C:\\jobs
# TYPE app_queue_depth gauge
app_queue_depth{host="h 1 \"\\\"",queue="mail"} 18
app_queue_depth{host="",queue="we\"ird\\n{q}=$(x)"} +1.5e3
app_queue_depth{host="h2",queue="ümläut"} -Inf
# HELP app_jobs_total Jobs.
# TYPE app_jobs_total counter
app_jobs_total{queue="mail"} 101
`
	require.True(t, strings.HasPrefix(got, want), got)
	require.Contains(t, got, "metrics_file_up 1\n")
	require.Contains(t, got, "metrics_file_skipped_lines 2\n")
	require.Regexp(t, regexp.MustCompile(`(?m)^metrics_file_mtime_seconds \d{10}$`), got)

	told := time.Now()
	require.NoError(t, p.cmd.Process.Signal(syscall.SIGTERM))
	require.Zero(t, p.end(t), p.said(t))
	require.Less(t, time.Since(told), atOnce)
}

// Without a word on the columns, a line is a name and a value.
func TestMetricsFromFileWithNames(t *testing.T) {
	in := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(in, "stats"), []byte("app_jobs   3\n  app_queue\t.5 ignored\nnot-a-name 1\nmetrics_file_up 7\napp_jobs 4\n"), 0o600))
	_, addr := serveFile(t, in, "stats", adapter.MetricsFromFileOptions{Delimiter: " "})
	answer, err := http.Get("http://" + addr + "/metrics.cgi")
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	require.Equal(t, "text/plain; version=0.0.4; charset=utf-8", answer.Header.Get("Content-Type"))
	got := scraped(t, addr, "/metrics.cgi")
	require.True(t, strings.HasPrefix(got, "# TYPE app_jobs untyped\napp_jobs 4\n# TYPE app_queue untyped\napp_queue .5\n"), got)
	require.Contains(t, got, "metrics_file_up 1\n")
	require.Contains(t, got, "metrics_file_skipped_lines 2\n")
}

// The columns are what the groups matched, whatever else is in the expression and in
// the lines: nothing there ends the one, or is a command to sed.
func TestMetricsFromFileByRegex(t *testing.T) {
	in := t.TempDir()
	_, addr := serveFile(t, in, "stats", adapter.MetricsFromFileOptions{HeaderLines: 1,
		Regex: `(größe|s/a&\\1/w|"|'|\$\(x\)|[^][:alnum:][:space:]]#) of[[:blank:]]*([^[|\\:]+)(:)? ([0-9.]+)( \[([]\\/.&]*)\])?`,
		Metrics: []adapter.FileMetric{
			{Name: "app_queue_depth", Help: "Depth.", Value: 4, Labels: map[string]int{"kind": 1, "queue": 2, "marks": 6}},
			{Name: "app_colons", Help: "Colons.", Value: 4, Match: map[int]string{3: ":"}},
		}})
	raw := strings.Join([]string{
		"größe of header: 1",
		"the größe of mail: 1, of 2", `s/a&\1/w of &$1"'; 2`, `" of a b : 3.5 []\/.&]!`, "' of\ttab: 4 [\x1f]", "$(x) of `x`: 5\r", "-# of \x1fdash\x01: 6",
		"größe of nothing", "&", `\1`, "", "  ", "# größe of comment: 9", "größe of last: 7",
	}, "\n")
	require.NoError(t, os.WriteFile(filepath.Join(in, "stats"), []byte(raw), 0o600))
	got := exposition(t, addr)
	want := `# HELP app_queue_depth Depth.
# TYPE app_queue_depth gauge
app_queue_depth{kind="größe",marks="",queue="mail"} 1
app_queue_depth{kind="s/a&\\1/w",marks="",queue="&$1\"';"} 2
app_queue_depth{kind="\"",marks="]\\/.&",queue="a b"} 3.5
app_queue_depth{kind="'",marks="",queue="tab"} 4
app_queue_depth{kind="$(x)",marks="",queue="` + "`x`" + `"} 5
app_queue_depth{kind="-#",marks="",queue="dash` + "\x01" + `"} 6
app_queue_depth{kind="größe",marks="",queue="last"} 7
# HELP app_colons Colons.
# TYPE app_colons gauge
app_colons 7
`
	require.True(t, strings.HasPrefix(got, want), got)
	require.Contains(t, got, "metrics_file_skipped_lines 3\n")
}

// Without a word on the groups, the first two are a name and a value. Comments and
// empty lines are none of the expression's, and a line's end is before its \r.
func TestMetricsFromFileByRegexWithNames(t *testing.T) {
	in := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(in, "stats"), []byte("app_jobs has 3\r\n# app_old has 4\n\napp_queue has none\n"), 0o600))
	_, addr := serveFile(t, in, "stats", adapter.MetricsFromFileOptions{Regex: `^([#a-z_ ]*) has ([0-9]+|none)$|^$`})
	got := scraped(t, addr, "/metrics.cgi")
	require.True(t, strings.HasPrefix(got, "# TYPE app_jobs untyped\napp_jobs 3\n# HELP"), got)
	require.Contains(t, got, "metrics_file_skipped_lines 1\n")
}

// A file of many lines is read within the time that a scrape has.
func TestMetricsFromFileIsQuick(t *testing.T) {
	in := t.TempDir()
	var raw strings.Builder
	for i := range 10000 {
		fmt.Fprintf(&raw, "queue-%d|%d\n", i, i)
	}
	require.NoError(t, os.WriteFile(filepath.Join(in, "stats"), []byte(raw.String()), 0o600))
	for _, regex := range []string{"", `^([^|]*)\|([0-9]+)$`} {
		_, addr := serveFile(t, in, "stats", adapter.MetricsFromFileOptions{Regex: regex, Metrics: []adapter.FileMetric{{Name: "app_queue", Value: 2, Labels: map[string]int{"queue": 1}}}})
		from := time.Now()
		require.Contains(t, scraped(t, addr, "/metrics.cgi"), `app_queue{queue="queue-9999"} 9999`)
		require.Less(t, time.Since(from), 5*time.Second)
	}
}

// exposition gives what a scrape gets, if promtool finds nothing in it.
func exposition(t *testing.T, addr string) string {
	t.Helper()
	text := scraped(t, addr, "/metrics.cgi")
	out, err := promtool(t, text)
	require.NoError(t, err, "%s\n%s", out, text)
	return text
}

// promtool lets the program check and lint metrics.
func promtool(t *testing.T, text string) (string, error) {
	t.Helper()
	program, err := exec.LookPath("promtool")
	require.NoError(t, err, "these tests need promtool")
	c := exec.Command(program, "check", "metrics")
	c.Stdin = strings.NewReader(text)
	out, err := c.CombinedOutput()
	return string(out), err
}

// The check above can fail.
func TestPromtoolRefuses(t *testing.T) {
	for name, tt := range map[string]struct{ text, want string }{
		"twice":      {"a 1\nb 1\n# TYPE a gauge\na 2\n", "second TYPE"},
		"not quoted": {"# HELP a b\n# TYPE a gauge\na{b=\"\"\"} 1\n", "error while linting"},
		"no help":    {"# TYPE a gauge\na 1\n", "no help text"},
	} {
		out, err := promtool(t, tt.text)
		require.Error(t, err, name)
		require.Contains(t, out, tt.want, name)
	}
}
