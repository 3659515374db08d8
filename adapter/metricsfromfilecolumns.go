package adapter

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/pattern"
)

// columns gives the options as the script reads them: a word and, after a space,
// its value up to the end of the line. What belongs to a metric follows it.
func columns(o MetricsFromFileOptions) string {
	var b strings.Builder
	say := func(word, value string) { b.WriteString(word + " " + value + "\n") }
	if o.Regex != "" {
		say("regex", o.Regex)
	} else {
		say("delimiter", opt.Or(o.Delimiter, "|"))
	}
	say("header", strconv.Itoa(o.HeaderLines))
	for _, m := range o.Metrics {
		say("metric", m.Name)
		say("type", opt.Or(m.Type, "gauge"))
		say("value", strconv.Itoa(m.Value))
		if m.Help != "" {
			say("help", strings.NewReplacer(`\`, `\\`, "\n", `\n`, "\r", "").Replace(m.Help))
		}
		for _, label := range sortedKeys(m.Labels) {
			say("label", strconv.Itoa(m.Labels[label])+" "+label)
		}
		for _, column := range sortedKeys(m.Match) {
			say("match", strconv.Itoa(column)+" "+m.Match[column])
		}
	}
	return b.String()
}

// badColumns refuses what can't be in a line of the file with the columns, and columns
// that no line has.
func badColumns(c pattern.AdapterContainer, o MetricsFromFileOptions) pattern.AdapterContainer {
	if strings.ContainsAny(o.Delimiter, "\r\n") {
		c = c.Reject("Delimiter", o.Delimiter, "want what separates columns, such as | or a tab")
	}
	if o.HeaderLines < 0 {
		c = c.Reject("HeaderLines", o.HeaderLines, "want a number of lines")
	}
	groups := 0
	if o.Regex != "" {
		c, groups = badGroups(c, o)
	}
	first := make(map[string]FileMetric)
	for i, m := range o.Metrics {
		field := nth("Metrics", i)
		c = named(c, field, m.Name, m.Type, []string{"gauge", "counter", "untyped"}, sortedKeys(m.Labels))
		if other, twice := first[m.Name]; twice && (other.Type != m.Type || other.Help != m.Help) {
			c = c.Reject(field+".Name", m.Name, "want the type and the help of the other metric of that name, or another name")
		}
		first[m.Name] = m
		if strings.HasPrefix(m.Name, "metrics_file_") {
			c = c.Reject(field+".Name", m.Name, "want another name than the adapter's own, which begin with metrics_file_")
		}
		c = badColumn(c, field+".Value", m.Value, groups)
		for _, label := range sortedKeys(m.Labels) {
			c = badColumn(c, field+".Labels", m.Labels[label], groups)
		}
		for _, column := range sortedKeys(m.Match) {
			c = badColumn(c, field+".Match", column, groups)
			if text := m.Match[column]; strings.TrimSpace(text) != text || strings.ContainsAny(text, "\r\n") {
				c = c.Reject(field+".Match", text, "want a text without spaces around it and without line breaks, as columns have none")
			}
		}
	}
	return c
}

// badColumn refuses the number of a column that is none; groups are those of a regular
// expression, if there is one.
func badColumn(c pattern.AdapterContainer, field string, column, groups int) pattern.AdapterContainer {
	switch {
	case groups > 0 && (column < 1 || column > groups):
		return c.Reject(field, column, fmt.Sprintf("want the number of a group of the Regex, which has %d", groups))
	case column < 1:
		return c.Reject(field, column, "want the number of a column, from 1")
	}
	return c
}

// badGroups refuses an expression that gives no columns, and says how many it has.
func badGroups(c pattern.AdapterContainer, o MetricsFromFileOptions) (pattern.AdapterContainer, int) {
	groups, err := posixGroups(o.Regex)
	switch {
	case err != nil:
		c = c.Reject("Regex", o.Regex, err.Error())
	case groups < 1 || groups > 9:
		c = c.Reject("Regex", o.Regex, "want one to nine groups, which are the columns, such as ^depth of ([a-z]+): ([0-9.]+)")
	case groups < 2 && len(o.Metrics) == 0:
		c = c.Reject("Regex", o.Regex, "want a group for the name of a metric and one for its value, or say in Metrics what the groups are")
	}
	if o.Delimiter != "" {
		c = c.Reject("Delimiter", o.Delimiter, "want no Delimiter beside a Regex")
	}
	return c, groups
}
