package sidecar_test

import (
	"testing"

	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/patterntest"
	"github.com/podpattern/podpattern/sidecar"
)

var dashboards = pattern.EmptyDir("dashboards").SizeLimit("64Mi")

func TestConfigSync(t *testing.T) {
	pod := pattern.Pod("web").Hardened().WithApp(patterntest.App())
	tests := map[string]pattern.SidecarContainer{
		"default": sidecar.ConfigSync("grafana_dashboard", dashboards, sidecar.ConfigSyncOptions{AppPath: "/var/lib/dashboards"}),
		"options": sidecar.ConfigSync("example.com/part-of=shop", dashboards, sidecar.ConfigSyncOptions{
			AppPath: "/var/lib/dashboards", Resource: "both", Notify: "http://127.0.0.1:8080/reload?of=$(HOME)", UniqueNames: true, Port: 9000,
		}),
	}
	for name, c := range tests {
		t.Run(name, func(t *testing.T) { patterntest.Helper(t, "configsync-"+name, pod, c) })
	}
}

func TestConfigSyncRefuses(t *testing.T) {
	tests := map[string]struct {
		label string
		opts  sidecar.ConfigSyncOptions
		want  string
	}{
		"no label":         {"", sidecar.ConfigSyncOptions{}, "label: want a label's key"},
		"no key":           {"a label", sidecar.ConfigSyncOptions{}, "label: want a label's key"},
		"no value":         {"app=", sidecar.ConfigSyncOptions{}, "stand for any"},
		"a bad value":      {"app=a b", sidecar.ConfigSyncOptions{}, "label: want a label's key"},
		"an expression":    {"app in (a)", sidecar.ConfigSyncOptions{}, "label: want a label's key"},
		"another resource": {"app", sidecar.ConfigSyncOptions{Resource: "configmaps"}, "configmap, secret or both"},
		"notify":           {"app", sidecar.ConfigSyncOptions{Notify: "/reload"}, "Notify"},
		"port":             {"app", sidecar.ConfigSyncOptions{Port: 70000}, "between 1 and 65535"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			patterntest.Refuses(t, pattern.Pod("web").WithApp(patterntest.App()), sidecar.ConfigSync(tt.label, dashboards, tt.opts), tt.want)
		})
	}
}
