package ambassador_test

import (
	"fmt"

	"github.com/podpattern/podpattern/ambassador"
	"github.com/podpattern/podpattern/pattern"
)

// Clients of the Service speak TLS to envoy, and envoy plain HTTP to the app.
func ExampleMesh() {
	web := pattern.App("web", "web:1.4").Port("http", 8080)
	mesh := ambassador.Mesh(8080, ambassador.MeshOptions{
		Certificate: pattern.Secret("web-tls").Volume("web-tls"), RequestsPerSecond: 200})
	service, err := pattern.Pod("web").WithApp(web).WithAmbassador(mesh).Service().Build()
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
