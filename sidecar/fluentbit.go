package sidecar

import (
	"fmt"

	"github.com/podpattern/podpattern/internal/fluentbit"
	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/pattern"
)

// FluentBit reads the log files in a volume with fluent-bit and sends each line to a
// destination, with the names of the source, the file, the pod and its namespace.
//
// It adds: a ConfigMap with fluent-bit.yaml; a scratch volume for the position in
// each file and for a bounded buffer, so that it goes on where it was after a
// restart, and retries while the destination is down; port http (2020) with metrics and
// health. Files are read from their beginning, and new ones within a second. A dead
// shipper leaves the pod serving. It sends what it still has when the pod stops, for 5
// seconds. The image is distroless: no shell. It runs as uid 65532, which must be able
// to read the files; and it deletes none: bound the volume with SizeLimit, and rotate
// the files, as [LogRotate] does.
//
// While a destination is down reading goes on: what waits is kept on disk, the oldest
// goes when Buffer is full, and the other destinations don't wait. A retry comes after
// a minute at most. A line of more than 1 MiB is left out. With Redact a script in Lua
// runs on each line, for less than a millisecond on one of a usual length.
//
// The time of a record is its field @timestamp, as 2026-08-21T10:06:38.250000Z; of Loki
// the entry's own. A time of JSON that is a number is not taken for it, only one that is a
// string. Fields of a pod that it doesn't have, as a label, are empty; an annotation is
// an error, since a quote in its value would break the configuration. A BufferVolume
// must be on a disk: its database locks files, which shared network file systems don't
// do well; the pod gets fsGroup 65532, unless it has another, to write it.
//
// Defaults: image fluent-bit, uid 65532, 50m CPU, 64Mi memory, at most 128Mi.
//
// Options: the last of several wins as a whole.
//
// upstream: fluent/fluent-bit-docs administration/configuring-fluent-bit/yaml,
// administration/buffering-and-storage; fluent/helm-charts charts/fluent-bit;
// fluent/fluent-bit v5.1 src/{flb_env,flb_slist,flb_output}.c.
func FluentBit(logs pattern.Volume, to Destination, opts ...LogShipperOptions) pattern.SidecarContainer {
	return fluentBit(pattern.Sidecar("fluent-bit", fluentBitImage), logs, to, opt.Last(opts))
}

func fluentBit(c pattern.SidecarContainer, logs pattern.Volume, to Destination, o LogShipperOptions) pattern.SidecarContainer {
	c, s := ships(c, "/state", logs, to, o)
	c = noAnnotations(c, o, "fluent-bit", "Vector, Fluentd or Alloy")
	c = fluentbit.Run(ownsBuffer(c, o, 65532), o.Port)
	return c.Late(func(v pattern.View, c pattern.SidecarContainer) pattern.SidecarContainer {
		config := fluentbit.Config{
			Port: v.Port("http"), Grace: fluentbit.Grace(v.GracePeriodSeconds()),
			State: "/state", Buffered: true, Redact: s.redact,
		}
		for _, f := range s.sources {
			config.Inputs = append(config.Inputs, fluentbit.Input{Path: f.path, Tag: f.tag, FileKey: "file", Line: f.format.fluentBit()})
		}
		for _, f := range s.fields {
			config.Fields = append(config.Fields, fluentbit.Field{Name: f.name, Env: f.env})
		}
		for i := range s.destinations {
			config.Outputs = append(config.Outputs, s.fluentBitOutput(i, v.PodName()))
		}
		return c.Config(fluentbit.ConfigFile, config.YAML())
	})
}

func (f LineFormat) fluentBit() fluentbit.Line {
	return fluentbit.Line{Parser: string(f.kind), Regex: f.regex(), TimeKey: f.timeField, TimeFormat: f.timeForm, FirstLine: f.firstLine}
}

// fluentBitOutput sends what is for a destination there.
func (s shipping) fluentBitOutput(destination int, job string) fluentbit.Output {
	to := s.destinations[destination]
	p := map[string]any{"name": to.kind, "retry_limit": "no_limits", "storage.total_limit_size": fmt.Sprint(s.buffer)}
	if s.maxRetries > 0 {
		p["retry_limit"] = s.maxRetries
	}
	out := fluentbit.Output{Properties: p}
	if len(s.destinations) > 1 {
		for _, f := range s.sources {
			if f.to == destination {
				out.Tags = append(out.Tags, f.tag)
			}
		}
	}
	if to.kind == "stdout" {
		p["format"], p["json_date_key"], p["json_date_format"] = "json_lines", "@timestamp", "iso8601"
		return out
	}
	p["host"], p["port"] = to.host, to.port
	if to.tls {
		// By default any certificate of a public CA would do, whatever its name.
		p["tls"], p["tls.verify"], p["tls.verify_hostname"] = "on", "on", "on"
	}
	if to.ca != nil {
		p["tls.ca_file"] = caFile(destination)
	}
	if to.secret != nil {
		user, password := credentials(destination)
		p["http_user"], p["http_passwd"] = "${"+user+"}", "${"+password+"}"
	}
	switch to.kind {
	case "loki":
		p["uri"], p["labels"], p["line_format"] = to.path, "job="+job+", source=$source", "json"
		if to.tenant != "" {
			p["tenant_id"] = to.tenant
		}
	case "es":
		// Elasticsearch 8 has no types, and refuses a document that names one.
		p["index"], p["suppress_type_name"] = to.index(), "on"
	case "http":
		p["uri"], p["format"], p["json_date_key"], p["json_date_format"] = to.path, "json_lines", "@timestamp", "iso8601"
	}
	return out
}
