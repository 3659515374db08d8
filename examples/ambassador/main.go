// Ambassador is the ambassador pattern: the app dials localhost, and a proxy
// beside it knows the way to the database. The app waits until the proxy is up.
package main

import (
	"github.com/podpattern/podpattern/ambassador"
	"github.com/podpattern/podpattern/pattern"
)

func main() {
	shop := pattern.Pod("shop").Namespace("prod").Hardened().
		WithApp(pattern.App("shop", "registry.example.com/shop:2.4.1").
			Port("http", 8080).
			// DB_HOST and DB_PORT come from the ambassador.
			Env("DATABASE_URL", "postgres://shop@$(DB_HOST):$(DB_PORT)/shop").
			EnvSecret("PGPASSWORD", pattern.Secret("shop-db"), "password").
			ReadinessProbe(pattern.HTTPGet("/ready", "http")).
			Requests("100m", "128Mi").Limits("", "256Mi").
			RunAsUser(10001)).
		WithAmbassador(ambassador.TCP("db", "postgres.data.svc.cluster.local:5432"))

	pattern.Main(shop.Deployment(3), shop.Service(), shop.NetworkPolicy())
}
