package yamlenc

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// width is the column behind which a line is folded at the next space.
const width = 80

// column says how many characters the line has.
func (e *encoder) column() int { return utf8.RuneCount(e.buf[e.line:]) }

// fits says whether a text certainly isn't folded.
func (e *encoder) fits(s string, key bool) bool {
	return key || len(e.buf)-e.line+len(s) < width || strings.IndexByte(s, ' ') < 0
}

// plain prints a text of one line as it is.
func (e *encoder) plain(s string, indent int, key bool) {
	if e.fits(s, key) {
		e.buf = append(e.buf, s...)
		return
	}
	e.folded(s, indent, 0, len(s))
}

// single prints a text in single quotes.
func (e *encoder) single(s string, indent int, key bool) {
	e.buf = append(e.buf, '\'')
	s = strings.ReplaceAll(s, "'", "''")
	if e.fits(s, key) && !strings.ContainsFunc(s, isBreak) {
		e.buf = append(e.buf, s...)
	} else {
		e.folded(s, indent, 1, len(s)-1)
	}
	e.buf = append(e.buf, '\'')
}

// folded prints a text in lines of about one width; it is parted only at spaces between
// from and to, and only at single ones.
func (e *encoder) folded(s string, indent, from, to int) {
	column, afterSpace, afterBreak := e.column(), false, false
	for i, r := range s {
		switch {
		case r == ' ' && !afterSpace && column > width && i >= from && i < to && s[i+1] != ' ':
			e.newLine(indent)
			column = indent
		case isBreak(r): // one that isn't a line feed
			e.buf = utf8.AppendRune(e.buf, r)
			e.line, column = len(e.buf), 0
		default:
			if afterBreak {
				e.newLine(indent)
				column = indent
			}
			e.buf = utf8.AppendRune(e.buf, r)
			column++
		}
		afterSpace, afterBreak = r == ' ', isBreak(r)
	}
}

// block prints a text of lines as they are.
func (e *encoder) block(s string, indent int) {
	e.buf = append(e.buf, '|')
	if first, _ := utf8.DecodeRuneInString(s); first == ' ' || isBreak(first) {
		e.buf = append(e.buf, '0'+indentation)
	}
	last, n := utf8.DecodeLastRuneInString(s)
	switch before, _ := utf8.DecodeLastRuneInString(s[:len(s)-n]); {
	case !isBreak(last):
		e.buf = append(e.buf, '-')
	case len(s) == n || isBreak(before):
		e.buf = append(e.buf, '+')
	}
	e.buf = append(e.buf, '\n')
	e.line = len(e.buf)
	for s != "" {
		end := strings.IndexFunc(s, isBreak)
		if end < 0 {
			end = len(s)
		}
		if end > 0 {
			e.newLine(indent)
			e.buf = append(e.buf, s[:end]...)
		}
		if s = s[end:]; s != "" {
			_, n := utf8.DecodeRuneInString(s)
			e.buf = append(e.buf, s[:n]...)
			e.line = len(e.buf)
			s = s[n:]
		}
	}
}

// double prints a text in double quotes, with what can't be seen by its number.
func (e *encoder) double(s string, indent int, key bool) {
	e.buf = append(e.buf, '"')
	column, afterSpace := e.column(), false
	all := strings.HasPrefix(s, "\ufeff") // libyaml looks at the first character only
	for i, r := range s {
		before := len(e.buf)
		switch {
		case all || !printable(r) || isBreak(r) || r == '"' || r == '\\':
			e.buf = appendSpelled(e.buf, r)
		case r == ' ' && !key && !afterSpace && column > width && i > 0 && i < len(s)-1:
			e.newLine(indent)
			if s[i+1] == ' ' {
				e.buf = append(e.buf, '\\')
			}
			before, column = len(e.buf), e.column()
		default:
			e.buf = utf8.AppendRune(e.buf, r)
		}
		column += utf8.RuneCount(e.buf[before:])
		afterSpace = r == ' ' && !all
	}
	e.buf = append(e.buf, '"')
}

// names are the characters that have one in YAML.
var names = map[rune]byte{
	0: '0', '\a': 'a', '\b': 'b', '\t': 't', '\n': 'n', '\v': 'v', '\f': 'f', '\r': 'r', 0x1b: 'e',
	'"': '"', '\\': '\\', 0x85: 'N', 0xa0: '_', 0x2028: 'L', 0x2029: 'P',
}

// appendSpelled appends a character by its name, or by its number.
func appendSpelled(b []byte, r rune) []byte {
	if name, ok := names[r]; ok {
		return append(b, '\\', name)
	}
	digits := strings.ToUpper(strconv.FormatInt(int64(r), 16))
	kind, n := byte('x'), 2
	if r > 0xffff {
		kind, n = 'U', 8
	} else if r > 0xff {
		kind, n = 'u', 4
	}
	b = append(b, '\\', kind)
	b = append(b, "00000000"[:n-len(digits)]...)
	return append(b, digits...)
}
