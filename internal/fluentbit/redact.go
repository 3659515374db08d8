package fluentbit

import (
	_ "embed" // redact.lua
	"fmt"
	"regexp/syntax"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// machine is the rest of the script: LuaJIT in fluent-bit, which knows Lua 5.1.
//
//go:embed redact.lua
var machine string

// redactScript gives the code of a lua filter that replaces in the field log what one
// of the expressions matches by ***.
//
// fluent-bit has no filter or processor that replaces by a regular expression, and
// the patterns of Lua have neither alternatives nor repeated groups. A redaction that
// is almost what was asked for is worse than none, so each expression is compiled
// here, by Go's own package, and the script has its program as a table and a machine
// that runs it as Go does: the leftmost match, of those the one that the expression
// prefers, in a time that is linear in the line. On a line that has none of the bytes
// that a match can start with, that is one string.find.
//
// If the machine fails, as when memory is short, the line is replaced as a whole:
// fluent-bit itself ships the record of a filter that fails as it stands.
//
// The code has no ${, which fluent-bit would expand.
func redactScript(exprs []string) string {
	var b strings.Builder
	b.WriteString("local programs = {\n")
	for _, expr := range exprs {
		writeProgram(&b, expr)
	}
	b.WriteString("}\n\n" + machine)
	return b.String()
}

// writeProgram gives an expression as a table: of instruction i, op[i], where it goes
// on, out[i], and arg[i], which is the other way of an alternative, the conditions of
// an empty match, or the index of a set of characters.
func writeProgram(b *strings.Builder, expr string) {
	re, err := syntax.Parse(expr, syntax.Perl)
	if err != nil { // the caller compiled it before
		return
	}
	prog, err := syntax.Compile(re.Simplify())
	if err != nil {
		return
	}
	op, out, arg := []int{}, []int{}, []int{}
	sets := [][]rune{}
	for _, inst := range prog.Inst {
		x, y := int(inst.Out)+1, 0
		switch inst.Op {
		case syntax.InstAlt, syntax.InstAltMatch:
			op, y = append(op, opAlt), int(inst.Arg)+1
		case syntax.InstCapture, syntax.InstNop:
			op = append(op, opNop)
		case syntax.InstEmptyWidth:
			op, y = append(op, opEmpty), int(inst.Arg)
		case syntax.InstMatch:
			op, x = append(op, opMatch), 0
		case syntax.InstFail:
			op, x = append(op, opFail), 0
		default:
			set := ranges(inst)
			y = slices.IndexFunc(sets, func(s []rune) bool { return slices.Equal(s, set) }) + 1
			if y == 0 {
				sets = append(sets, set)
				y = len(sets)
			}
			op = append(op, opSet)
		}
		out, arg = append(out, x), append(arg, y)
	}
	comment := strings.ReplaceAll(strconv.QuoteToASCII(expr), "${", `$\{`)
	fmt.Fprintf(b, "  -- %s\n  { start = %d,%s\n    op = {%s},\n    out = {%s},\n    arg = {%s},\n    sets = {",
		comment, prog.Start+1, begin(prog), list(op), list(out), list(arg))
	for _, set := range sets {
		fmt.Fprintf(b, "{%s}, ", list(set))
	}
	b.WriteString("} },\n")
}

const (
	opSet = iota + 1
	opAlt
	opNop
	opEmpty
	opMatch
	opFail
)

// ranges gives the characters that an instruction takes, as pairs of first and last.
func ranges(inst syntax.Inst) []rune {
	switch inst.Op {
	case syntax.InstRuneAny:
		return []rune{0, unicode.MaxRune}
	case syntax.InstRuneAnyNotNL:
		return []rune{0, '\n' - 1, '\n' + 1, unicode.MaxRune}
	}
	if len(inst.Rune) > 1 {
		return slices.Clone(inst.Rune)
	}
	set := []rune{inst.Rune[0], inst.Rune[0]}
	if syntax.Flags(inst.Arg)&syntax.FoldCase != 0 {
		for r := unicode.SimpleFold(inst.Rune[0]); r != inst.Rune[0]; r = unicode.SimpleFold(r) {
			set = append(set, r, r)
		}
	}
	return set
}

func list[T ~int | ~int32](values []T) string {
	all := []string{}
	for _, v := range values {
		all = append(all, strconv.Itoa(int(v)))
	}
	return strings.Join(all, ",")
}
