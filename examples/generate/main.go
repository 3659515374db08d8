// Generate is a program whose manifest is committed beside it: go generate
// writes the file, and its test fails when the file is stale.
package main

import (
	"github.com/podpattern/podpattern/pattern"
)

//go:generate sh -c "go run . > generate.yaml"

func main() { pattern.Main(objects()...) }

// objects is apart from main so that the test has it too.
func objects() []pattern.Object {
	web := pattern.Pod("web").Namespace("site").Hardened().
		WithApp(pattern.App("web", "docker.io/nginxinc/nginx-unprivileged:1.30.4").
			Port("http", 8080).
			ReadinessProbe(pattern.HTTPGet("/", "http")).
			Requests("50m", "32Mi").Limits("", "64Mi").
			RunAsUser(101))
	return []pattern.Object{pattern.Namespace("site").Enforce(pattern.Restricted), web.Deployment(2), web.Service()}
}
