package main

import (
	"github.com/podpattern/podpattern/pattern"
)

func main() {
	logs := pattern.EmptyDir("logs")
	web := pattern.Pod("web").
		WithApp(pattern.App("web", "nginxinc/nginx-unprivileged:1.30.4").Port("http", 8080).Writes(logs, "/var/log/nginx")).
		WithSidecar(pattern.Sidecar("s", "x:1").Port("http", 2020).Reads(logs, "/l").Config("/etc/a/b", "c").Health(pattern.HTTPGet("/", "http")).AppEnv("A","B"))
	pattern.Main(web.Deployment(3), web.Service(), web.NetworkPolicy())
}
