package adapter

import (
	"errors"
	"regexp"
)

// What every C library and Go read alike of POSIX' extended regular expressions. The
// libraries add more, such as \<, each its own; and they match bytes, so that a
// character beyond ASCII can't be repeated, or be one of those in brackets.
const (
	posixNo      = `\x00-\x08\x0a-\x1f\x7f-\x{10ffff}`
	posixItem    = `(?:[^` + posixNo + `\\\[\]]|\\\\|\[:(?:alnum|alpha|blank|cntrl|digit|graph|lower|print|punct|space|upper|xdigit):\])`
	posixBracket = `\[\^?(?:\]` + posixItem + `*|` + posixItem + `+|\[(?:[^` + posixNo + `\\\[\].:=]` + posixItem + `*)?)\]`
	posixEscaped = `\\[\]\[\\.(){}*+?|^$]`
	posixAtom    = `(?:[^` + posixNo + `\\\[*+?{(|^$]|` + posixBracket + `|` + posixEscaped + `)`
	posixTimes   = `(?:25[0-5]|2[0-4]\d|1\d\d|\d?\d)`
	posixRepeat  = `(?:[*+?]|\{` + posixTimes + `(?:,` + posixTimes + `?)?\})`
)

var posix = regexp.MustCompile(`^(?:[(|^$]|[^\x00-\x7f]|` + posixAtom + posixRepeat + `?)*$`)

// posixGroups gives how many groups an expression has, if it is one of POSIX'.
func posixGroups(regex string) (int, error) {
	re, err := regexp.CompilePOSIX(regex)
	if err != nil || !posix.MatchString(regex) {
		return 0, errors.New(`want a POSIX extended regular expression of one line, such as ^depth of ([a-z]+): ([0-9.]+), without \d, (?:…) or *?, and with characters beyond ASCII only outside of brackets and not repeated`)
	}
	return re.NumSubexp(), nil
}
