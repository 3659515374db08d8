// Package otelcol writes configurations of the OpenTelemetry collector, for the
// helpers that run one.
package otelcol

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/podpattern/podpattern/pattern"
	"sigs.k8s.io/yaml"
)

// Config is what one kind of collector adds to the configuration.
type Config struct {
	Receivers map[string]any
	// Pipelines are the receivers of each signal: traces, metrics, logs.
	Pipelines map[string][]string
	// Attributes are set on everything that goes through, beside the pod's.
	Attributes map[string]string
	// SamplePercent is how much of the traces goes on; 0 is all.
	SamplePercent float64
}

// yaml gives the configuration file. memory_limiter must stand first in a pipeline.
// upstream: open-telemetry/opentelemetry-collector processor/memorylimiterprocessor,
// exporter/exporterhelper.
func (c Config) yaml(v pattern.View, to Exporter) string {
	processors := map[string]any{
		"memory_limiter": map[string]any{"check_interval": "1s", "limit_percentage": 80, "spike_limit_percentage": 20},
		"resource":       map[string]any{"attributes": c.attributes(v.PodName())},
	}
	pipelines := make(map[string]any)
	for signal, receivers := range c.Pipelines {
		chain := []string{"memory_limiter", "resource"}
		if signal == "traces" && c.SamplePercent > 0 {
			processors["probabilistic_sampler"] = map[string]any{"sampling_percentage": c.SamplePercent}
			chain = []string{"memory_limiter", "probabilistic_sampler", "resource"}
		}
		pipelines[signal] = map[string]any{"receivers": receivers, "processors": chain, "exporters": []string{to.kind}}
	}
	out, err := yaml.Marshal(map[string]any{
		"extensions": map[string]any{"health_check": map[string]any{"endpoint": fmt.Sprintf("0.0.0.0:%d", v.Port(healthPort))}},
		"receivers":  c.Receivers,
		"processors": processors,
		"exporters":  map[string]any{to.kind: to.config(v.GracePeriodSeconds())},
		"service": map[string]any{
			"extensions": []string{"health_check"},
			"telemetry": map[string]any{"metrics": map[string]any{"readers": []any{map[string]any{"pull": map[string]any{
				"exporter": map[string]any{"prometheus": map[string]any{"host": "0.0.0.0", "port": v.Port(metricsPort)}},
			}}}}},
			"pipelines": pipelines,
		},
	})
	if err != nil { // texts, numbers, lists and maps only: they can always be written
		return ""
	}
	return string(out)
}

// attributes are those of the pod, and the caller's. What doesn't say of which
// service it is, such as StatsD, is the pod's; without an instance the metrics of a
// Deployment's pods would be one to a Prometheus behind the server.
// upstream: open-telemetry/semantic-conventions docs/resource/k8s.md, service.md
func (c Config) attributes(service string) []any {
	act := func(action, key, value string) any {
		return map[string]any{"key": key, "value": value, "action": action}
	}
	set := func(key, value string) any { return act("upsert", key, value) }
	out := []any{
		act("insert", "service.name", Text(service)),
		act("insert", "service.instance.id", "${env:POD_NAME}"),
		set("k8s.pod.name", "${env:POD_NAME}"),
		set("k8s.namespace.name", "${env:POD_NAMESPACE}"),
		set("k8s.node.name", "${env:NODE_NAME}"),
	}
	for _, key := range slices.Sorted(maps.Keys(c.Attributes)) {
		out = append(out, set(Text(key), Text(c.Attributes[key])))
	}
	return out
}

// Text keeps the collector from expanding a variable in a text.
func Text(s string) string { return strings.ReplaceAll(s, "$", "$$") }
