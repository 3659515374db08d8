// Init is the init container pattern: each step ends before the next begins, and
// the app starts when all have succeeded. Here a configuration is written, the
// database waited for and its schema brought up to date.
package main

import (
	"github.com/podpattern/podpattern/initc"
	"github.com/podpattern/podpattern/pattern"
)

func main() {
	config := pattern.EmptyDir("config").SizeLimit("1Mi")
	const image = "registry.example.com/orders:3.0.2"
	password := pattern.Secret("orders-db")

	orders := pattern.Pod("orders").Hardened().RunAsUser(10001).
		WithInit(
			pattern.Init("config", image).Args("config", "--out", "/config/orders.yaml").
				Writes(config, "/config").
				Requests("50m", "64Mi").Limits("", "128Mi"),
			initc.WaitForTCP("postgres.data.svc:5432", initc.WaitOptions{TimeoutSeconds: 60}),
			pattern.Init("migrate", image).Args("migrate", "up").
				EnvSecret("PGPASSWORD", password, "password").
				Dials("postgres.data.svc", 5432).
				Requests("50m", "64Mi").Limits("", "128Mi"),
		).
		WithApp(pattern.App("orders", image).
			Port("http", 8080).
			Reads(config, "/etc/orders").
			EnvSecret("PGPASSWORD", password, "password").
			Dials("postgres.data.svc", 5432).
			ReadinessProbe(pattern.HTTPGet("/ready", "http")).
			Requests("100m", "128Mi").Limits("", "256Mi"))

	pattern.Main(orders.Deployment(2), orders.Service(), orders.NetworkPolicy())
}
