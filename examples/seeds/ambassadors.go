package main

import (
	"github.com/podpattern/podpattern/pattern"
)

// haproxy is 06: the app finds its database on localhost.
func haproxy() pattern.PodBuilder {
	config := pattern.ConfigMap("haproxy-config").Volume("config")
	return pattern.Pod("app-with-db-ambassador").
		WithApp(pattern.App("application", "myapp:latest").
			Env("DATABASE_HOST", "localhost").
			Env("DATABASE_PORT", "5432")).
		WithAmbassador(pattern.Ambassador("db-ambassador", "haproxy:2.8").Classic().Ports(5432).
			Mount(config, "/usr/local/etc/haproxy"))
}

// envoy is 07: a proxy with a configuration of its own beside the app.
func envoy() pattern.PodBuilder {
	config := pattern.ConfigMap("envoy-configuration").Volume("envoy-config")
	return pattern.Pod("app-with-proxy").
		WithApp(pattern.App("application", "myapp:latest").Ports(8080)).
		WithAmbassador(pattern.Ambassador("envoy-proxy", "envoyproxy/envoy:v1.28").Classic().Ports(9901).
			Mount(config, "/etc/envoy"))
}

// cloudSQLProxy is 13: the way to a managed database, under a user that isn't root.
func cloudSQLProxy() pattern.PodBuilder {
	return pattern.Pod("app-with-db-proxy").
		WithApp(pattern.App("application", "myapp:latest").Ports(8080).
			Env("DB_HOST", "127.0.0.1").
			Env("DB_PORT", "5432")).
		WithAmbassador(pattern.Ambassador("cloud-sql-proxy", "gcr.io/cloudsql-docker/gce-proxy:latest").Classic().
			Command("/cloud_sql_proxy", "-instances=project:region:instance=tcp:5432").
			RunAsNonRoot())
}
