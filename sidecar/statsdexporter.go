package sidecar

import (
	"fmt"
	"strings"

	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/internal/statsd"
	"github.com/podpattern/podpattern/pattern"
)

// StatsDExporterOptions changes what [StatsDExporter] does; the zero value is the
// default.
type StatsDExporterOptions struct {
	// Mapping is the text of a mapping file of statsd_exporter, which is checked.
	// Default: none; each name of statsd becomes one of a metric, with _ for its dots.
	Mapping string
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
}

// StatsDExporter receives statsd metrics on localhost, with the tags of DogStatsD,
// InfluxDB, Librato and SignalFX too, and serves them to Prometheus. It is for
// those who have a mapping file; adapter.StatsD is the same with typed mappings.
//
// It adds: port statsd, UDP and on 127.0.0.1 only, and STATSD_HOST and STATSD_PORT in
// the apps; port metrics with /metrics and /-/healthy; with a Mapping a ConfigMap. The
// app starts when the exporter is up, as what is sent before is lost. So is what was
// counted when it restarts. A dead exporter leaves the pod serving. It runs as uid
// 65534.
//
// Defaults: image statsd-exporter, uid 65534, 10m CPU, 32Mi memory, at most 128Mi.
//
// Options: the last of several wins as a whole.
//
// upstream: prometheus/statsd_exporter main.go, pkg/mapper, Dockerfile.
func StatsDExporter(opts ...StatsDExporterOptions) pattern.SidecarContainer {
	o := opt.Last(opts)
	c := pattern.Sidecar("statsd-exporter", statsdExporterImage)
	config, err := statsd.Parse(o.Mapping)
	if err != nil {
		start, _, _ := strings.Cut(o.Mapping, "\n")
		_, why, found := strings.Cut(err.Error(), "json: ")
		if !found {
			why = err.Error()
		}
		c = c.Reject("Mapping", start, "is the beginning of no mapping file: "+why)
	}
	for _, f := range config.Flaws() {
		where := "Mapping: defaults."
		if f.Mapping >= 0 {
			where = fmt.Sprintf("Mapping: mappings[%d].", f.Mapping)
		}
		c = c.Reject(where+f.Field, f.Value, f.Why)
	}
	return statsd.In(c, statsd.Exporter{Port: o.Port, MetricsPort: o.MetricsPort, TCP: o.TCP, Scrape: o.Scrape, Endpoint: o.Endpoint, Mapping: o.Mapping})
}
