package sidecar

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/podpattern/podpattern/internal/onigmo"
)

// fluentdFile is a configuration file that is being written.
type fluentdFile struct {
	strings.Builder
	indent string
}

// in writes a section.
func (f *fluentdFile) in(name, arg string, inside func()) {
	fmt.Fprintf(f, "%s<%s>\n", f.indent, strings.TrimSuffix(name+" "+arg, " "))
	f.indent += "  "
	inside()
	f.indent = f.indent[2:]
	fmt.Fprintf(f, "%s</%s>\n", f.indent, name)
}

// set writes a parameter, as it stands.
func (f *fluentdFile) set(key, value string) {
	fmt.Fprintf(f, "%s%s %s\n", f.indent, fluentdQuoted(key), fluentdQuoted(value))
}

// setEnv writes a parameter with the value of a variable.
func (f *fluentdFile) setEnv(key, variable string) {
	fmt.Fprintf(f, "%s%s \"#{ENV['%s']}\"\n", f.indent, key, variable)
}

// plain is a text that needs no quotes.
var plain = regexp.MustCompile(`^[A-Za-z0-9@_./:*-][A-Za-z0-9_./:*-]*$`)

// fluentdQuoted quotes a text. Between single quotes only a quote and a backslash mean
// anything; a line break can't be written, and none gets here.
func fluentdQuoted(s string) string {
	if plain.MatchString(s) {
		return s
	}
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s) + "'"
}

// rubyExpr writes a regular expression of Go between the slashes of Ruby, where #{
// would be code.
func rubyExpr(expr string) string {
	out, err := onigmo.Expr(expr)
	if err != nil { // the options were checked
		return ""
	}
	return strings.NewReplacer("#", `\x23`, "'", `\x27`, `"`, `\x22`).Replace(out)
}

// rubyString writes a text as one of Ruby, and of the ${} that it stands in.
func rubyString(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r < ' ' || r == 0x7f || strings.ContainsRune("\"'\\#${}`", r):
			fmt.Fprintf(&b, `\u{%x}`, r)
		default:
			b.WriteRune(r)
		}
	}
	return `"` + b.String() + `"`
}
