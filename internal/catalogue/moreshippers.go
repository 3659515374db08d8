package catalogue

import (
	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/sidecar"
)

// moreShippers are the log shippers beside fluent-bit.
func moreShippers() []Use {
	logs := empty("logs")
	vector := Verified{"Vector's language: compiled and run; allow-list of options", "TestVectorRunsTheProgram"}
	fluentd := Verified{"its Ruby: run; allow-list of options, and a reader of its syntax", "TestFluentdRunsTheRuby"}
	filebeat := Verified{"allow-list of options", "TestFilebeatConfigIsRead"}
	alloy := Verified{"allow-list of options, and a reader of its syntax", "TestAlloyConfigIsRead"}
	parsed := sidecar.LogShipperOptions{
		Format: sidecar.JSONLines().Time("time", "%Y-%m-%dT%H:%M:%S.%L%z"), Redact: []string{`password=\S+`}, Fields: []string{"spec.nodeName"},
	}
	return []Use{
		use("sidecar.Vector", "Loki", vector, sidecar.Vector(logs, sidecar.Loki("http://loki:3100")), writes("logs", logs)),
		use("sidecar.Vector", "Elasticsearch with a password", vector,
			sidecar.Vector(logs, sidecar.Elasticsearch("https://es:9200").BasicAuth(pattern.Secret("es")), parsed), writes("logs", logs)),
		use("sidecar.Fluentd", "HTTP with a password", fluentd,
			sidecar.Fluentd(logs, sidecar.HTTP("https://logs.example.com/ingest").BasicAuth(pattern.Secret("ingest")), parsed), writes("logs", logs)),
		use("sidecar.Fluentd", "standard output", fluentd, sidecar.Fluentd(logs, sidecar.Stdout()), writes("logs", logs)),
		use("sidecar.Filebeat", "Elasticsearch with a password", filebeat,
			sidecar.Filebeat(logs, sidecar.Elasticsearch("https://es:9200").BasicAuth(pattern.Secret("es")), parsed), writes("logs", logs)),
		use("sidecar.Filebeat", "standard output", filebeat, sidecar.Filebeat(logs, sidecar.Stdout()), writes("logs", logs)),
		use("sidecar.Alloy", "Loki", alloy, sidecar.Alloy(logs, sidecar.Loki("http://loki:3100")), writes("logs", logs)),
		use("sidecar.Alloy", "Loki with a password", alloy,
			sidecar.Alloy(logs, sidecar.Loki("https://loki.example.com").BasicAuth(pattern.Secret("loki")), parsed), writes("logs", logs)),
	}
}
