package conformance_test

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/podpattern/podpattern/adapter"
	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/sidecar"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
)

// statsdFiles gives the arguments of the helper of a pod, with its mapping in a file here.
func statsdFiles(t *testing.T, pod pattern.PodBuilder) []string {
	t.Helper()
	objects, err := pod.Objects()
	require.NoError(t, err)
	c := objects[len(objects)-1].(*corev1.Pod).Spec.InitContainers[0]
	args := c.Args
	if m, ok := objects[0].(*corev1.ConfigMap); ok {
		file := filepath.Join(t.TempDir(), "mapping.yaml")
		require.NoError(t, os.WriteFile(file, []byte(m.Data["mapping.yaml"]), 0o600))
		for i := range args {
			args[i] = strings.Replace(args[i], "/etc/statsd/mapping.yaml", file, 1)
		}
	}
	return args
}

func statsdCheck(args ...string) (string, error) {
	out, err := exec.Command("statsd_exporter", append(args, "--check-config")...).CombinedOutput()
	return string(out), err
}

func statsdMappings() []adapter.StatsDMapping {
	return []adapter.StatsDMapping{
		{Match: "app.*.requests.*", Type: "counter", Name: "app_requests_total", Help: `Requests: "all" # of 100% {{x}} \ them.`, Labels: map[string]string{"service": "$1", "code": "${2}xx", "ver": "it's 100%"}},
		{Match: "app.latency", Name: "app_latency_seconds", Buckets: []float64{0.1, 1}},
		{Match: `^db\.(?P<table>\w+)\.rows$`, Regex: true, Name: "db_${1}_rows", Labels: map[string]string{"table": "$table"}, Scale: 1000},
		{Match: "debug.*", Drop: true},
	}
}

func TestStatsDTakesTheConfiguration(t *testing.T) {
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1"))
	for name, pod := range map[string]pattern.PodBuilder{
		"none":     pod.WithAdapter(adapter.StatsD(nil)),
		"mappings": pod.WithAdapter(adapter.StatsD(statsdMappings(), adapter.StatsDOptions{DropUnmapped: true, TCP: true, Buckets: []float64{1, 2.5}, TTLSeconds: 90})),
		"sidecar":  pod.WithSidecar(sidecar.StatsDExporter()),
		"a file": pod.WithSidecar(sidecar.StatsDExporter(sidecar.StatsDExporterOptions{Mapping: `
defaults: {observer_type: summary, match_type: regex, glob_disable_ordering: true, ttl: 1h, summary_options: {quantiles: [{quantile: 0.9, error: 0.01}], max_age: 30s, age_buckets: 3, buf_cap: 100}}
mappings:
- {match: "^a", name: aa, labels: {code: 200}, honor_labels: true, observer_type: histogram, ttl: 5m, scale: 0.5, histogram_options: {buckets: [1], native_histogram_bucket_factor: 1.1, native_histogram_max_buckets: 10}}
`})),
	} {
		out, err := statsdCheck(statsdFiles(t, pod)...)
		require.NoError(t, err, "%s: %s", name, out)
	}
}

// The check above can fail; and what the program refuses, the helpers refuse too.
func TestStatsDRefusesABrokenConfiguration(t *testing.T) {
	for text, why := range map[string]string{
		"defaults: {timer_type: histogram}":                                                                        "unknown field",
		"mappings: [{match: a.b}]":                                                                                 "mappings[0].name",
		"mappings: [{match: a*, name: ab}]":                                                                        "mappings[0].match",
		"mappings: [{match: '*', match_type: regex, name: ab}]":                                                    "mappings[0].match",
		"mappings: [{match: a, name: a-b}]":                                                                        "mappings[0].name",
		"mappings: [{match: a, name: ab, labels: {a: b}}]":                                                         "mappings[0].labels",
		"mappings: [{match: a, name: ab, action: skip}]":                                                           "mappings[0].action",
		"mappings: [{match: a, name: ab, ttl: soon}]":                                                              "mappings[0].ttl",
		"mappings: [{match: a, name: ab, match_metric_type: timer}]":                                               "mappings[0].match_metric_type",
		"mappings: [{match: a, name: ab, labels: {ab: [b]}}]":                                                      "want a text for ab",
		"{defaults: {observer_type: histogram}, mappings: [{match: a, name: ab, summary_options: {max_age: 1m}}]}": "mappings[0].summary_options",
		"mappings: [{match: a, name: ab, observer_type: summary, histogram_options: {buckets: [1]}}]":              "mappings[0].histogram_options",
		"mappings: [{match: a, name: ab, summary_options: {max_age: soon}}]":                                       "mappings[0].summary_options.max_age",
	} {
		file := filepath.Join(t.TempDir(), "mapping.yaml")
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
		out, err := statsdCheck("--statsd.mapping-config=" + file)
		require.Error(t, err, "%s: %s", text, out)
		_, err = pattern.Pod("web").WithApp(pattern.App("web", "web:1")).
			WithSidecar(sidecar.StatsDExporter(sidecar.StatsDExporterOptions{Mapping: text})).Build()
		require.ErrorContains(t, err, why, text)
	}
}

// What the app sends to the address in its variables is what Prometheus gets.
func TestStatsDReceives(t *testing.T) {
	free := closedPorts(t, 2)
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1")).WithAdapter(adapter.StatsD(statsdMappings(),
		adapter.StatsDOptions{Port: port(t, free[0]), MetricsPort: port(t, free[1]), TCP: true, DropUnmapped: true}))
	background(t, nil, "statsd_exporter", statsdFiles(t, pod)...)
	require.Eventually(t, func() bool { return get(free[1], "/-/healthy") == http.StatusOK }, 10*time.Second, 20*time.Millisecond)

	env := make(map[string]string)
	for _, e := range container(t, pod, "web").Env {
		env[e.Name] = e.Value
	}
	send := func(network, addr, lines string) {
		c, err := net.Dial(network, addr)
		require.NoError(t, err)
		defer c.Close()
		_, err = fmt.Fprint(c, lines)
		require.NoError(t, err)
	}
	send("udp", net.JoinHostPort(env["STATSD_HOST"], env["STATSD_PORT"]), "app.shop.requests.2:3|c\napp.latency:250|ms\ndebug.x:1|c\nother.name:1|c\n")
	send("tcp", net.JoinHostPort(env["STATSD_TCP_HOST"], env["STATSD_TCP_PORT"]), "db.users.rows:2|g\n")

	for _, want := range []string{
		`# HELP app_requests_total Requests: "all" # of 100% {{x}} \\ them.`,
		`app_requests_total{code="2xx",service="shop",ver="it's 100%"} 3`,
		`app_latency_seconds_bucket{le="0.1"} 0`,
		`app_latency_seconds_bucket{le="1"} 1`,
		`db_users_rows{table="users"} 2000`,
	} {
		require.Eventually(t, func() bool { return strings.Contains(scraped(t, free[1], "/metrics"), "\n"+want+"\n") }, 10*time.Second, 50*time.Millisecond, want)
	}
	require.NotContains(t, scraped(t, free[1], "/metrics"), "other_name")
	require.NotContains(t, scraped(t, free[1], "/metrics"), "debug_x")
}
