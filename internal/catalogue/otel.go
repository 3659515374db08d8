package catalogue

import (
	"github.com/podpattern/podpattern/adapter"
	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/sidecar"
)

func collectors() []Use {
	validated := Verified{"otelcol validate, and traffic", "TestTheCollectorSendsOnWhatTheAppSays"}
	options := Verified{"otelcol validate, promtool and an allow-list", "TestTheCollectorTakesTheConfiguration"}
	const to = "grpc://otel-gateway.observability.svc:4317"
	return []Use{
		use("sidecar.OTelCollector", "gRPC", validated, sidecar.OTelCollector(to)),
		use("sidecar.OTelCollector", "HTTP, all options", validated, sidecar.OTelCollector("https://otel.example.com/v1", sidecar.OTelCollectorOptions{
			Authorization: pattern.Secret("otel"), CA: pattern.Secret("internal-ca").Volume("internal-ca"), SamplePercent: 0.5, HTTPPort: 14318, Attributes: map[string]string{"team": "web"},
		})),
		use("adapter.OTelTranslate", "Jaeger and Zipkin", options, adapter.OTelTranslate(to, adapter.OTelTranslateOptions{Jaeger: true, Zipkin: true})),
		use("adapter.OTelTranslate", "Prometheus", options, adapter.OTelTranslate(to, adapter.OTelTranslateOptions{PrometheusPorts: []int{8080}})),
		use("adapter.OTelTranslate", "StatsD", options, adapter.OTelTranslate(to, adapter.OTelTranslateOptions{StatsD: true})),
	}
}
