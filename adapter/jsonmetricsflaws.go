package adapter

import (
	"strings"

	"github.com/podpattern/podpattern/internal/header"
	"github.com/podpattern/podpattern/pattern"
)

// badJSONMetrics refuses what the exporter would refuse, or never find.
func badJSONMetrics(c pattern.AdapterContainer, metrics []JSONMetric, o JSONMetricsOptions) pattern.AdapterContainer {
	if len(metrics) == 0 {
		c = c.Reject("metrics", "", "say what the JSON has: want a metric at least")
	}
	seen := make(map[string]bool)
	for i, m := range metrics {
		field := nth("metrics", i)
		c = named(c, field, m.Name, m.Type, []string{"gauge", "counter", "untyped"}, sortedKeys(m.Labels))
		if seen[m.Name] {
			c = c.Reject(field+".Name", m.Name, "want another name than that of the metric before: the exporter refuses one twice")
		}
		seen[m.Name] = true
		if at := strings.LastIndex(m.Name, "_"); m.Each != "" && (at < 1 || at == len(m.Name)-1) {
			c = c.Reject(field+".Name", m.Name, "want a name with a _ in the middle, such as queue_depth, as the exporter makes it of two parts")
		}
		if !isJSONPath(m.Path) || !strings.HasPrefix(strings.TrimSpace(m.Path), "{") {
			c = c.Reject(field+".Path", m.Path, "want a JSONPath in braces, such as {.queue.depth}")
		}
		if m.Each != "" && (!isJSONPath(m.Each) || !strings.HasPrefix(strings.TrimSpace(m.Each), "{")) {
			c = c.Reject(field+".Each", m.Each, "want a JSONPath in braces, such as {.queues[*]}")
		}
		for _, label := range sortedKeys(m.Labels) {
			if !isJSONPath(m.Labels[label]) {
				c = c.Reject(field+".Labels", m.Labels[label], "want a text, with a JSONPath in braces, such as {.name}")
			}
		}
	}
	for _, name := range sortedKeys(o.Headers) {
		if !header.IsName(name) || !header.IsValue(o.Headers[name]) {
			c = c.Reject("Headers", name+": "+o.Headers[name], "want a header, such as X-Scope: metrics")
		}
	}
	for _, code := range o.ValidStatusCodes {
		if code < 100 || code > 599 {
			c = c.Reject("ValidStatusCodes", code, "want the status of an answer, such as 200")
		}
	}
	return c
}

// isJSONPath says whether the braces, brackets and quotes of a template are in pairs.
func isJSONPath(text string) bool {
	var open []rune
	quote, escaped := rune(0), false
	for _, r := range text {
		switch {
		case len(open) == 0 && r != '{' && r != '}':
			continue // text
		case escaped || r == '\\':
			escaped = !escaped
		case quote != 0:
			if r == quote {
				quote = 0
			}
		case r == '"' || r == '\'':
			quote = r
		case strings.ContainsRune("{[(", r):
			open = append(open, map[rune]rune{'{': '}', '[': ']', '(': ')'}[r])
		case strings.ContainsRune("}])", r):
			if len(open) == 0 || open[len(open)-1] != r {
				return false
			}
			open = open[:len(open)-1]
		}
	}
	return len(open) == 0 && quote == 0 && !escaped
}
