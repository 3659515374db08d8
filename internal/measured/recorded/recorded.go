// Package recorded has the Deployment that is measured, as the library writes it.
package recorded

import "github.com/podpattern/podpattern/pattern"

// Deployment has four containers: an app, a native sidecar, a native ambassador and an
// init container.
func Deployment(name string) pattern.DeploymentBuilder {
	logs := pattern.EmptyDir("logs").SizeLimit("1Gi")
	conf := pattern.ConfigMap("proxy").Volume("proxy")
	return pattern.Pod(name).Namespace("prod").Hardened().RunAsUser(10001).
		TerminationGracePeriodSeconds(45).
		WithApp(pattern.App("web", "web:1.2.3").
			Port("http", 8080).
			Env("DB_HOST", "127.0.0.1").Env("DB_PORT", "5432").
			Writes(logs, "/var/log/web").
			Requests("250m", "256Mi").Limits("1", "512Mi").
			ReadinessProbe(pattern.HTTPGet("/ready", "http").PeriodSeconds(5)).
			LivenessProbe(pattern.HTTPGet("/live", "http"))).
		WithSidecar(pattern.Sidecar("logs", "shipper:2").
			Args("-c", "/etc/shipper.yaml").
			Port("metrics", 2020).
			Reads(logs, "/var/log/web").
			Requests("50m", "64Mi").Limits("100m", "128Mi")).
		WithAmbassador(pattern.Ambassador("db", "haproxy:3.4").
			Port("db", 5432).
			Reads(conf, "/usr/local/etc/haproxy").
			Requests("25m", "32Mi").Limits("100m", "128Mi").
			StartupProbe(pattern.TCPSocket("db").PeriodSeconds(1).FailureThreshold(60))).
		WithInit(pattern.Init("migrate", "web:1.2.3").
			Args("migrate", "--up").
			Env("DB_HOST", "127.0.0.1").
			Requests("50m", "64Mi").Limits("100m", "128Mi")).
		Deployment(3)
}
