package sidecar_test

import (
	"testing"

	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/patterntest"
	"github.com/podpattern/podpattern/sidecar"
)

func TestStatsDExporter(t *testing.T) {
	pod := pattern.Pod("web").Hardened().WithApp(patterntest.App())
	for name, c := range map[string]pattern.SidecarContainer{
		"statsdexporter-default": sidecar.StatsDExporter(),
		"statsdexporter-options": sidecar.StatsDExporter(sidecar.StatsDExporterOptions{
			Mapping: "mappings:\n- match: app.*.requests\n  name: app_requests_total\n  labels:\n    service: $1\n",
			Port:    8125, MetricsPort: 9200, TCP: true, Scrape: true, Endpoint: "metrics"}),
	} {
		t.Run(name, func(t *testing.T) { patterntest.Helper(t, name, pod, c) })
	}
}

func TestStatsDExporterRefuses(t *testing.T) {
	pod := pattern.Pod("web").WithApp(patterntest.App())
	mapping := func(text string) pattern.SidecarContainer {
		return sidecar.StatsDExporter(sidecar.StatsDExporterOptions{Mapping: text})
	}
	for name, tt := range map[string]struct {
		c    pattern.SidecarContainer
		want string
	}{
		"no YAML":         {mapping("mappings: ["), "is the beginning of no mapping file: "},
		"an old key":      {mapping("defaults: {timer_type: histogram}"), `no mapping file: unknown field "timer_type"`},
		"no name":         {mapping("mappings: [{match: a.b}]"), "Mapping: mappings[0].name"},
		"a wrong default": {mapping("defaults: {observer_type: timer}"), "Mapping: defaults.observer_type"},
		"port":            {sidecar.StatsDExporter(sidecar.StatsDExporterOptions{Port: -1}), "must be between 1 and 65535"},
	} {
		t.Run(name, func(t *testing.T) { patterntest.Refuses(t, pod, tt.c, tt.want) })
	}
}
