package ambassador

import (
	"fmt"
	"strconv"
	"strings"
)

// haproxyText is a configuration of haproxy that grows line by line.
type haproxyText struct{ b strings.Builder }

// raw is a word that haproxy is to read as it stands, as one with a variable in it.
type raw string

// section begins a section.
func (t *haproxyText) section(words ...string) {
	if t.b.Len() > 0 {
		t.b.WriteByte('\n')
	}
	fmt.Fprintln(&t.b, strings.Join(words, " "))
}

// line adds a line to the section. A word is a string, which haproxy reads as just
// that string, a number, or raw.
func (t *haproxyText) line(words ...any) {
	t.b.WriteByte(' ')
	for _, w := range words {
		t.b.WriteByte(' ')
		switch w := w.(type) {
		case raw:
			t.b.WriteString(string(w))
		case string:
			t.b.WriteString(haproxyWord(w))
		default:
			fmt.Fprint(&t.b, w)
		}
	}
	t.b.WriteByte('\n')
}

// haproxyWord quotes what haproxy would not read as one plain word. docs: haproxy
// configuration, 2.2 Quoting and escaping.
func haproxyWord(s string) string {
	if s != "" && !strings.ContainsFunc(s, notPlain) {
		return s
	}
	return `"` + haproxyEscape(s) + `"`
}

func notPlain(r rune) bool {
	return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("-_.:/@=*+,()", r)
}

// haproxyEscape gives what stands for s between double quotes.
func haproxyEscape(s string) string {
	var b strings.Builder
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\' || c == '$':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c < ' ' || c == 0x7f:
			fmt.Fprintf(&b, `\x%02x`, c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// redisCommand gives a command in the protocol of Redis, for tcp-check send-lf: that
// says how long each argument is, so that nothing in a password can end it. A raw
// argument is a sample of haproxy, whose length haproxy finds itself.
func redisCommand(args ...any) raw {
	var b strings.Builder
	fmt.Fprintf(&b, `"*%d\r\n`, len(args))
	for _, a := range args {
		switch a := a.(type) {
		case raw:
			fmt.Fprintf(&b, `\$%%[%[1]s,length]\r\n%%[%[1]s]\r\n`, a)
		case string:
			b.WriteString(`\$` + strconv.Itoa(len(a)) + `\r\n` + strings.ReplaceAll(haproxyEscape(a), "%", "%%") + `\r\n`)
		}
	}
	b.WriteByte('"')
	return raw(b.String())
}
