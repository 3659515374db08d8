package adapter_test

import (
	"fmt"

	"github.com/podpattern/podpattern/adapter"
	"github.com/podpattern/podpattern/pattern"
)

// An app that still sends to a Jaeger agent, and serves metrics on port 9000.
func ExampleOTelTranslate() {
	translate := adapter.OTelTranslate("grpc://otel-gateway.observability.svc:4317",
		adapter.OTelTranslateOptions{Jaeger: true, PrometheusPorts: []int{9000}})
	pod, err := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4").Port("metrics", 9000)).WithAdapter(translate).Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, e := range pod.Spec.Containers[0].Env {
		fmt.Println(e.Name + "=" + e.Value)
	}
	// Output:
	// JAEGER_AGENT_HOST=127.0.0.1
	// JAEGER_AGENT_PORT=6831
}
