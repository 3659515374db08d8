package e2e_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/podpattern/podpattern/adapter"
	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
)

// awk writes what it has made of some 4 KiB at once, as its output is a file, so the last
// line may be a part of one.
func linesBecomeJSON(s *space, pod string) string {
	s.allRunning(pod)
	var out string
	s.until("JSON lines", waitLong, func() (bool, string) {
		out = s.run(pod, "log-adapter", "sh", "-c", "cat /var/log/transformed/app.json 2>/dev/null || true")
		return strings.Count(out, "\n") > 10, out
	})
	lines := slices.Collect(strings.Lines(out[:strings.LastIndex(out, "\n")]))
	var raw strings.Builder
	for _, line := range lines {
		var v struct{ Timestamp, Level, Message string }
		require.NoError(s, json.Unmarshal([]byte(line), &v), line)
		fmt.Fprintln(&raw, v.Timestamp, v.Level, v.Message)
	}
	require.Contains(s, s.run(pod, "application", "cat", "/var/log/app/app.log"), raw.String())
	return fmt.Sprintf("%d lines of the app's log had become JSON with the same words", len(lines))
}

func statisticsBecomeMetrics(s *space, pod string) string {
	s.allRunning(pod)
	families := s.scraped(pod, "9090", "/metrics", "app_requests")
	require.Equal(s, "GET", families["app_requests"].Metric[0].Label[0].GetValue())
	return fmt.Sprintf("Prometheus' parser took %d metrics, from the app's statistics, over HTTP", len(families))
}

func rawFiguresBecomeMetrics(s *space, pod string) string {
	s.allRunning(pod)
	s.prints(pod, "adapter", `^app_requests.*\n(.*\n)*app_requests`)
	printed := tailNote.ReplaceAllString(s.logs(pod, "adapter"), "")
	raw := s.run(pod, "app", "cat", "/var/log/app/metrics.raw")
	family := s.parsed(printed)["app_requests"]
	for _, m := range family.Metric {
		require.Equal(s, "GET", m.Label[0].GetValue())
		require.Contains(s, raw, fmt.Sprintf("requests|%.0f|GET\n", m.GetUntyped().GetValue()))
	}
	return fmt.Sprintf("Prometheus' parser took the %d lines that the adapter printed, with the figures of the raw file", len(family.Metric))
}

// The same raw figures over HTTP: the catalogue's adapter in the place of the tutorial's.
func TestRawFiguresAreScraped(t *testing.T) {
	s, start := newSpace(t), time.Now()
	logs := pattern.EmptyDir("log-volume").SizeLimit("1Mi")
	s.apply(pattern.Pod("adapter-format").TerminationGracePeriodSeconds(1).
		WithApp(pattern.App("app", "busybox:1.36").Writes(logs, "/var/log/app").
			Shell(`while true; do echo "requests|$RANDOM|GET" >> /var/log/app/metrics.raw; sleep 5; done`)).
		WithAdapter(adapter.MetricsFromFile(logs, "metrics.raw", adapter.MetricsFromFileOptions{
			Metrics: []adapter.FileMetric{{Name: "app_requests", Match: map[int]string{1: "requests"}, Value: 2, Labels: map[string]int{"method": 3}}},
		})))
	s.ready("adapter-format")
	families := s.scraped("adapter-format", "9100", "/metrics.cgi", "app_requests")
	raw := s.run("adapter-format", "app", "cat", "/var/log/app/metrics.raw")
	require.Contains(t, raw, fmt.Sprintf("requests|%.0f|GET\n", families["app_requests"].Metric[0].GetGauge().GetValue()))
	require.Equal(t, 1.0, families["metrics_file_up"].Metric[0].GetGauge().GetValue())
	s.observed(start, "Prometheus' parser took app_requests from MetricsFromFile over HTTP, with a figure of the raw file, and %d metrics in all", len(families))
}
