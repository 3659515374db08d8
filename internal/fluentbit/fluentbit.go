// Package fluentbit writes configurations of fluent-bit that read log files.
//
// upstream: fluent/fluent-bit-docs administration/configuring-fluent-bit/yaml,
// administration/buffering-and-storage; fluent/fluent-bit plugins/in_tail,
// filter_lua, filter_parser, filter_modify, filter_record_modifier.
package fluentbit

import (
	"maps"
	"slices"
	"strings"

	"sigs.k8s.io/yaml"
)

// Config is what a configuration is made of.
type Config struct {
	Port     int    // of health and metrics
	Grace    int64  // seconds that are left to send the rest when it is told to stop
	State    string // a folder for the position in each file, and for buffers
	Buffered bool   // whether what waits is kept on disk too
	Inputs   []Input
	Redact   []string // regular expressions of Go: what they match in a line becomes ***
	Fields   []Field  // that each record gets
	Outputs  []Output
}

// Input is files that are read.
type Input struct {
	Path    string // a glob
	Tag     string
	FileKey string // the field with the name of the file; "": none
	Line    Line
}

// Line is how a line becomes a record. The regular expressions are Go's.
type Line struct {
	Parser     string // json, logfmt or regex; "": the line is the field log
	Regex      string
	TimeKey    string // "": the time is that of the reading
	TimeFormat string // strftime
	FirstLine  string // what the first line of a record matches; "": each line is one
}

// Field is a field with the value of a variable.
type Field struct{ Name, Env string }

// Output is where the records of some inputs go; without tags, those of all.
type Output struct {
	Tags       []string
	Properties map[string]any // the plugin's own, name included
}

// Grace gives the seconds that fluent-bit takes to send the rest: it must end before
// the pod's grace period does.
func Grace(podSeconds int64) int64 { return max(1, min(5, podSeconds-1)) }

// YAML gives the configuration file. The classic format is deprecated.
func (c Config) YAML() string {
	var parsers, joins, inputs, outputs []any
	for _, in := range c.Inputs {
		inputs = append(inputs, c.tail(in))
		if in.Line.FirstLine != "" {
			joins = append(joins, in.join())
		}
		if in.Line.Parser != "" {
			parsers = append(parsers, in.parser())
		}
	}
	for _, out := range c.Outputs {
		outputs = append(outputs, out.output())
	}
	file, pipeline := map[string]any{"service": c.service()}, map[string]any{"inputs": inputs, "outputs": outputs}
	file["pipeline"] = pipeline
	if len(parsers) > 0 {
		file["parsers"] = parsers
	}
	if len(joins) > 0 {
		file["multiline_parsers"] = joins
	}
	if filters := c.filters(); len(filters) > 0 {
		pipeline["filters"] = filters
	}
	text, err := yaml.Marshal(file)
	if err != nil { // strings and numbers only: they can always be written
		return ""
	}
	return string(text)
}

func (c Config) service() map[string]any {
	service := map[string]any{
		"flush": 1, "grace": c.Grace, "log_level": "info",
		"http_server": "on", "http_listen": "0.0.0.0", "http_port": c.Port,
	}
	if c.Buffered {
		maps.Copy(service, map[string]any{
			"storage.path": c.State + "/buffer", "storage.metrics": "on",
			// A chunk has 2 MB; the default of 128 in memory would not fit the limit.
			"storage.max_chunks_up": 16, "storage.backlog.mem_limit": "16M",
			// The default lets half an hour pass between two tries.
			"scheduler.cap": 60,
		})
	}
	return service
}

func (o Output) output() map[string]any {
	out := maps.Clone(o.Properties)
	switch len(o.Tags) {
	case 0:
		out["match"] = "*"
	case 1:
		out["match"] = o.Tags[0]
	default:
		tags := slices.Clone(o.Tags)
		out["match_regex"] = `\A(?:` + strings.Join(tags, "|") + `)\z`
	}
	return out
}
