package sidecar_test

import (
	"testing"

	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/patterntest"
	"github.com/podpattern/podpattern/sidecar"
)

func TestConfigReloader(t *testing.T) {
	config := pattern.ConfigMap("rules").Volume("rules")
	pod := pattern.Pod("web").Hardened().WithApp(patterntest.App().Reads(config, "/etc/web"))
	tests := map[string]pattern.SidecarContainer{
		"post": sidecar.ConfigReloader(config, sidecar.ReloadByPost("http://127.0.0.1:8080/-/reload")),
		"post-options": sidecar.ConfigReloader(config, sidecar.ReloadByPost("https://control.prod.svc/reload?of=web"),
			sidecar.ConfigReloaderOptions{Folder: "current", PeriodSeconds: 10, Port: 9000}),
		"signal": sidecar.ConfigReloader(config, sidecar.ReloadBySignal("SIGHUP", "nginx", 10001)),
	}
	for name, c := range tests {
		t.Run(name, func(t *testing.T) {
			patterntest.Helper(t, "configreloader-"+name, pod, c)
		})
	}
}

func TestConfigReloaderRefuses(t *testing.T) {
	config := pattern.ConfigMap("rules").Volume("rules")
	post, hup := sidecar.ReloadByPost("http://127.0.0.1:8080/-/reload"), sidecar.ReloadBySignal("HUP", "nginx", 10001)
	tests := map[string]struct {
		config pattern.Volume
		how    sidecar.Reload
		opts   sidecar.ConfigReloaderOptions
		want   string
	}{
		"nothing":            {config, sidecar.Reload{}, sidecar.ConfigReloaderOptions{}, "make it with ReloadByPost or ReloadBySignal"},
		"an empty URL":       {config, sidecar.ReloadByPost(""), sidecar.ConfigReloaderOptions{}, "make it with ReloadByPost"},
		"no URL":             {config, sidecar.ReloadByPost("127.0.0.1:8080"), sidecar.ConfigReloaderOptions{}, "url: "},
		"a password":         {config, sidecar.ReloadByPost("http://me:secret@127.0.0.1/"), sidecar.ConfigReloaderOptions{}, "printed in clear"},
		"a deadly signal":    {config, sidecar.ReloadBySignal("TERM", "nginx", 10001), sidecar.ConfigReloaderOptions{}, "want one of HUP"},
		"no process":         {config, sidecar.ReloadBySignal("HUP", "", 10001), sidecar.ConfigReloaderOptions{}, "name of a program"},
		"root":               {config, sidecar.ReloadBySignal("HUP", "nginx", 0), sidecar.ConfigReloaderOptions{}, "want the uid"},
		"a path":             {config, sidecar.ReloadBySignal("HUP", "/usr/sbin/nginx", 10001), sidecar.ConfigReloaderOptions{}, "name of a program"},
		"a port for signals": {config, hup, sidecar.ConfigReloaderOptions{Port: 9000}, "serves nothing"},
		"a folder outside":   {config, post, sidecar.ConfigReloaderOptions{Folder: "../etc"}, "below the volume"},
		"an absolute folder": {config, hup, sidecar.ConfigReloaderOptions{Folder: "/etc"}, "below the volume"},
		"interval":           {config, post, sidecar.ConfigReloaderOptions{PeriodSeconds: -1}, "PeriodSeconds"},
		"port":               {config, post, sidecar.ConfigReloaderOptions{Port: 70000}, "between 1 and 65535"},
		"no volume":          {pattern.Volume{}, post, sidecar.ConfigReloaderOptions{}, "olume"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			patterntest.Refuses(t, pattern.Pod("web").WithApp(patterntest.App()), sidecar.ConfigReloader(tt.config, tt.how, tt.opts), tt.want)
		})
	}
}
