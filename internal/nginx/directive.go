// Package nginx writes configurations of nginx: those of the helpers that stand
// before the app. All that a user gave is an argument in quotes, in which neither
// nginx' syntax nor its variables mean anything.
package nginx

import "strings"

// Arg is an argument of a directive, as the file has it. Only constants of the
// library are written as they are, with variables; a text of anybody else doesn't
// compile as one, and goes through [Text] or [Value].
type Arg string

// Text is a text for a directive that knows no variables: in those a $ is a $.
func Text(s string) Arg {
	if s != "" && strings.IndexFunc(s, special) < 0 {
		return Arg(s)
	}
	return Arg(`"` + escaper.Replace(s) + `"`)
}

// special says whether a character may mean something to nginx outside of quotes.
func special(r rune) bool {
	return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("/-_.", r))
}

// Value is a text for a directive that knows variables. nginx has no way to escape
// a $, so it stands for one by a variable that holds it; see [Front].
func Value(s string) Arg {
	return Arg(strings.ReplaceAll(string(Text(s)), "$", "${dollar}"))
}

// Join makes one argument of several.
func Join(parts ...Arg) Arg {
	var b strings.Builder
	for _, p := range parts {
		if strings.HasPrefix(string(p), `"`) {
			p = p[1 : len(p)-1]
		}
		b.WriteString(string(p))
	}
	return Arg(`"` + b.String() + `"`)
}

// escaper escapes what nginx unescapes in quotes.
// upstream: nginx/nginx src/core/ngx_conf_file.c, ngx_conf_read_token.
var escaper = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`, "\t", `\t`)

// maxArg is how long an argument can be: nginx reads the file through a buffer of
// 4096 bytes, in which the whole of one must fit.
const maxArg = 4000

// Fault says why a text can't be an argument; "" is that it can. Lines are whether
// it may have several, and tabs.
func Fault(s string, lines bool) string {
	if len(Value(s)) > maxArg {
		return "nginx takes at most 4000 bytes"
	}
	for _, r := range s {
		if (r < ' ' || r == 0x7f) && (!lines || !strings.ContainsRune("\n\r\t", r)) {
			return "want a text without control characters, in one line"
		}
	}
	return ""
}

// Directive is a line of the configuration, or a block.
type Directive struct {
	name  string
	args  []Arg
	block []Directive
	is    bool // a block, which may be empty
}

// D is a directive.
func D(name string, args ...Arg) Directive { return Directive{name: name, args: args} }

// Block is a directive that has others in it.
func Block(name string, args []Arg, in ...Directive) Directive {
	return Directive{name: name, args: args, block: in, is: true}
}

// Write gives the text of directives.
func Write(ds ...Directive) string {
	var b strings.Builder
	write(&b, "", ds)
	return b.String()
}

func write(b *strings.Builder, indent string, ds []Directive) {
	for _, d := range ds {
		b.WriteString(indent + d.name)
		for _, a := range d.args {
			b.WriteString(" " + string(a))
		}
		if !d.is {
			b.WriteString(";\n")
			continue
		}
		b.WriteString(" {\n")
		write(b, indent+"  ", d.block)
		b.WriteString(indent + "}\n")
	}
}
