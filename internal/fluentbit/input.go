package fluentbit

import (
	"strings"

	"github.com/podpattern/podpattern/internal/onigmo"
)

func (c Config) tail(in Input) map[string]any {
	tail := map[string]any{
		"name": "tail", "path": in.Path, "tag": in.Tag, "db": c.State + "/" + in.Tag + ".db", "db.locking": "on",
		"read_from_head": "on", "refresh_interval": 1,
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
