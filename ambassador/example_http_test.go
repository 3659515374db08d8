package ambassador_test

import (
	"fmt"
	"time"

	"github.com/podpattern/podpattern/ambassador"
	"github.com/podpattern/podpattern/pattern"
)

// The app speaks plain HTTP to localhost; timeouts, retries and TLS are envoy's.
func ExampleHTTP() {
	web := pattern.App("web", "web:1.4").Env("API_URL", "http://$(API_HOST):$(API_PORT)/v1")
	api := ambassador.HTTP("api", "https://api.example.com", ambassador.HTTPOptions{
		Timeout: 3 * time.Second, Retries: ambassador.HTTPRetries{Times: 1}, RequestsPerSecond: 50})
	pod, err := pattern.Pod("web").WithApp(web).WithAmbassador(api).Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	showEnv(pod)
	for _, p := range pod.Spec.InitContainers[0].Ports {
		fmt.Println(p.Name, p.ContainerPort)
	}
	// Output:
	// API_HOST=127.0.0.1
	// API_PORT=8443
	// API_URL=http://$(API_HOST):$(API_PORT)/v1
	// api 8443
	// api-status 9902
	// api-admin 9901
}

// Nine of ten requests go to the old release. Tries that together would take longer
// than the app waits are refused.
func ExampleHTTP_options() {
	_, err := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4")).
		WithAmbassador(ambassador.HTTP("api", "http://api-v1.prod.svc:8080", ambassador.HTTPOptions{
			Weight: 9, Upstreams: []ambassador.HTTPUpstream{{URL: "http://api-v2.prod.svc:8080"}},
			Timeout: 10 * time.Second, Retries: ambassador.HTTPRetries{PerTry: 5 * time.Second}})).Build()
	fmt.Println(err)
	// Output:
	// example_http_test.go:38: spec.initContainers[0]: Invalid value: "5s": Retries.PerTry: 3 tries of that don't fit into the Timeout of 10s (container api) [A helper-option]
}
