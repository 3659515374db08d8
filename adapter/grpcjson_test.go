package adapter_test

import (
	"testing"
	"time"

	"github.com/podpattern/podpattern/adapter"
	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/patterntest"
	"github.com/stretchr/testify/require"
)

func TestGRPCJSON(t *testing.T) {
	pod := pattern.Pod("web").Hardened().WithApp(patterntest.App().Port("grpc", 50051))
	descriptor := pattern.ConfigMap("orders").Volume("orders")
	patterntest.Helper(t, "grpcjson-default", pod, adapter.GRPCJSON(50051, descriptor, []string{"shop.v1.Orders"}))
	patterntest.Helper(t, "grpcjson-options", pod, adapter.GRPCJSON(50051, descriptor, []string{"shop.v1.Orders", "shop.v1.Carts"}, adapter.GRPCJSONOptions{
		Descriptor: "api/shop.pb", EveryMethod: true, AnyQuery: true, ProtoNames: true,
		Port: 9000, StatusPort: 9001, Timeout: 5 * time.Second, IdleTimeout: time.Hour, MaxBody: "4Mi", NoAccessLog: true, Scrape: true, IPv6: true,
	}))
}

// What the caller does with its slice later changes nothing.
func TestGRPCJSONKeepsItsServices(t *testing.T) {
	services := []string{"shop.v1.Orders"}
	pod := pattern.Pod("web").WithApp(patterntest.App().Port("grpc", 50051)).
		WithAdapter(adapter.GRPCJSON(50051, pattern.ConfigMap("orders").Volume("orders"), services))
	services[0] = "shop.v1.Carts"
	text, err := pod.YAML()
	require.NoError(t, err)
	require.Contains(t, string(text), "shop.v1.Orders")
}

func TestGRPCJSONRefuses(t *testing.T) {
	orders := []string{"shop.v1.Orders"}
	descriptor := pattern.ConfigMap("orders").Volume("orders")
	tests := map[string]struct {
		port       int
		descriptor pattern.Volume
		services   []string
		opts       adapter.GRPCJSONOptions
		want       string
	}{
		"no port":             {0, descriptor, orders, adapter.GRPCJSONOptions{}, "grpcPort: the port must be between 1 and 65535"},
		"no volume":           {50051, pattern.Volume{}, orders, adapter.GRPCJSONOptions{}, "zero-volume"},
		"no service":          {50051, descriptor, nil, adapter.GRPCJSONOptions{}, "services: want full names"},
		"empty service":       {50051, descriptor, []string{""}, adapter.GRPCJSONOptions{}, "services: want a full name"},
		"a method":            {50051, descriptor, []string{"/shop.v1.Orders/Get"}, adapter.GRPCJSONOptions{}, "services: want a full name"},
		"absolute descriptor": {50051, descriptor, orders, adapter.GRPCJSONOptions{Descriptor: "/a.pb"}, "Descriptor: want a file of the volume"},
		"descriptor outside":  {50051, descriptor, orders, adapter.GRPCJSONOptions{Descriptor: "../a.pb"}, "Descriptor: want a file of the volume"},
		"descriptor of lines": {50051, descriptor, orders, adapter.GRPCJSONOptions{Descriptor: "a\nb"}, "Descriptor: want a file of the volume"},
		"timeout":             {50051, descriptor, orders, adapter.GRPCJSONOptions{Timeout: -1}, "Timeout: want a time"},
		"silence":             {50051, descriptor, orders, adapter.GRPCJSONOptions{IdleTimeout: -1}, "IdleTimeout: want a time"},
		"size":                {50051, descriptor, orders, adapter.GRPCJSONOptions{MaxBody: "4MB"}, "MaxBody: want a size"},
		"no size":             {50051, descriptor, orders, adapter.GRPCJSONOptions{MaxBody: "0"}, "MaxBody: want a size"},
		"4 GiB":               {50051, descriptor, orders, adapter.GRPCJSONOptions{MaxBody: "4Gi"}, "MaxBody: want a size"},
	}
	pod := pattern.Pod("web").WithApp(patterntest.App().Port("grpc", 50051))
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			patterntest.Refuses(t, pod, adapter.GRPCJSON(tt.port, tt.descriptor, tt.services, tt.opts), tt.want)
		})
	}
}
