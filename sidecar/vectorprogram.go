package sidecar

import (
	"fmt"
	"regexp/syntax"
	"strings"

	"github.com/podpattern/podpattern/internal/strftime"
)

// vrl gives the program that makes a record of a line. What the shipper knows wins
// over what the line says.
func vrl(s shipping, f shippedFiles) string {
	var b strings.Builder
	put := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	put(`line = string(.message) ?? ""`)
	for _, expr := range s.redact {
		put(`line = replace(line, r'%s', "***")`, rustExpr(expr))
	}
	put(`at = now()`)
	put(`record = {"log": line}`)
	switch f.format.kind {
	case jsonLines:
		put(`parsed, err = parse_json(line)`)
		put(`if err == null && is_object(parsed) { record = object!(parsed) }`)
	case logfmtLines:
		put(`parsed, err = parse_logfmt(line)`)
		put(`if err == null { record = parsed }`)
	case regexLines:
		put(`parsed, err = parse_regex(line, r'%s')`, rustExpr(f.format.regex()))
		put(`if err == null { record = parsed }`)
	}
	if f.format.timed {
		field := vrlString(f.format.timeField)
		put(`stamp, err = parse_timestamp(to_string(record.%s) ?? "", format: %s)`, field, vrlString(chronoLayout(f.format.timeForm)))
		put(`if err == null { at = stamp; del(record.%s) }`, field)
	}
	put(`record.file = .file`)
	put(`record.source = %s`, vrlString(f.tag))
	for _, field := range s.fields {
		put(`record.%s = get_env_var(%s) ?? ""`, vrlString(field.name), vrlString(field.env))
	}
	put(`record."@timestamp" = at`)
	put(`. = record`)
	return b.String()
}

// vrlString quotes a text: {{ would name a variable.
func vrlString(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`, "\t", `\t`, "{{", `\{{`).Replace(s) + `"`
}

// rustExpr writes a regular expression of Go for Rust's crate regex, which reads the
// canonical form alike, between r' and '.
func rustExpr(expr string) string {
	re, err := syntax.Parse(expr, syntax.Perl)
	if err != nil { // the options were checked
		return ""
	}
	return strings.ReplaceAll(re.String(), "'", `\x27`)
}

// chronoLayout writes a layout for Rust's crate chrono. It reads a fraction of the
// second of any length after a point, and of three digits after anything else.
func chronoLayout(layout string) string {
	tokens, err := strftime.Tokens(layout)
	if err != nil { // the options were checked
		return ""
	}
	out := ""
	for _, t := range tokens {
		switch {
		case t.Directive == 0:
			out += t.Text
		case t.Directive == 'L' && strings.HasSuffix(out, "."):
			out = strings.TrimSuffix(out, ".") + "%.f"
		case t.Directive == 'L':
			out += "%3f"
		case t.Directive == 'z': // Z too
			out += "%#z"
		default:
			out += "%" + string(t.Directive)
		}
	}
	return out
}
