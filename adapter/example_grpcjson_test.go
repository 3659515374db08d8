package adapter_test

import (
	"fmt"

	"github.com/podpattern/podpattern/adapter"
	"github.com/podpattern/podpattern/pattern"
)

// Clients of the pod's Service speak gRPC or JSON, to one port.
func ExampleGRPCJSON() {
	descriptor := pattern.ConfigMap("orders-descriptor").Volume("descriptor")
	service, err := pattern.Pod("orders").
		WithApp(pattern.App("orders", "orders:2").Port("grpc", 50051)).
		WithAdapter(adapter.GRPCJSON(50051, descriptor, []string{"shop.v1.Orders"})).Service().Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range service.Spec.Ports {
		fmt.Println(p.Name, p.Port, "to", p.TargetPort.String())
	}
	// Output:
	// grpc 50051 to grpc-json-grpc
}
