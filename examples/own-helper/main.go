// Own-helper writes a helper of its own, which is as good as those of the
// catalogue: memcached.go is the helper, memcached_test.go holds it to what they are
// held to.
package main

import "github.com/podpattern/podpattern/pattern"

func main() {
	web := pattern.Pod("web").Hardened().
		WithApp(pattern.App("web", "registry.example.com/web:1.4").
			Port("http", 8080).
			ReadinessProbe(pattern.HTTPGet("/healthz", "http")).
			Requests("100m", "128Mi").Limits("", "256Mi").
			RunAsUser(10001)).
		WithAmbassador(Memcached())

	pattern.Main(web.Deployment(2), web.Service())
}
