package sidecar_test

import (
	"testing"

	"github.com/podpattern/podpattern/internal/golden"
	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/sidecar"
	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"
)

var logs = pattern.EmptyDir("logs").SizeLimit("1Gi")

func app() pattern.AppContainer {
	return pattern.App("web", "web:1").Port("http", 8080).Writes(logs, "/var/log/web").
		ReadinessProbe(pattern.HTTPGet("/", "http")).Requests("100m", "64Mi").Limits("", "64Mi").RunAsUser(10001)
}

func TestLogShipper(t *testing.T) {
	tests := map[string]struct {
		to   sidecar.Destination
		opts []sidecar.LogShipperOptions
	}{
		"loki":          {to: sidecar.Loki("http://loki")},
		"elasticsearch": {to: sidecar.Elasticsearch("https://es.logging.svc:9243/shop").BasicAuth(pattern.Secret("es"))},
		"http":          {to: sidecar.HTTP("https://logs.example.com/ingest?team=web")},
		"stdout":        {to: sidecar.Stdout()},
		"options":       {to: sidecar.Stdout(), opts: []sidecar.LogShipperOptions{{Files: "*/access.log", Port: 9000, Buffer: "1Gi"}}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			golden.Manifest(t, "logshipper-"+name, pattern.Pod("web").Hardened().WithApp(app()).WithSidecar(sidecar.LogShipper(logs, tt.to, tt.opts...)))
		})
	}
}

func TestLogShipperRefuses(t *testing.T) {
	tests := map[string]struct {
		to   sidecar.Destination
		opts sidecar.LogShipperOptions
		want string
	}{
		"no destination":    {to: sidecar.Destination{}, want: "make it with Loki, Elasticsearch, HTTP or Stdout"},
		"empty URL":         {to: sidecar.Loki(""), want: "where to?"},
		"no URL":            {to: sidecar.Loki("http://[::"), want: "is no URL"},
		"host without http": {to: sidecar.Loki("loki:3100"), want: "want http://host:port"},
		"a password":        {to: sidecar.HTTP("https://me:secret@logs/"), want: "use BasicAuth"},
		"port 70000":        {to: sidecar.HTTP("https://logs:70000/"), want: "not between 1 and 65535"},
		"files outside":     {to: sidecar.Stdout(), opts: sidecar.LogShipperOptions{Files: "../*.log"}, want: "below the volume"},
		"buffer":            {to: sidecar.Stdout(), opts: sidecar.LogShipperOptions{Buffer: "a lot"}, want: "want a size"},
		"negative port":     {to: sidecar.Stdout(), opts: sidecar.LogShipperOptions{Port: -1}, want: "must be between 1 and 65535"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := pattern.Pod("web").WithApp(app()).WithSidecar(sidecar.LogShipper(logs, tt.to, tt.opts)).Build()
			require.ErrorContains(t, err, tt.want)
			require.ErrorContains(t, err, "logshipper_test.go:", "the caller's line, not the helper's")
		})
	}
}

// A record that no output matches is lost without a word.
func TestLogShipperConfigIsRead(t *testing.T) {
	objects, err := pattern.Pod("web").WithApp(app()).WithSidecar(sidecar.LogShipper(logs, sidecar.Loki("http://loki"))).InlineConfig().Build()
	require.NoError(t, err)
	var config struct {
		Service  map[string]any
		Pipeline struct{ Inputs, Filters, Outputs []map[string]any }
	}
	require.NoError(t, yaml.Unmarshal([]byte(objects.Annotations["config.podpattern.dev/log-shipper.fluent-bit.yaml"]), &config))
	require.Len(t, config.Pipeline.Outputs, 1)
	require.Equal(t, "*", config.Pipeline.Outputs[0]["match"])
	require.EqualValues(t, 2020, config.Service["http_port"])
}

// Two shippers share neither their position files nor their ports.
func TestTwoLogShippers(t *testing.T) {
	p := pattern.Pod("web").Hardened().WithApp(app()).WithSidecar(
		sidecar.LogShipper(logs, sidecar.Loki("http://loki")),
		sidecar.LogShipper(logs, sidecar.Stdout()).Name("log-copy"))
	golden.Manifest(t, "logshipper-two", p)
	pod, err := p.Build()
	require.NoError(t, err)
	first, second := pod.Spec.InitContainers[0], pod.Spec.InitContainers[1]
	require.NotEqual(t, first.Ports[0].ContainerPort, second.Ports[0].ContainerPort)
	require.Equal(t, second.Ports[0].Name, second.LivenessProbe.HTTPGet.Port.StrVal, "the probe follows the port")
	require.NotEqual(t, first.VolumeMounts[1].Name, second.VolumeMounts[1].Name)
}
