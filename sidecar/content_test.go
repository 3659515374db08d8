package sidecar_test

import (
	"testing"

	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/patterntest"
	"github.com/podpattern/podpattern/sidecar"
)

const busyboxForContent = "docker.io/library/busybox:1.38.0"

func TestContent(t *testing.T) {
	pod := pattern.Pod("web").Hardened().WithApp(patterntest.App())
	pages := pattern.EmptyDir("pages").SizeLimit("64Mi")
	patterntest.Helper(t, "content-default", pod, sidecar.Content(pages, busyboxForContent, "date >index.html"))
	patterntest.Helper(t, "content-options", pod, sidecar.Content(pages, busyboxForContent, `wget -qO index.html "http://cms.prod.svc/$(hostname)"`, sidecar.ContentOptions{
		AppPath: "/usr/share/nginx/html", PeriodSeconds: 5, TimeoutSeconds: 20, KeepOld: true}).Dials("cms.prod.svc", 80))
}

func TestContentRefuses(t *testing.T) {
	pages := pattern.EmptyDir("pages").SizeLimit("64Mi")
	pod := pattern.Pod("web").WithApp(patterntest.App())
	of := func(o sidecar.ContentOptions) pattern.SidecarContainer {
		return sidecar.Content(pages, busyboxForContent, "true", o)
	}
	tests := map[string]struct {
		helper pattern.SidecarContainer
		want   string
	}{
		"no volume":     {sidecar.Content(pattern.Volume{}, busyboxForContent, "true"), "zero-volume"},
		"no image":      {sidecar.Content(pages, "", "true"), "image"},
		"no script":     {sidecar.Content(pages, busyboxForContent, " \n"), "want a shell script"},
		"period":        {of(sidecar.ContentOptions{PeriodSeconds: -1}), "PeriodSeconds: want a positive number of seconds"},
		"timeout":       {of(sidecar.ContentOptions{TimeoutSeconds: -1}), "TimeoutSeconds: want a positive number of seconds"},
		"relative path": {of(sidecar.ContentOptions{AppPath: "html"}), "want the path of a folder"},
		"root":          {of(sidecar.ContentOptions{AppPath: "/"}), "want the path of a folder"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) { patterntest.Refuses(t, pod, tt.helper, tt.want) })
	}
}
