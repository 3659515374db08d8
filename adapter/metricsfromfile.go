package adapter

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/pattern"
)

// MetricsFromFileOptions says what the lines of the file mean to [MetricsFromFile];
// the zero value is the default.
type MetricsFromFileOptions struct {
	// Delimiter separates the columns of a line; a space stands for any number of
	// spaces and tabs. Default: |. Spaces around a column don't count.
	Delimiter string
	// HeaderLines is how many lines at the top of the file are left out. Default: 0.
	// Empty lines, and those that begin with #, always are.
	HeaderLines int
	// Metrics is what becomes of each line. Default: a line is the name of a metric and
	// its value.
	Metrics []FileMetric
	// Port serves the metrics. Default: 9100, or the next one that is free in the
	// pod; a port that is set here does not move.
	Port int
	// Scrape gives the pod the prometheus.io annotations for this port. Default: no;
	// one container of a pod can have them.
	Scrape bool
}

// FileMetric is a metric that has a value in each line, or in some; the columns of a
// line count from 1.
type FileMetric struct {
	// Name is the metric's, such as app_queue_depth. Several that share one also share
	// its type and its help.
	Name string
	// Type is gauge, counter or untyped. Default: gauge.
	Type string
	// Help says what it is. Default: none.
	Help string
	// Value is the column with the value. A line where that is no number is left out.
	Value int
	// Labels are the columns with the values of the labels.
	Labels map[string]int
	// Match takes only the lines that have these texts in these columns. Default: all.
	Match map[int]string
}

// MetricsFromFile serves the file that the app keeps rewriting in a volume, one line
// with delimited columns for each thing, as metrics for Prometheus. The file is
// relative to the volume.
//
// It adds: port metrics with /metrics.cgi, which reads the file when it is asked; a
// ConfigMap with the script, which busybox httpd and awk run, and what the columns
// mean. Beside the metrics there are metrics_file_up, which is 0 while there is no
// such file, metrics_file_mtime_seconds, the time when it was last written, and
// metrics_file_skipped_lines, those of which nothing came. Of two lines with the same
// name and labels the last counts. A dead adapter leaves the pod serving. It runs as
// uid 65534, which must be able to read the file, and keeps its content in memory:
// see Limits for one of more than some thousand lines. The file must be UTF-8, as
// Prometheus takes nothing else; and the app should write another file and rename it,
// or a scrape may see half of it. For lines that are appended see [MetricsFromLogs].
//
// Options: the last of several wins as a whole.
//
// upstream: mirror/busybox networking/httpd.c, editors/awk.c. docs:
// prometheus.io/docs/instrumenting/exposition_formats.
func MetricsFromFile(in pattern.Volume, file string, opts ...MetricsFromFileOptions) pattern.AdapterContainer {
	o := opt.Last(opts)
	c := pattern.Adapter("file-metrics", busyboxImage).
		Command("sh", "-c", serveScript).
		Reads(in, "/in").Env("FILE", path.Join("/in", file)).
		Requests("5m", "8Mi").Limits("", "32Mi").
		Restricted().RunAsUser(65534).RunAsGroup(65534).ReadOnlyRootFilesystem(true).
		Config("/usr/share/metrics/httpd.conf", "*.cgi:/bin/sh\n").
		Config("/usr/share/metrics/metrics.awk", fileAwk).
		Config("/etc/metrics/columns", columns(o)).
		Config("/usr/share/metrics/metrics.cgi", fileCGI).
		Health(pattern.TCPSocket("metrics")).WhenDown(pattern.KeepServing).
		Port("metrics", opt.Or(o.Port, 9100))
	if o.Port == 0 {
		c = c.MovePorts("metrics")
	}
	if o.Scrape {
		c = c.Scrape("metrics", "/metrics.cgi")
	}
	return badColumns(badFile(c, "file", file), o).Late(func(v pattern.View, c pattern.AdapterContainer) pattern.AdapterContainer {
		return c.Args("file-metrics", strconv.Itoa(v.Port("metrics")))
	})
}

// badFile refuses what can't be a file of a volume.
func badFile(c pattern.AdapterContainer, field, file string) pattern.AdapterContainer {
	up := slices.Contains(strings.Split(file, "/"), "..")
	if file == "" || path.IsAbs(file) || path.Clean(file) == "." || up || strings.ContainsAny(file, "\r\n$") || strings.HasSuffix(file, "/") {
		return c.Reject(field, file, "want a file below the volume, such as stats/queues.raw")
	}
	return c
}

func badColumns(c pattern.AdapterContainer, o MetricsFromFileOptions) pattern.AdapterContainer {
	if strings.ContainsAny(o.Delimiter, "\r\n") {
		c = c.Reject("Delimiter", o.Delimiter, "want what separates columns, such as | or a tab")
	}
	if o.HeaderLines < 0 {
		c = c.Reject("HeaderLines", o.HeaderLines, "want a number of lines")
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
		if m.Value < 1 {
			c = c.Reject(field+".Value", m.Value, "want the number of a column, from 1")
		}
		for _, label := range sortedKeys(m.Labels) {
			if m.Labels[label] < 1 {
				c = c.Reject(field+".Labels", m.Labels[label], "want the number of a column, from 1")
			}
		}
		for _, column := range sortedKeys(m.Match) {
			if column < 1 {
				c = c.Reject(field+".Match", column, "want the number of a column, from 1")
			}
			if text := m.Match[column]; strings.TrimSpace(text) != text || strings.ContainsAny(text, "\r\n") {
				c = c.Reject(field+".Match", text, "want a text without spaces around it and without line breaks, as columns have none")
			}
		}
	}
	return c
}
