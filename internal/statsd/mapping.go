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

	"sigs.k8s.io/yaml"
)

// Config is the mapping file: how the dotted names of statsd become metrics with
// labels.
//
// upstream: prometheus/statsd_exporter pkg/mapper.
type Config struct {
	Defaults *Defaults `json:"defaults,omitempty"`
	Mappings []Mapping `json:"mappings,omitempty"`
}

// Defaults are what a mapping has that says nothing else.
type Defaults struct {
	ObserverType        string            `json:"observer_type,omitempty"`
	MatchType           string            `json:"match_type,omitempty"`
	GlobDisableOrdering bool              `json:"glob_disable_ordering,omitempty"`
	TTL                 string            `json:"ttl,omitempty"`
	SummaryOptions      *SummaryOptions   `json:"summary_options,omitempty"`
	HistogramOptions    *HistogramOptions `json:"histogram_options,omitempty"`
}

// Mapping is what becomes of some names.
type Mapping struct {
	Match            string            `json:"match"`
	MatchType        string            `json:"match_type,omitempty"`
	MatchMetricType  string            `json:"match_metric_type,omitempty"`
	Name             string            `json:"name"`
	Labels           map[string]any    `json:"labels,omitempty"`
	HonorLabels      bool              `json:"honor_labels,omitempty"`
	ObserverType     string            `json:"observer_type,omitempty"`
	Help             string            `json:"help,omitempty"`
	Action           string            `json:"action,omitempty"`
	TTL              string            `json:"ttl,omitempty"`
	SummaryOptions   *SummaryOptions   `json:"summary_options,omitempty"`
	HistogramOptions *HistogramOptions `json:"histogram_options,omitempty"`
	Scale            *float64          `json:"scale,omitempty"`
}

// SummaryOptions are those of a summary.
type SummaryOptions struct {
	Quantiles  []Quantile `json:"quantiles,omitempty"`
	MaxAge     string     `json:"max_age,omitempty"`
	AgeBuckets uint32     `json:"age_buckets,omitempty"`
	BufCap     uint32     `json:"buf_cap,omitempty"`
}

// Quantile is one of a summary.
type Quantile struct {
	Quantile float64 `json:"quantile"`
	Error    float64 `json:"error"`
}

// HistogramOptions are those of a histogram.
type HistogramOptions struct {
	Buckets                     []float64 `json:"buckets,omitempty"`
	NativeHistogramBucketFactor float64   `json:"native_histogram_bucket_factor,omitempty"`
	NativeHistogramMaxBuckets   uint32    `json:"native_histogram_max_buckets,omitempty"`
}

// Parse reads a mapping file, and refuses what the exporter would.
func Parse(text string) (Config, error) {
	var c Config
	if err := yaml.UnmarshalStrict([]byte(text), &c); err != nil {
		return Config{}, err
	}
	return c, nil
}

// YAML writes the mapping file.
func (c Config) YAML() string {
	text, err := yaml.Marshal(c)
	if err != nil { // a number that is none, which Flaws reports
		return ""
	}
	return string(text)
}

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
		badTTL(in, defaults.TTL)
		badBuckets(in, defaults.HistogramOptions)
	}
	for i, m := range c.Mappings {
		in := func(field, value, why string) { out = append(out, Flaw{i, field, value, why}) }
		oneOf(in, "match_type", m.MatchType, "glob", "regex")
		oneOf(in, "match_metric_type", m.MatchMetricType, "counter", "gauge", "observer")
		oneOf(in, "observer_type", m.ObserverType, "histogram", "summary")
		oneOf(in, "action", m.Action, "map", "drop")
		badTTL(in, m.TTL)
		badBuckets(in, m.HistogramOptions)
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

func badTTL(in func(field, value, why string), ttl string) {
	if d, err := time.ParseDuration(ttl); ttl != "" && (err != nil || d < 0) {
		in("ttl", ttl, "want a positive duration, such as 10m")
	}
}

// badBuckets reports buckets with which the exporter would panic at the first value.
func badBuckets(in func(field, value, why string), o *HistogramOptions) {
	if o == nil {
		return
	}
	for i, b := range o.Buckets {
		if math.IsNaN(b) || math.IsInf(b, 0) || i > 0 && b <= o.Buckets[i-1] {
			in("histogram_options.buckets", fmt.Sprint(o.Buckets), "want numbers that grow, such as 0.1, 1, 10")
			return
		}
	}
}
