package catalogue

import (
	"github.com/podpattern/podpattern/adapter"
	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/sidecar"
)

func shippers() []Use {
	logs := empty("logs")
	options := Verified{"allow-list of options", "TestFluentBitConfiguration"}
	redacted := Verified{"Lua: run against Go's regexp", "TestRedactIsExact"}
	parsed := Verified{"Ruby's Onigmo: run against Go's regexp", "TestOnigmoMatchesLikeGo"}
	fromVolume := writes("logs", logs)
	return []Use{
		use("sidecar.LogShipper", "Loki", options, sidecar.LogShipper(logs, sidecar.Loki("http://loki:3100")), fromVolume),
		use("sidecar.LogShipper", "Elasticsearch with a password", options,
			sidecar.LogShipper(logs, sidecar.Elasticsearch("https://es:9200").BasicAuth(pattern.Secret("es"))), fromVolume),
		use("sidecar.LogShipper", "HTTP", options, sidecar.LogShipper(logs, sidecar.HTTP("https://logs.example.com/ingest")), fromVolume),
		use("sidecar.LogShipper", "standard output", options, sidecar.LogShipper(logs, sidecar.Stdout()), fromVolume),
		use("sidecar.FluentBit", "redacted", redacted,
			sidecar.FluentBit(logs, sidecar.Loki("http://loki:3100"), sidecar.LogShipperOptions{Redact: []string{`password=\S+`}}), fromVolume),
		use("sidecar.FluentBit", "two sources, a claim for the buffer", options,
			sidecar.FluentBit(logs, sidecar.Loki("http://loki:3100"), sidecar.LogShipperOptions{
				Fields: []string{"spec.nodeName"}, BufferVolume: pattern.PVC("buffer", "buffer"),
				Sources: []sidecar.LogSource{{Tag: "audit", Files: "audit.txt", To: sidecar.HTTP("https://audit.example.com"), Format: sidecar.JSONLines()}},
			}), fromVolume),
		use("sidecar.LogTail", "a file", Verified{"busybox: run", "TestLogTail"}, sidecar.LogTail("access-log", logs, "access.log"), fromVolume),
		use("sidecar.LogRotate", "the app's files", Verified{"busybox: run", "TestLogRotateWhileTheAppWrites"}, sidecar.LogRotate(logs, 10001), fromVolume),
		use("adapter.LogsToJSON", "an expression", parsed, adapter.LogsToJSON(logs, `^(?<time>[^|]+)\|(?<level>\w+)\|(?<msg>.*)$`), fromVolume),
		use("adapter.LogsToJSON", "stack traces", options, adapter.LogsToJSON(logs, `(?s)^(?<time>\S+) (?<msg>.*)$`,
			adapter.LogsToJSONOptions{Time: "time", TimeLayout: "%Y-%m-%dT%H:%M:%S", Multiline: `^\d{4}-`}), fromVolume),
	}
}
