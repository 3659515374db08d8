package adapter_test

import (
	"testing"

	"github.com/podpattern/podpattern/adapter"
	_ "github.com/podpattern/podpattern/internal/golden/updateflag"
	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/patterntest"
)

func TestScript(t *testing.T) {
	raw, out := pattern.EmptyDir("raw").SizeLimit("1Mi"), pattern.EmptyDir("out").SizeLimit("1Mi")
	pod := pattern.Pod("web").Hardened().WithApp(patterntest.App().Writes(raw, "/var/lib/web"))
	reader := pattern.App("reader", "reader:1").Reads(out, "/out").Requests("100m", "64Mi").Limits("", "64Mi").RunAsUser(10001)
	patterntest.Helper(t, "script-convert", pod.WithApp(reader),
		adapter.Script("convert", `echo $$ "$(IN)"; tail -F "$IN/a" >"$OUT/b"`, adapter.ScriptOptions{From: raw, To: out}))
	patterntest.Helper(t, "script-serve", pod,
		adapter.Script("serve", `exec httpd -f -p "$PORT" -h "$IN"`, adapter.ScriptOptions{From: raw, Port: 9100, MetricsPath: "/metrics"}))
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
			pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1").Mount(raw, "/raw"))
			patterntest.Refuses(t, pod, adapter.Script("convert", tt.script, tt.opts), tt.want)
		})
	}
}
