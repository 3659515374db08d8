package sidecar_test

import (
	"fmt"

	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/sidecar"
)

// The Service keeps its port, and leads to the proxy.
func ExampleOAuth2Proxy() {
	proxy := sidecar.OAuth2Proxy(8080, "https://login.example.com/realms/shop", pattern.Secret("web-oauth2"),
		sidecar.OAuth2ProxyOptions{EmailDomains: []string{"example.com"}, SkipAuthRoutes: []string{"GET=^/healthz$"}})
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4").Port("http", 8080)).WithSidecar(proxy)
	service, err := pod.Service().Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	port := service.Spec.Ports[0]
	fmt.Println(port.Name, port.Port, port.TargetPort.String())
	// Output:
	// http 8080 oauth2-pro-http
}

// A route that is found anywhere in a path would open more than it names.
func ExampleOAuth2Proxy_refused() {
	proxy := sidecar.OAuth2Proxy(8080, "https://login.example.com", pattern.Secret("web-oauth2"),
		sidecar.OAuth2ProxyOptions{EmailDomains: []string{"example.com"}, SkipAuthRoutes: []string{"/static/"}})
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4").Port("http", 8080)).WithSidecar(proxy)
	for _, e := range pod.Findings().Errors() {
		fmt.Println(e.BadValue, e.Detail)
	}
	// Output:
	// /static/ SkipAuthRoutes: want a path from its start on, such as ^/static/: without the ^ it is found anywhere in a path, as in /admin/static/
}
