package catalogue

import "github.com/podpattern/podpattern/adapter"

func scripts() []Use {
	raw, converted := empty("raw"), empty("converted")
	busybox := Verified{"busybox: run", "TestScriptConverts"}
	return []Use{
		use("adapter.Script", "a file into another", busybox,
			adapter.Script("convert", `tail -F "$IN/raw" >"$OUT/metrics"`, adapter.ScriptOptions{From: raw, To: converted}), writes("raw", raw), reads("converted", converted)),
		use("adapter.Script", "served", busybox,
			adapter.Script("serve", `exec httpd -f -p "$PORT" -h "$IN"`, adapter.ScriptOptions{From: raw, Port: 9100, MetricsPath: "/metrics"}), writes("raw", raw)),
	}
}
