package adapter

import (
	"slices"
	"strconv"

	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/internal/statsd"
	"github.com/podpattern/podpattern/pattern"
)

// StatsDOptions changes what [StatsD] does; the zero value is the default.
type StatsDOptions struct {
	// Port receives statsd over UDP. Default: 9125, or the next one that is free in
	// the pod; a port that is set here does not move.
	Port int
	// MetricsPort serves the metrics. Default: 9102, or the next one that is free; a
	// port that is set here does not move.
	MetricsPort int
	// TCP receives statsd over TCP too, on the same number where that is free; the
	// apps get STATSD_TCP_HOST and STATSD_TCP_PORT. Default: no.
	TCP bool
	// Scrape gives the pod the prometheus.io annotations for the metrics. Default: no;
	// one container of a pod can have them.
	Scrape bool
	// Endpoint names the variables that the apps get. Default: statsd, for STATSD_HOST
	// and STATSD_PORT.
	Endpoint string
	// DropUnmapped leaves out what no mapping matches. Default: its name with _ for
	// the dots is that of a metric.
	DropUnmapped bool
	// Buckets are those of timers, in seconds, for mappings that have none. Default:
	// those of Prometheus, from 5 ms to 10 s.
	Buckets []float64
	// TTLSeconds is after how long without a value a series is left out. Default: never.
	TTLSeconds int
}

// StatsDMapping is what becomes of some names of statsd. Globs are tried before
// regular expressions, and each of the two in their order.
type StatsDMapping struct {
	// Match is which names: words with dots between them, of which some are *, such
	// as app.*.requests.*.
	Match string
	// Regex says that Match is a regular expression, which can match a part of the
	// name.
	Regex bool
	// Type takes only the names of a type: counter, gauge or observer, which is timers,
	// histograms and distributions. Default: all.
	Type string
	// Name is the metric's. $1 in it stands for what the first * matched.
	Name string
	// Labels are its labels, with $1 likewise, by their names, which have two
	// characters at least.
	Labels map[string]string
	// Help says what it is. Default: a text of the exporter's.
	Help string
	// Buckets are those of a timer, in seconds. Default: those of the options.
	Buckets []float64
	// Scale is what a value is multiplied with, such as 0.001. Default: 1; timers are
	// turned into seconds anyway.
	Scale float64
	// Drop leaves these names out; then Name may be empty.
	Drop bool
}

// StatsD receives the statsd metrics of the app on localhost, with the tags of
// DogStatsD, InfluxDB, Librato and SignalFX too, and serves them to Prometheus under
// the names and with the labels that the mappings say; without any, each name of
// statsd becomes one of a metric, with _ for its dots. Timers become histograms, which
// can be added up over pods.
//
// It adds: a ConfigMap with mapping.yaml; port statsd, UDP and on 127.0.0.1 only, and
// STATSD_HOST and STATSD_PORT in the apps; port metrics with /metrics and /-/healthy.
// The app starts when the adapter is up, as what is sent before is lost. So is what
// was counted when it restarts. A dead adapter leaves the pod serving. It runs statsd_exporter
// as uid 65534; see sidecar.StatsDExporter for one that takes a mapping file.
//
// Defaults: image statsd-exporter, uid 65534, 10m CPU, 32Mi memory, at most 128Mi.
//
// Options: the last of several wins as a whole.
//
// upstream: prometheus/statsd_exporter main.go, pkg/mapper, Dockerfile.
func StatsD(mappings []StatsDMapping, opts ...StatsDOptions) pattern.AdapterContainer {
	o := opt.Last(opts)
	c := pattern.Adapter("statsd", statsdExporterImage)
	config := statsd.Config{Defaults: &statsd.Defaults{ObserverType: "histogram"}}
	if len(o.Buckets) > 0 {
		config.Defaults.HistogramOptions = &statsd.HistogramOptions{Buckets: slices.Clone(o.Buckets)}
	}
	if o.TTLSeconds < 0 {
		c = c.Reject("TTLSeconds", o.TTLSeconds, "want a positive number of seconds")
	}
	if o.TTLSeconds > 0 {
		config.Defaults.TTL = strconv.Itoa(o.TTLSeconds) + "s"
	}
	for _, m := range mappings {
		config.Mappings = append(config.Mappings, m.mapping())
	}
	for _, f := range config.Flaws() {
		field := statsdFields[f.Field]
		if f.Mapping >= 0 {
			field = nth("mappings", f.Mapping) + "." + field
		}
		c = c.Reject(field, f.Value, f.Why)
	}
	if o.DropUnmapped {
		config.Mappings = append(config.Mappings, StatsDMapping{Match: ".", Regex: true, Drop: true}.mapping())
	}
	return statsd.In(c, statsd.Exporter{Port: o.Port, MetricsPort: o.MetricsPort, TCP: o.TCP, Scrape: o.Scrape, Endpoint: o.Endpoint, Mapping: config.YAML()})
}

// statsdFields are the fields here, by those of the mapping file.
var statsdFields = map[string]string{
	"match": "Match", "match_metric_type": "Type", "name": "Name", "labels": "Labels", "scale": "Scale", "ttl": "TTLSeconds", "histogram_options.buckets": "Buckets",
}

func (m StatsDMapping) mapping() statsd.Mapping {
	out := statsd.Mapping{Match: m.Match, MatchMetricType: m.Type, Name: m.Name, Help: m.Help}
	if m.Regex {
		out.MatchType = "regex"
	}
	if m.Drop {
		out.Action, out.Name = "drop", opt.Or(m.Name, "dropped")
	}
	if len(m.Labels) > 0 {
		out.Labels = make(map[string]any, len(m.Labels))
	}
	for name, value := range m.Labels {
		out.Labels[name] = value
	}
	if len(m.Buckets) > 0 {
		out.HistogramOptions = &statsd.HistogramOptions{Buckets: slices.Clone(m.Buckets)}
	}
	if m.Scale != 0 {
		out.Scale = &m.Scale
	}
	return out
}
