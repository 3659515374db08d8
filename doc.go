// Package podpattern is the root of a library that builds Kubernetes pods of
// several containers: it composes the known patterns (sidecar, ambassador,
// adapter, init container, native sidecar, log aggregation), checks what the
// containers share, and gives YAML or typed objects. There is no code here.
//
//   - [github.com/podpattern/podpattern/pattern]: the builders of pods,
//     containers, volumes and workloads. Start here.
//   - [github.com/podpattern/podpattern/pattern/check]: what is wrong with a pod,
//     wherever it comes from.
//   - [github.com/podpattern/podpattern/sidecar],
//     [github.com/podpattern/podpattern/ambassador],
//     [github.com/podpattern/podpattern/adapter],
//     [github.com/podpattern/podpattern/initc]: ready helpers, one a file.
//
// A program that prints a manifest:
//
//	logs := pattern.EmptyDir("logs").SizeLimit("256Mi")
//
//	web := pattern.Pod("web").Hardened().
//		WithApp(pattern.App("web", "nginxinc/nginx-unprivileged:1.30.4").
//			Port("http", 8080).
//			Writes(logs, "/var/log/nginx").
//			ReadinessProbe(pattern.HTTPGet("/", "http")).
//			Requests("50m", "32Mi").Limits("", "64Mi").
//			RunAsUser(101)).
//		WithSidecar(sidecar.LogShipper(logs, sidecar.Loki("http://loki:3100"))).
//		WithAmbassador(ambassador.TCP("db", "postgres.prod.svc:5432")).
//		WithInit(initc.WaitForTCP("postgres.prod.svc:5432"))
//
//	pattern.Main(web.Deployment(3), web.Service())
package podpattern
