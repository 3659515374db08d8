package adapter_test

import (
	"strings"
	"testing"

	"github.com/podpattern/podpattern/adapter"
	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/patterntest"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
)

var stats = pattern.EmptyDir("stats").SizeLimit("1Mi")

// measured is a pod whose app writes the volume.
func measured() pattern.PodBuilder {
	return pattern.Pod("web").Hardened().WithApp(patterntest.App().Writes(stats, "/var/lib/web"))
}

func TestMetricsFromFile(t *testing.T) {
	for name, c := range map[string]pattern.AdapterContainer{
		"metricsfromfile-default": adapter.MetricsFromFile(stats, "stats.raw"),
		"metricsfromfile-options": adapter.MetricsFromFile(stats, "mail/queues.csv", adapter.MetricsFromFileOptions{
			Delimiter: ";", HeaderLines: 1, Port: 9200, Scrape: true,
			Metrics: []adapter.FileMetric{
				{Name: "app_queue_depth", Help: "Jobs that wait.\nC:\\jobs", Value: 3, Labels: map[string]int{"queue": 1, "host": 2}},
				{Name: "app_jobs_total", Type: "counter", Value: 4, Labels: map[string]int{"queue": 1}, Match: map[int]string{2: "a # \"b\" $(c)"}},
			}}),
		"metricsfromfile-regex": adapter.MetricsFromFile(stats, "$(HOME).raw", adapter.MetricsFromFileOptions{
			Regex: `^depth of ([a-z]+): ([0-9.]+)`, Metrics: []adapter.FileMetric{{Name: "app_queue_depth", Value: 2, Labels: map[string]int{"queue": 1}}}}),
	} {
		t.Run(name, func(t *testing.T) { patterntest.Helper(t, name, measured(), c) })
	}
}

func TestMetricsFromFileRefuses(t *testing.T) {
	file := func(file string) pattern.AdapterContainer { return adapter.MetricsFromFile(stats, file) }
	of := func(o adapter.MetricsFromFileOptions) pattern.AdapterContainer {
		return adapter.MetricsFromFile(stats, "stats.raw", o)
	}
	metric := func(m adapter.FileMetric) pattern.AdapterContainer {
		return of(adapter.MetricsFromFileOptions{Metrics: []adapter.FileMetric{m}})
	}
	regex := func(regex string) pattern.AdapterContainer {
		return of(adapter.MetricsFromFileOptions{Regex: regex, Metrics: []adapter.FileMetric{{Name: "a", Value: 1}}})
	}
	for _, bad := range []string{"(", "(*a)", `(\d)`, `(\w)`, "(?:a)(b)", "(?P<a>b)", "(?i)(a)", "(a*?)", "(a+?)", "(a**)", "(a{2}{2})", `(a)\1`, `(\<a)`, `(a\/b)`, `(\n)`,
		"(a{)", "(a{,2})", "(a{256})", "(^*)", "([)", "([])", `([\d])`, `([\]])`, "([[.a.]])", "([[=a=]])", "([[:word:]])", "([[:^alpha:]])", "([a[])", "([^ä])", "(ä+)", "(.ä{2})",
		"(a)\nregex (b)", "(a)\r", "(a\x01)", "(a\x1f)", "(a\x00)"} {
		t.Run(bad, func(t *testing.T) {
			patterntest.Refuses(t, measured(), regex(bad), "want a POSIX extended regular expression")
		})
	}
	for name, tt := range map[string]struct {
		c    pattern.AdapterContainer
		want string
	}{
		"no file":             {file(""), "want a file below the volume"},
		"absolute file":       {file("/stats.raw"), "want a file below the volume"},
		"file outside":        {file("a/../../stats.raw"), "want a file below the volume"},
		"a folder":            {file("a/"), "want a file below the volume"},
		"two lines of file":   {file("a\nb"), "want a file below the volume"},
		"no volume":           {adapter.MetricsFromFile(pattern.Volume{}, "a"), "volume"},
		"port":                {of(adapter.MetricsFromFileOptions{Port: 70000}), "must be between 1 and 65535"},
		"delimiter":           {of(adapter.MetricsFromFileOptions{Delimiter: "\n"}), "want what separates columns"},
		"header":              {of(adapter.MetricsFromFileOptions{HeaderLines: -1}), "want a number of lines"},
		"no name":             {metric(adapter.FileMetric{Value: 1}), "Metrics[0].Name"},
		"name with a dash":    {metric(adapter.FileMetric{Name: "app-queue", Value: 1}), "want the name of a metric"},
		"name with a tab":     {metric(adapter.FileMetric{Name: "app\tx", Value: 1}), "want the name of a metric"},
		"name of its own":     {metric(adapter.FileMetric{Name: "metrics_file_up", Value: 1}), "want another name"},
		"type":                {metric(adapter.FileMetric{Name: "a", Type: "histogram", Value: 1}), "want one of gauge, counter, untyped"},
		"no value":            {metric(adapter.FileMetric{Name: "a"}), "Metrics[0].Value"},
		"label":               {metric(adapter.FileMetric{Name: "a", Value: 1, Labels: map[string]int{"__name__": 1}}), "want the name of a label"},
		"label with a space":  {metric(adapter.FileMetric{Name: "a", Value: 1, Labels: map[string]int{"a b": 1}}), "want the name of a label"},
		"label from nowhere":  {metric(adapter.FileMetric{Name: "a", Value: 1, Labels: map[string]int{"a": 0}}), "want the number of a column"},
		"match nowhere":       {metric(adapter.FileMetric{Name: "a", Value: 1, Match: map[int]string{0: "b"}}), "want the number of a column"},
		"match of two lines":  {metric(adapter.FileMetric{Name: "a", Value: 1, Match: map[int]string{1: "b\nmetric c"}}), "want a text without spaces around it"},
		"delimiter and regex": {of(adapter.MetricsFromFileOptions{Delimiter: "|", Regex: "(a)(b)"}), "want no Delimiter beside a Regex"},
		"no groups":           {regex("a"), "want one to nine groups"},
		"ten groups":          {regex(strings.Repeat("(a)", 10)), "want one to nine groups"},
		"group for a name":    {of(adapter.MetricsFromFileOptions{Regex: "(a)"}), "want a group for the name of a metric"},
		"value of no group":   {of(adapter.MetricsFromFileOptions{Regex: "(a)", Metrics: []adapter.FileMetric{{Name: "a", Value: 2}}}), "want the number of a group of the Regex, which has 1"},
		"label of no group": {of(adapter.MetricsFromFileOptions{Regex: "(a)", Metrics: []adapter.FileMetric{
			{Name: "a", Value: 1, Labels: map[string]int{"b": 2}}}}), "Metrics[0].Labels"},
		"match of no group": {of(adapter.MetricsFromFileOptions{Regex: "(a)", Metrics: []adapter.FileMetric{
			{Name: "a", Value: 1, Match: map[int]string{0: "b"}}}}), "Metrics[0].Match"},
		"one name, two types": {of(adapter.MetricsFromFileOptions{Metrics: []adapter.FileMetric{
			{Name: "a", Value: 1}, {Name: "a", Type: "counter", Value: 2}}}), "Metrics[1].Name"},
	} {
		t.Run(name, func(t *testing.T) { patterntest.Refuses(t, measured(), tt.c, tt.want) })
	}
}

// The file with the columns has a line for each thing, whatever is in the texts.
func TestMetricsFromFileColumns(t *testing.T) {
	objects, err := measured().WithAdapter(adapter.MetricsFromFile(stats, "stats.raw", adapter.MetricsFromFileOptions{
		Delimiter: `\`, Metrics: []adapter.FileMetric{{
			Name: "a", Value: 2, Help: "one\r\nmetric b\\", Labels: map[string]int{"b": 3, "a": 4}, Match: map[int]string{10: `"%s" 'ü' {}#`, 9: ""}}}})).Objects()
	require.NoError(t, err)
	require.Equal(t, "delimiter \\\nheader 0\nmetric a\ntype gauge\nvalue 2\nhelp one\\nmetric b\\\\\nlabel 4 a\nlabel 3 b\nmatch 9 \nmatch 10 \"%s\" 'ü' {}#\n",
		objects[0].(*corev1.ConfigMap).Data["columns"])
}
