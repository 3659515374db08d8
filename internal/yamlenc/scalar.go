package yamlenc

import (
	"strings"
	"unicode/utf8"
)

// valid gives a text as encoding/json prints it: each byte that is no part of a character
// becomes one that stands for that.
func valid(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return string([]rune(s))
}

// shape is what decides how a text can be printed.
type shape struct {
	lines  bool // it has more than one
	plain  bool // it can stand without quotes
	single bool // with single ones
	block  bool // as a block of lines
}

// shapeOf looks at a text as the emitter of libyaml does, with its quirks.
func shapeOf(s string) shape {
	if s == "" {
		return shape{plain: true, single: true}
	}
	indicator := strings.HasPrefix(s, "---") || strings.HasPrefix(s, "...") || startsAsOther(s)
	var special, lines, spaceBreak, breakSpace, afterSpace, afterBreak bool
	afterBlank := true
	for i, r := range s {
		n := utf8.RuneLen(r)
		switch {
		case r == ':' && blankAt(s, i+n) && i > 0, r == '#' && afterBlank && i > 0:
			indicator = true
		case !printable(r):
			special = true
		}
		switch {
		case r == ' ':
			breakSpace = breakSpace || afterBreak
			afterSpace, afterBreak = true, false
		case isBreak(r):
			lines = true
			spaceBreak = spaceBreak || afterSpace
			afterSpace, afterBreak = false, true
		default:
			afterSpace, afterBreak = false, false
		}
		afterBlank = r == ' ' || r == '\t' || r == 0 || isBreak(r)
	}
	first, _ := utf8.DecodeRuneInString(s)
	edge := first == ' ' || isBreak(first) || afterSpace || afterBreak
	hard := special || spaceBreak
	return shape{
		lines:  lines,
		plain:  !(edge || breakSpace || hard || lines || indicator),
		single: !(breakSpace || hard),
		block:  !(afterSpace || hard),
	}
}

// startsAsOther says whether the first character of a text would make it no plain text.
func startsAsOther(s string) bool {
	switch s[0] {
	case '#', ',', '[', ']', '{', '}', '&', '*', '!', '|', '>', '\'', '"', '%', '@', '`':
		return true
	case '?', ':', '-':
		return blankAt(s, 1)
	}
	return false
}

// blankAt says whether a text ends or has a blank there.
func blankAt(s string, i int) bool {
	return i >= len(s) || s[i] == ' ' || s[i] == '\t'
}

func isBreak(r rune) bool {
	return r == '\r' || r == '\n' || r == '\u0085' || r == '\u2028' || r == '\u2029'
}

// printable says whether libyaml prints a character as it is.
func printable(r rune) bool {
	return r == '\n' || r >= ' ' && r <= '~' || r >= 0xa0 && r <= 0xfffd && r != '\ufeff'
}

// scalar prints a text in the first of these styles that can hold it and that is read as
// a text: as lines, plain, in single quotes, in double quotes.
func (e *encoder) scalar(s string, is shape, key bool) {
	indent := max(e.indent, 0) + indentation
	switch {
	case strings.Contains(s, "\n"):
		if is.block && !key {
			e.block(s, indent)
			return
		}
	case looksLikeOther(s):
	case is.plain:
		e.plain(s, indent, key)
		return
	case is.single:
		e.single(s, indent, key)
		return
	}
	e.double(s, indent, key)
}
