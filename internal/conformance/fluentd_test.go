package conformance_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/sidecar"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
)

// Fluentd has Ruby run what stands in ${} of a record_transformer: here Ruby does.
func TestFluentdRunsTheRuby(t *testing.T) {
	fields := sidecar.JSONLines()
	tests := map[string]struct {
		options   sidecar.LogShipperOptions
		record    map[string]any
		key, want string
	}{
		"as it stands":           {sidecar.LogShipperOptions{}, map[string]any{"log": `it's "up" é`}, "log", `it's "up" é`},
		"redacted":               {sidecar.LogShipperOptions{Redact: []string{`(?i)password=\S+`, `'x'|"|\$|\\`}}, map[string]any{"log": `a PassWord=b 'x'"$\ c`}, "log", "a *** ************ c"},
		"what looks like Ruby":   {sidecar.LogShipperOptions{Redact: []string{regexp.QuoteMeta(`#{exit 1}/; exit 1; '`)}}, map[string]any{"log": `a #{exit 1}/; exit 1; ' b`}, "log", "a *** b"},
		"what ends a section":    {sidecar.LogShipperOptions{Redact: []string{regexp.QuoteMeta("a/.gsub(/b\n</filter>") + `|"#\$0"`}}, map[string]any{"log": "a/.gsub(/b\n</filter> \"#$0\""}, "log", "*** ***"},
		"what Fluentd looks for": {sidecar.LogShipperOptions{Redact: []string{regexp.QuoteMeta("${tag} `id` é")}}, map[string]any{"log": "${tag} `id` é"}, "log", "***"},
		"a time":                 {sidecar.LogShipperOptions{Format: fields.Time("t", "%Y-%m-%dT%H:%M:%S.%L%z")}, map[string]any{"t": "2026-01-02T03:04:05.25+0100"}, "@timestamp", "2026-01-02T02:04:05.250000Z"},
		"a time that ends in Z":  {sidecar.LogShipperOptions{Format: fields.Time("t", "%FT%T%z")}, map[string]any{"t": "2026-01-02T03:04:05Z"}, "@timestamp", "2026-01-02T03:04:05.000000Z"},
		"a time with a comma":    {sidecar.LogShipperOptions{Format: fields.Time("t", "%F %T,%L %z")}, map[string]any{"t": "2026-01-02 03:04:05,250 +0000"}, "@timestamp", "2026-01-02T03:04:05.250000Z"},
		"a time as a number":     {sidecar.LogShipperOptions{Format: fields.Time("t", "%s")}, map[string]any{"t": 1767322800}, "@timestamp", "2026-01-02T03:00:00.000000Z"},
		"quotes in a layout":     {sidecar.LogShipperOptions{Format: fields.Time("t", "%s \"#{exit 1}' \\ ${x} `")}, map[string]any{"t": "1767322800 \"#{exit 1}' \\ ${x} `"}, "@timestamp", "2026-01-02T03:00:00.000000Z"},
		"no time":                {sidecar.LogShipperOptions{Format: fields.Time("t", "%s %d")}, map[string]any{"t": "soon"}, "@timestamp", "1970-01-01T00:00:00.000000Z"},
		"a field of the pod":     {sidecar.LogShipperOptions{}, map[string]any{}, "pod", "web-0"},
	}
	names, runs := slices.Sorted(maps.Keys(tests)), []map[string]any{}
	for _, name := range names {
		tt := tests[name]
		runs = append(runs, map[string]any{"code": rubyOf(t, tt.options, tt.key), "record": tt.record})
	}
	for i, got := range runRuby(t, runs) {
		require.Equal(t, tests[names[i]].want, got, names[i])
	}
}

// rubyOf gives the code that makes a field of a record, as Fluentd takes it out of the
// configuration.
func rubyOf(t *testing.T, o sidecar.LogShipperOptions, key string) string {
	t.Helper()
	logs := pattern.EmptyDir("logs")
	objects, err := pattern.Pod("web").WithApp(pattern.App("web", "web:1").Writes(logs, "/logs")).
		WithSidecar(sidecar.Fluentd(logs, sidecar.Stdout(), o)).Objects()
	require.NoError(t, err)
	for _, line := range strings.Split(objects[0].(*corev1.ConfigMap).Data["fluent.conf"], "\n") {
		line = strings.TrimSpace(line)
		for _, name := range []string{key, `'${"` + key + `"}'`} {
			if value, ok := strings.CutPrefix(line, name+" '${"); ok {
				return strings.NewReplacer(`\\`, `\`, `\'`, `'`).Replace(strings.TrimSuffix(value, "}'"))
			}
		}
	}
	require.Fail(t, "no field "+key)
	return ""
}

// runRuby runs code, each with a record, at the beginning of 1970.
func runRuby(t *testing.T, runs []map[string]any) []string {
	t.Helper()
	input, err := json.Marshal(runs)
	require.NoError(t, err)
	cmd := exec.Command("ruby", "-rjson", "-rtime", "-e", `
def run(code, record, time) = instance_eval(code)
puts JSON.generate(JSON.parse(STDIN.read).map { |r| run(r['code'], r['record'], Time.at(0)) })`)
	cmd.Env = append(cmd.Environ(), "POD_NAME=web-0", "LANG=C.UTF-8")
	cmd.Stdin = bytes.NewReader(input)
	out, err := cmd.Output()
	require.NoError(t, err, string(out))
	results := []string{}
	require.NoError(t, json.Unmarshal(out, &results))
	require.Len(t, results, len(runs))
	return results
}
