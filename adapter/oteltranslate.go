package adapter

import (
	"fmt"
	"path"
	"slices"

	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/internal/otelcol"
	"github.com/podpattern/podpattern/pattern"
)

// OTelTranslateOptions says what an [OTelTranslate] takes; one at least must be set.
type OTelTranslateOptions struct {
	// StatsD takes metrics by UDP on port 8125 or the next one that is free, and sends
	// them every 10 seconds; the apps get STATSD_HOST and STATSD_PORT.
	StatsD bool
	// Zipkin takes spans on port 9411 or the next one that is free, at /api/v2/spans;
	// the apps get OTEL_EXPORTER_ZIPKIN_ENDPOINT.
	Zipkin bool
	// Jaeger takes spans as a Jaeger agent does, by UDP (thrift compact) on port 6831
	// or the next one that is free; the apps get JAEGER_AGENT_HOST and
	// JAEGER_AGENT_PORT.
	Jaeger bool
	// PrometheusPorts are ports of the app that are scraped, every 30 seconds.
	PrometheusPorts []int
	// PrometheusPath is where they serve metrics. Default: /metrics.
	PrometheusPath string
	// Authorization is a Secret whose key authorization is sent as the header of that
	// name, such as "Bearer …". Default: none.
	Authorization pattern.SecretBuilder
	// CA has the file ca.crt, such as a ConfigMap's volume, with the authorities that
	// may have signed the server's certificate. Default: those of the image.
	CA pattern.Volume
}

// OTelTranslate lets an app that speaks StatsD, Zipkin, Jaeger or Prometheus feed a
// server that speaks OTLP, with the names of the pod, its namespace and its node; to is
// the server: grpc://gateway:4317, http://gateway:4318, or grpcs:// and https://
// with TLS.
//
// It adds: a ConfigMap with config.yaml; a port for each protocol, on 127.0.0.1
// only, and health (13133) and metrics (8888). What names no service is the pod's, and what names no
// instance gets the pod's name as service.instance.id. The image is the contrib
// distribution of the OpenTelemetry collector, the one that knows StatsD; it has no
// shell, and runs as uid 10001.
//
// Counters of StatsD become monotonic sums, and timings exponential histograms, both
// as deltas: a Prometheus behind the server needs them made cumulative there, by the
// processor deltatocumulative. Its Jaeger port stands in for the jaeger-agent, which
// isn't maintained any more, but has no sampling strategies: say JAEGER_SAMPLER_TYPE
// in the app, or its client sends one trace of a thousand.
//
// While the server is down up to 1000 requests wait in memory, and each batch of them
// is tried for an hour. A dead adapter leaves the pod serving. When the pod stops it
// sends what it has, once, but for what StatsD said since it last sent.
//
// Defaults: image opentelemetry-collector-contrib, 50m CPU, 128Mi memory, at most
// 256Mi.
//
// Options: the last of several wins as a whole. Without any there is nothing to
// take, which is an error.
//
// upstream: open-telemetry/opentelemetry-collector-contrib receiver/statsdreceiver,
// receiver/zipkinreceiver, receiver/jaegerreceiver, receiver/prometheusreceiver.
func OTelTranslate(to string, opts ...OTelTranslateOptions) pattern.AdapterContainer {
	o := opt.Last(opts)
	o.PrometheusPorts = slices.Clone(o.PrometheusPorts)
	o.PrometheusPath = opt.Or(o.PrometheusPath, "/metrics")
	c := pattern.Adapter("otel-translate", otelCollectorContribImage)
	if !o.StatsD && !o.Zipkin && !o.Jaeger && len(o.PrometheusPorts) == 0 {
		c = c.Reject("options", "", "say what the app speaks: StatsD, Zipkin, Jaeger or PrometheusPorts")
	}
	for i, port := range o.PrometheusPorts {
		switch {
		case port < 1 || port > 65535:
			c = c.Reject("PrometheusPorts", port, "the port must be between 1 and 65535")
		case slices.Contains(o.PrometheusPorts[:i], port):
			c = c.Reject("PrometheusPorts", port, "stands there twice")
		default:
			c = c.Dials("127.0.0.1", port)
		}
	}
	if !path.IsAbs(o.PrometheusPath) {
		c = c.Reject("PrometheusPath", o.PrometheusPath, "want a path such as /metrics")
	}
	if o.StatsD {
		c = c.UDPPort("statsd", 8125).MovePorts("statsd").Endpoint("statsd", "statsd")
	}
	if o.Jaeger {
		c = c.UDPPort("jaeger-agent", 6831).MovePorts("jaeger-agent").Endpoint("jaeger-agent", "jaeger-agent")
	}
	if o.Zipkin {
		c = c.Port("zipkin", 9411).MovePorts("zipkin").Late(func(v pattern.View, c pattern.AdapterContainer) pattern.AdapterContainer {
			return c.AppEnv("OTEL_EXPORTER_ZIPKIN_ENDPOINT", fmt.Sprintf("http://127.0.0.1:%d/api/v2/spans", v.Port("zipkin")))
		})
	}
	return otelcol.Collector(c, otelcol.Server{URL: to, Authorization: o.Authorization, CA: o.CA}, func(v pattern.View) (f otelcol.Config) {
		f.Receivers, f.Pipelines = o.receivers(v)
		return f
	})
}

// receivers gives what the collector takes, and which signals that are.
func (o OTelTranslateOptions) receivers(v pattern.View) (receivers map[string]any, pipelines map[string][]string) {
	receivers, pipelines = make(map[string]any), make(map[string][]string)
	take := func(signal, receiver string, config map[string]any) {
		receivers[receiver] = config
		pipelines[signal] = append(pipelines[signal], receiver)
	}
	local := func(port string) string { return fmt.Sprintf("127.0.0.1:%d", v.Port(port)) }
	if o.StatsD {
		take("metrics", "statsd", statsDReceiver(local("statsd")))
	}
	if len(o.PrometheusPorts) > 0 {
		// Without an instance of its own each pod's would be 127.0.0.1.
		targets := make([]any, len(o.PrometheusPorts))
		for i, port := range o.PrometheusPorts {
			targets[i] = map[string]any{
				"targets": []string{fmt.Sprintf("127.0.0.1:%d", port)},
				"labels":  map[string]string{"instance": fmt.Sprintf("${env:POD_NAME}:%d", port)},
			}
		}
		take("metrics", "prometheus", map[string]any{"config": map[string]any{"scrape_configs": []any{map[string]any{
			"job_name": v.PodName(), "scrape_interval": "30s", "metrics_path": otelcol.Text(o.PrometheusPath),
			"static_configs": targets,
		}}}})
	}
	if o.Zipkin {
		take("traces", "zipkin", map[string]any{"protocols": map[string]any{"http": map[string]any{"endpoint": local("zipkin")}}})
	}
	if o.Jaeger {
		take("traces", "jaeger", map[string]any{"protocols": map[string]any{"thrift_compact": map[string]any{"endpoint": local("jaeger-agent")}}})
	}
	return receivers, pipelines
}

// statsDReceiver counts what comes from all sockets of the apps together: by default each
// would have sums of its own, under the same name. Nor does the default count up
// timings, of which it sends each.
func statsDReceiver(endpoint string) map[string]any {
	var timings []any
	for _, kind := range []string{"timing", "histogram"} {
		timings = append(timings, map[string]any{"statsd_type": kind, "observer_type": "histogram"})
	}
	return map[string]any{
		"endpoint": endpoint, "aggregation_interval": "10s", "enable_ip_only_aggregation": true,
		"is_monotonic_counter": true, "timer_histogram_mapping": timings,
	}
}
