package adapter

// The images that the helpers run, each pinned; Image in the chain after a helper,
// or Images on the pod, replaces one.
const (
	busyboxImage              = "docker.io/library/busybox:1.38.0"
	envoyImage                = "docker.io/envoyproxy/envoy:distroless-v1.39.1"
	fluentBitImage            = "cr.fluentbit.io/fluent/fluent-bit:5.1.1"
	jsonExporterImage         = "quay.io/prometheuscommunity/json-exporter:v0.7.0"
	mtailImage                = "ghcr.io/google/mtail:3.0.9"
	nginxImage                = "docker.io/nginxinc/nginx-unprivileged:1.30.4-alpine-slim"
	otelCollectorContribImage = "docker.io/otel/opentelemetry-collector-contrib:0.159.0"
	statsdExporterImage       = "quay.io/prometheus/statsd-exporter:v0.30.0"
)
