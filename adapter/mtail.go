package adapter

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// mtailProgram writes a program. Its variables have names of their own, as a metric's
// name can be a word of the language.
func mtailProgram(metrics []LogMetric) string {
	var b strings.Builder
	variables := make(map[string]string)
	valued := make(map[string]bool)
	for _, m := range metrics {
		valued[m.Name] = valued[m.Name] || m.Value != ""
		if variables[m.Name] == "" {
			variables[m.Name] = fmt.Sprintf("metric_%d", len(variables)+1)
			b.WriteString(mtailDeclaration(variables[m.Name], m))
		}
	}
	// A value that is no number ends the program for its line: what can't fail goes
	// first.
	ordered := slices.Clone(metrics)
	slices.SortStableFunc(ordered, func(a, b LogMetric) int { return min(len(a.Value), 1) - min(len(b.Value), 1) })
	for _, m := range ordered {
		variable := variables[m.Name]
		for _, label := range m.Labels {
			variable += "[$" + label + "]"
		}
		// A variable that is counted with ++ is a whole number, and takes no other.
		change := variable + "++"
		switch {
		case m.Value != "" && (m.Type == "counter" || m.Type == ""):
			change = variable + " += float($" + m.Value + ")"
		case m.Value != "":
			change = variable + " = float($" + m.Value + ")"
		case valued[m.Name]:
			change = variable + " += 1.0"
		}
		fmt.Fprintf(&b, "\n/%s/ {\n  %s\n}\n", mtailRegex(m.Regex), change)
	}
	return b.String()
}

func mtailDeclaration(variable string, m LogMetric) string {
	kind := m.Type
	if kind == "" {
		kind = "counter"
	}
	text := fmt.Sprintf("%s %s as %q", kind, variable, m.Name)
	for i, label := range m.Labels {
		text += []string{" by ", ", "}[min(i, 1)] + strconv.Quote(label)
	}
	if kind == "histogram" {
		buckets := m.Buckets
		if len(buckets) == 0 {
			buckets = []float64{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10}
		}
		for i, bucket := range buckets {
			number := strconv.FormatFloat(bucket, 'f', -1, 64)
			if !strings.Contains(number, ".") {
				number += ".0" // a whole number must fit into 64 bits
			}
			text += []string{" buckets ", ", "}[min(i, 1)] + number
		}
	}
	return text + "\n"
}

// mtailRegex escapes the slash, which ends a regular expression, unless it is.
func mtailRegex(regex string) string {
	var b strings.Builder
	escaped := false
	for _, r := range regex {
		if r == '/' && !escaped {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
		escaped = r == '\\' && !escaped
	}
	return b.String()
}
