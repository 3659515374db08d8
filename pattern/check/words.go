package check

import "strings"

// hasWord says whether one of the words is a part of a name, which is written
// log-shipper, LOG_SHIPPER, log.shipper or logShipper. The words are in lower case.
func hasWord(name string, words ...string) bool {
	for word, rest := nextWord(name); word != ""; word, rest = nextWord(rest) {
		for _, w := range words {
			if len(w) == len(word) && strings.EqualFold(word, w) {
				return true
			}
		}
	}
	return false
}

// nextWord cuts the first word off a name; without any it is "".
func nextWord(name string) (word, rest string) {
	start := 0
	for start < len(name) && !isAlnum(name[start]) {
		start++
	}
	for end := start; end < len(name); end++ {
		if !isAlnum(name[end]) || end > start && isUpper(name[end]) && isLower(name[end-1]) {
			return name[start:end], name[end:]
		}
	}
	return name[start:], ""
}

func isUpper(c byte) bool { return 'A' <= c && c <= 'Z' }
func isLower(c byte) bool { return 'a' <= c && c <= 'z' }
func isAlnum(c byte) bool { return isUpper(c) || isLower(c) || digit(c) }
func digit(c byte) bool   { return '0' <= c && c <= '9' }

// number gives the digits that a text starts with.
func number(s string) string {
	i := 0
	for i < len(s) && digit(s[i]) {
		i++
	}
	return s[:i]
}

// portNumber reads digits that are a port.
func portNumber(digits string) (int32, bool) {
	if digits == "" || len(digits) > 5 {
		return 0, false
	}
	port := int32(0)
	for i := range len(digits) {
		port = port*10 + int32(digits[i]-'0')
	}
	return port, 0 < port && port < 65536
}
