package ambassador_test

import (
	"fmt"

	"github.com/podpattern/podpattern/ambassador"
	"github.com/podpattern/podpattern/pattern"
)

// The app says http to localhost; its certificate, of cert-manager, is none of its
// business.
func ExampleMTLS() {
	web := pattern.App("web", "web:1.4").Env("BILLING", "http://$(BILLING_HOST):$(BILLING_PORT)")
	billing := ambassador.MTLS("billing", "billing.prod.svc:8443", pattern.Secret("web-tls").Volume("web-tls"))
	pod, err := pattern.Pod("web").WithApp(web).WithAmbassador(billing).Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	showEnv(pod)
	// Output:
	// BILLING_HOST=127.0.0.1
	// BILLING_PORT=8443
	// BILLING=http://$(BILLING_HOST):$(BILLING_PORT)
}

// Clients dial the front in place of the app.
func ExampleMTLSServer() {
	web := pattern.App("web", "web:1.4").Port("http", 8080)
	front := ambassador.MTLSServer(8080, pattern.Secret("web-tls").Volume("web-tls"), ambassador.MTLSServerOptions{
		AllowURIs: []string{"spiffe://example.com/ns/prod/sa/shop"},
	})
	service, err := pattern.Pod("web").WithApp(web).WithAmbassador(front).Service().Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range service.Spec.Ports {
		fmt.Println(p.Name, p.Port, "to", p.TargetPort.String())
	}
	// Output:
	// https 8443 to https
}
