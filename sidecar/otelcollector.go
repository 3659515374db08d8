package sidecar

import (
	"fmt"
	"maps"

	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/internal/otelcol"
	"github.com/podpattern/podpattern/pattern"
)

// OTelCollectorOptions changes what [OTelCollector] does; the zero value is the
// default.
type OTelCollectorOptions struct {
	// Authorization is a Secret whose key authorization is sent as the header of that
	// name, such as "Bearer …". Default: none.
	Authorization pattern.SecretBuilder
	// CA has the file ca.crt, such as a ConfigMap's volume, with the authorities that
	// may have signed the server's certificate. Default: those of the image.
	CA pattern.Volume
	// Attributes are set on all that is sent, beside the names of the pod, its
	// namespace and its node.
	Attributes map[string]string
	// SamplePercent is how much of the traces is sent on, from 0.01 to 100. All pods
	// with the same number pick the same traces. Default: all.
	SamplePercent float64
	// GRPCPort and HTTPPort are what the app dials on localhost. Default: 4317 and
	// 4318, or the next free ones; a port that is set here does not move.
	GRPCPort, HTTPPort int
}

// OTelCollector takes traces, metrics and logs from the app by OTLP on localhost,
// and sends them on with the names of the pod, its namespace and its node; to is an
// OTLP server: grpc://gateway:4317, http://gateway:4318, or grpcs:// and https://
// with TLS.
//
// It adds: a ConfigMap with config.yaml; OTEL_EXPORTER_OTLP_ENDPOINT,
// OTEL_EXPORTER_OTLP_PROTOCOL (http/protobuf) and OTEL_SERVICE_NAME (the pod's
// name) in the apps, unless they set them; the ports otlp-grpc and otlp-http, on
// 127.0.0.1 only, health (13133) and metrics (8888). What names no service is the pod's, and
// what names no instance gets the pod's name as service.instance.id.
//
// While the server is down up to 1000 requests of the app wait in memory, and each
// batch of them is tried for an hour. When these are there, or three fifths of the
// memory limit are in use, it refuses more, and the app's SDK tries again for a
// while. A dead collector leaves the pod serving. When the pod stops it sends what it
// has, once: what the server doesn't take then is lost. The image is the core
// distribution, without a shell, and runs as uid 10001.
//
// Defaults: image opentelemetry-collector, 50m CPU, 128Mi memory, at most 256Mi.
//
// Options: the last of several wins as a whole.
//
// upstream: open-telemetry/opentelemetry-collector exporter/exporterhelper/README.md,
// open-telemetry/opentelemetry-specification specification/protocol/exporter.md.
func OTelCollector(to string, opts ...OTelCollectorOptions) pattern.SidecarContainer {
	o := opt.Last(opts)
	c := opt.Port(pattern.Sidecar("otel-collector", otelCollectorImage), "otlp-grpc", o.GRPCPort, 4317)
	c = opt.Port(c, "otlp-http", o.HTTPPort, 4318)
	if p := o.SamplePercent; p != 0 && !(p >= 0.01 && p <= 100) { // NaN is neither
		c = c.Reject("SamplePercent", p, "want a number from 0.01 to 100")
	}
	attributes := maps.Clone(o.Attributes)
	if _, empty := attributes[""]; empty {
		c = c.Reject("Attributes", "", "want a key, such as deployment.environment.name")
	}
	c = c.Late(func(v pattern.View, c pattern.SidecarContainer) pattern.SidecarContainer {
		return c.AppEnv("OTEL_EXPORTER_OTLP_ENDPOINT", fmt.Sprintf("http://127.0.0.1:%d", v.Port("otlp-http"))).
			AppEnv("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf").
			AppEnv("OTEL_SERVICE_NAME", v.PodName())
	})
	return otelcol.Collector(c, otelcol.Server{URL: to, Authorization: o.Authorization, CA: o.CA}, func(v pattern.View) otelcol.Config {
		return otelcol.Config{
			Attributes: attributes, SamplePercent: o.SamplePercent,
			Receivers: map[string]any{"otlp": map[string]any{"protocols": map[string]any{
				"grpc": map[string]any{"endpoint": fmt.Sprintf("127.0.0.1:%d", v.Port("otlp-grpc"))},
				"http": map[string]any{"endpoint": fmt.Sprintf("127.0.0.1:%d", v.Port("otlp-http"))},
			}}},
			Pipelines: map[string][]string{"traces": {"otlp"}, "metrics": {"otlp"}, "logs": {"otlp"}},
		}
	})
}
