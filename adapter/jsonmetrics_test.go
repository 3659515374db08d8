package adapter_test

import (
	"testing"

	"github.com/podpattern/podpattern/adapter"
	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/patterntest"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"
)

const statsURL = "http://127.0.0.1:8080/stats"

func TestJSONMetrics(t *testing.T) {
	pod := pattern.Pod("web").Hardened().WithApp(patterntest.App())
	for name, c := range map[string]pattern.AdapterContainer{
		"jsonmetrics-default": adapter.JSONMetrics(statsURL, []adapter.JSONMetric{{Name: "app_queue_depth", Path: "{.queue.depth}"}}),
		"jsonmetrics-options": adapter.JSONMetrics("http://127.0.0.1:8080/stats?all=1&a=$(b)", []adapter.JSONMetric{
			{Name: "app_jobs_total", Type: "counter", Help: `Jobs: "all" # of them.`, Path: `{ .jobs['total'] }`, Labels: map[string]string{"env": "prod", "at": "planet-{.location}"}},
			{Name: "app_queue_depth", Each: "{.queues[?(@.kind == 'mail')]}", Path: "{.depth}", Labels: map[string]string{"queue": "{.name}"}},
		}, adapter.JSONMetricsOptions{Headers: map[string]string{"X-Scope": "metrics"}, ValidStatusCodes: []int{200, 503}, Port: 9200, Scrape: true}),
	} {
		t.Run(name, func(t *testing.T) { patterntest.Helper(t, name, pod, c) })
	}
}

func TestJSONMetricsRefuses(t *testing.T) {
	pod := pattern.Pod("web").WithApp(patterntest.App())
	depth := adapter.JSONMetric{Name: "app_depth", Path: "{.depth}"}
	of := func(m adapter.JSONMetric) pattern.AdapterContainer {
		return adapter.JSONMetrics(statsURL, []adapter.JSONMetric{m})
	}
	options := func(o adapter.JSONMetricsOptions) pattern.AdapterContainer {
		return adapter.JSONMetrics(statsURL, []adapter.JSONMetric{depth}, o)
	}
	for name, tt := range map[string]struct {
		c    pattern.AdapterContainer
		want string
	}{
		"no target":       {adapter.JSONMetrics("", []adapter.JSONMetric{depth}), "such as http://127.0.0.1:8080/stats"},
		"no URL":          {adapter.JSONMetrics("localhost:8080", []adapter.JSONMetric{depth}), "want http:// or https://host"},
		"password":        {adapter.JSONMetrics("http://me:secret@localhost", []adapter.JSONMetric{depth}), "has a user in it"},
		"no metrics":      {adapter.JSONMetrics(statsURL, nil), "want a metric at least"},
		"one twice":       {adapter.JSONMetrics(statsURL, []adapter.JSONMetric{depth, depth}), "metrics[1].Name"},
		"no name":         {of(adapter.JSONMetric{Path: "{.a}"}), "metrics[0].Name"},
		"type":            {of(adapter.JSONMetric{Name: "a", Type: "histogram", Path: "{.a}"}), "want one of gauge, counter, untyped"},
		"no path":         {of(adapter.JSONMetric{Name: "a"}), "metrics[0].Path"},
		"path of jq":      {of(adapter.JSONMetric{Name: "a", Path: ".a"}), "want a JSONPath in braces"},
		"open brace":      {of(adapter.JSONMetric{Name: "a", Path: "{.a"}), "want a JSONPath in braces"},
		"crossed":         {of(adapter.JSONMetric{Name: "a", Path: "{.a[0}]"}), "want a JSONPath in braces"},
		"open quote":      {of(adapter.JSONMetric{Name: "a", Path: `{.a["}`}), "want a JSONPath in braces"},
		"each":            {of(adapter.JSONMetric{Name: "a_b", Path: "{.a}", Each: "items"}), "metrics[0].Each"},
		"name of each":    {of(adapter.JSONMetric{Name: "depth", Path: "{.a}", Each: "{.b[*]}"}), "want a name with a _ in the middle"},
		"label":           {of(adapter.JSONMetric{Name: "a", Path: "{.a}", Labels: map[string]string{"a-b": ""}}), "want the name of a label"},
		"value of label":  {of(adapter.JSONMetric{Name: "a", Path: "{.a}", Labels: map[string]string{"b": "{.b"}}), "metrics[0].Labels"},
		"header":          {options(adapter.JSONMetricsOptions{Headers: map[string]string{"a b": ""}}), "want a header"},
		"two headers":     {options(adapter.JSONMetricsOptions{Headers: map[string]string{"a": "b\r\nc: d"}}), "want a header"},
		"status":          {options(adapter.JSONMetricsOptions{ValidStatusCodes: []int{2}}), "want the status of an answer"},
		"port":            {options(adapter.JSONMetricsOptions{Port: -1}), "must be between 1 and 65535"},
		"escaped bracket": {of(adapter.JSONMetric{Name: "a", Path: `{.a\}`}), "want a JSONPath in braces"},
	} {
		t.Run(name, func(t *testing.T) { patterntest.Refuses(t, pod, tt.c, tt.want) })
	}
}

// jsonExporter is the configuration as the program has it.
//
// upstream: prometheus-community/json_exporter config/config.go (v0.7.0).
type jsonExporter struct {
	Modules map[string]struct {
		Headers          map[string]string `json:"headers"`
		ValidStatusCodes []int             `json:"valid_status_codes"`
		Metrics          []struct {
			Name           string            `json:"name"`
			Path           string            `json:"path"`
			Labels         map[string]string `json:"labels"`
			Type           string            `json:"type"`
			ValueType      string            `json:"valuetype"`
			EpochTimestamp string            `json:"epochtimestamp"`
			Help           string            `json:"help"`
			Values         map[string]string `json:"values"`
		} `json:"metrics"`
	} `json:"modules"`
}

// The configuration has the fields that the program knows, and what was given in
// them, whatever stands in it.
func TestJSONMetricsConfig(t *testing.T) {
	help, label := "a: \"b\" # {{c}}\n- ü%s\\", "it's {.a[\"}\"]}: # - $x\\"
	objects, err := pattern.Pod("web").WithApp(patterntest.App()).WithAdapter(adapter.JSONMetrics(statsURL, []adapter.JSONMetric{
		{Name: "a_b", Path: "{.x}", Help: help, Labels: map[string]string{"c": label}},
		{Name: "app_queue_depth", Each: "{.queues[*]}", Path: "{.depth}", Type: "untyped"},
	}, adapter.JSONMetricsOptions{Headers: map[string]string{"X-A": "b: c"}, ValidStatusCodes: []int{500}})).Objects()
	require.NoError(t, err)
	text := objects[0].(*corev1.ConfigMap).Data["config.yml"]
	var config jsonExporter
	require.NoError(t, yaml.UnmarshalStrict([]byte(text), &config))
	module := config.Modules["default"]
	require.Equal(t, "b: c", module.Headers["X-A"])
	require.Equal(t, []int{500}, module.ValidStatusCodes)
	require.Len(t, module.Metrics, 2)
	require.Equal(t, help, module.Metrics[0].Help)
	require.Equal(t, label, module.Metrics[0].Labels["c"])
	require.Equal(t, "gauge", module.Metrics[0].ValueType)
	queue := module.Metrics[1]
	require.Equal(t, []string{"app_queue", "object", "{.queues[*]}", "untyped"}, []string{queue.Name, queue.Type, queue.Path, queue.ValueType})
	require.Equal(t, map[string]string{"depth": "{.depth}"}, queue.Values)
	require.Error(t, yaml.UnmarshalStrict([]byte(text+"metrics: []\n"), &config), "the check can fail")
}
