// Native-sidecar is a Job with a helper that starts before the work and doesn't
// keep the Job from completing: a native sidecar, which Kubernetes stops when the
// app has ended. Made Classic, the same helper would let the Job hang.
package main

import (
	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/sidecar"
)

func main() {
	logs := pattern.EmptyDir("logs").SizeLimit("256Mi")

	report := pattern.Pod("report").Hardened().
		WithSidecar(sidecar.LogShipper(logs, sidecar.HTTP("https://logs.example.com/ingest").BasicAuth(pattern.Secret("log-ingest")))).
		WithApp(pattern.App("report", "registry.example.com/report:1.9.0").
			Args("--month", "last", "--log", "/var/log/report/report.log").
			Writes(logs, "/var/log/report").
			Requests("500m", "512Mi").Limits("", "1Gi").
			RunAsUser(10001))

	pattern.Main(report.CronJob("0 4 1 * *").TimeZone("Europe/Berlin"))
}
