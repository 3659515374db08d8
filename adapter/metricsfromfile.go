package adapter

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/podpattern/podpattern/internal/expansion"
	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/pattern"
)

// MetricsFromFileOptions says what the lines of the file mean to [MetricsFromFile];
// the zero value is the default.
type MetricsFromFileOptions struct {
	// Delimiter separates the columns of a line; a space stands for any number of
	// spaces and tabs. Default: |. Spaces around a column don't count.
	Delimiter string
	// Regex takes the columns from the lines that it matches, anywhere in them, in
	// place of a Delimiter: column 1 is the text of the first group. It is a POSIX
	// extended regular expression, as grep -E has them, with up to nine groups, such
	// as ^depth of ([a-z]+): ([0-9.]+). Other lines are skipped. Default: none.
	Regex string
	// HeaderLines is how many lines at the top of the file are left out. Default: 0.
	// Empty lines, and those that begin with #, always are.
	HeaderLines int
	// Metrics is what becomes of each line. Default: a line is the name of a metric and
	// its value.
	Metrics []FileMetric
	// Port serves the metrics. Default: 9100, or the next one that is free in the
	// pod; a port that is set here does not move.
	Port int
	// Scrape gives the pod the prometheus.io annotations for the metrics. Default: no;
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
// ConfigMap with the scripts, which busybox httpd, sed and awk run, and with the file
// columns, which says what the columns mean. Beside the metrics there are
// metrics_file_up, which is 0 while there is no such file, metrics_file_mtime_seconds,
// the time when it was last written, and metrics_file_skipped_lines, those of which
// nothing came. Of two lines with the same name and labels the last counts. A dead
// adapter leaves the pod serving. It runs as uid 65534, which must be able to read the
// file, and keeps its content in memory: see Limits for one of more than some thousand
// lines. The file must be UTF-8, as Prometheus takes nothing else; a dot in a Regex is
// one byte of it. The app should write another file and rename it, or a scrape may see
// half of it. For lines that are appended see [MetricsFromLogs].
//
// Defaults: image busybox, uid 65534, 5m CPU, 8Mi memory, at most 32Mi.
//
// Options: the last of several wins as a whole.
//
// upstream: mirror/busybox networking/httpd.c, editors/sed.c, editors/awk.c. docs:
// prometheus.io/docs/instrumenting/exposition_formats.
func MetricsFromFile(in pattern.Volume, file string, opts ...MetricsFromFileOptions) pattern.AdapterContainer {
	o := opt.Last(opts)
	c := pattern.Adapter("file-metrics", busyboxImage).
		Command("sh", "-c", serveScript).
		Reads(in, "/in").Env("FILE", expansion.Literal(path.Join("/in", file))).
		Requests("5m", "8Mi").Limits("", "32Mi").
		Restricted().RunAsUser(65534).RunAsGroup(65534).ReadOnlyRootFilesystem(true).
		Config("/usr/share/metrics/httpd.conf", "*.cgi:/bin/sh\n").
		Config("/usr/share/metrics/regex.awk", regexAwk).
		Config("/usr/share/metrics/metrics.awk", fileAwk).
		Config("/etc/metrics/columns", columns(o)).
		Config("/usr/share/metrics/metrics.cgi", fileCGI).
		Health(pattern.TCPSocket("metrics")).WhenDown(pattern.KeepServing)
	c = opt.Port(c, "metrics", o.Port, 9100)
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
	if file == "" || path.IsAbs(file) || path.Clean(file) == "." || up || strings.ContainsAny(file, "\r\n") || strings.HasSuffix(file, "/") {
		return c.Reject(field, file, "want a file below the volume, such as stats/queues.raw")
	}
	return c
}
