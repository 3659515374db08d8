package adapter

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/podpattern/podpattern/pattern"
)

// What Prometheus takes for the name of a metric, without the colon, which is for
// recording rules, and of a label; those that begin with two underscores are its own.
var (
	metricName = regexp.MustCompile(`^[a-zA-Z_][a-zA-Z0-9_]*$`)
	labelName  = regexp.MustCompile(`^([a-zA-Z]|_([a-zA-Z0-9]|$))[a-zA-Z0-9_]*$`)
)

// named refuses what can't be the name, the type or a label of a metric. field is the
// metric's own, such as Metrics[0].
func named(c pattern.AdapterContainer, field, name, kind string, kinds, labels []string) pattern.AdapterContainer {
	if !metricName.MatchString(name) {
		c = c.Reject(field+".Name", name, "want the name of a metric, such as app_queue_depth")
	}
	if kind != "" && !slices.Contains(kinds, kind) {
		c = c.Reject(field+".Type", kind, "want one of "+strings.Join(kinds, ", "))
	}
	for _, label := range labels {
		if !labelName.MatchString(label) {
			c = c.Reject(field+".Labels", label, "want the name of a label, such as queue")
		}
	}
	return c
}

// sortedKeys gives the keys of a map in an order that stays.
func sortedKeys[K ~int | ~string, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

// nth names an element of a list in the options.
func nth(list string, i int) string { return list + "[" + strconv.Itoa(i) + "]" }
