package adapter

import (
	"regexp"
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

var headerName = regexp.MustCompile("^[a-zA-Z0-9!#$%&'*+.^_`|~-]+$")

func badJSONMetrics(c pattern.AdapterContainer, metrics []JSONMetric, o JSONMetricsOptions) pattern.AdapterContainer {
	if len(metrics) == 0 {
		c = c.Reject("metrics", "", "say what the JSON has: want a metric at least")
	}
	seen := make(map[string]bool)
	for i, m := range metrics {
		field := nth("metrics", i)
		c = named(c, field, m.Name, m.Type, []string{"gauge", "counter", "untyped"}, sortedKeys(m.Labels))
		if seen[m.Name] {
			c = c.Reject(field+".Name", m.Name, "want another name than that of the metric before: the exporter refuses one twice")
		}
		seen[m.Name] = true
		if at := strings.LastIndex(m.Name, "_"); m.Each != "" && (at < 1 || at == len(m.Name)-1) {
			c = c.Reject(field+".Name", m.Name, "want a name with a _ in the middle, such as queue_depth, as the exporter makes it of two parts")
		}
		if !isJSONPath(m.Path) || !strings.HasPrefix(strings.TrimSpace(m.Path), "{") {
			c = c.Reject(field+".Path", m.Path, "want a JSONPath in braces, such as {.queue.depth}")
		}
		if m.Each != "" && (!isJSONPath(m.Each) || !strings.HasPrefix(strings.TrimSpace(m.Each), "{")) {
			c = c.Reject(field+".Each", m.Each, "want a JSONPath in braces, such as {.queues[*]}")
		}
		for _, label := range sortedKeys(m.Labels) {
			if !isJSONPath(m.Labels[label]) {
				c = c.Reject(field+".Labels", m.Labels[label], "want a text, with a JSONPath in braces, such as {.name}")
			}
		}
	}
	for _, name := range sortedKeys(o.Headers) {
		if !headerName.MatchString(name) || strings.ContainsAny(o.Headers[name], "\r\n") {
			c = c.Reject("Headers", name+": "+o.Headers[name], "want a header, such as X-Scope: metrics")
		}
	}
	for _, code := range o.ValidStatusCodes {
		if code < 100 || code > 599 {
			c = c.Reject("ValidStatusCodes", code, "want the status of an answer, such as 200")
		}
	}
	return c
}

// isJSONPath says whether the braces, brackets and quotes of a template are in pairs.
func isJSONPath(text string) bool {
	var open []rune
	quote, escaped := rune(0), false
	for _, r := range text {
		switch {
		case len(open) == 0 && r != '{' && r != '}':
			continue // text
		case escaped || r == '\\':
			escaped = !escaped
		case quote != 0:
			if r == quote {
				quote = 0
			}
		case r == '"' || r == '\'':
			quote = r
		case strings.ContainsRune("{[(", r):
			open = append(open, map[rune]rune{'{': '}', '[': ']', '(': ')'}[r])
		case strings.ContainsRune("}])", r):
			if len(open) == 0 || open[len(open)-1] != r {
				return false
			}
			open = open[:len(open)-1]
		}
	}
	return len(open) == 0 && quote == 0 && !escaped
}
