package statsd

import (
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/podpattern/podpattern/internal/opt"
)

// Flaw is something that the exporter would refuse, or silently do otherwise.
type Flaw struct {
	Mapping    int    // its index; -1 for the defaults
	Field      string // as the file has it
	Value, Why string
}

var (
	globMatch  = regexp.MustCompile(`^(\*|[a-zA-Z_][a-zA-Z0-9_\-]*)(\.\*|\.[a-zA-Z0-9_][a-zA-Z0-9_\-]*)*$`)
	metricName = regexp.MustCompile(`^([a-zA-Z_]|\$\{?\d+\}?)([a-zA-Z0-9_]|\$\{?\d+\}?)*$`)
	labelName  = regexp.MustCompile(`^[a-zA-Z_][a-zA-Z0-9_]+$`)
	reference  = regexp.MustCompile(`\$(?:\{([^}]*)\}|([a-zA-Z0-9_]*))`)
)

// Flaws gives what is wrong with the configuration.
func (c Config) Flaws() []Flaw {
	var out []Flaw
	defaults := Defaults{}
	if c.Defaults != nil {
		defaults = *c.Defaults
		in := func(field, value, why string) { out = append(out, Flaw{-1, field, value, why}) }
		oneOf(in, "observer_type", defaults.ObserverType, "histogram", "summary")
		oneOf(in, "match_type", defaults.MatchType, "glob", "regex")
		badDuration(in, "ttl", defaults.TTL)
		badObserver(in, "", defaults.HistogramOptions, defaults.SummaryOptions)
	}
	for i, m := range c.Mappings {
		in := func(field, value, why string) { out = append(out, Flaw{i, field, value, why}) }
		oneOf(in, "match_type", m.MatchType, "glob", "regex")
		oneOf(in, "match_metric_type", m.MatchMetricType, "counter", "gauge", "observer")
		oneOf(in, "observer_type", m.ObserverType, "histogram", "summary")
		oneOf(in, "action", m.Action, "map", "drop")
		badDuration(in, "ttl", m.TTL)
		badObserver(in, opt.Or(m.ObserverType, defaults.ObserverType), m.HistogramOptions, m.SummaryOptions)
		m.badNames(in, m.captures(in, defaults.MatchType))
		if m.Scale != nil && (*m.Scale == 0 || math.IsNaN(*m.Scale) || math.IsInf(*m.Scale, 0)) {
			in("scale", fmt.Sprint(*m.Scale), "want a number, such as 0.001")
		}
	}
	return out
}

// captures gives the names of what the match captures, as a reference has them.
func (m Mapping) captures(in func(field, value, why string), byDefault string) []string {
	var names []string
	if m.MatchType == "regex" || m.MatchType == "" && byDefault == "regex" {
		re, err := regexp.Compile(m.Match)
		if m.Match == "" || err != nil {
			in("match", m.Match, "want a regular expression of Go's syntax, such as ^app\\.(\\w+)\\.")
			return nil
		}
		for i, name := range re.SubexpNames() {
			names = append(names, strconv.Itoa(i), name)
		}
		return names
	}
	if !globMatch.MatchString(m.Match) {
		in("match", m.Match, "want words with dots between them, of which some are *, such as app.*.requests")
	}
	for i := range strings.Count(m.Match, "*") {
		names = append(names, strconv.Itoa(i+1))
	}
	return names
}

func (m Mapping) badNames(in func(field, value, why string), captures []string) {
	if !metricName.MatchString(m.Name) {
		in("name", m.Name, "want the name of a metric, such as app_requests_total")
	}
	badReferences(in, "name", m.Name, captures)
	for _, label := range slices.Sorted(maps.Keys(m.Labels)) {
		if !labelName.MatchString(label) || strings.HasPrefix(label, "__") {
			in("labels", label, "want the name of a label, of two characters at least, such as code")
		}
		value := fmt.Sprint(m.Labels[label])
		switch m.Labels[label].(type) {
		case map[string]any, []any:
			in("labels", value, "want a text for "+label)
		}
		badReferences(in, "labels", value, captures)
		if strings.Contains(value, "$") && strings.Contains(value, "%") {
			in("labels", value, "want no % beside a $1: the exporter takes it for a format")
		}
	}
}

// badReferences reports a $1 for which there is no *: the exporter leaves it out.
func badReferences(in func(field, value, why string), field, text string, captures []string) {
	for _, ref := range reference.FindAllStringSubmatch(text, -1) {
		if name := ref[1] + ref[2]; name == "" || !slices.Contains(captures, name) {
			in(field, text, "has "+ref[0]+", which the match doesn't capture")
		}
	}
}

func oneOf(in func(field, value, why string), field, value string, values ...string) {
	if value != "" && !slices.Contains(values, value) {
		in(field, value, "want one of "+strings.Join(values, ", "))
	}
}

func badDuration(in func(field, value, why string), field, text string) {
	if d, err := time.ParseDuration(text); text != "" && (err != nil || d < 0) {
		in(field, text, "want a positive duration, such as 10m")
	}
}

// badObserver reports options of the other kind, and those with which the exporter
// would panic at the first value.
func badObserver(in func(field, value, why string), kind string, h *HistogramOptions, s *SummaryOptions) {
	if kind == "histogram" && s != nil {
		in("summary_options", "", "want none of them where the observer_type is histogram")
	}
	if kind == "summary" && h != nil {
		in("histogram_options", "", "want none of them where the observer_type is summary")
	}
	if s != nil {
		badDuration(in, "summary_options.max_age", s.MaxAge)
	}
	if h == nil {
		return
	}
	for i, b := range h.Buckets {
		if math.IsNaN(b) || math.IsInf(b, 0) || i > 0 && b <= h.Buckets[i-1] {
			in("histogram_options.buckets", fmt.Sprint(h.Buckets), "want numbers that grow, such as 0.1, 1, 10")
			return
		}
	}
}
