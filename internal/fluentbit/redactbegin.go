package fluentbit

import (
	"fmt"
	"regexp/syntax"
	"strings"
	"unicode/utf8"
)

// begin says what each match starts with, which is quick to look for: a text, or a
// set of bytes, as a pattern of Lua. A match that may be empty can start anywhere.
func begin(prog *syntax.Prog) string {
	if text, _ := prog.Prefix(); text != "" {
		return " text = " + quote(text) + ","
	}
	bytes, seen := [256]bool{}, map[uint32]bool{}
	queue := []uint32{uint32(prog.Start)}
	for len(queue) > 0 {
		pc := queue[0]
		queue = queue[1:]
		if seen[pc] {
			continue
		}
		seen[pc] = true
		inst := prog.Inst[pc]
		switch inst.Op {
		case syntax.InstAlt, syntax.InstAltMatch:
			queue = append(queue, inst.Out, inst.Arg)
		case syntax.InstCapture, syntax.InstNop, syntax.InstEmptyWidth:
			queue = append(queue, inst.Out)
		case syntax.InstMatch:
			return ""
		case syntax.InstFail:
		default:
			set := ranges(inst)
			for i := 0; i < len(set); i += 2 {
				for r := set[i]; r <= min(set[i+1], utf8.RuneSelf-1); r++ {
					bytes[r] = true
				}
				for b := utf8.RuneSelf; set[i+1] >= utf8.RuneSelf && b < 256; b++ {
					bytes[b] = true
				}
			}
		}
	}
	pattern := ""
	for first := 0; first < len(bytes); first++ {
		if !bytes[first] {
			continue
		}
		last := first
		for last+1 < len(bytes) && bytes[last+1] && kind(last+1) == kind(first) && kind(first) != alone {
			last++
		}
		pattern += setByte(byte(first))
		if last > first {
			pattern += "-" + setByte(byte(last))
		}
		first = last
	}
	if pattern == "" {
		return ""
	}
	return ` bytes = "[` + pattern + `]",`
}

const alone = 0

// kind groups the bytes that can be the ends of a range in a pattern of Lua.
func kind(b int) int {
	switch {
	case b == 0:
		return alone // %z
	case b <= ' ':
		return 1
	case b >= '0' && b <= '9':
		return 2
	case b >= 'A' && b <= 'Z':
		return 3
	case b >= 'a' && b <= 'z':
		return 4
	case b >= utf8.RuneSelf:
		return 5
	}
	return alone
}

// setByte gives a byte for a set in a pattern of Lua.
func setByte(b byte) string {
	switch {
	case b == 0: // in Lua 5.1 a pattern ends with the byte 0
		return "%z"
	case kind(int(b)) == alone && b < 0x7f:
		return "%" + escape(b)
	}
	return escape(b)
}

// quote gives a string of Lua.
func quote(text string) string {
	out := `"`
	for i := range len(text) {
		out += escape(text[i])
	}
	return out + `"`
}

func escape(b byte) string {
	if k := kind(int(b)); k > 1 && k < 5 || strings.IndexByte(" =:_-/.,;@<>()", b) >= 0 {
		return string([]byte{b})
	}
	return fmt.Sprintf(`\%03d`, b)
}
