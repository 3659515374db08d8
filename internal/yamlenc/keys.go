package yamlenc

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// compareKeys is the order in which sigs.k8s.io/yaml prints the keys of a mapping: letters
// come last, and digits count as one number.
func compareKeys(a, b string) int {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	for i > 0 && i < len(a) && !utf8.RuneStart(a[i]) || i > 0 && i < len(b) && !utf8.RuneStart(b[i]) {
		i-- // the characters differ, not only their last bytes
	}
	if i == len(a) || i == len(b) {
		return len(a) - len(b)
	}
	ar, _ := utf8.DecodeRuneInString(a[i:])
	br, _ := utf8.DecodeRuneInString(b[i:])
	al, bl := unicode.IsLetter(ar), unicode.IsLetter(br)
	switch {
	case al && bl:
		return int(ar) - int(br)
	case al:
		return 1
	case bl:
		return -1
	}
	start := int64(0)
	if (ar == '0' || br == '0') && numberBefore(a[:i]) {
		start = 1
	}
	an, ai := digits(a[i:], start)
	bn, bi := digits(b[i:], start)
	switch {
	case an < bn:
		return -1
	case an > bn:
		return 1
	case ai != bi:
		return ai - bi
	}
	return int(ar) - int(br)
}

// numberBefore says whether a text ends in digits that aren't all 0.
func numberBefore(s string) bool {
	s = s[len(strings.TrimRightFunc(s, unicode.IsDigit)):]
	return strings.Trim(s, "0") != ""
}

// digits gives the number that a text begins with, behind a first digit, and how many
// characters that has.
func digits(s string, n int64) (int64, int) {
	count := 0
	for _, r := range s {
		if !unicode.IsDigit(r) {
			break
		}
		n = n*10 + int64(r-'0')
		count++
	}
	return n, count
}
