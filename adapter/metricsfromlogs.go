package adapter

import (
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/podpattern/podpattern/internal/expansion"
	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/pattern"
)

// MetricsFromLogsOptions changes what [MetricsFromLogs] does; the zero value is the
// default.
type MetricsFromLogsOptions struct {
	// Files is which files of the volume are read, as a glob. Default: *.log.
	Files string
	// Programs are more programs in mtail's language, by their file names, such as
	// postgres.mtail. Default: none.
	Programs map[string]string
	// Port serves the metrics. Default: 3903, or the next one that is free in the
	// pod; a port that is set here does not move.
	Port int
	// Scrape gives the pod the prometheus.io annotations for the metrics. Default: no;
	// one container of a pod can have them.
	Scrape bool
}

// LogMetric is a metric that each line which matches changes.
type LogMetric struct {
	// Name is the metric's, such as app_requests_total. Several regular expressions can
	// change one metric; its type, labels and buckets are the same in all.
	Name string
	// Type is counter, gauge or histogram. Default: counter.
	Type string
	// Regex is which lines, in Go's syntax; it matches anywhere in the line, and its
	// groups have names: (?P<code>\d+).
	Regex string
	// Labels are the groups whose texts are the labels of the same names.
	Labels []string
	// Value is the group with the number that a counter grows by, a gauge is set to or
	// a histogram observes. Default: a counter grows by 1.
	Value string
	// Buckets are those of a histogram. Default: those of Prometheus, from 0.005 to 10.
	Buckets []float64
}

// MetricsFromLogs counts and measures what the app appends to the log files in a
// volume, by regular expressions, and serves it to Prometheus. It runs mtail.
//
// It adds: a ConfigMap with metrics.mtail; port metrics with /metrics. mtail reads the
// lines that are written after it has found a file; so it starts before the app, and
// looks for new files every 50 ms: what an app writes in its first moment isn't
// counted. What was counted is gone when mtail restarts. It follows files that are
// rotated or truncated. A value that is no number is an error in its log, and of no
// metric. A dead adapter leaves the pod serving. The image has nothing but mtail: no shell. It runs as uid 65534,
// which must be able to read the files; and it deletes none: bound the volume with
// SizeLimit, and let the app rotate its files.
//
// Defaults: image mtail, uid 65534, 10m CPU, 32Mi memory, at most 128Mi.
//
// Options: the last of several wins as a whole.
//
// upstream: google/mtail docs/Language.md, internal/runtime/compiler/parser,
// Dockerfile.goreleaser (v3.0.9).
func MetricsFromLogs(logs pattern.Volume, metrics []LogMetric, opts ...MetricsFromLogsOptions) pattern.AdapterContainer {
	o := opt.Last(opts)
	o.Files = opt.Or(o.Files, "*.log")
	c := pattern.Adapter("log-metrics", mtailImage).
		Reads(logs, "/logs").
		Requests("10m", "32Mi").Limits("", "128Mi").
		Restricted().RunAsUser(65534).RunAsGroup(65534).ReadOnlyRootFilesystem(true).
		Health(pattern.HTTPGet("/", "metrics")).WhenDown(pattern.KeepServing)
	c = opt.Port(c, "metrics", o.Port, 3903)
	if o.Scrape {
		c = c.Scrape("metrics", "/metrics")
	}
	// A comma separates globs, and mtail reads each as a URL first.
	if _, err := path.Match(o.Files, ""); err != nil || strings.ContainsAny(o.Files, ",%") {
		c = c.Reject("Files", o.Files, "want one glob without a comma and a %, such as *.log or */access.log")
	} else {
		c = badFile(c, "Files", o.Files)
	}
	if len(metrics)+len(o.Programs) == 0 {
		c = c.Reject("metrics", "", "say what to count, or give a program of your own in Programs")
	}
	if len(metrics) > 0 {
		c = badLogMetrics(c, metrics).Config("/etc/mtail/metrics.mtail", mtailProgram(metrics))
	}
	for _, file := range slices.Sorted(maps.Keys(o.Programs)) {
		if !programFile.MatchString(file) || file == "metrics.mtail" {
			c = c.Reject("Programs", file, "want the name of a file that ends in .mtail, other than metrics.mtail")
			continue
		}
		c = c.Config("/etc/mtail/"+file, o.Programs[file])
	}
	return c.Late(func(v pattern.View, c pattern.AdapterContainer) pattern.AdapterContainer {
		return c.Args("--progs=/etc/mtail", "--logs=/logs/"+expansion.Literal(o.Files), "--port="+strconv.Itoa(v.Port("metrics")), "--poll_log_interval=50ms", "--logtostderr", "--emit_prog_label=false")
	})
}

var programFile = regexp.MustCompile(`^[a-zA-Z0-9_][a-zA-Z0-9_.-]*\.mtail$`)

func badLogMetrics(c pattern.AdapterContainer, metrics []LogMetric) pattern.AdapterContainer {
	first := make(map[string]LogMetric)
	for i, m := range metrics {
		field := nth("metrics", i)
		c = named(c, field, m.Name, m.Type, []string{"counter", "gauge", "histogram"}, m.Labels)
		other, twice := first[m.Name]
		if twice && (other.Type != m.Type || !slices.Equal(other.Labels, m.Labels) || !slices.Equal(other.Buckets, m.Buckets)) {
			c = c.Reject(field+".Name", m.Name, "want the type, labels and buckets of the other metric of that name, or another name")
		}
		if !twice {
			first[m.Name] = m
		}
		for i, label := range m.Labels {
			if slices.Contains(m.Labels[:i], label) || m.Type == "histogram" && label == "le" {
				c = c.Reject(field+".Labels", label, "want each label once, and no le of a histogram, which has one")
			}
		}
		if m.Value == "" && opt.Or(m.Type, "counter") != "counter" {
			c = c.Reject(field+".Value", m.Value, "want the group with the number, as only a counter can do without")
		}
		for i, b := range m.Buckets {
			if m.Type != "histogram" || b-b != 0 || i > 0 && b <= m.Buckets[i-1] {
				c = c.Reject(field+".Buckets", fmt.Sprint(m.Buckets), "want numbers that grow, such as 0.1, 1, 10, of a histogram")
				break
			}
		}
		c = badLogRegex(c, field, m)
	}
	return c
}

// badLogRegex refuses what mtail can't read, and groups that aren't there.
func badLogRegex(c pattern.AdapterContainer, field string, m LogMetric) pattern.AdapterContainer {
	re, err := regexp.Compile(m.Regex)
	switch {
	case m.Regex == "" || err != nil:
		return c.Reject(field+".Regex", m.Regex, `want a regular expression of Go's syntax, such as ^GET (?P<route>\S+)`)
	case strings.ContainsAny(m.Regex, "\n\u2424"): // U+2424 is the end of a program to mtail
		return c.Reject(field+".Regex", m.Regex, `want one line, with \n for a line break`)
	case len(m.Regex) > 1024:
		return c.Reject(field+".Regex", m.Regex, "want at most 1024 bytes, which is all that mtail takes")
	}
	groups := re.SubexpNames()
	for _, group := range m.Labels {
		if !slices.Contains(groups, group) {
			c = c.Reject(field+".Labels", group, "is no group of the regular expression: want (?P<"+group+">…) in it")
		}
	}
	if m.Value != "" && (!slices.Contains(groups, m.Value) || !metricName.MatchString(m.Value)) {
		c = c.Reject(field+".Value", m.Value, "is no group of the regular expression: want (?P<"+m.Value+">…) in it")
	}
	return c
}
