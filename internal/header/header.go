// Package header says what can be a header of HTTP.
package header

import "strings"

// IsName says whether a text can be the name of a header, or a method: RFC 9110,
// section 5.6.2.
func IsName(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("!#$%&'*+-.^_`|~", r))
	})
}

// IsValue says whether a text stays on the header's line.
func IsValue(s string) bool { return !strings.ContainsAny(s, "\r\n\x00") }
