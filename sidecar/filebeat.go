package sidecar

import (
	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/pattern"
)

// Filebeat reads the log files in a volume with Filebeat and sends each line to
// Elasticsearch or to standard output; it takes the arguments of [LogShipper]. It has
// one destination, and can't take RegexLines or LogfmtLines apart: an ingest pipeline
// of Elasticsearch can.
//
// It adds: a ConfigMap with filebeat.yml; a scratch volume for the position in each
// file and for a buffer; port http (5066) with its state as JSON, which is its health; the
// numbers are at /stats. A dead shipper leaves the pod serving. While the destination
// is down the buffer fills, then reading pauses: nothing is dropped while the app keeps
// its files. It tries again without end, so that MaxRetries is an error; a document
// that Elasticsearch refuses for good is dropped. When the pod stops, it sends until 5
// seconds before the end of the grace period; what is left is in the buffer, and lost
// with a scratch volume. It runs as uid 1000, which must be able to read the files.
//
// The names of the fields are Elastic's: the line is message, the file log.file.path,
// the time @timestamp. The line stays in message, unless it is JSON that has a message
// of its own. No template and no lifecycle are set up in Elasticsearch. Buffer is at
// least 10M. Elasticsearch must not be newer than Filebeat, nor be OpenSearch, which
// Filebeat refuses. A password can't have a single quote in it, and Fields none of the
// annotations: Filebeat takes the value of a variable for a piece of configuration.
//
// Defaults: image filebeat, uid 1000, 50m CPU, 100Mi memory, at most 256Mi.
//
// Options: the last of several wins as a whole.
//
// docs: elastic.co/docs/reference/beats/filebeat (filestream, replace,
// decode_json_fields, timestamp, add_fields, HTTP endpoint). upstream: elastic/beats
// libbeat/publisher/queue/diskqueue/config.go; elastic/go-ucfg parse/parse.go.
func Filebeat(logs pattern.Volume, to Destination, opts ...LogShipperOptions) pattern.SidecarContainer {
	o := opt.Last(opts)
	c := pattern.Sidecar("filebeat", filebeatImage).
		Requests("50m", "100Mi").Limits("", "256Mi").
		Restricted().RunAsUser(1000).RunAsGroup(1000).ReadOnlyRootFilesystem(true).
		// The files of a ConfigMap belong to root, which Filebeat is else against.
		Args("-e", "-c", "/etc/filebeat/filebeat.yml", "--strict.perms=false").
		Health(pattern.HTTPGet("/", "http")).WhenDown(pattern.KeepServing)
	c = opt.Port(c, "http", o.Port, 5066)
	c, s := ships(c, "/state", logs, to, o)
	c = ownsBuffer(c, o, 1000)
	c = sendsOnlyTo(c, s, "Filebeat", "es", "stdout")
	c = filebeatRefuses(goTimes(c, s), s, o)
	return c.Late(func(v pattern.View, c pattern.SidecarContainer) pattern.SidecarContainer {
		return c.Config("/etc/filebeat/filebeat.yml", filebeatYAML(s, v.Port("http"), max(v.GracePeriodSeconds()-5, 1)))
	})
}

func filebeatRefuses(c pattern.SidecarContainer, s shipping, o LogShipperOptions) pattern.SidecarContainer {
	if len(s.destinations) > 1 {
		c = c.Reject("Sources", s.destinations[1].from, "Filebeat has one destination: use FluentBit or Vector, or a second Filebeat")
	}
	if o.MaxRetries > 0 {
		c = c.Reject("MaxRetries", o.MaxRetries, "Filebeat tries without end: leave it out, or use FluentBit or Vector")
	}
	if s.buffer > 0 && s.buffer < 10_000_000 {
		c = c.Reject("Buffer", o.Buffer, "Filebeat needs at least 10M")
	}
	for _, f := range s.sources {
		switch f.format.kind {
		case regexLines:
			c = c.Reject("Format", f.format.written(), "Filebeat reads no RegexLines, only PlainLines and JSONLines: use FluentBit, Vector or Fluentd, or an ingest pipeline")
		case logfmtLines:
			c = c.Reject("Format", "LogfmtLines()", "Filebeat reads no LogfmtLines, only PlainLines and JSONLines: use FluentBit or Vector, or an ingest pipeline")
		}
	}
	return noAnnotations(c, o, "Filebeat", "Vector or Fluentd")
}
