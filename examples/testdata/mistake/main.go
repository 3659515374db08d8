package main

import "github.com/podpattern/podpattern/pattern"

func main() {
	logs := pattern.EmptyDir("logs")

	web := pattern.Pod("web").
		WithApp(pattern.App("web", "web:1.4").Port("http", 8080).Reads(logs, "/var/log/web")).
		WithSidecar(pattern.Sidecar("cache", "memcached:1.6").Port("cache", 8080).Limits("", "64 MB")).
		WithSidecar(pattern.Sidecar("ship", "shipper:2").Reads(logs, "/logs"))

	pattern.Main(web.Deployment(3))
}
