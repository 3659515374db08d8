package main

import (
	"github.com/podpattern/podpattern/pattern"
)

// logging is 04: a sidecar ships the logs that the app writes.
func logging() pattern.PodBuilder {
	logs := pattern.EmptyDir("logs")
	return pattern.Pod("web-with-logging").
		WithApp(pattern.App("web-app", "nginx:1.25").Ports(80).Writes(logs, "/var/log/nginx")).
		WithSidecar(pattern.Sidecar("log-shipper", "fluent/fluentd:v1.16").Classic().
			Reads(logs.ReadWrite(), "/var/log/nginx").
			Env("FLUENTD_CONF", "fluent.conf"))
}

// metrics is 05: a sidecar exports the app's metrics.
func metrics() pattern.PodBuilder {
	return pattern.Pod("app-with-metrics").
		WithApp(pattern.App("application", "myapp:latest").Ports(8080)).
		WithSidecar(pattern.Sidecar("metrics-exporter", "prom/nginx-exporter:latest").Classic().Ports(9113).
			Args("-nginx.scrape-uri=http://localhost:8080/metrics"))
}

// complete is 12: a log shipper and an exporter beside a web server, with resources.
func complete() pattern.PodBuilder {
	logs, html := pattern.EmptyDir("logs"), pattern.EmptyDir("html")
	return pattern.Pod("web-app-complete").Label("app", "web").
		WithApp(pattern.App("nginx", "nginx:1.25").Ports(80).
			Writes(logs, "/var/log/nginx").Mount(html, "/usr/share/nginx/html").
			Requests("100m", "128Mi").Limits("200m", "256Mi")).
		WithSidecar(
			pattern.Sidecar("log-shipper", "fluent/fluentd:v1.16").Classic().
				Reads(logs.ReadWrite(), "/var/log/nginx").
				Requests("50m", "64Mi").Limits("100m", "128Mi"),
			pattern.Sidecar("nginx-exporter", "nginx/nginx-prometheus-exporter:latest").Classic().Ports(9113).
				Args("-nginx.scrape-uri=http://localhost:80/stub_status").
				Requests("25m", "32Mi").Limits("50m", "64Mi"))
}

// gitSync is 14: a sidecar keeps what an init container cloned up to date.
func gitSync() pattern.PodBuilder {
	repo := pattern.EmptyDir("git-repo")
	return pattern.Pod("web-with-git-sync").
		WithInit(pattern.Init("git-clone", "alpine/git:latest").Writes(repo, "/git").
			Command("git", "clone", "https://github.com/user/repo.git", "/git")).
		WithApp(pattern.App("nginx", "nginx:1.25").Ports(80).Reads(repo.ReadWrite(), "/usr/share/nginx/html")).
		WithSidecar(pattern.Sidecar("git-sync", "k8s.gcr.io/git-sync:v3.6.3").Classic().Writes(repo, "/tmp/git").
			Env("GIT_SYNC_REPO", "https://github.com/user/repo.git").
			Env("GIT_SYNC_DEST", "repo").
			Env("GIT_SYNC_WAIT", "60"))
}

// testLogger is 17: a sidecar picks the ids out of the lines that the app logs.
func testLogger() pattern.PodBuilder {
	const log = `while true; do
  MESSAGE="$(date -Iseconds) - GUID: $(uuidgen)"
  echo "${MESSAGE}" >> /app/logs/my-test-log.log
  sleep $(shuf -i 1-3 -n 1)
done
`
	const read = `tail -f /var/log/myapp/*.log | while read line; do
  if [[ $line =~ [a-f0-9-]{36} ]]; then
    echo "${BASH_REMATCH[0]}"
  fi
done
`
	logs := pattern.EmptyDir("shared-logs")
	return pattern.Pod("test-logger").
		WithApp(pattern.App("my-test-logger", "my-test-logger:latest").Command("bash", "-c", log).
			Writes(logs, "/app/logs").Limits("600m", "200Mi")).
		WithSidecar(pattern.Sidecar("log-reader", "log-reader:latest").Classic().Command("bash", "-c", read).
			Reads(logs.ReadWrite(), "/var/log/myapp").Limits("600m", "200Mi"))
}

// istioProxy is 18: a service mesh's proxy beside the app.
func istioProxy() pattern.PodBuilder {
	return pattern.Pod("my-app").
		WithApp(pattern.App("my-app", "my-app:latest")).
		WithSidecar(pattern.Sidecar("istio-proxy", "istio/proxyv2:1.20.0").Classic())
}

// monitoringStack is 19: one sidecar each for metrics, logs and traces.
func monitoringStack() pattern.PodBuilder {
	return pattern.Pod("web-app").
		WithApp(pattern.App("web-app", "my-web-app:latest")).
		WithSidecar(
			pattern.Sidecar("metrics-exporter", "prom/node-exporter").Classic(),
			pattern.Sidecar("log-shipper", "fluent/fluent-bit").Classic(),
			pattern.Sidecar("trace-collector", "jaegertracing/jaeger-agent").Classic())
}

// content is 23: a sidecar writes the page that the app serves.
func content() pattern.PodBuilder {
	page := pattern.EmptyDir("shared-logs")
	return pattern.Pod("sidecar-container-example").
		WithApp(pattern.App("main-container", "nginx").Ports(80).Reads(page.ReadWrite(), "/usr/share/nginx/html")).
		WithSidecar(pattern.Sidecar("sidecar-container", "busybox").Classic().Writes(page, "/var/log").
			Shell("while true; do date >> /var/log/index.html; sleep 5; done"))
}
