package sidecar

// The images that the helpers run, each pinned; Image in the chain after a helper,
// or Images on the pod, replaces one.
const (
	alloyImage            = "docker.io/grafana/alloy:v1.18.1"
	busyboxImage          = "docker.io/library/busybox:1.38.0"
	configReloaderImage   = "quay.io/prometheus-operator/prometheus-config-reloader:v0.93.0"
	filebeatImage         = "docker.elastic.co/beats/filebeat:9.5.4"
	fluentBitImage        = "cr.fluentbit.io/fluent/fluent-bit:5.1.1"
	fluentdImage          = "docker.io/fluent/fluentd:v1.19.3-debian-1.0"
	gitSyncImage          = "registry.k8s.io/git-sync/git-sync:v4.7.1"
	k8sSidecarImage       = "quay.io/kiwigrid/k8s-sidecar:2.10.1"
	mysqlExporterImage    = "quay.io/prometheus/mysqld-exporter:v0.20.0"
	nginxExporterImage    = "docker.io/nginx/nginx-prometheus-exporter:1.5.3"
	nginxImage            = "docker.io/nginxinc/nginx-unprivileged:1.30.4-alpine-slim"
	oauth2ProxyImage      = "quay.io/oauth2-proxy/oauth2-proxy:v7.15.3"
	otelCollectorImage    = "docker.io/otel/opentelemetry-collector:0.159.0"
	postgresExporterImage = "quay.io/prometheuscommunity/postgres-exporter:v0.20.1"
	redisExporterImage    = "docker.io/oliver006/redis_exporter:v1.88.0"
	spiffeHelperImage     = "ghcr.io/spiffe/spiffe-helper:0.11.0"
	statsdExporterImage   = "quay.io/prometheus/statsd-exporter:v0.30.0"
	vaultImage            = "docker.io/hashicorp/vault:2.0.4"
	vectorImage           = "docker.io/timberio/vector:0.57.0-distroless-static"
)
