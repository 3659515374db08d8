package onigmo

import (
	"fmt"
	"regexp/syntax"
	"strings"
	"unicode"
)

func literal(re *syntax.Regexp) string {
	out := ""
	for _, r := range re.Rune {
		if re.Flags&syntax.FoldCase == 0 || unicode.SimpleFold(r) == r {
			out += char(r)
			continue
		}
		out += "[" + char(r)
		for other := unicode.SimpleFold(r); other != r; other = unicode.SimpleFold(other) {
			out += char(other)
		}
		out += "]"
	}
	return out
}

// class gives a character class of ranges, each from an even to the following odd
// index; of those that reach the last character it names what they leave out.
func class(ranges []rune) string {
	switch n := len(ranges); {
	case n == 0:
		return "(?!)"
	case n == 2 && ranges[0] == 0 && ranges[1] == unicode.MaxRune:
		return "(?m:.)"
	case ranges[n-1] == unicode.MaxRune:
		out := "[^"
		if ranges[0] > 0 {
			out += span(0, ranges[0]-1)
		}
		for i := 1; i < n-1; i += 2 {
			out += span(ranges[i]+1, ranges[i+1]-1)
		}
		return out + "]"
	}
	out := "["
	for i := 0; i < len(ranges); i += 2 {
		out += span(ranges[i], ranges[i+1])
	}
	return out + "]"
}

func span(low, high rune) string {
	switch {
	case low == high:
		return char(low)
	case low+1 == high:
		return char(low) + char(high)
	}
	return char(low) + "-" + char(high)
}

// char gives a character as it stands for itself in a class and outside of one.
func char(r rune) string {
	switch {
	case r == '\n':
		return `\n`
	case r == '\t':
		return `\t`
	case r == '$':
		return `\x24`
	case r < ' ' || r == 0x7f:
		return fmt.Sprintf(`\x%02x`, r)
	case strings.ContainsRune(`\/.*+?()[]{}|^&-`, r):
		return `\` + string(r)
	}
	return string(r)
}
