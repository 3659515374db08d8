package yamlenc

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// nasty are texts that are read as something else, that can't be printed as they are, or
// that are folded.
func nasty() []string {
	return []string{
		"", " ", "  ", "a ", " a", "a  b", "~", "null", "Null", "NULL", "nULL", "y", "Y", "yes", "n", "No", "on", "OFF", "true", "True", "tRue", "false", "t", "f", "o",
		".", "..", "...", "....", "-", "--", "---", "--- a", "- a", "-a", "--a", "-_5", "--_5", "-$", "_5", "?", "? a", "?a", ":", ": a", ":a", "a:", "a: b", "a:b", "a::b", "a :b", "#", "#a", "a#", "a #b", "a\t#b",
		"0", "-0", "+0", "1", "-1", "+1", "00", "007", "08", "0o17", "0O17", "0x1f", "0X1F", "0xg", "0b101", "0b2", "0b-1", "0b+1", "-0b1", "-0b-1", "-0b+1", "+0b1", "0x-1", "1_000", "1__0", "_1", "1_", "0_7", "0x_1f", "+_1", "-_",
		"1.", "1.5", ".5", "-.5", "+.5", ".5.", "1e3", "1E+3", "1e", "e3", "1e400", "-1e400", ".5e3", ".e3", "1.5e-3", "0.1_0", "._5", ".5_0", "1.2.3", "10.0.0.1", "9223372036854775807", "9223372036854775808", "18446744073709551616", strings.Repeat("9", 400), "0x" + strings.Repeat("f", 17),
		".inf", "-.Inf", "+.INF", ".nan", ".NAN", ".infinity", "inf", "nan", "Infinity", "0x1p-2", "1:30", "12:30:45", "-1:30", "1:60", "1:5:60", "1:30.5", "1_0:30", "190:20:30.15", ":30",
		"2026-01-02", "2026-1-2", "2026-13-02", "2026-01-02T03:04:05Z", "2026-01-02t03:04:05Z", "2026-01-02 03:04:05", "2026-01-02 03:04:05.5", "2026-01-02T03:04:05+01:00", "2026-", "20260-01-02", "2026-01-02T03:04:05",
		"<<", "=", "!", "!a", "&a", "*a", "%a", "@a", "`a", "'", "'a", "a'b", "''", "\"", "\"a", "a\"b", "\\", "\\n", "[", "[a]", "{", "{{ .V }}", "a}", ",", ",a", "|", "|-", ">", ">a", "100m", "1Gi", "1e3Mi",
		"\n", "\n\n", "a\n", "a\n\n", "\na", " \n", "\n ", " a\n", "a \n", "a\n b", "a\n\n b\n", "a\nb", "a\n b\n", "\ta\n", "a\tb\nc", "a\r\nb", "\r", "a\r", "- a\n- b\n", "#!/bin/sh\nset -e\n", "a\n---\nb\n", "a\n...\n", "\n a", "  a\nb", "a\n  ",
		"\t", "a\tb", "\x00", "a\x00b", "\x01", "\x1b[0m", "\x7f", "\b\f\v\a", "\u0085", "a\u0085b", "\u0085\n", "\u00a0", "a\u00a0b", "\u0080", "\u009f", "\u2028", "\u2029", "a\u2028b", "a\u2028", "\u2028a", "a \u2028b", "a\u2028 b", "a\n\u2028", "a\n\u2028b\n", "a\u2028\u2029b", "\u2028\n",
		"\ufeff", "\ufeffa", "\ufeffa b\n\u00a0\u0085", "a\ufeff", "\ufffd", "\ufffe", "\uffff", "\ud7ff", "\ue000", "\U0001f600", "a \U0001f600 b\n", "ünïcödé 网", "é", "<&>", "\xff", "a\xff\xfeb", "\xe2\x80", "\xc2", "\xf0\x9f\x98", "\xed\xa0\x80", "\ufeff\xff",
		strings.Repeat("a", 200), strings.Repeat("word ", 50), strings.Repeat("word ", 50) + "x", strings.Repeat("word  ", 50) + "x", "#" + strings.Repeat("word ", 50) + "x", "#" + strings.Repeat("wo'd  ", 50) + "x", "\t" + strings.Repeat("word ", 50), "\t" + strings.Repeat("w\"rd  ", 50), "\t" + strings.Repeat("word   ", 50) + "x",
		strings.Repeat("ü ", 100) + "x", strings.Repeat("网 ", 100) + "x", "\x00" + strings.Repeat("\U0001f600 ", 20) + "x", strings.Repeat("a ", 40) + strings.Repeat("b ", 3) + "x", "'" + strings.Repeat("a ", 40) + " ", strings.Repeat("a", 79) + " b", strings.Repeat("a", 100) + " b c d", strings.Repeat("word ", 50) + "\nx\n", "#" + strings.Repeat("wor\u2028 ", 50) + "x", "#" + strings.Repeat("word\u2028", 50) + "x y", "#" + strings.Repeat("wo rd\u2028x", 50) + "x y",
		strings.Repeat("k", 128), strings.Repeat("k", 129), strings.Repeat("k ", 70), strings.Repeat("ü", 65), "key\nwith lines", "key\rwith", strings.Repeat("k", 200) + "\n",
	}
}

// places puts a text where an object can have one: its style depends on that.
func places(s string) []any {
	values := []any{
		s,
		map[string]any{"a": s},
		[]any{s, []any{[]any{s, s}}, map[string]any{"a": []any{s}, "deep": map[string]any{"deeper": map[string]any{"deepest": []any{s}}}}},
	}
	if len(appendJSONString(nil, s)) > longestKey {
		return values
	}
	return append(values,
		map[string]any{s: "v"},
		map[string]any{"m": map[string]any{s: s}, "z": []any{s, map[string]any{s: s}, map[string]any{s: []any{s}, "a" + s: map[string]any{s: s}}}},
		map[string]string{s: s, "b": s, "c" + s: ""},
	)
}

// longestKey is about how long a key may be that sigs.k8s.io/yaml reads in JSON.
const longestKey = 1000

func TestRandomTexts(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 5_000 {
		all := places(randomText(r))
		requireSame(t, all[r.IntN(len(all))])
	}
}

// alphabet is what random texts are made of: what YAML has a meaning for comes often.
var alphabet = strings.Split("a b y n - - : : # _ 0 1 2 6 e E x o . + ' \" \\ & * ! | > % @ ` ~ , [ ] { } ? = < / é 网 T Z 2026-01-02 null true word wordword 12:30 0x \U0001f600 \u0085 \u00a0 \u2028 \u2029 \ufeff \ufffd \uffff \x00 \x1b \x7f \xff \xe2\x80", " ")

func randomText(r *rand.Rand) string {
	n := r.IntN(8)
	if r.IntN(6) == 0 {
		n = r.IntN(150)
	}
	plain := r.IntN(2) == 0 // mostly words, so that long lines come to be folded
	var b strings.Builder
	for range n {
		switch k := r.IntN(10); {
		case k < 2:
			b.WriteString(" ")
		case k == 2:
			b.WriteString([]string{"\n", "\n", "  ", "\t", "\r", " \n", "\n "}[r.IntN(7)])
		case plain:
			b.WriteString("word")
		default:
			b.WriteString(alphabet[r.IntN(len(alphabet))])
		}
	}
	return b.String()
}

// A text has the same bytes wherever it stands.
func FuzzScalar(f *testing.F) {
	for _, s := range nasty() {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, place := range places(s) {
			requireSame(t, place)
		}
	})
}
