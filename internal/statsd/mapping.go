package statsd

import "sigs.k8s.io/yaml"

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
