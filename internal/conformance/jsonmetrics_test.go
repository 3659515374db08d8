package conformance_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/podpattern/podpattern/adapter"
	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/client-go/util/jsonpath"
	"sigs.k8s.io/yaml"
)

// jsonModule is a part of json_exporter's configuration.
type jsonModule struct {
	Metrics []struct {
		Name, Path, Type, Help, ValueType string
		Labels, Values                    map[string]string
	}
}

// jsonProbe reads a document as json_exporter does, with the JSONPath that it uses too.
//
// upstream: prometheus-community/json_exporter exporter/collector.go (v0.7.0).
func jsonProbe(t *testing.T, document string, metrics ...adapter.JSONMetric) ([]string, error) {
	t.Helper()
	objects, err := pattern.Pod("web").WithApp(pattern.App("web", "web:1")).
		WithAdapter(adapter.JSONMetrics("http://127.0.0.1:8080/stats", metrics)).Objects()
	require.NoError(t, err)
	var config struct{ Modules map[string]jsonModule }
	require.NoError(t, yaml.UnmarshalStrict([]byte(objects[0].(*corev1.ConfigMap).Data["config.yml"]), &config))
	var samples []string
	for _, m := range config.Modules["default"].Metrics {
		if m.Type != "object" {
			value, err := jsonExtract(document, m.Path, false)
			if err != nil {
				return nil, err
			}
			sample, err := jsonSample(m.Name, document, m.Labels, value)
			if err != nil {
				return nil, err
			}
			samples = append(samples, sample)
			continue
		}
		list, err := jsonExtract(document, m.Path, true)
		if err != nil {
			return nil, err
		}
		var items []json.RawMessage
		if err := json.Unmarshal([]byte(list), &items); err != nil {
			return nil, err
		}
		for _, item := range items {
			for suffix, path := range m.Values {
				value, err := jsonExtract(string(item), path, false)
				if err != nil {
					return nil, err
				}
				sample, err := jsonSample(m.Name+"_"+suffix, string(item), m.Labels, value)
				if err != nil {
					return nil, err
				}
				samples = append(samples, sample)
			}
		}
	}
	return samples, nil
}

func jsonSample(name, document string, labels map[string]string, value string) (string, error) {
	for label, path := range labels {
		text, err := jsonExtract(document, path, false)
		if err != nil {
			return "", err
		}
		name += " " + label + "=" + text
	}
	return name + " " + value, nil
}

func jsonExtract(document, path string, asJSON bool) (string, error) {
	var data any
	if err := json.Unmarshal([]byte(document), &data); err != nil {
		return "", err
	}
	j := jsonpath.New("jp")
	j.EnableJSONOutput(asJSON)
	if err := j.Parse(path); err != nil {
		return "", err
	}
	var out strings.Builder
	err := j.Execute(&out, data)
	return out.String(), err
}

func TestJSONMetricsReadsADocument(t *testing.T) {
	document := `{"workers": 4, "at": "mars", "jobs": {"total": 1e3}, "queues": [{"name": "mail", "depth": 17, "kind": "a"}, {"name": "sms", "depth": 0, "kind": "b"}]}`
	got, err := jsonProbe(t, document,
		adapter.JSONMetric{Name: "app_workers", Path: "{.workers}", Labels: map[string]string{"at": `planet "{.at}"`}},
		adapter.JSONMetric{Name: "app_jobs_total", Type: "counter", Path: "{ .jobs['total'] }"},
		adapter.JSONMetric{Name: "app_queue_depth", Each: "{.queues[*]}", Path: "{.depth}", Labels: map[string]string{"queue": "{.name}"}},
		adapter.JSONMetric{Name: "app_a_depth", Each: `{.queues[?(@.kind == "a")]}`, Path: "{.depth}"},
	)
	require.NoError(t, err)
	require.Equal(t, []string{`app_workers at=planet "mars" 4`, "app_jobs_total 1000", "app_queue_depth queue=mail 17", "app_queue_depth queue=sms 0", "app_a_depth 17"}, got)

	for _, path := range []string{"{.missing}", "{.workers[}"} {
		_, err = jsonExtract(document, path, false)
		require.Error(t, err, path)
	}
}
