package sidecar_test

import (
	"fmt"

	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/sidecar"
)

// The SDKs of OpenTelemetry read where to send from the environment.
func ExampleOTelCollector() {
	collector := sidecar.OTelCollector("grpc://otel-gateway.observability.svc:4317", sidecar.OTelCollectorOptions{SamplePercent: 25})
	pod, err := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4")).WithSidecar(collector).Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, e := range pod.Spec.Containers[0].Env {
		fmt.Println(e.Name + "=" + e.Value)
	}
	// Output:
	// OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318
	// OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf
	// OTEL_SERVICE_NAME=web
}
