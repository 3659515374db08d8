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
	// since 1970. Default: the record gets a field date with the time of the reading,
	// unless it has one.
	Time, TimeLayout string
	// Multiline joins lines, as those of a stack trace: it is a regular expression that
	// the first line of a record matches, such as ^\d{4}-. Default: each line is one.
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
// Files are read from their beginning, and new ones within 5 seconds. While it is down
// the pod goes on serving. The image is distroless: no shell. It runs as uid 65532,
// which must be able to read the files; bound the volume with SizeLimit, and rotate
// the files, as sidecar.LogRotate does. A line of more than 1 MiB is left out.
//
// Lines of JSON or logfmt, and other destinations than standard output, are for
// sidecar.LogShipper.
//
// Options: the last of several wins as a whole.
//
// upstream: fluent/fluent-bit-docs pipeline/parsers, pipeline/inputs/tail,
// pipeline/outputs/standard-output.
func LogsToJSON(logs pattern.Volume, line string, opts ...LogsToJSONOptions) pattern.AdapterContainer {
	o := opt.Last(opts)
	format := lines.Format{
		Regex: line, ByRegex: true, Timed: o.Time != "" || o.TimeLayout != "", TimeField: o.Time, TimeLayout: o.TimeLayout,
		Joined: o.Multiline != "", FirstLine: o.Multiline,
	}
	c := pattern.Adapter("logs-to-json", fluentBitImage).
		Args("-c", "/fluent-bit/config/fluent-bit.yaml").
		Reads(logs, "/logs").
		Scratch("/state", "16Mi").
		Requests("50m", "64Mi").Limits("", "128Mi").
		Restricted().RunAsUser(65532).RunAsGroup(65532).ReadOnlyRootFilesystem(true).
		Health(pattern.HTTPGet("/", "http")).WhenDown(pattern.KeepServing)
	if o.Port != 0 {
		c = c.Port("http", o.Port)
	} else {
		c = c.Port("http", 2020).MovePorts("http")
	}
	if files := opt.Or(o.Files, "*.log"); !lines.IsGlob(files) {
		c = c.Reject("Files", o.Files, "want a glob below the volume, such as *.log")
	}
	if o.FileField != "" && !lines.IsField(o.FileField) {
		c = c.Reject("FileField", o.FileField, "want the name of a field, such as file")
	}
	if why := format.Wrong(); why != "" {
		return c.Reject("line", line, why)
	}
	if slices.Contains(regexp.MustCompile(line).SubexpNames()[1:], o.FileField) && o.FileField != "" {
		return c.Reject("FileField", o.FileField, "the expression has a group "+o.FileField+": take another name")
	}
	config := fluentbit.Config{
		State: "/state",
		Inputs: []fluentbit.Input{{Path: "/logs/" + opt.Or(o.Files, "*.log"), Tag: "app", FileKey: o.FileField, Line: fluentbit.Line{
			Parser: "regex", Regex: line, TimeKey: o.Time, TimeFormat: o.TimeLayout, FirstLine: o.Multiline,
		}}},
		Outputs: []fluentbit.Output{{Properties: map[string]any{
			"name": "stdout", "format": "json_lines", "json_date_format": "iso8601", "json_date_key": dateKey(line, o),
		}}},
	}
	return c.Late(func(v pattern.View, c pattern.AdapterContainer) pattern.AdapterContainer {
		config := config
		config.Port, config.Grace = v.Port("http"), fluentbit.Grace(v.GracePeriodSeconds())
		return c.Config("/fluent-bit/config/fluent-bit.yaml", config.YAML())
	})
}

// dateKey is the field with the time: the group that the time is taken from, which
// the parser takes out of the record. A field twice in an object would be no JSON.
func dateKey(line string, o LogsToJSONOptions) string {
	switch names := regexp.MustCompile(line).SubexpNames(); {
	case o.Time != "":
		return o.Time
	case slices.Contains(names, "date"), o.FileField == "date":
		return "false" // none
	}
	return "date"
}
