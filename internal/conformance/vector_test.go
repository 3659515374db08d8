package conformance_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"os/exec"
	"slices"
	"testing"

	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/sidecar"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"
)

// Vector's language is compiled and run by its own implementation, as a package of
// npm; the newest version of it that there is, is older than the pinned Vector.
func TestVectorRunsTheProgram(t *testing.T) {
	plain := sidecar.PlainLines()
	fields := sidecar.JSONLines()
	tests := map[string]struct {
		options sidecar.LogShipperOptions
		line    string
		field   string
		want    any
	}{
		"as it stands":            {sidecar.LogShipperOptions{Format: plain}, `it's "up" é`, "log", `it's "up" é`},
		"redacted":                {sidecar.LogShipperOptions{Redact: []string{`(?i)password=\S+`, `'x'|"|\$|\\|\{\{`}}, `a PassWord=b 'x'"$\{{ c`, "log", "a *** *************** c"},
		"a redaction like a path": {sidecar.LogShipperOptions{Redact: []string{`SECRET[a.b]`, `[[a]&&[a]`}}, "SECRETa [&", "log", "*** [&"},
		"quotes of Go":            {sidecar.LogShipperOptions{Redact: []string{`\Qa.b\E\<`, "é\n?"}}, "a.b< xyé", "log", "*** xy***"},
		"JSON":                    {sidecar.LogShipperOptions{Format: fields}, `{"a":"b"}`, "a", "b"},
		"JSON forging the source": {sidecar.LogShipperOptions{Format: fields}, `{"source":"b"}`, "source", "app"},
		"no JSON":                 {sidecar.LogShipperOptions{Format: fields}, `{"a":`, "log", `{"a":`},
		"JSON, but no object":     {sidecar.LogShipperOptions{Format: fields}, `[1]`, "log", `[1]`},
		"redacted JSON":           {sidecar.LogShipperOptions{Format: fields, Redact: []string{"s3cret"}}, `{"a":"s3cret"}`, "a", "***"},
		"logfmt":                  {sidecar.LogShipperOptions{Format: sidecar.LogfmtLines()}, `a="b c"`, "a", "b c"},
		"groups":                  {sidecar.LogShipperOptions{Format: sidecar.RegexLines(`^(?<first>\w+) (?P<rest>.*)$`)}, "a b'c", "rest", "b'c"},
		"no match":                {sidecar.LogShipperOptions{Format: sidecar.RegexLines(`^(?<first>\d+)$`)}, "a", "log", "a"},
		"a time":                  {sidecar.LogShipperOptions{Format: fields.Time("t", "%Y-%m-%dT%H:%M:%S.%L%z")}, `{"t":"2026-01-02T03:04:05.25+0100"}`, "@timestamp", "2026-01-02T02:04:05.250Z"},
		"a time that ends in Z":   {sidecar.LogShipperOptions{Format: fields.Time("t", "%FT%T%z")}, `{"t":"2026-01-02T03:04:05Z"}`, "@timestamp", "2026-01-02T03:04:05Z"},
		"a time with a comma":     {sidecar.LogShipperOptions{Format: fields.Time("t", "%F %T,%L")}, `{"t":"2026-01-02 03:04:05,250"}`, "@timestamp", "2026-01-02T03:04:05.250Z"},
		"a time of Apache":        {sidecar.LogShipperOptions{Format: fields.Time("t", "%d/%b/%Y:%H:%M:%S %z")}, `{"t":"02/Jan/2026:03:04:05 +0000"}`, "@timestamp", "2026-01-02T03:04:05Z"},
		"a time as a number":      {sidecar.LogShipperOptions{Format: fields.Time("t", "%s")}, `{"t":1767322800}`, "@timestamp", "2026-01-02T03:00:00Z"},
		"quotes in a layout":      {sidecar.LogShipperOptions{Format: fields.Time("t", `%s "\{{ x }} {{{ 100 $HOME '`)}, `{"t":"1767322800 \"\\{{ x }} {{{ 100 $HOME '"}`, "@timestamp", "2026-01-02T03:00:00Z"},
		"no time":                 {sidecar.LogShipperOptions{Format: fields.Time("t", "%s")}, `{"t":"soon"}`, "t", "soon"},
	}
	logs := pattern.EmptyDir("logs")
	names, runs := slices.Sorted(maps.Keys(tests)), []vrlRun{}
	for _, why := range names {
		runs = append(runs, vrlRun{vrlOf(t, sidecar.Vector(logs, sidecar.Stdout(), tests[why].options), logs), tests[why].line})
	}
	for i, got := range runVRL(t, runs) {
		require.Empty(t, got.Error, names[i])
		require.Equal(t, tests[names[i]].want, got.Record[tests[names[i]].field], "%s: %v", names[i], got.Record)
	}
}

// The run above can fail.
func TestVectorRefusesABrokenProgram(t *testing.T) {
	logs := pattern.EmptyDir("logs")
	program := vrlOf(t, sidecar.Vector(logs, sidecar.Stdout()), logs)
	runs := []vrlRun{}
	for _, broken := range []string{"\n.a = r'('", "\n.a = \"", "\n.a = parse_json(.b)"} {
		runs = append(runs, vrlRun{program + broken, "a"})
	}
	for _, got := range runVRL(t, runs) {
		require.Contains(t, got.Error, "severity: error")
	}
}

// vrlOf gives the program that a shipper makes a record with.
func vrlOf(t *testing.T, c pattern.SidecarContainer, logs pattern.Volume) string {
	t.Helper()
	objects, err := pattern.Pod("web").WithApp(pattern.App("web", "web:1").Writes(logs, "/logs")).WithSidecar(c).Objects()
	require.NoError(t, err)
	var config struct {
		Transforms map[string]struct{ Source string }
	}
	require.NoError(t, yaml.Unmarshal([]byte(objects[0].(*corev1.ConfigMap).Data["vector.yaml"]), &config))
	require.NotEmpty(t, config.Transforms["records_1"].Source)
	return config.Transforms["records_1"].Source
}

// vrlRun is a program and the line that it is given.
type vrlRun struct {
	Program string `json:"program"`
	Line    string `json:"line"`
}

// vrlResult is the record that a program makes, or what is wrong with the program.
type vrlResult struct {
	Error  string
	Record map[string]any
}

// runVRL compiles programs and runs them.
func runVRL(t *testing.T, runs []vrlRun) []vrlResult {
	t.Helper()
	program, err := exec.LookPath("vrl")
	require.NoError(t, err, "run programs.sh, and put its folder into PATH")
	input, err := json.Marshal(runs)
	require.NoError(t, err)
	cmd := exec.Command(program)
	cmd.Stdin = bytes.NewReader(input)
	out, err := cmd.Output()
	require.NoError(t, err, string(out))
	results := []vrlResult{}
	require.NoError(t, json.Unmarshal(out, &results))
	require.Len(t, results, len(runs))
	return results
}
