// Log-aggregation is two apps in one pod that write their logs to one volume,
// each to a folder of its own, and one shipper that sends them all.
package main

import (
	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/sidecar"
)

func main() {
	logs := pattern.EmptyDir("logs").SizeLimit("1Gi")

	app := func(name string, port int) pattern.AppContainer {
		return pattern.App(name, "registry.example.com/"+name+":1.4.0").
			Port(name, port).
			ReadinessProbe(pattern.HTTPGet("/ready", name)).
			Writes(logs.SubPath(name), "/var/log/app").
			Requests("100m", "128Mi").Limits("", "256Mi").
			RunAsUser(10001)
	}
	shop := pattern.Pod("shop").Hardened().
		WithApp(app("api", 8080), app("worker", 8081)).
		WithSidecar(sidecar.LogShipper(logs, sidecar.Elasticsearch("https://es.logging.svc:9200/shop"), sidecar.LogShipperOptions{Files: "*/*.log"}))

	pattern.Main(shop.Deployment(2), shop.Service("api"))
}
