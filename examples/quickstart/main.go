// Quickstart is a web server whose logs are shipped, whose database is on
// localhost, and which starts when that can be reached.
package main

import (
	"github.com/podpattern/podpattern/ambassador"
	"github.com/podpattern/podpattern/initc"
	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/sidecar"
)

func main() {
	logs := pattern.EmptyDir("logs").SizeLimit("256Mi")

	web := pattern.Pod("web").Hardened().
		WithApp(pattern.App("web", "nginxinc/nginx-unprivileged:1.30.4").
			Port("http", 8080).
			Writes(logs, "/var/log/nginx").
			ReadinessProbe(pattern.HTTPGet("/", "http")).
			Requests("50m", "32Mi").Limits("", "64Mi").
			RunAsUser(101)).
		WithSidecar(sidecar.LogShipper(logs, sidecar.Loki("http://loki:3100"))).
		WithAmbassador(ambassador.TCP("db", "postgres.prod.svc:5432")).
		WithInit(initc.WaitForTCP("postgres.prod.svc:5432"))

	pattern.Main(web.Deployment(3), web.Service())
}
