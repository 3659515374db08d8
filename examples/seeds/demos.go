package main

import (
	"github.com/podpattern/podpattern/pattern"
)

// demo is the namespace of the seeds in this file.
const demo = "multi-container-demo"

// nativeProxy is 20: a native sidecar in front of the app, with all that it takes to run.
func nativeProxy() []pattern.Object {
	config := pattern.ConfigMap("proxy-config").Data("default.conf", `server {
  listen 8080;
  location /health {
    return 200 "ok\n";
  }
  location / {
    add_header X-Proxied-By sidecar always;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    proxy_pass http://127.0.0.1:80;
  }
}
`)
	pod := pattern.Pod("sidecar-proxy").Namespace(demo).
		WithSidecar(pattern.Sidecar("proxy", "nginx:1.25-alpine").Ports(8080).
			Mount(config.Volume("proxy-config"), "/etc/nginx/conf.d").
			Requests("50m", "64Mi").Limits("100m", "128Mi")).
		WithApp(pattern.App("app", "nginx:1.25-alpine").Ports(80).
			Requests("50m", "64Mi").Limits("100m", "128Mi"))
	return []pattern.Object{pattern.Namespace(demo), pod.Deployment(1), pod.Service("app", "proxy")}
}

// configAndWait is 21: the app starts when its configuration is there and its database answers.
func configAndWait() pattern.PodBuilder {
	config := pattern.EmptyDir("config")
	return pattern.Pod("init-demo").Namespace(demo).
		WithInit(
			pattern.Init("init-config", "busybox:1.36").Writes(config, "/config").
				Shell("echo mode=demo > /config/app.conf"),
			pattern.Init("init-wait-db", "busybox:1.36").
				Shell("until timeout 3 nc -w 2 db 5432 -e /bin/true; do sleep 1; done")).
		WithApp(pattern.App("app", "busybox:1.36").Reads(config.ReadWrite(), "/config").
			Shell("cat /config/app.conf; sleep 3600"))
}

// tlsProxy is 22: an ambassador speaks TLS for an app that doesn't.
func tlsProxy() []pattern.Object {
	config := pattern.ConfigMap("tls-proxy-config").Data("default.conf", `server {
  listen 8443 ssl;
  ssl_certificate /etc/tls/tls.crt;
  ssl_certificate_key /etc/tls/tls.key;
  ssl_protocols TLSv1.2 TLSv1.3;
  location / {
    proxy_pass http://127.0.0.1:80;
  }
}
`)
	pod := pattern.Pod("ambassador-proxy").Namespace(demo).Label("app", "ambassador-proxy").
		WithApp(pattern.App("app", "nginx:1.25-alpine").Ports(80)).
		WithAmbassador(pattern.Ambassador("tls-proxy", "nginx:1.25-alpine").Classic().Ports(8443).
			Mount(config.Volume("proxy-config"), "/etc/nginx/conf.d").
			Reads(pattern.Secret("tls-proxy").Volume("tls"), "/etc/tls"))
	return []pattern.Object{pod, pod.Service().Port("https", 443, 8443)}
}

// formatAdapter is 24: an adapter reads the app's raw figures and prints metrics.
func formatAdapter() pattern.PodBuilder {
	logs := pattern.EmptyDir("log-volume")
	return pattern.Pod("adapter-format").Namespace(demo).
		WithApp(pattern.App("app", "busybox:1.36").Writes(logs, "/var/log/app").
			Shell(`while true; do echo "requests|$RANDOM|GET" >> /var/log/app/metrics.raw; sleep 5; done`)).
		WithAdapter(pattern.Adapter("adapter", "busybox:1.36").Classic().Reads(logs, "/var/log/app").
			Shell(`tail -F /var/log/app/metrics.raw | awk -F'|' '{ printf "app_%s{method=\"%s\"} %s\n", $1, $3, $2; fflush() }'
`))
}

// loggingDemo is 26: a sidecar prints the log that the app writes to a file.
func loggingDemo() pattern.PodBuilder {
	logs := pattern.EmptyDir("log-volume")
	return pattern.Pod("sidecar-logging").Namespace(demo).
		WithApp(pattern.App("app", "busybox:1.36").Writes(logs, "/var/log/app").
			Shell(`while true; do echo "$(date -Iseconds) request served" >> /var/log/app/app.log; sleep 5; done`)).
		WithSidecar(pattern.Sidecar("log-shipper", "busybox:1.36").Classic().Reads(logs, "/var/log/app").
			Shell("tail -n +1 -F /var/log/app/app.log"))
}
