package adapter_test

import (
	"math"
	"testing"

	"github.com/podpattern/podpattern/adapter"
	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/patterntest"
	"github.com/stretchr/testify/require"
)

func TestStatsD(t *testing.T) {
	pod := pattern.Pod("web").Hardened().WithApp(patterntest.App())
	for name, c := range map[string]pattern.AdapterContainer{
		"statsd-default": adapter.StatsD(nil),
		"statsd-options": adapter.StatsD([]adapter.StatsDMapping{
			{Match: "app.*.requests.*", Type: "counter", Name: "app_requests_total", Help: "Requests: \"all\" # of them.", Labels: map[string]string{"service": "$1", "code": "${2}xx"}},
			{Match: "app.latency", Name: "app_latency_seconds", Buckets: []float64{0.1, 1}},
			{Match: `^db\.(?P<table>\w+)\.rows$`, Regex: true, Name: "db_rows", Labels: map[string]string{"table": "$table"}, Scale: 1000},
			{Match: "debug.*", Drop: true},
		}, adapter.StatsDOptions{Port: 8125, MetricsPort: 9200, TCP: true, Scrape: true, Endpoint: "metrics", DropUnmapped: true, Buckets: []float64{0.5}, TTLSeconds: 600}),
	} {
		t.Run(name, func(t *testing.T) { patterntest.Helper(t, name, pod, c) })
	}
}

func TestStatsDRefuses(t *testing.T) {
	pod := pattern.Pod("web").WithApp(patterntest.App())
	of := func(m adapter.StatsDMapping) pattern.AdapterContainer {
		return adapter.StatsD([]adapter.StatsDMapping{m})
	}
	options := func(o adapter.StatsDOptions) pattern.AdapterContainer { return adapter.StatsD(nil, o) }
	for name, tt := range map[string]struct {
		c    pattern.AdapterContainer
		want string
	}{
		"nothing":            {of(adapter.StatsDMapping{}), "mappings[0].Match"},
		"glob in a word":     {of(adapter.StatsDMapping{Match: "app*", Name: "a"}), "words with dots between them"},
		"regex as a glob":    {of(adapter.StatsDMapping{Match: `app\..*`, Name: "a"}), "words with dots between them"},
		"regex":              {of(adapter.StatsDMapping{Match: "*", Regex: true, Name: "a"}), "want a regular expression"},
		"lookahead":          {of(adapter.StatsDMapping{Match: "(?=a)", Regex: true, Name: "a"}), "want a regular expression"},
		"no regex":           {of(adapter.StatsDMapping{Regex: true, Name: "a"}), "want a regular expression"},
		"type":               {of(adapter.StatsDMapping{Match: "a", Name: "a", Type: "timer"}), "want one of counter, gauge, observer"},
		"no name":            {of(adapter.StatsDMapping{Match: "a"}), "mappings[0].Name"},
		"name":               {of(adapter.StatsDMapping{Match: "a", Name: "a.b"}), "want the name of a metric"},
		"name of two lines":  {of(adapter.StatsDMapping{Match: "a", Name: "a\nb"}), "want the name of a metric"},
		"second of one star": {of(adapter.StatsDMapping{Match: "a.*", Name: "a_$2"}), "has $2, which the match doesn't capture"},
		"no such group":      {of(adapter.StatsDMapping{Match: "^(?P<a>.)", Regex: true, Name: "a", Labels: map[string]string{"it": "$b"}}), "has $b"},
		"a lone dollar":      {of(adapter.StatsDMapping{Match: "a", Name: "a", Labels: map[string]string{"it": "5 $"}}), "has $, which the match doesn't capture"},
		"percent":            {of(adapter.StatsDMapping{Match: "a.*", Name: "a", Labels: map[string]string{"it": "$1%"}}), "want no % beside a $1"},
		"short label":        {of(adapter.StatsDMapping{Match: "a", Name: "a", Labels: map[string]string{"a": "b"}}), "of two characters at least"},
		"Prometheus' label":  {of(adapter.StatsDMapping{Match: "a", Name: "a", Labels: map[string]string{"__name__": "b"}}), "want the name of a label"},
		"buckets that fall":  {of(adapter.StatsDMapping{Match: "a", Name: "a", Buckets: []float64{1, 1}}), "mappings[0].Buckets"},
		"scale":              {of(adapter.StatsDMapping{Match: "a", Name: "a", Scale: math.Inf(1)}), "mappings[0].Scale"},
		"default buckets":    {options(adapter.StatsDOptions{Buckets: []float64{math.NaN()}}), "Buckets"},
		"TTL":                {options(adapter.StatsDOptions{TTLSeconds: -1}), "TTLSeconds: want a positive number of seconds"},
		"port":               {options(adapter.StatsDOptions{MetricsPort: 70000}), "must be between 1 and 65535"},
	} {
		t.Run(name, func(t *testing.T) { patterntest.Refuses(t, pod, tt.c, tt.want) })
	}
}

// What the caller does with its slices and maps after the call is no part of the pod.
func TestStatsDKeepsWhatItWasGiven(t *testing.T) {
	pod := pattern.Pod("web").WithApp(patterntest.App())
	mappings := []adapter.StatsDMapping{{Match: "a.*", Name: "aa", Labels: map[string]string{"it": "$1"}, Buckets: []float64{1}}}
	c := adapter.StatsD(mappings)
	before, err := pod.WithAdapter(c).YAML()
	require.NoError(t, err)
	mappings[0].Labels["it"], mappings[0].Buckets[0], mappings[0].Name = "b", 2, "b"
	after, err := pod.WithAdapter(c).YAML()
	require.NoError(t, err)
	require.Equal(t, string(before), string(after))
}
