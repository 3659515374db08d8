package sidecar

import (
	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/pattern"
)

// Fluentd reads the log files in a volume with Fluentd and sends each line to a
// destination; it takes the arguments of [LogShipper]. The image has outputs for HTTP
// and Stdout only, and can't parse LogfmtLines. [FluentBit] needs a quarter of the
// memory; Fluentd is for those who have its plugins, in an image of their own.
//
// It adds: a ConfigMap with fluent.conf; a scratch volume for the position in each
// file and for a buffer of each destination, and one for /tmp; port http (24220) with
// /api/plugins.json, which is its health and its numbers: the image has no metrics for
// Prometheus. A dead shipper leaves the pod serving. While a destination is down the
// buffer fills, then reading pauses: nothing is dropped while the app keeps its files.
// It tries again, at least once a minute, after no answer and after status 408, 429,
// 500, 502, 503 and 504, and drops what is refused with another. When the pod stops,
// each buffer is sent once more. It runs as uid 999, which must be able to read the
// files.
//
// The time of a record is its field @timestamp; the field that Time names stays.
//
// Defaults: image fluentd, uid 999, 100m CPU, 200Mi memory, at most 512Mi.
//
// Options: the last of several wins as a whole.
//
// upstream: fluent/fluentd v1.19.3 lib/fluent/plugin/{in_tail,out_http,output,buffer,
// filter_parser,filter_record_transformer}.rb, lib/fluent/config/literal_parser.rb;
// fluent/fluentd-docker-image v1.19/debian.
func Fluentd(logs pattern.Volume, to Destination, opts ...LogShipperOptions) pattern.SidecarContainer {
	o := opt.Last(opts)
	c := pattern.Sidecar("fluentd", fluentdImage).
		Scratch("/tmp", "16Mi").
		Requests("100m", "200Mi").Limits("", "512Mi").
		Restricted().RunAsUser(999).RunAsGroup(999).ReadOnlyRootFilesystem(true).
		Health(pattern.HTTPGet("/api/plugins.json", "http")).WhenDown(pattern.KeepServing)
	c = opt.Port(c, "http", o.Port, 24220)
	c, s := ships(c, "/state", logs, to, o)
	c = ownsBuffer(c, o, 999)
	c = sendsOnlyTo(c, s, "Fluentd's image", "http", "stdout")
	for _, f := range s.sources {
		if f.format.kind == logfmtLines {
			c = c.Reject("Format", "LogfmtLines()", "Fluentd's image has no parser for logfmt: use FluentBit or Vector")
		}
	}
	return c.Late(func(v pattern.View, c pattern.SidecarContainer) pattern.SidecarContainer {
		return c.Config("/fluentd/etc/fluent.conf", fluentdConf(s, v.Port("http")))
	})
}
