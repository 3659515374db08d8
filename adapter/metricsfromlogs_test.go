package adapter_test

import (
	"math"
	"strings"
	"testing"

	"github.com/podpattern/podpattern/adapter"
	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/patterntest"
	"github.com/stretchr/testify/require"
)

func TestMetricsFromLogs(t *testing.T) {
	for name, c := range map[string]pattern.AdapterContainer{
		"metricsfromlogs-default": adapter.MetricsFromLogs(stats, []adapter.LogMetric{
			{Name: "app_requests_total", Regex: `^REQ\|(?P<route>[^|]+)\|(?P<code>\d+)`, Labels: []string{"route", "code"}}}),
		"metricsfromlogs-options": adapter.MetricsFromLogs(stats, []adapter.LogMetric{
			{Name: "app_latency_seconds", Type: "histogram", Regex: `GET /a\/b took (?P<took>[0-9.]+)s`, Value: "took"},
			{Name: "app_size_bytes", Type: "histogram", Regex: `size (?P<size>\d+)`, Value: "size", Buckets: []float64{-1, 0, 1e9, 1e21}},
			{Name: "counter", Type: "gauge", Regex: `^depth=(?P<v>\S+)`, Value: "v"},
			{Name: "app_errors_total", Regex: `ERROR`},
			{Name: "app_errors_total", Regex: `FATAL (?P<count>\d+) times`, Value: "count"},
		}, adapter.MetricsFromLogsOptions{Files: "*/access.log", Port: 9200, Scrape: true,
			Programs: map[string]string{"lines.mtail": "counter lines_total\n/$/ {\n  lines_total++\n}\n"}}),
	} {
		t.Run(name, func(t *testing.T) { patterntest.Helper(t, name, measured(), c) })
	}
}

func TestMetricsFromLogsRefuses(t *testing.T) {
	of := func(m adapter.LogMetric) pattern.AdapterContainer {
		return adapter.MetricsFromLogs(stats, []adapter.LogMetric{m})
	}
	options := func(o adapter.MetricsFromLogsOptions) pattern.AdapterContainer {
		return adapter.MetricsFromLogs(stats, []adapter.LogMetric{{Name: "a", Regex: "a"}}, o)
	}
	for name, tt := range map[string]struct {
		c    pattern.AdapterContainer
		want string
	}{
		"nothing":            {adapter.MetricsFromLogs(stats, nil), "say what to count"},
		"no volume":          {adapter.MetricsFromLogs(pattern.Volume{}, []adapter.LogMetric{{Name: "a", Regex: "a"}}), "volume"},
		"no name":            {of(adapter.LogMetric{Regex: "a"}), "metrics[0].Name"},
		"name":               {of(adapter.LogMetric{Name: `a" by "b`, Regex: "a"}), "want the name of a metric"},
		"type":               {of(adapter.LogMetric{Name: "a", Regex: "a", Type: "timer"}), "want one of counter, gauge, histogram"},
		"no regex":           {of(adapter.LogMetric{Name: "a"}), "metrics[0].Regex"},
		"lookahead":          {of(adapter.LogMetric{Name: "a", Regex: "(?=a)"}), "want a regular expression of Go's syntax"},
		"two lines":          {of(adapter.LogMetric{Name: "a", Regex: "a\nb"}), "want one line"},
		"end of input":       {of(adapter.LogMetric{Name: "a", Regex: "a\u2424b"}), "want one line"},
		"long regex":         {of(adapter.LogMetric{Name: "a", Regex: strings.Repeat("a", 1025)}), "at most 1024 bytes"},
		"no such group":      {of(adapter.LogMetric{Name: "a", Regex: "(?P<b>.)", Labels: []string{"c"}}), "want (?P<c>…) in it"},
		"a group twice":      {of(adapter.LogMetric{Name: "a", Regex: "(?P<b>.)", Labels: []string{"b", "b"}}), "want each label once"},
		"le":                 {of(adapter.LogMetric{Name: "a", Type: "histogram", Regex: "(?P<le>.)", Value: "le", Labels: []string{"le"}}), "no le of a histogram"},
		"label":              {of(adapter.LogMetric{Name: "a", Regex: "(?P<__b>.)", Labels: []string{"__b"}}), "want the name of a label"},
		"no value":           {of(adapter.LogMetric{Name: "a", Type: "gauge", Regex: "a"}), "metrics[0].Value"},
		"no group for value": {of(adapter.LogMetric{Name: "a", Regex: "(.)", Value: "1"}), "is no group"},
		"number for a group": {of(adapter.LogMetric{Name: "a", Regex: "(?P<1>.)", Value: "1"}), "is no group"},
		"buckets that fall":  {of(adapter.LogMetric{Name: "a", Type: "histogram", Regex: "(?P<v>.)", Value: "v", Buckets: []float64{1, 0}}), "want numbers that grow"},
		"endless bucket":     {of(adapter.LogMetric{Name: "a", Type: "histogram", Regex: "(?P<v>.)", Value: "v", Buckets: []float64{math.Inf(1)}}), "want numbers that grow"},
		"buckets of a gauge": {of(adapter.LogMetric{Name: "a", Type: "gauge", Regex: "(?P<v>.)", Value: "v", Buckets: []float64{1}}), "of a histogram"},
		"one name, two types": {adapter.MetricsFromLogs(stats, []adapter.LogMetric{
			{Name: "a", Regex: "a"}, {Name: "a", Type: "gauge", Regex: "(?P<v>.)", Value: "v"}}), "metrics[1].Name"},
		"files outside": {options(adapter.MetricsFromLogsOptions{Files: "../*.log"}), "want a file below the volume"},
		"two globs":     {options(adapter.MetricsFromLogsOptions{Files: "a,b"}), "want one glob"},
		"a percent":     {options(adapter.MetricsFromLogsOptions{Files: "a%b"}), "want one glob"},
		"no glob":       {options(adapter.MetricsFromLogsOptions{Files: "[a"}), "want one glob"},
		"port":          {options(adapter.MetricsFromLogsOptions{Port: -1}), "must be between 1 and 65535"},
		"program's name": {options(adapter.MetricsFromLogsOptions{Programs: map[string]string{
			"a/b.mtail": ""}}), "want the name of a file that ends in .mtail"},
		"generated name": {options(adapter.MetricsFromLogsOptions{Programs: map[string]string{"metrics.mtail": ""}}), "other than metrics.mtail"},
	} {
		t.Run(name, func(t *testing.T) { patterntest.Refuses(t, measured(), tt.c, tt.want) })
	}
}

// What the caller does with its slices and maps after the call is no part of the pod.
func TestMetricsFromLogsKeepsWhatItWasGiven(t *testing.T) {
	metrics := []adapter.LogMetric{{Name: "a", Regex: "(?P<b>.)", Labels: []string{"b"}}}
	programs := map[string]string{"b.mtail": "# b\n"}
	c := adapter.MetricsFromLogs(stats, metrics, adapter.MetricsFromLogsOptions{Programs: programs})
	before, err := measured().WithAdapter(c).YAML()
	require.NoError(t, err)
	metrics[0].Labels[0], metrics[0].Name, programs["b.mtail"] = "c", "c", "# c\n"
	after, err := measured().WithAdapter(c).YAML()
	require.NoError(t, err)
	require.Equal(t, string(before), string(after))
}
