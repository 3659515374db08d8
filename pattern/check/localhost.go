package check

import (
	"net/netip"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// localDial is a place where a container names a port on localhost.
type localDial struct {
	port  int32
	field string // such as ".args", to be followed by index and rest
	index int
	rest  string
	// what is around the port
	name   string // of the variable or the flag; "" if there is none
	scheme string // of the URL; "" if it is none
	script bool   // in a command line or a script, of many words
	text   string // all of it
}

// path gives the field, such as ".env[2].value".
func (d localDial) path() string { return d.field + at(d.index) + d.rest }

// localDials calls do for every localhost:N in the command, the arguments and the
// variables of a container, where it is about a port that is asked for.
func localDials(c *corev1.Container, asked func(port int32) bool, do func(localDial)) {
	for i := range c.Command {
		localDialsIn(c.Command, i, ".command", asked, do)
	}
	for i := range c.Args {
		localDialsIn(c.Args, i, ".args", asked, do)
	}
	for i := range c.Env {
		e := &c.Env[i]
		if strings.IndexByte(e.Value, ':') < 0 {
			continue
		}
		for from := 0; ; {
			m, ok := nextLocal(e.Value, from)
			if !ok {
				break
			}
			from = m.end
			if asked(m.port) {
				do(localDial{port: m.port, field: ".env", index: i, rest: ".value", name: e.Name, scheme: schemeBefore(e.Value[:m.start]), text: e.Value})
			}
		}
	}
}

func localDialsIn(list []string, i int, field string, asked func(port int32) bool, do func(localDial)) {
	text := list[i]
	for from := 0; ; {
		m, ok := nextLocal(text, from)
		if !ok {
			return
		}
		from = m.end
		if !asked(m.port) {
			continue
		}
		token, before := tokenBefore(text, m.start)
		if before == "" && i > 0 && !strings.ContainsAny(text[:m.start], tokenEnds) {
			before = list[i-1]
		}
		d := localDial{port: m.port, field: field, index: i, scheme: schemeBefore(token), text: text, script: strings.ContainsAny(text, " \n")}
		// In a script name=value may be anything; a flag of one letter says nothing.
		if eq := strings.LastIndexByte(strings.TrimSuffix(token, d.scheme+"://"), '='); eq >= 0 && (!d.script || token[0] == '-') {
			d.name = token[:eq]
		} else if eq < 0 && len(before) > 2 && before[0] == '-' && !strings.ContainsAny(before, "= ") {
			d.name = before
		}
		do(d)
	}
}

// localMatch is a localhost:N in a text.
type localMatch struct {
	start, end int
	port       int32
}

// nextLocal finds the next localhost:N, 127.0.0.1:N or [::1]:N.
func nextLocal(text string, from int) (localMatch, bool) {
	for from < len(text) {
		i := strings.IndexByte(text[from:], ':')
		if i < 0 {
			break
		}
		colon := from + i
		from = colon + 1
		if from == len(text) || !digit(text[from]) {
			continue
		}
		start := localBefore(text[:colon])
		if start < 0 {
			continue
		}
		digits := number(text[from:])
		end := from + len(digits)
		if port, ok := portNumber(digits); ok && (end == len(text) || !isAlnum(text[end])) {
			return localMatch{start, end, port}, true
		}
	}
	return localMatch{}, false
}

// localBefore gives where the name of the pod's own host starts that a text ends
// in, or -1.
func localBefore(text string) int {
	for _, host := range [...]string{"localhost", "127.0.0.1", "[::1]"} {
		if start := len(text) - len(host); start >= 0 && strings.EqualFold(text[start:], host) {
			if start > 0 && (isAlnum(text[start-1]) || strings.IndexByte("-._", text[start-1]) >= 0) {
				return -1
			}
			return start
		}
	}
	return -1
}

const tokenEnds = " \t\n'\"`,;|&<>()"

// tokenBefore gives the beginning of the word of a command line that a place is
// in, and the word before it.
func tokenBefore(text string, place int) (token, before string) {
	i := strings.LastIndexAny(text[:place], tokenEnds) + 1
	rest := strings.TrimRight(text[:i], tokenEnds)
	return text[i:place], rest[strings.LastIndexAny(rest, tokenEnds)+1:]
}

// schemeBefore gives the scheme of a URL whose host comes next; user and password
// may stand before the host, as in postgres://user:password@.
func schemeBefore(text string) string {
	end := strings.LastIndex(text, "://")
	if end < 0 || strings.ContainsAny(text[end+3:], "/ ,=") {
		if strings.HasSuffix(text, "@tcp(") { // mysql's own form
			return "mysql"
		}
		return ""
	}
	start := end
	for start > 0 && (isAlnum(text[start-1]) || strings.IndexByte("+.:-", text[start-1]) >= 0) {
		start--
	}
	return text[start:end]
}

// isPodItself says whether a host is the pod itself, for one of its containers.
func isPodItself(host string) bool {
	if host == "localhost" || host == "127.0.0.1" || host == "0.0.0.0" {
		return true
	}
	ip, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil && ip.IsLoopback()
}

// listens says whether a container declares that it listens on a port.
func (c site) listens(port int32) bool {
	for i := range c.Ports {
		if c.Ports[i].ContainerPort == port {
			return true
		}
	}
	return false
}
