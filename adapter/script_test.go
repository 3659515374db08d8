package adapter_test

import (
	"testing"

	"github.com/podpattern/podpattern/adapter"
	"github.com/podpattern/podpattern/internal/golden"
	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
)

func TestScript(t *testing.T) {
	raw, out := pattern.EmptyDir("raw").SizeLimit("1Mi"), pattern.EmptyDir("out").SizeLimit("1Mi")
	small := func(c pattern.AppContainer) pattern.AppContainer {
		return c.Requests("100m", "64Mi").Limits("", "64Mi").RunAsUser(10001)
	}
	app := small(pattern.App("web", "web:1").Writes(raw, "/var/lib/web"))
	tests := map[string]pattern.PodBuilder{
		"convert": pattern.Pod("web").Hardened().WithApp(app, small(pattern.App("reader", "reader:1").Reads(out, "/out"))).
			WithAdapter(adapter.Script("convert", `echo $$ "$(IN)"; tail -F "$IN/a" >"$OUT/b"`, adapter.ScriptOptions{From: raw, To: out})),
		"serve": pattern.Pod("web").Hardened().WithApp(app).
			WithAdapter(adapter.Script("serve", `exec httpd -f -p "$PORT" -h "$IN"`, adapter.ScriptOptions{From: raw, Port: 9100, MetricsPath: "/metrics"})),
	}
	for name, pod := range tests {
		t.Run(name, func(t *testing.T) { golden.Manifest(t, "script-"+name, pod) })
	}
}

func TestScriptRefuses(t *testing.T) {
	raw := pattern.EmptyDir("raw")
	tests := map[string]struct {
		script string
		opts   adapter.ScriptOptions
		want   string
	}{
		"no script":            {"", adapter.ScriptOptions{From: raw}, "want a shell script"},
		"nothing to do":        {"true", adapter.ScriptOptions{}, "say what the script reads"},
		"metrics without port": {"true", adapter.ScriptOptions{From: raw, MetricsPath: "/metrics"}, "needs a Port"},
		"port -1":              {"true", adapter.ScriptOptions{Port: -1}, "between 1 and 65535"},
		"path without slash":   {"true", adapter.ScriptOptions{Port: 9100, MetricsPath: "metrics"}, "start it with /"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := pattern.Pod("web").WithApp(pattern.App("web", "web:1").Mount(raw, "/raw")).WithAdapter(adapter.Script("convert", tt.script, tt.opts)).Build()
			require.ErrorContains(t, err, tt.want)
			require.ErrorContains(t, err, "script_test.go:")
		})
	}
}
