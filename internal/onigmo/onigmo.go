// Package onigmo writes a regular expression of Go for Onigmo, the engine of Ruby,
// fluent-bit and Fluentd: the two mean different things by ^, $, \b, (?s) and others.
//
// upstream: k-takata/Onigmo doc/RE.
package onigmo

import (
	"fmt"
	"regexp/syntax"
	"strings"
)

// Expr gives an expression that matches in Onigmo, with the syntax of Ruby, what expr
// matches in Go's regexp. Named groups stay; others don't capture. It has no dollar
// sign and does not begin with a slash, which programs give a meaning of their own.
func Expr(expr string) (string, error) {
	re, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		return "", err
	}
	return write(re), nil
}

const word = "[0-9A-Z_a-z]"

// fixed are the expressions that have no parts. ^ and $ of Ruby are about lines, and
// its \b is about letters of all languages.
var fixed = map[syntax.Op]string{
	syntax.OpNoMatch:        "(?!)",
	syntax.OpEmptyMatch:     "(?:)",
	syntax.OpAnyCharNotNL:   ".",
	syntax.OpAnyChar:        "(?m:.)",
	syntax.OpBeginLine:      `(?:\A|(?<=\n))`,
	syntax.OpEndLine:        `(?=\n|\z)`,
	syntax.OpBeginText:      `\A`,
	syntax.OpEndText:        `\z`,
	syntax.OpWordBoundary:   "(?:(?<=" + word + ")(?!" + word + ")|(?<!" + word + ")(?=" + word + "))",
	syntax.OpNoWordBoundary: "(?:(?<=" + word + ")(?=" + word + ")|(?<!" + word + ")(?!" + word + "))",
}

func write(re *syntax.Regexp) string {
	switch re.Op {
	case syntax.OpLiteral:
		return literal(re)
	case syntax.OpCharClass:
		return class(re.Rune)
	case syntax.OpCapture:
		if re.Name == "" {
			return "(?:" + write(re.Sub[0]) + ")"
		}
		return "(?<" + re.Name + ">" + write(re.Sub[0]) + ")"
	case syntax.OpStar, syntax.OpPlus, syntax.OpQuest, syntax.OpRepeat:
		return repeated(re)
	case syntax.OpConcat:
		out := ""
		for _, sub := range re.Sub {
			if sub.Op == syntax.OpAlternate {
				out += "(?:" + write(sub) + ")"
				continue
			}
			out += write(sub)
		}
		return out
	case syntax.OpAlternate:
		all := []string{}
		for _, sub := range re.Sub {
			all = append(all, write(sub))
		}
		return strings.Join(all, "|")
	}
	return fixed[re.Op]
}

func repeated(re *syntax.Regexp) string {
	sub := write(re.Sub[0])
	switch op := re.Sub[0].Op; {
	case op == syntax.OpCharClass, op == syntax.OpCapture, op == syntax.OpAnyChar, op == syntax.OpAnyCharNotNL,
		op == syntax.OpLiteral && len(re.Sub[0].Rune) == 1:
	default:
		sub = "(?:" + sub + ")"
	}
	switch re.Op {
	case syntax.OpStar:
		sub += "*"
	case syntax.OpPlus:
		sub += "+"
	case syntax.OpQuest:
		sub += "?"
	default:
		switch {
		case re.Min == re.Max: // in Ruby x{3}? is not lazy, but optional
			return fmt.Sprintf("%s{%d}", sub, re.Min)
		case re.Max < 0:
			sub += fmt.Sprintf("{%d,}", re.Min)
		default:
			sub += fmt.Sprintf("{%d,%d}", re.Min, re.Max)
		}
	}
	if re.Flags&syntax.NonGreedy != 0 {
		sub += "?"
	}
	return sub
}
