package jsonread

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"
)

// reader is a place in JSON. What its methods do not take for plain they refuse.
type reader struct {
	room  *Room // nil: nothing is used again
	data  []byte
	at    int
	depth int
}

// deepest is how deep values may be in each other; apimachinery takes deeper ones.
const deepest = 200

func (r *reader) space() {
	for r.at < len(r.data) {
		switch r.data[r.at] {
		case ' ', '\n', '\t', '\r':
			r.at++
		default:
			return
		}
	}
}

// next gives the first byte of what comes next; 0 is the end.
func (r *reader) next() byte {
	r.space()
	if r.at == len(r.data) {
		return 0
	}
	return r.data[r.at]
}

// takes goes past a byte if it is what comes next.
func (r *reader) takes(b byte) bool {
	if r.at == len(r.data) || r.data[r.at] != b && r.next() != b {
		return false
	}
	r.at++
	return true
}

// null goes past a null.
func (r *reader) null() bool {
	if r.next() != 'n' || !bytes.HasPrefix(r.data[r.at:], []byte("null")) {
		return false
	}
	r.at += len("null")
	return true
}

// text gives a string as it stands between its quotes, and whether that is what it says:
// it has no escapes and is UTF-8.
func (r *reader) text() (text []byte, asIs, ok bool) {
	if !r.takes('"') {
		return nil, false, false
	}
	data, escapes, ascii := r.data, false, true
	for i := r.at; i < len(data); i++ {
		b := data[i]
		if itself[b] {
			continue
		}
		switch {
		case b == '"':
			text, r.at = data[r.at:i], i+1
			return text, !escapes && (ascii || utf8.Valid(text)), true
		case b == '\\':
			escapes = true
			i++
		case b >= utf8.RuneSelf:
			ascii = false
		default:
			return nil, false, false
		}
	}
	return nil, false, false
}

// itself are the bytes that say nothing but themselves in a string.
var itself = func() (t [256]bool) {
	for c := ' '; c < utf8.RuneSelf; c++ {
		t[c] = c != '"' && c != '\\'
	}
	return t
}()

// string gives what a string says.
func (r *reader) string() (string, bool) {
	r.space()
	start := r.at
	text, asIs, ok := r.text()
	if !ok || asIs {
		return string(text), ok
	}
	if s, ok := unescaped(text); ok {
		return s, true
	}
	var s string
	err := json.Unmarshal(r.data[start:r.at], &s)
	return s, err == nil
}

// unescaped gives what a text says whose only escapes are those of scripts: of newlines,
// tabs, quotes and backslashes.
func unescaped(text []byte) (string, bool) {
	if !utf8.Valid(text) {
		return "", false
	}
	out := make([]byte, 0, len(text))
	for {
		i := bytes.IndexByte(text, '\\')
		if i < 0 {
			return string(append(out, text...)), true
		}
		out = append(out, text[:i]...)
		switch b := text[i+1]; b { // a text doesn't end with half an escape
		case 'n':
			out = append(out, '\n')
		case 't':
			out = append(out, '\t')
		case '"', '\\', '/':
			out = append(out, b)
		default:
			return "", false
		}
		text = text[i+2:]
	}
}

// key gives a key of an object, and goes past its colon.
func (r *reader) key() ([]byte, bool) {
	text, asIs, ok := r.text()
	return text, ok && asIs && r.takes(':')
}

// number gives a number as it is written, and whether it is a whole one.
func (r *reader) number() (text []byte, whole, ok bool) {
	r.space()
	start, whole := r.at, true
	r.byte('-')
	if !r.byte('0') && !r.digits() {
		return nil, false, false
	}
	if r.byte('.') {
		if whole = false; !r.digits() {
			return nil, false, false
		}
	}
	if r.byte('e') || r.byte('E') {
		if !r.byte('+') {
			r.byte('-')
		}
		if whole = false; !r.digits() {
			return nil, false, false
		}
	}
	return r.data[start:r.at], whole, true
}

func (r *reader) byte(b byte) bool {
	if r.at == len(r.data) || r.data[r.at] != b {
		return false
	}
	r.at++
	return true
}

func (r *reader) digits() bool {
	start := r.at
	for r.at < len(r.data) && '0' <= r.data[r.at] && r.data[r.at] <= '9' {
		r.at++
	}
	return r.at > start
}

// elements reads what stands between an opening and a closing bracket by element.
func (r *reader) elements(open, end byte, element func() bool) bool {
	if !r.takes(open) || r.depth == deepest {
		return false
	}
	if r.takes(end) {
		return true
	}
	r.depth++
	for element() {
		if r.takes(',') {
			continue
		}
		r.depth--
		return r.takes(end)
	}
	return false
}

// skip goes past a value, and gives it.
func (r *reader) skip() ([]byte, bool) {
	first := r.next()
	start, ok := r.at, false
	switch first {
	case '{':
		ok = r.elements('{', '}', r.skipMember)
	case '[':
		ok = r.elements('[', ']', r.skipElement)
	case '"':
		var asIs bool
		if _, asIs, ok = r.text(); ok && !asIs {
			ok = json.Valid(r.data[start:r.at])
		}
	case 'n':
		ok = r.null()
	case 't', 'f':
		_, ok = r.bool()
	default:
		_, _, ok = r.number()
	}
	return r.data[start:r.at], ok
}

func (r *reader) skipElement() bool { _, ok := r.skip(); return ok }

func (r *reader) skipMember() bool {
	start := r.at
	_, asIs, ok := r.text()
	return ok && (asIs || json.Valid(r.data[start:r.at])) && r.takes(':') && r.skipElement()
}

func (r *reader) bool() (value, ok bool) {
	for _, word := range [...]string{"true", "false"} {
		r.space()
		if len(r.data)-r.at >= len(word) && string(r.data[r.at:r.at+len(word)]) == word {
			r.at += len(word)
			return word == "true", true
		}
	}
	return false, false
}
