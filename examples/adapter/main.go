// Adapter is the adapter pattern: the app writes its metrics in a form of its
// own, "name|value|label", and a script serves them as Prometheus reads them.
package main

import (
	"github.com/podpattern/podpattern/adapter"
	"github.com/podpattern/podpattern/pattern"
)

// serve answers /cgi-bin/metrics. The file may not be there yet, and may hold
// lines that are no metrics.
const serve = `mkdir -p /tmp/www/cgi-bin
cat >/tmp/www/cgi-bin/metrics <<'EOF'
#!/bin/sh
printf 'Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n\r\n'
cat "$IN"/metrics.raw 2>/dev/null | awk -F'|' 'NF == 3 && $2 ~ /^[0-9.]+$/ { printf "%s{method=\"%s\"} %s\n", $1, $3, $2 }'
EOF
chmod +x /tmp/www/cgi-bin/metrics
exec httpd -f -p "$PORT" -h /tmp/www`

func main() {
	raw := pattern.EmptyDir("raw").SizeLimit("16Mi")

	legacy := pattern.Pod("legacy").Hardened().
		WithApp(pattern.App("legacy", "registry.example.com/legacy:7.1").
			Port("http", 8080).
			ReadinessProbe(pattern.TCPSocket("http")).
			Writes(raw, "/var/lib/legacy/metrics").
			Requests("100m", "128Mi").Limits("", "256Mi").
			RunAsUser(10001)).
		WithAdapter(adapter.Script("metrics", serve, adapter.ScriptOptions{From: raw, Port: 9100, MetricsPath: "/cgi-bin/metrics"}))

	pattern.Main(legacy.Deployment(2), legacy.Service())
}
