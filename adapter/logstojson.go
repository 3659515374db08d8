package adapter

import (
	"regexp"
	"slices"

	"github.com/podpattern/podpattern/internal/fluentbit"
	"github.com/podpattern/podpattern/internal/lines"
	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/pattern"
)

// LogsToJSONOptions changes what [LogsToJSON] does; the zero value is the default.
type LogsToJSONOptions struct {
	// Files is which files of the volume are read, as a glob. Default: *.log.
	Files string
	// Time is the group with the time of the line, which is printed as
	// 2026-08-21T10:06:38.250000Z, and TimeLayout how it is written, as in strftime:
	// %Y-%m-%d %H:%M:%S.%L, where %L is the fraction of the second and %s the seconds
	// since 1970. Default: the record gets a field @timestamp with the time of the
	// reading.
	Time, TimeLayout string
	// Multiline joins lines, as those of a stack trace: it is a regular expression that
	// the first line of a record matches, such as ^\d{4}-. In the expression for the
	// lines a dot then matches a newline too. Default: each line is one.
	Multiline string
	// FileField is a field that each record gets, with the name of its file. Default:
	// none.
	FileField string
	// Port serves health and metrics. Default: 2020, or the next one that is free in
	// the pod; a port that is set here does not move.
	Port int
}

// LogsToJSON reads the log files in a volume, in the app's own form, and prints each
// line as an object of JSON on its standard output, where the node's log collection
// finds it. The regular expression, in the syntax of Go's regexp, takes a line apart:
// each named group, (?<level>…) or (?P<level>…), is a field. A line that it doesn't
// match is printed with the field log.
//
//	adapter.LogsToJSON(logs, `^(?<time>[^|]+)\|(?<level>\w+)\|(?<msg>.*)$`,
//		adapter.LogsToJSONOptions{Time: "time", TimeLayout: "%Y-%m-%d %H:%M:%S"})
//
// It adds: fluent-bit with a ConfigMap; a scratch volume for the position in each
// file, so that a restart prints nothing twice; port http with metrics and health.
// Files are read from their beginning, and new ones within a second. While it is down
// the pod goes on serving. The image is distroless: no shell. It runs as uid 65532,
// which must be able to read the files; bound the volume with SizeLimit, and rotate
// the files, as sidecar.LogRotate does. A line of more than 1 MiB is left out.
//
// Lines of JSON or logfmt, and other destinations than standard output, are for
// sidecar.LogShipper.
//
// Defaults: image fluent-bit, uid 65532, 50m CPU, 64Mi memory, at most 128Mi.
//
// Options: the last of several wins as a whole.
//
// upstream: fluent/fluent-bit-docs pipeline/parsers, pipeline/inputs/tail,
// pipeline/outputs/standard-output.
func LogsToJSON(logs pattern.Volume, line string, opts ...LogsToJSONOptions) pattern.AdapterContainer {
	o := opt.Last(opts)
	if o.Multiline != "" {
		line = "(?s)" + line
	}
	format := lines.Format{
		Regex: line, ByRegex: true, Timed: o.Time != "" || o.TimeLayout != "", TimeField: o.Time, TimeLayout: o.TimeLayout,
		Joined: o.Multiline != "", FirstLine: o.Multiline,
	}
	c := pattern.Adapter("logs-to-json", fluentBitImage).Reads(logs, "/logs").Scratch("/state", "16Mi")
	c = fluentbit.Run(c, o.Port)
	if files := opt.Or(o.Files, "*.log"); !lines.IsGlob(files) {
		c = c.Reject("Files", o.Files, "want a glob below the volume, such as *.log")
	}
	if o.FileField != "" && !lines.IsField(o.FileField) {
		c = c.Reject("FileField", o.FileField, "want the name of a field, such as file")
	}
	if o.Time != "" && o.TimeLayout == "" {
		c = c.Reject("TimeLayout", o.TimeLayout, "want a layout as in strftime, such as %Y-%m-%dT%H:%M:%S, in which Time is written")
		format.Timed = false
	}
	if why := format.Wrong(); why != "" {
		return c.Reject("line", line, why)
	}
	if taken := append(regexp.MustCompile(line).SubexpNames(), "@timestamp", "log"); o.FileField != "" && slices.Contains(taken, o.FileField) {
		return c.Reject("FileField", o.FileField, "a record has a field "+o.FileField+" already: take another name")
	}
	config := fluentbit.Config{
		State: "/state",
		Inputs: []fluentbit.Input{{Path: "/logs/" + opt.Or(o.Files, "*.log"), Tag: "app", FileKey: o.FileField, Line: fluentbit.Line{
			Parser: "regex", Regex: line, TimeKey: o.Time, TimeFormat: o.TimeLayout, FirstLine: o.Multiline,
		}}},
		// The parser takes the group with the time out of the record.
		Outputs: []fluentbit.Output{{Properties: map[string]any{
			"name": "stdout", "format": "json_lines", "json_date_format": "iso8601", "json_date_key": opt.Or(o.Time, "@timestamp"),
		}}},
	}
	return c.Late(func(v pattern.View, c pattern.AdapterContainer) pattern.AdapterContainer {
		config := config
		config.Port, config.Grace = v.Port("http"), fluentbit.Grace(v.GracePeriodSeconds())
		return c.Config(fluentbit.ConfigFile, config.YAML())
	})
}
