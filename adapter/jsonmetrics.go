package adapter

import (
	"strconv"
	"strings"

	"github.com/podpattern/podpattern/internal/endpoint"
	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/pattern"
	"sigs.k8s.io/yaml"
)

// JSONMetricsOptions changes what [JSONMetrics] does; the zero value is the default.
type JSONMetricsOptions struct {
	// Headers are sent with each question. They stand in the ConfigMap: no secrets.
	Headers map[string]string
	// ValidStatusCodes are those of a good answer. Default: 200 to 299.
	ValidStatusCodes []int
	// Port serves the metrics. Default: 7979, or the next one that is free in the
	// pod; a port that is set here does not move.
	Port int
	// Scrape gives the pod the prometheus.io annotations for this port, with the
	// parameters as prometheus.io/param_target and prometheus.io/param_module, which
	// the Helm chart of prometheus-community reads. Default: no; one container of a pod
	// can have them.
	Scrape bool
}

// JSONMetric is a metric with the value, or the values, at a place in the JSON.
type JSONMetric struct {
	// Name is the metric's, such as app_queue_depth.
	Name string
	// Type is gauge, counter or untyped. Default: gauge.
	Type string
	// Help says what it is. Default: the name.
	Help string
	// Path is where the value is, in the JSONPath of kubectl: {.queue.depth}. True is 1
	// and false 0.
	Path string
	// Each is where objects are, of which each has a value: {.queues[*]}. Path and
	// Labels are then relative to the object; the labels must tell the objects apart,
	// or the scrape fails. Default: there is one value.
	Each string
	// Labels are texts, and in braces what is there: {.name}.
	Labels map[string]string
}

// JSONMetrics serves what the app says in JSON over HTTP as metrics for Prometheus.
// target is the URL, such as http://127.0.0.1:8080/stats. It runs json_exporter, which
// asks the app whenever it is scraped itself.
//
// It adds: a ConfigMap with config.yml; port metrics, where the metrics are at
// /probe?module=default&target=…, and its own at /metrics. An annotation can't say
// that where the scrape configuration doesn't read parameters; a PodMonitor can:
//
//	podMetricsEndpoints:
//	- port: metrics
//	  path: /probe
//	  params:
//	    module: [default]
//	    target: ["http://127.0.0.1:8080/stats"]
//
// While the app doesn't answer, the scrape fails, and Prometheus' own metric up is 0;
// a value that isn't there is left out, with an error in the log. Who reaches the port
// can let the adapter ask any URL: restrict it with a NetworkPolicy. A dead adapter
// leaves the pod serving. It runs as uid 65534.
//
// Defaults: image json-exporter, uid 65534, 10m CPU, 32Mi memory, at most 64Mi.
//
// Options: the last of several wins as a whole.
//
// upstream: prometheus-community/json_exporter config/config.go, cmd/main.go,
// exporter/util.go (v0.7.0); prometheus-community/helm-charts charts/prometheus.
func JSONMetrics(target string, metrics []JSONMetric, opts ...JSONMetricsOptions) pattern.AdapterContainer {
	o := opt.Last(opts)
	c := pattern.Adapter("json-metrics", jsonExporterImage).
		Config("/etc/json-exporter/config.yml", jsonExporterConfig(metrics, o)).
		Requests("10m", "32Mi").Limits("", "64Mi").
		Restricted().RunAsUser(65534).RunAsGroup(65534).ReadOnlyRootFilesystem(true).
		Health(pattern.HTTPGet("/", "metrics")).WhenDown(pattern.KeepServing)
	c = opt.Port(c, "metrics", o.Port, 7979)
	if o.Scrape {
		c = c.Scrape("metrics", "/probe").
			PodAnnotation("prometheus.io/param_module", "default").
			PodAnnotation("prometheus.io/param_target", target)
	}
	c = badJSONMetrics(c, metrics, o)
	u, port, err := endpoint.URL(target, 0, "http", "https")
	if err != nil {
		return c.Reject("target", target, err.Error()+", such as http://127.0.0.1:8080/stats")
	}
	return c.Dials(u.Hostname(), port).Late(func(v pattern.View, c pattern.AdapterContainer) pattern.AdapterContainer {
		return c.Args("--config.file=/etc/json-exporter/config.yml", "--web.listen-address=:"+strconv.Itoa(v.Port("metrics")))
	})
}

// jsonExporterConfig gives the configuration file, with one module.
func jsonExporterConfig(metrics []JSONMetric, o JSONMetricsOptions) string {
	list := make([]any, len(metrics))
	for i, m := range metrics {
		out := map[string]any{"name": m.Name, "path": m.Path, "valuetype": opt.Or(m.Type, "gauge")}
		if m.Help != "" {
			out["help"] = m.Help
		}
		if len(m.Labels) > 0 {
			out["labels"] = m.Labels
		}
		if m.Each != "" {
			// It puts a name for each value behind that of the metric, after a _.
			at := max(strings.LastIndex(m.Name, "_"), 0)
			out["type"], out["path"], out["name"] = "object", m.Each, m.Name[:at]
			out["values"] = map[string]string{strings.TrimPrefix(m.Name[at:], "_"): m.Path}
		}
		list[i] = out
	}
	module := map[string]any{"metrics": list}
	if len(o.Headers) > 0 {
		module["headers"] = o.Headers
	}
	if len(o.ValidStatusCodes) > 0 {
		module["valid_status_codes"] = o.ValidStatusCodes
	}
	text, err := yaml.Marshal(map[string]any{"modules": map[string]any{"default": module}})
	if err != nil { // texts and numbers only: they can always be written
		return ""
	}
	return string(text)
}
