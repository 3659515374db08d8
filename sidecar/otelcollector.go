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
	// Attributes are set on all that is sent, beside the names of the pod, its
	// namespace and its node.
	Attributes map[string]string
	// SamplePercent is how much of the traces is sent on, from 1 to 100. Default: all.
	SamplePercent int
	// GRPCPort and HTTPPort are what the app dials on localhost. Default: 4317 and
	// 4318, or the next free ones; a port that is set here does not move.
	GRPCPort, HTTPPort int
}

// OTelCollector takes traces, metrics and logs from the app by OTLP on localhost,
// and sends them on with the names of the pod, its namespace and its node; to is an
// OTLP server: grpc://gateway:4317, http://gateway:4318, or grpcs:// and https://
// with TLS, verified by the image's certificates.
//
// It adds: a ConfigMap with config.yaml; OTEL_EXPORTER_OTLP_ENDPOINT,
// OTEL_EXPORTER_OTLP_PROTOCOL (http/protobuf) and OTEL_SERVICE_NAME (the pod's
// name) in the apps, unless they set them; the ports otlp-grpc and otlp-http, on
// 127.0.0.1 only, health and metrics. While the server is down up to 1000 batches wait in memory, for an hour
// at most; it refuses more at four fifths of its memory limit, which it takes for
// the pod's app to try again. A dead collector leaves the pod serving. When the pod
// stops it sends what it has. The image is the core distribution, without a shell,
// and runs as uid 10001.
//
// Options: the last of several wins as a whole.
//
// upstream: open-telemetry/opentelemetry-collector exporter/exporterhelper/README.md,
// open-telemetry/opentelemetry-specification specification/protocol/exporter.md.
func OTelCollector(to string, opts ...OTelCollectorOptions) pattern.SidecarContainer {
	o := opt.Last(opts)
	c := pattern.Sidecar("otel-collector", otelCollectorImage)
	for _, p := range []struct {
		name        string
		set, number int
	}{{"otlp-grpc", o.GRPCPort, 4317}, {"otlp-http", o.HTTPPort, 4318}} {
		if p.set == 0 {
			c = c.MovePorts(p.name)
		}
		c = c.Port(p.name, opt.Or(p.set, p.number))
	}
	if o.SamplePercent < 0 || o.SamplePercent > 100 {
		c = c.Reject("SamplePercent", o.SamplePercent, "want a number from 1 to 100")
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
	return otelcol.Collector(c, to, o.Authorization, func(v pattern.View, f *otelcol.Config) {
		f.Attributes, f.SamplePercent = attributes, o.SamplePercent
		f.Receivers = map[string]any{"otlp": map[string]any{"protocols": map[string]any{
			"grpc": map[string]any{"endpoint": fmt.Sprintf("127.0.0.1:%d", v.Port("otlp-grpc"))},
			"http": map[string]any{"endpoint": fmt.Sprintf("127.0.0.1:%d", v.Port("otlp-http"))},
		}}}
		f.Pipelines = map[string][]string{"traces": {"otlp"}, "metrics": {"otlp"}, "logs": {"otlp"}}
	})
}
