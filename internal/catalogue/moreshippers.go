package catalogue

import (
	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/sidecar"
)

// moreShippers are the log shippers beside fluent-bit.
func moreShippers() []Use {
	logs := empty("logs")
	vector := Verified{"Vector's language: compiled and run; allow-list of options", "TestVectorRunsTheProgram"}
	parsed := sidecar.LogShipperOptions{
		Format: sidecar.JSONLines().Time("time", "%Y-%m-%dT%H:%M:%S.%L%z"), Redact: []string{`password=\S+`}, Fields: []string{"spec.nodeName"},
	}
	return []Use{
		use("sidecar.Vector", "Loki", vector, sidecar.Vector(logs, sidecar.Loki("http://loki:3100")), writes("logs", logs)),
		use("sidecar.Vector", "Elasticsearch with a password", vector,
			sidecar.Vector(logs, sidecar.Elasticsearch("https://es:9200").BasicAuth(pattern.Secret("es")), parsed), writes("logs", logs)),
	}
}
