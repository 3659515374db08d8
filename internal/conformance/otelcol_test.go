package conformance_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/podpattern/podpattern/adapter"
	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/sidecar"
	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"
)

// What the two helpers write is a configuration that the collector takes. The one
// that runs here is built without the receivers for Zipkin, Jaeger and Prometheus;
// those are held to what they read, and Prometheus' own tool reads its part.
func TestTheCollectorTakesTheConfiguration(t *testing.T) {
	const to = "grpc://gateway.invalid:4317"
	nasty := map[string]string{"team": "a \"b\": c # d", "cost$center": "${env:HOME} $$ %", "newline": "a\nb: c", "é": "ü"}
	tests := map[string]string{
		"gRPC":        collectorConfig(t, pattern.Pod("web").WithSidecar(sidecar.OTelCollector(to))),
		"TLS":         collectorConfig(t, pattern.Pod("web").WithSidecar(sidecar.OTelCollector("grpcs://gateway.invalid"))),
		"HTTP":        collectorConfig(t, pattern.Pod("web").WithSidecar(sidecar.OTelCollector("https://otel.example.com/a%20b", sidecar.OTelCollectorOptions{Authorization: pattern.Secret("s"), SamplePercent: 1, Attributes: nasty}))),
		"StatsD":      collectorConfig(t, pattern.Pod("web").WithAdapter(adapter.OTelTranslate(to, adapter.OTelTranslateOptions{StatsD: true}))),
		"Jaeger":      collectorConfig(t, pattern.Pod("web").WithAdapter(adapter.OTelTranslate(to, adapter.OTelTranslateOptions{Jaeger: true}))),
		"Zipkin":      collectorConfig(t, pattern.Pod("web").WithAdapter(adapter.OTelTranslate(to, adapter.OTelTranslateOptions{Zipkin: true}))),
		"Prometheus":  collectorConfig(t, pattern.Pod("web").WithAdapter(adapter.OTelTranslate(to, adapter.OTelTranslateOptions{PrometheusPorts: []int{8080}, PrometheusPath: "/a$b"}))),
		"all of them": collectorConfig(t, pattern.Pod("web").WithAdapter(adapter.OTelTranslate(to, adapter.OTelTranslateOptions{StatsD: true, Jaeger: true, Zipkin: true, PrometheusPorts: []int{8080}}))),
	}
	for name, config := range tests {
		t.Run(name, func(t *testing.T) {
			config = withoutForeignReceivers(t, config)
			out, err := otelcol(t, config)
			require.NoError(t, err, "%s\n%s", out, config)
			require.NotContains(t, out, "deprecated", out)
		})
	}
}

// The check above can fail.
func TestTheCollectorRefusesABrokenConfiguration(t *testing.T) {
	good := collectorConfig(t, pattern.Pod("web").WithSidecar(sidecar.OTelCollector("grpc://gateway.invalid:4317")))
	tests := map[string]struct{ old, new, want string }{
		"unknown key":         {"max_elapsed_time", "max_elapsed", "invalid keys"},
		"unknown exporter":    {"exporters:\n      - otlp_grpc", "exporters:\n      - logging", "not configured"},
		"no such attribute":   {"action: upsert", "action: replace", "action"},
		"limiter without one": {"check_interval: 1s", "check_interval: 0s", "greater than zero"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			broken := strings.Replace(good, tt.old, tt.new, 1)
			if broken == good {
				broken = strings.Replace(good, strings.ReplaceAll(tt.old, "      ", "        "), tt.new, 1)
			}
			require.NotEqual(t, good, broken)
			out, err := otelcol(t, broken)
			require.Error(t, err)
			require.Contains(t, out, tt.want)
		})
	}
}

// What the app says by OTLP reaches the server, with the pod's names on it, and
// the collector ends at once and sends what it has when it is told to stop.
func TestTheCollectorSendsOnWhatTheAppSays(t *testing.T) {
	received := make(chan string, 10)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		received <- r.URL.Path + " " + r.Header.Get("Authorization") + " " + string(body)
	}))
	defer server.Close()
	free := closedPorts(t, 4)
	c := sidecar.OTelCollector(server.URL, sidecar.OTelCollectorOptions{
		Authorization: pattern.Secret("otel"), Attributes: map[string]string{"price": "$5 ${env:HOME}"},
		GRPCPort: port(t, free[0]), HTTPPort: port(t, free[1]),
	})
	config := collectorConfig(t, pattern.Pod("web").WithSidecar(c))
	// What goes out is compressed, and can't be searched.
	config = strings.Replace(config, "otlp_http:\n", "otlp_http:\n    compression: none\n", 1)
	config = strings.Replace(config, "0.0.0.0:13133", free[2], 1)
	config = strings.Replace(config, "port: 8888", "port: "+strings.Split(free[3], ":")[1], 1)
	file := filepath.Join(t.TempDir(), "config.yaml")
	require.NoError(t, os.WriteFile(file, []byte(config), 0o600))
	run := exec.Command("otelcol", "--config="+file)
	run.Stdout, run.Stderr = t.Output(), t.Output()
	run.Env = append(os.Environ(), "POD_NAME=web-0", "POD_NAMESPACE=prod", "NODE_NAME=node-1", "OTLP_AUTHORIZATION=Bearer abc")
	require.NoError(t, run.Start())
	defer run.Process.Kill() //nolint:errcheck // it has ended by then, if all is well
	require.Eventually(t, func() bool { return get(free[2], "/") == http.StatusOK }, 20*time.Second, 50*time.Millisecond)
	require.Equal(t, http.StatusOK, get(free[3], "/metrics"))

	span := `{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174","name":"checkout","startTimeUnixNano":"1","endTimeUnixNano":"2"}]}]}]}`
	answer, err := http.Post("http://"+free[1]+"/v1/traces", "application/json", strings.NewReader(span))
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	require.Equal(t, http.StatusOK, answer.StatusCode)
	require.NoError(t, run.Process.Signal(syscall.SIGTERM))
	require.NoError(t, run.Wait(), "it ends by itself, with code 0")
	select {
	case got := <-received:
		for _, want := range []string{"/v1/traces Bearer abc ", "checkout", "k8s.pod.name", "web-0", "prod", "node-1", "$5 ${env:HOME}"} {
			require.Contains(t, got, want)
		}
	default:
		require.Fail(t, "nothing was sent")
	}
}

// collectorConfig gives the configuration file of the pod's helper.
func collectorConfig(t *testing.T, pod pattern.PodBuilder) string {
	t.Helper()
	objects, err := pod.WithApp(pattern.App("web", "web:1").Ports(8080)).Objects()
	require.NoError(t, err)
	return configMapKey(t, objects, "config.yaml")
}

// withoutForeignReceivers checks the receivers that the collector here doesn't have,
// and puts one that it has in their places.
// upstream: open-telemetry/opentelemetry-collector-contrib receiver/zipkinreceiver/config.go,
// receiver/jaegerreceiver/config.go, receiver/prometheusreceiver/config.go.
func withoutForeignReceivers(t *testing.T, config string) string {
	t.Helper()
	var c map[string]any
	require.NoError(t, yaml.UnmarshalStrict([]byte(config), &c))
	receivers := c["receivers"].(map[string]any)
	for name, read := range map[string]func(any) any{
		"zipkin": func(r any) any { return r.(map[string]any)["endpoint"] },
		"jaeger": func(r any) any {
			protocols := r.(map[string]any)["protocols"].(map[string]any)
			require.Len(t, protocols, 1)
			return protocols["thrift_compact"].(map[string]any)["endpoint"]
		},
		"prometheus": func(r any) any {
			prometheus, err := yaml.Marshal(r.(map[string]any)["config"])
			require.NoError(t, err)
			// The collector reads $$ as $.
			file := filepath.Join(t.TempDir(), "prometheus.yml")
			require.NoError(t, os.WriteFile(file, bytes.ReplaceAll(prometheus, []byte("$$"), []byte("$")), 0o600))
			out, err := exec.Command("promtool", "check", "config", file).CombinedOutput()
			require.NoError(t, err, string(out))
			return "127.0.0.1:9"
		},
	} {
		if r, there := receivers[name]; there {
			require.Len(t, r, 1)
			require.Regexp(t, `^127\.0\.0\.1:\d+$`, read(r))
			delete(receivers, name)
			config = strings.ReplaceAll(config, "- "+name+"\n", "- otlp\n")
			receivers["otlp"] = map[string]any{"protocols": map[string]any{"http": map[string]any{}}}
		}
	}
	var again map[string]any
	require.NoError(t, yaml.Unmarshal([]byte(config), &again))
	again["receivers"] = receivers
	for _, p := range again["service"].(map[string]any)["pipelines"].(map[string]any) {
		p := p.(map[string]any)
		p["receivers"] = once(p["receivers"].([]any))
	}
	out, err := yaml.Marshal(again)
	require.NoError(t, err)
	return string(out)
}

func once(list []any) []any {
	var out []any
	seen := make(map[any]bool)
	for _, v := range list {
		if !seen[v] {
			seen[v] = true
			out = append(out, v)
		}
	}
	return out
}

// otelcol lets the collector check a configuration.
func otelcol(t *testing.T, config string) (string, error) {
	t.Helper()
	program, err := exec.LookPath("otelcol")
	require.NoError(t, err, "programs.sh builds it")
	file := filepath.Join(t.TempDir(), "config.yaml")
	require.NoError(t, os.WriteFile(file, []byte(config), 0o600))
	c := exec.Command(program, "validate", "--config="+file)
	c.Env = append(os.Environ(), "POD_NAME=web-0", "POD_NAMESPACE=prod", "NODE_NAME=node-1", "OTLP_AUTHORIZATION=Bearer abc")
	out, err := c.CombinedOutput()
	return string(out), err
}
