package main

import "github.com/podpattern/podpattern/pattern"

func main() {
	logs := pattern.EmptyDir("logs").SizeLimit("1Gi")

	web := pattern.Pod("web").Hardened().RunAsUser(10001).Requests("200m", "128Mi").Limits("", "256Mi").
		WithApp(pattern.App("web", "web:1.4").Port("http", 8080).ReadinessProbe(pattern.TCPSocket("http")).Reads(logs, "/var/log/web")).
		WithSidecar(pattern.Sidecar("cache", "memcached:1.6").Port("cache", 8080).Limits("", "64 MB")).
		WithSidecar(pattern.Sidecar("ship", "shipper:2").Reads(logs, "/logs"))

	pattern.Main(web.Deployment(3))
}
