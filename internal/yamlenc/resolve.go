package yamlenc

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// words are read as a boolean, as nothing or as a number. The empty text and "<<" are not
// here: the one is asked for on its own, the other is printed plain.
var words = map[string]bool{
	"y": true, "Y": true, "yes": true, "Yes": true, "YES": true, "true": true, "True": true, "TRUE": true, "on": true, "On": true, "ON": true,
	"n": true, "N": true, "no": true, "No": true, "NO": true, "false": true, "False": true, "FALSE": true, "off": true, "Off": true, "OFF": true,
	"~": true, "null": true, "Null": true, "NULL": true,
	".nan": true, ".NaN": true, ".NAN": true, ".inf": true, ".Inf": true, ".INF": true,
	"+.inf": true, "+.Inf": true, "+.INF": true, "-.inf": true, "-.Inf": true, "-.INF": true,
}

// longestOther is the length of the longest of words.
const longestOther = len("false")

var base60 = regexp.MustCompile(`^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$`)

// isWord says whether a text is one of words.
func isWord(s string) bool {
	return len(s) <= longestOther && startsWord[s[0]] && words[s]
}

var startsWord = table("yYnNtTfFoO~.+-")

// looksLikeOther says whether a text would, without quotes, be read as something else: as
// sigs.k8s.io/yaml reads it, not as YAML 1.2 does.
func looksLikeOther(s string) bool {
	if s == "" || isWord(s) {
		return true
	}
	switch c := s[0]; {
	case c == '.':
		return len(s) > 1 && isDigit(s[1]) && parsesAsFloat(s)
	case c != '+' && c != '-' && !isDigit(c):
		return false
	}
	return isNumber(s) || isTimestamp(s) || strings.IndexByte(s, ':') >= 0 && base60.MatchString(s)
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func parsesAsFloat(s string) bool {
	_, err := strconv.ParseFloat(s, 64)
	return err == nil
}

// isNumber says whether a text that begins with a digit or a sign is a number.
func isNumber(s string) bool {
	for i := range len(s) {
		if !inNumbers[s[i]] {
			return false // as the "m" of "100m": most are found here
		}
	}
	s = strings.ReplaceAll(s, "_", "")
	if isDecimal(s) {
		return parsesAsFloat(s)
	}
	if !strings.HasPrefix(strings.TrimLeft(s, "+-"), "0") {
		return false
	}
	return parsesAsInt(s, 0) ||
		strings.HasPrefix(s, "0b") && parsesAsInt(s[2:], 2) ||
		strings.HasPrefix(s, "-0b") && parsesAsInt("-"+s[3:], 2)
}

var inNumbers = table("0123456789abcdefABCDEFxXoO_.+-")

// isDecimal says whether a text is written as an integer or a float with base 10.
func isDecimal(s string) bool {
	if s != "" && (s[0] == '+' || s[0] == '-') {
		s = s[1:]
	}
	whole := leadingDigits(s)
	s = s[whole:]
	if s != "" && s[0] == '.' {
		fraction := leadingDigits(s[1:])
		if whole+fraction == 0 {
			return false
		}
		s = s[1+fraction:]
	} else if whole == 0 {
		return false
	}
	if s == "" || s[0] != 'e' && s[0] != 'E' {
		return s == ""
	}
	if s = s[1:]; s != "" && (s[0] == '+' || s[0] == '-') {
		s = s[1:]
	}
	return s != "" && leadingDigits(s) == len(s)
}

func leadingDigits(s string) int {
	n := 0
	for n < len(s) && isDigit(s[n]) {
		n++
	}
	return n
}

// parsesAsInt says whether a text is an integer with or without a sign, of 64 bits.
func parsesAsInt(s string, base int) bool {
	if _, err := strconv.ParseInt(s, base, 64); err == nil {
		return true
	}
	_, err := strconv.ParseUint(s, base, 64)
	return err == nil
}

// layouts are the times that are read as such.
var layouts = []string{"2006-1-2T15:4:5.999999999Z07:00", "2006-1-2t15:4:5.999999999Z07:00", "2006-1-2 15:4:5.999999999", "2006-1-2"}

func isTimestamp(s string) bool {
	if len(s) < 5 || s[4] != '-' || !isDigit(s[0]) || !isDigit(s[1]) || !isDigit(s[2]) || !isDigit(s[3]) {
		return false
	}
	for _, layout := range layouts {
		if _, err := time.Parse(layout, s); err == nil {
			return true
		}
	}
	return false
}
