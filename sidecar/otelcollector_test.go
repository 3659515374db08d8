package sidecar_test

import (
	"math"
	"testing"

	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/patterntest"
	"github.com/podpattern/podpattern/sidecar"
)

func TestOTelCollector(t *testing.T) {
	pod := pattern.Pod("web").Hardened().WithApp(patterntest.App())
	tests := map[string]pattern.SidecarContainer{
		"grpc": sidecar.OTelCollector("grpc://otel-gateway.observability.svc"),
		"options": sidecar.OTelCollector("https://otel.example.com/v1/${tenant}/", sidecar.OTelCollectorOptions{
			Authorization: pattern.Secret("otel"), CA: pattern.Secret("internal-ca").Volume("internal-ca"), SamplePercent: 0.5, GRPCPort: 14317,
			Attributes: map[string]string{"team": "a \"b\": c", "cost$center": "${HOME}"},
		}),
	}
	for name, c := range tests {
		t.Run(name, func(t *testing.T) { patterntest.Helper(t, "otelcollector-"+name, pod, c) })
	}
}

func TestOTelCollectorRefuses(t *testing.T) {
	pod := pattern.Pod("web").WithApp(patterntest.App())
	tests := map[string]struct {
		to   string
		opts sidecar.OTelCollectorOptions
		want string
	}{
		"nothing":         {to: "", want: "want grpc:// or grpcs:// or http:// or https://host"},
		"no scheme":       {to: "gateway:4317", want: "want grpc://"},
		"a password":      {to: "https://me:secret@gateway", want: "use a Secret"},
		"gRPC and a path": {to: "grpc://gateway/v1", want: "gRPC has no path"},
		"a signal":        {to: "https://gateway/v1/traces", want: "without the path of a signal"},
		"a query":         {to: "https://gateway/v1?key=a", want: "without a query"},
		"CA without TLS":  {to: "grpc://gateway", opts: sidecar.OTelCollectorOptions{CA: pattern.Secret("ca").Volume("ca")}, want: "CA: needs a server with TLS"},
		"101 %":           {to: "grpc://gateway", opts: sidecar.OTelCollectorOptions{SamplePercent: 101}, want: "from 0.01 to 100"},
		"too little":      {to: "grpc://gateway", opts: sidecar.OTelCollectorOptions{SamplePercent: 0.001}, want: "from 0.01 to 100"},
		"no number":       {to: "grpc://gateway", opts: sidecar.OTelCollectorOptions{SamplePercent: math.NaN()}, want: "from 0.01 to 100"},
		"port":            {to: "grpc://gateway", opts: sidecar.OTelCollectorOptions{HTTPPort: -1}, want: "between 1 and 65535"},
		"no key":          {to: "grpc://gateway", opts: sidecar.OTelCollectorOptions{Attributes: map[string]string{"": "a"}}, want: "want a key"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) { patterntest.Refuses(t, pod, sidecar.OTelCollector(tt.to, tt.opts), tt.want) })
	}
}
