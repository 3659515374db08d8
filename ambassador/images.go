package ambassador

// The images that the helpers run, each pinned; Image in the chain after a helper,
// or Images on the pod, replaces one.
const (
	cloudSQLProxyImage = "gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.25.3"
	envoyImage         = "docker.io/envoyproxy/envoy:distroless-v1.39.1"
	haproxyImage       = "docker.io/library/haproxy:3.4.3-alpine"
	nginxImage         = "docker.io/nginxinc/nginx-unprivileged:1.30.4-alpine-slim"
	pgbouncerImage     = "docker.io/edoburu/pgbouncer:v1.25.2-p0"
)
