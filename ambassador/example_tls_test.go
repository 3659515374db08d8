package ambassador_test

import (
	"fmt"

	"github.com/podpattern/podpattern/ambassador"
	"github.com/podpattern/podpattern/pattern"
)

// The Service serves https, with the certificate of a Secret; only who has a
// certificate of the company's own authority is let in.
func ExampleTLS() {
	web := pattern.App("web", "web:1.4").Port("http", 8080)
	pod := pattern.Pod("web").WithApp(web).
		WithAmbassador(ambassador.TLS(8080, pattern.Secret("web-tls").Volume("web-tls"), ambassador.TLSOptions{
			ClientCA:      pattern.ConfigMap("company-ca").Volume("company-ca"),
			SubjectHeader: "X-Client-Subject",
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
	// https 8443 to https
}
