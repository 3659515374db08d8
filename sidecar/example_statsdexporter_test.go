package sidecar_test

import (
	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/sidecar"
)

// A mapping file that is there already is taken as it is, once it is found good.
func ExampleStatsDExporter() {
	mapping := `
mappings:
- match: app.*.requests
  name: app_requests_total
  labels: {service: $1}
`
	showExporter(pattern.App("web", "web:1.4"), sidecar.StatsDExporter(sidecar.StatsDExporterOptions{Mapping: mapping}))
	// Output:
	// --web.listen-address=:9102
	// --statsd.listen-udp=127.0.0.1:9125
	// --statsd.listen-tcp=
	// --statsd.mapping-config=/etc/statsd/mapping.yaml
}
