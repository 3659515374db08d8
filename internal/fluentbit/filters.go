package fluentbit

import "fmt"

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

// chompScript takes the newline away that fluent-bit ends a joined record with: the
// end of the text is not the end of the line then, and no $ would match.
const chompScript = `function chomp(tag, timestamp, record)
  local line = record["log"]
  if type(line) ~= "string" or line:sub(-1) ~= "\n" then return 0, timestamp, record end
  record["log"] = line:sub(1, -2)
  return 2, timestamp, record
end
`

// parse takes the line apart; one that the parser can't read stays as it is.
func (in Input) parse() []any {
	filters := []any{map[string]any{"name": "parser", "match": in.Tag, "key_name": "log", "parser": in.Tag, "reserve_data": "on"}}
	if in.FileKey != "" {
		filters = append(filters, map[string]any{"name": "modify", "match": in.Tag, "hard_rename": in.fileKey() + " " + in.FileKey})
	}
	return filters
}

// fields gives each record its fields, in place of those of the line that have the
// same name. The quotes keep a value that is empty, or has spaces, one value; one that
// has quotes itself would be none.
func (c Config) fields() []any {
	if len(c.Fields) == 0 {
		return nil
	}
	// Outputs add @timestamp, which would be there twice.
	names, values := []any{"@timestamp", "source"}, []any{}
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
