package adapter

import (
	"regexp"
	"slices"
	"strings"

	"github.com/podpattern/podpattern/internal/header"
	"github.com/podpattern/podpattern/internal/nginx"
	"github.com/podpattern/podpattern/internal/opt"
)

// HTTPRule is what happens to the requests of some paths. One of Prefix and Regex
// says which.
type HTTPRule struct {
	// Prefix is how the path begins, such as /v2/orders/.
	Prefix string
	// Regex is what the path matches, in the syntax of Go's regexp, such as
	// ^/v2/orders/([0-9]+)$; it is ASCII, and its groups have no names.
	Regex string
	// To is what the app gets in place of the prefix, or of the whole path; there $1
	// to $9 are the groups of Regex. Default: the path stays.
	To string
	// Method is the method that the app gets, such as POST. Default: the client's.
	Method string
}

var (
	group       = regexp.MustCompile(`\$[1-9]`)
	beyondASCII = regexp.MustCompile(`[^\x00-\x7f]|\\[pP]|\\x\{`)
)

func (r HTTPRule) faults() (bad opt.Rejections) {
	reject := bad.Add
	switch {
	case (r.Prefix == "") == (r.Regex == ""):
		reject("Prefix", r.Prefix, "want a Prefix, such as /v2/, or a Regex, and not both")
	case r.Prefix != "" && !strings.HasPrefix(r.Prefix, "/"):
		reject("Prefix", r.Prefix, "want a path, such as /v2/")
	}
	if why := nginx.Fault(r.Prefix, false); why != "" {
		reject("Prefix", r.Prefix, why)
	}
	re, err := regexp.Compile(r.Regex)
	switch why := nginx.Fault(r.Regex, false); {
	case why != "":
		reject("Regex", r.Regex, why)
	case err != nil:
		reject("Regex", r.Regex, "want a regular expression of Go's regexp, such as ^/orders/([0-9]+)$")
	case beyondASCII.MatchString(strings.ReplaceAll(r.Regex, `\\`, "")):
		reject("Regex", r.Regex, `nginx compares bytes: want ASCII, without \p and \x{}; a Prefix can have any character`)
	case slices.ContainsFunc(re.SubexpNames(), func(name string) bool { return name != "" }):
		reject("Regex", r.Regex, "a group's name would be a variable of nginx: want groups without names, which are $1 to $9 in To")
	default:
		for _, g := range group.FindAllString(r.To, -1) {
			if r.Regex != "" && int(g[1]-'0') > re.NumSubexp() {
				reject("To", r.To, "Regex has no group for "+g)
			}
		}
	}
	switch why := nginx.Fault(r.To, false); {
	case why != "":
		reject("To", r.To, why)
	case r.To != "" && !strings.HasPrefix(r.To, "/") || strings.ContainsAny(r.To, "?#"):
		reject("To", r.To, "want a path, such as /api/, without a query: that of the client stays")
	case r.To == "" && r.Method == "":
		reject("To", r.To, "the rule changes nothing: want a To or a Method")
	}
	if r.Method != "" && (!header.IsName(r.Method) || r.Method != strings.ToUpper(r.Method)) {
		reject("Method", r.Method, "want a method, such as POST")
	}
	return bad
}

// location is a rule. A regular expression of nginx is one of PCRE, of which those
// of Go are, as far as paths go, a part; and all are tried in their order.
func (r HTTPRule) location() nginx.Directive {
	match := nginx.Text(r.Regex)
	if r.Prefix != "" {
		match = nginx.Text("^" + regexp.QuoteMeta(r.Prefix))
	}
	var in []nginx.Directive
	switch {
	case r.To == "":
	case r.Prefix != "":
		in = append(in, nginx.D("rewrite", nginx.Text("(?s)^"+regexp.QuoteMeta(r.Prefix)+"(.*)$"), nginx.Join(nginx.Value(r.To), "$1"), "break"))
		for _, origin := range []nginx.Arg{"http://$http_host", "https://$http_host", ""} {
			in = append(in, nginx.D("proxy_redirect", nginx.Join(origin, nginx.Value(r.To)), nginx.Join(origin, nginx.Value(r.Prefix))))
		}
		in = append(in, nginx.D("proxy_cookie_path", nginx.Value(r.To), nginx.Value(r.Prefix)))
	default:
		in = append(in, nginx.D("rewrite", match, r.groups(), "break"))
	}
	if r.Method != "" {
		in = append(in, nginx.D("proxy_method", nginx.Value(r.Method)))
	}
	return nginx.Block("location", []nginx.Arg{"~", match}, append(in, nginx.ToApp())...)
}

// groups is To with its groups as nginx' variables, and with any other $ as it is.
func (r HTTPRule) groups() nginx.Arg {
	var parts []nginx.Arg
	rest := r.To
	for at := group.FindStringIndex(rest); at != nil; at = group.FindStringIndex(rest) {
		n := int(rest[at[0]+1] - '0')
		parts = append(parts, nginx.Value(rest[:at[0]]), "$"+nginx.Number(n))
		rest = rest[at[1]:]
	}
	return nginx.Join(append(parts, nginx.Value(rest))...)
}
