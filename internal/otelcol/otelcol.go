// Package otelcol writes configurations of the OpenTelemetry collector, for the
// helpers that run one.
package otelcol

import (
	"fmt"
	"maps"
	"net"
	"slices"
	"strconv"
	"strings"

	"github.com/podpattern/podpattern/internal/endpoint"
	"github.com/podpattern/podpattern/pattern"
	"sigs.k8s.io/yaml"
)

// Config is what a configuration is made of.
type Config struct {
	Receivers map[string]any
	// Pipelines are the receivers of each signal: traces, metrics, logs.
	Pipelines map[string][]string
	To        Exporter
	// Attributes are set on everything that goes through, beside the pod's.
	Attributes map[string]string
	// SamplePercent is how much of the traces goes on; 0 is all.
	SamplePercent   int
	Health, Metrics int // ports
}

// Exporter is a server that speaks OTLP.
type Exporter struct {
	Host string
	Port int

	url, kind string
	tls, auth bool
}

// ParseExporter reads the URL of a server: grpc:// or grpcs:// with 4317 by default,
// http:// with 4318, https:// with 443.
func ParseExporter(raw string, authorized bool) (Exporter, error) {
	u, port, err := endpoint.URL(raw, 1, "grpc", "grpcs", "http", "https")
	if err != nil {
		return Exporter{}, err
	}
	e := Exporter{Host: u.Hostname(), kind: "otlp_http", tls: strings.HasSuffix(u.Scheme, "s"), auth: authorized}
	byDefault := 4318
	if strings.HasPrefix(u.Scheme, "grpc") {
		e.kind, byDefault = "otlp_grpc", 4317
		if strings.Trim(u.Path, "/") != "" || u.RawQuery != "" {
			return Exporter{}, fmt.Errorf("gRPC has no path: want %s://host:port", u.Scheme)
		}
	}
	if u.Scheme == "https" {
		byDefault = 443
	}
	if u.Port() == "" {
		port = byDefault
	}
	e.Port = port
	address := net.JoinHostPort(e.Host, strconv.Itoa(port))
	e.url = address
	if e.kind == "otlp_http" {
		e.url = u.Scheme + "://" + address + strings.TrimSuffix(u.EscapedPath(), "/")
	}
	return e, nil
}

// Text keeps the collector from expanding a variable in a text.
func Text(s string) string { return strings.ReplaceAll(s, "$", "$$") }

func (e Exporter) config() map[string]any {
	// What can't be sent waits in memory, and is sent again for an hour; the defaults
	// keep it for five minutes.
	out := map[string]any{
		"endpoint":         Text(e.url),
		"retry_on_failure": map[string]any{"max_elapsed_time": "1h"},
		"sending_queue":    map[string]any{"queue_size": 1000},
	}
	if e.kind == "otlp_grpc" {
		out["tls"] = map[string]any{"insecure": !e.tls}
	}
	if e.auth {
		out["headers"] = map[string]any{"authorization": "${env:OTLP_AUTHORIZATION}"}
	}
	return out
}

// YAML gives the configuration file. memory_limiter must stand first in a
// pipeline, and batch last.
// upstream: open-telemetry/opentelemetry-collector processor/memorylimiterprocessor,
// processor/batchprocessor.
func (c Config) YAML() string {
	processors := map[string]any{
		"memory_limiter": map[string]any{"check_interval": "1s", "limit_percentage": 80, "spike_limit_percentage": 20},
		"resource":       map[string]any{"attributes": c.attributes()},
		"batch":          map[string]any{},
	}
	pipelines := make(map[string]any)
	for signal, receivers := range c.Pipelines {
		chain := []string{"memory_limiter", "resource", "batch"}
		if signal == "traces" && c.SamplePercent > 0 {
			processors["probabilistic_sampler"] = map[string]any{"sampling_percentage": c.SamplePercent}
			chain = []string{"memory_limiter", "probabilistic_sampler", "resource", "batch"}
		}
		pipelines[signal] = map[string]any{"receivers": receivers, "processors": chain, "exporters": []string{c.To.kind}}
	}
	out, err := yaml.Marshal(map[string]any{
		"extensions": map[string]any{"health_check": map[string]any{"endpoint": fmt.Sprintf("0.0.0.0:%d", c.Health)}},
		"receivers":  c.Receivers,
		"processors": processors,
		"exporters":  map[string]any{c.To.kind: c.To.config()},
		"service": map[string]any{
			"extensions": []string{"health_check"},
			"telemetry": map[string]any{"metrics": map[string]any{"readers": []any{map[string]any{"pull": map[string]any{
				"exporter": map[string]any{"prometheus": map[string]any{"host": "0.0.0.0", "port": c.Metrics}},
			}}}}},
			"pipelines": pipelines,
		},
	})
	if err != nil { // texts, numbers, lists and maps only: they can always be written
		return ""
	}
	return string(out)
}

// attributes are those of the pod, and the caller's.
// upstream: open-telemetry/semantic-conventions docs/resource/k8s.md
func (c Config) attributes() []any {
	set := func(key, value string) any {
		return map[string]any{"key": key, "value": value, "action": "upsert"}
	}
	out := []any{
		set("k8s.pod.name", "${env:POD_NAME}"),
		set("k8s.namespace.name", "${env:POD_NAMESPACE}"),
		set("k8s.node.name", "${env:NODE_NAME}"),
	}
	for _, key := range slices.Sorted(maps.Keys(c.Attributes)) {
		out = append(out, set(Text(key), Text(c.Attributes[key])))
	}
	return out
}

const (
	configFile  = "/etc/podpattern/otelcol/config.yaml"
	healthPort  = "health"
	metricsPort = "metrics"
)

// Collector gives a container what a collector needs, whatever it receives: user,
// resources, health and metrics, the pod's names, and the configuration.
func Collector[R pattern.Role](c pattern.Container[R], to string, authorization pattern.SecretBuilder, config func(pattern.View, *Config)) pattern.Container[R] {
	authorized := authorization != (pattern.SecretBuilder{})
	e, err := ParseExporter(to, authorized)
	if err != nil {
		c = c.Reject("to", to, err.Error())
	} else {
		c = c.Dials(e.Host, e.Port)
	}
	if authorized {
		c = c.EnvSecret("OTLP_AUTHORIZATION", authorization, "authorization")
	}
	return c.Args("--config="+configFile).
		Port(healthPort, 13133).Port(metricsPort, 8888).MovePorts(healthPort, metricsPort).
		Requests("50m", "128Mi").Limits("", "256Mi").
		Restricted().RunAsUser(10001).RunAsGroup(10001).ReadOnlyRootFilesystem(true).
		EnvField("POD_NAME", "metadata.name").
		EnvField("POD_NAMESPACE", "metadata.namespace").
		EnvField("NODE_NAME", "spec.nodeName").
		Health(pattern.HTTPGet("/", healthPort)).WhenDown(pattern.KeepServing).
		Late(func(v pattern.View, c pattern.Container[R]) pattern.Container[R] {
			if limit := v.MemoryLimit(); limit > 0 {
				c = c.Env("GOMEMLIMIT", strconv.FormatInt(limit*8/10, 10))
			}
			f := Config{To: e, Health: v.Port(healthPort), Metrics: v.Port(metricsPort)}
			config(v, &f)
			return c.Config(configFile, f.YAML())
		})
}
