// Sidecar is the sidecar pattern: a container that extends the app, which knows
// nothing of it. Here it keeps a page in step with what an editor publishes, and
// the app serves it.
package main

import "github.com/podpattern/podpattern/pattern"

func main() {
	html := pattern.EmptyDir("html").SizeLimit("64Mi")

	fetch := pattern.Sidecar("fetch", "docker.io/library/busybox:1.38.0").
		Shell(`trap 'exit 0' TERM; while :; do wget -q -O /html/new "$PAGE" && mv /html/new /html/index.html; sleep 60 & wait $!; done`).
		Env("PAGE", "http://editor.cms.svc/index.html").
		Writes(html, "/html").
		AppReads(html, "/usr/share/nginx/html").
		ReadyFile(html, "index.html").
		Dials("editor.cms.svc", 80).
		Requests("5m", "8Mi").Limits("", "16Mi").
		RunAsUser(101)

	site := pattern.Pod("site").Hardened().
		WithApp(pattern.App("nginx", "docker.io/nginxinc/nginx-unprivileged:1.30.4").
			Port("http", 8080).
			ReadinessProbe(pattern.HTTPGet("/", "http")).
			Requests("50m", "32Mi").Limits("", "64Mi").
			RunAsUser(101)).
		WithSidecar(fetch)

	pattern.Main(site.Deployment(2), site.Service(), site.NetworkPolicy())
}
