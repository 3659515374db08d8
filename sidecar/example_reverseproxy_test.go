package sidecar_test

import (
	"fmt"

	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/sidecar"
)

// Clients of the Service go on as before, and come to nginx.
func ExampleReverseProxy() {
	web := pattern.App("web", "web:1.4").Port("http", 8080)
	pod := pattern.Pod("web").WithApp(web).
		WithSidecar(sidecar.ReverseProxy(8080, sidecar.ReverseProxyOptions{
			Gzip:            true,
			RatePerSecond:   20,
			TrustedProxies:  []string{"10.0.0.0/8"},
			ResponseHeaders: map[string]string{"X-Frame-Options": "DENY"},
		}))
	service, err := pod.Service().Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range service.Spec.Ports {
		fmt.Println(p.Name, p.Port, "to", p.TargetPort.String())
	}
	// Output:
	// http 8080 to nginx-http
}
