package main

import (
	"github.com/podpattern/podpattern/pattern"
)

// logAdapter is 08: an adapter turns the lines of an old app's log into JSON.
func logAdapter() pattern.PodBuilder {
	const convert = `while true; do
  if [ -f /var/log/app/app.log ]; then
    tail -f /var/log/app/app.log | \
      awk '{print "{\"timestamp\":\""$1"\",\"level\":\""$2"\",\"message\":\""$3"\"}"}' \
      > /var/log/transformed/app.json
  fi
  sleep 1
done
`
	logs, transformed := pattern.EmptyDir("logs"), pattern.EmptyDir("transformed-logs")
	return pattern.Pod("app-with-log-adapter").
		WithApp(pattern.App("application", "legacy-app:latest").Writes(logs, "/var/log/app")).
		WithAdapter(pattern.Adapter("log-adapter", "log-transformer:latest").Classic().Shell(convert).
			Reads(logs.ReadWrite(), "/var/log/app").Writes(transformed, "/var/log/transformed"))
}

// metricsAdapter is 09: an adapter gives the app's statistics the form that Prometheus reads.
func metricsAdapter() pattern.PodBuilder {
	return pattern.Pod("app-with-metrics-adapter").
		WithApp(pattern.App("application", "myapp:latest").Ports(8080)).
		WithAdapter(pattern.Adapter("metrics-adapter", "metrics-converter:latest").Classic().Ports(9090).
			Env("SOURCE_METRICS_URL", "http://localhost:8080/stats").
			Env("TARGET_FORMAT", "prometheus"))
}
