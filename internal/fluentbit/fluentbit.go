// Package fluentbit writes configurations of fluent-bit that read log files.
//
// upstream: fluent/fluent-bit-docs administration/configuring-fluent-bit/yaml,
// administration/buffering-and-storage; fluent/fluent-bit plugins/in_tail,
// filter_lua, filter_parser, filter_modify, filter_record_modifier.
package fluentbit

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/podpattern/podpattern/internal/onigmo"
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

// filters gives what happens to a record, in this order: nothing reads a line before
// it is whole and redacted.
func (c Config) filters() []any {
	all := []any{}
	for _, in := range c.Inputs {
		if in.Line.FirstLine != "" {
			all = append(all, map[string]any{"name": "lua", "match": in.Tag, "call": "chomp", "code": chompScript})
		}
	}
	if len(c.Redact) > 0 {
		all = append(all, map[string]any{"name": "lua", "match": "*", "call": "redact", "code": redactScript(c.Redact)})
	}
	for _, in := range c.Inputs {
		if in.Line.Parser != "" {
			all = append(all, in.parse()...)
		}
	}
	return append(all, c.fields()...)
}

func (c Config) service() map[string]any {
	service := map[string]any{
		"flush": 1, "grace": c.Grace, "log_level": "info",
		"http_server": "on", "http_listen": "0.0.0.0", "http_port": c.Port, "health_check": "on",
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

func (c Config) tail(in Input) map[string]any {
	tail := map[string]any{
		"name": "tail", "path": in.Path, "tag": in.Tag, "db": c.State + "/" + in.Tag + ".db", "db.locking": "on",
		"read_from_head": "on", "refresh_interval": 5,
		// The default drops lines of more than 32 KB.
		"buffer_max_size": "1M", "skip_long_lines": "on",
	}
	if c.Buffered {
		tail["storage.type"] = "filesystem"
	} else {
		tail["mem_buf_limit"] = "16M"
	}
	if in.FileKey != "" {
		tail["path_key"] = in.fileKey()
	}
	if in.Line.FirstLine != "" {
		tail["multiline.parser"] = in.Tag + "-lines"
	}
	return tail
}

// fileKey is the field of the file's name before the line is parsed: a parser adds
// the line's fields to those that are there, and does not replace any.
func (in Input) fileKey() string {
	if in.Line.Parser == "" {
		return in.FileKey
	}
	return "_" + in.FileKey
}

// join joins lines: a record has a first line, and then all lines that aren't one.
func (in Input) join() map[string]any {
	first, err := onigmo.Expr(in.Line.FirstLine)
	if err != nil { // the caller compiled it before
		first = ""
	}
	return map[string]any{"name": in.Tag + "-lines", "type": "regex", "flush_timeout": 2000, "rules": []any{
		map[string]any{"state": "start_state", "regex": first, "next_state": "more"},
		map[string]any{"state": "more", "regex": `\A(?!.*(?:` + first + `))`, "next_state": "more"},
	}}
}

// chompScript takes the newline away that fluent-bit ends a joined record with: the
// end of the text is not the end of the line then, and no $ would match.
const chompScript = `function chomp(tag, timestamp, record)
  local line = record["log"]
  if type(line) ~= "string" or line:sub(-1) ~= "\n" then return 0, timestamp, record end
  record["log"] = line:sub(1, -2)
  return 2, timestamp, record
end
`

func (in Input) parser() map[string]any {
	parser := map[string]any{"name": in.Tag, "format": in.Line.Parser}
	if in.Line.Parser == "regex" {
		parser["regex"], _ = onigmo.Expr(in.Line.Regex) // the caller compiled it before
	}
	if in.Line.TimeKey != "" {
		parser["time_key"] = in.Line.TimeKey
		parser["time_format"] = strings.NewReplacer("%F", "%Y-%m-%d", "%T", "%H:%M:%S").Replace(in.Line.TimeFormat)
	}
	return parser
}

// parse takes the line apart; one that the parser can't read stays as it is.
func (in Input) parse() []any {
	filters := []any{map[string]any{"name": "parser", "match": in.Tag, "key_name": "log", "parser": in.Tag, "reserve_data": "on"}}
	if in.FileKey != "" {
		filters = append(filters, map[string]any{"name": "modify", "match": in.Tag, "hard_rename": in.fileKey() + " " + in.FileKey})
	}
	return filters
}

// fields gives each record its fields, in place of those of the line that have the
// same name. The quotes keep a value that is empty, or has spaces, one value.
func (c Config) fields() []any {
	if len(c.Fields) == 0 {
		return nil
	}
	names, values := []any{"source"}, []any{}
	for _, f := range c.Fields {
		names = append(names, f.Name)
		values = append(values, fmt.Sprintf(`%s "${%s}"`, f.Name, f.Env))
	}
	filters := []any{}
	for _, in := range c.Inputs {
		add := map[string]any{"name": "record_modifier", "match": in.Tag, "record": append([]any{"source " + in.Tag}, values...)}
		if in.Line.Parser != "" {
			add["remove_key"] = names
		}
		filters = append(filters, add)
	}
	return filters
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
