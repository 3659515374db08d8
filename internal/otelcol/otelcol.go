// Package otelcol writes configurations of the OpenTelemetry collector, for the
// helpers that run one.
package otelcol

import (
	"errors"
	"fmt"
	"maps"
	"net"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/podpattern/podpattern/internal/endpoint"
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

// Server is where a collector sends to.
type Server struct {
	URL string
	// Authorization is a Secret whose key authorization is the header of that name.
	Authorization pattern.SecretBuilder
	// CA has the file ca.crt.
	CA pattern.Volume
}

// Exporter is a server that speaks OTLP.
type Exporter struct {
	Host string
	Port int

	url, kind     string
	tls, auth, ca bool
}

// ParseExporter reads the URL of a server: grpc:// or grpcs:// with 4317 by default,
// http:// with 4318, https:// with 443.
func ParseExporter(raw string) (Exporter, error) {
	u, port, err := endpoint.URL(raw, 1, "grpc", "grpcs", "http", "https")
	if err != nil {
		return Exporter{}, err
	}
	e := Exporter{Host: u.Hostname(), kind: "otlp_http", tls: strings.HasSuffix(u.Scheme, "s")}
	byDefault := 4318
	switch {
	case strings.HasPrefix(u.Scheme, "grpc"):
		e.kind, byDefault = "otlp_grpc", 4317
		if strings.Trim(u.Path, "/") != "" {
			return Exporter{}, fmt.Errorf("gRPC has no path: want %s://host:port", u.Scheme)
		}
	case ofSignal.MatchString(u.Path):
		return Exporter{}, errors.New("want the URL without the path of a signal, such as /v1/traces, which the collector adds")
	}
	if u.RawQuery != "" || u.Fragment != "" {
		return Exporter{}, errors.New("want a URL without a query")
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

var ofSignal = regexp.MustCompile(`/v1/(traces|metrics|logs)/?$`)

// Text keeps the collector from expanding a variable in a text.
func Text(s string) string { return strings.ReplaceAll(s, "$", "$$") }

// config lets an attempt that is under way at a stop, and the last one after it, end
// within the grace period.
func (e Exporter) config(grace int64) map[string]any {
	// By default a request is given up after five minutes. The queue makes the
	// batches, and not the batch processor, as the receivers then hear of a full one.
	out := map[string]any{
		"endpoint":         Text(e.url),
		"timeout":          fmt.Sprintf("%ds", min(max(grace/3, 1), 10)),
		"retry_on_failure": map[string]any{"max_elapsed_time": "1h"},
		"sending_queue":    map[string]any{"queue_size": 1000, "batch": map[string]any{}},
	}
	tls := make(map[string]any)
	if e.kind == "otlp_grpc" {
		tls["insecure"] = !e.tls
	}
	if e.ca {
		tls["ca_file"] = caFolder + "/ca.crt"
	}
	if len(tls) > 0 {
		out["tls"] = tls
	}
	if e.auth {
		out["headers"] = map[string]any{"authorization": "${env:OTLP_AUTHORIZATION}"}
	}
	return out
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

const (
	configFile  = "/etc/podpattern/otelcol/config.yaml"
	caFolder    = "/etc/podpattern/otelcol-ca"
	healthPort  = "health"
	metricsPort = "metrics"
)

// Collector gives a container what a collector needs, whatever it receives: user,
// resources, health and metrics, the pod's names, and the configuration.
func Collector[R pattern.Role](c pattern.Container[R], to Server, config func(pattern.View) Config) pattern.Container[R] {
	e, err := ParseExporter(to.URL)
	if err != nil {
		c = c.Reject("to", to.URL, err.Error())
	} else {
		c = c.Dials(e.Host, e.Port)
	}
	if e.auth = to.Authorization != (pattern.SecretBuilder{}); e.auth {
		c = c.EnvSecret("OTLP_AUTHORIZATION", to.Authorization, "authorization")
	}
	if e.ca = to.CA != (pattern.Volume{}); e.ca {
		c = c.Reads(to.CA, caFolder)
		if err == nil && !e.tls {
			c = c.Reject("CA", "", "needs a server with TLS: grpcs:// or https://")
		}
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
			return c.Config(configFile, config(v).yaml(v, e))
		})
}
