package conformance_test

import (
	"bytes"
	"io"
	"net"
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
		"a CA":        collectorConfig(t, pattern.Pod("web").WithSidecar(sidecar.OTelCollector("grpcs://gateway.invalid", sidecar.OTelCollectorOptions{CA: pattern.Secret("ca").Volume("ca"), SamplePercent: 0.01}))),
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
	server, received := otlpServer(t)
	free := closedPorts(t, 2)
	c := sidecar.OTelCollector(server, sidecar.OTelCollectorOptions{
		Authorization: pattern.Secret("otel"), Attributes: map[string]string{"price": "$5 ${env:HOME}"},
		GRPCPort: port(t, free[0]), HTTPPort: port(t, free[1]),
	})
	run, metrics := runCollector(t, collectorConfig(t, pattern.Pod("web").WithSidecar(c)))
	require.Equal(t, http.StatusOK, get(metrics, "/metrics"))
	require.Equal(t, http.StatusOK, sendSpan(t, free[1]))
	require.NoError(t, run.Process.Signal(syscall.SIGTERM))
	require.NoError(t, run.Wait(), "it ends by itself, with code 0")
	select {
	case got := <-received:
		require.Contains(t, got, "/v1/traces Bearer abc ")
		require.Contains(t, got, "checkout")
		for key, value := range map[string]string{
			"k8s.pod.name": "web-0", "k8s.namespace.name": "prod", "k8s.node.name": "node-1",
			"service.name": "the span's", "service.instance.id": "web-0", "price": "$5 ${env:HOME}",
		} {
			require.Contains(t, got, `{"key":"`+key+`","value":{"stringValue":"`+value+`"}}`)
		}
	default:
		require.Fail(t, "nothing was sent")
	}
}

// While the server is down the app hears when there is no room for more, and can try
// again.
func TestTheCollectorRefusesWhatItCannotKeep(t *testing.T) {
	free := closedPorts(t, 3)
	c := sidecar.OTelCollector("http://"+free[0], sidecar.OTelCollectorOptions{GRPCPort: port(t, free[1]), HTTPPort: port(t, free[2])})
	config := collectorConfig(t, pattern.Pod("web").WithSidecar(c))
	full := strings.Replace(config, "queue_size: 1000", "queue_size: 5", 1)
	require.NotEqual(t, config, full)
	runCollector(t, full)
	require.Equal(t, http.StatusOK, sendSpan(t, free[2]))
	require.Eventually(t, func() bool { return sendSpan(t, free[2]) == http.StatusServiceUnavailable }, 10*time.Second, time.Millisecond)
}

// What an app counts on several sockets is one sum, which only goes up, and what it
// times a histogram; both are the pod's.
func TestTheCollectorTranslatesStatsD(t *testing.T) {
	server, received := otlpServer(t)
	config := collectorConfig(t, pattern.Pod("web").WithAdapter(adapter.OTelTranslate(server, adapter.OTelTranslateOptions{StatsD: true})))
	listens := closedPorts(t, 1)[0]
	config = strings.NewReplacer("127.0.0.1:8125", listens, "aggregation_interval: 10s", "aggregation_interval: 1s").Replace(config)
	runCollector(t, config)
	for range 3 {
		for _, line := range []string{"orders:2|c", "took:12|ms", "took:30|ms", "size:7|h"} {
			app, err := net.Dial("udp", listens)
			require.NoError(t, err)
			_, err = io.WriteString(app, line)
			require.NoError(t, err)
			require.NoError(t, app.Close())
		}
	}
	var got string
	select {
	case got = <-received:
	case <-time.After(10 * time.Second):
		require.Fail(t, "nothing was sent")
	}
	require.Equal(t, 1, strings.Count(got, `"name":"orders"`), got)
	require.Regexp(t, `"asInt":"6"`, got)
	require.Contains(t, got, `"isMonotonic":true`)
	require.Regexp(t, `"name":"took","exponentialHistogram":.*"count":"6","sum":126`, got)
	require.Regexp(t, `"name":"size","exponentialHistogram":.*"count":"3","sum":21`, got)
	require.Contains(t, got, `{"key":"service.name","value":{"stringValue":"web"}}`)
	require.Contains(t, got, `{"key":"service.instance.id","value":{"stringValue":"web-0"}}`)
}

// otlpServer gives the URL of a server, and the path, authorization and body of each
// request that it gets.
func otlpServer(t *testing.T) (string, <-chan string) {
	t.Helper()
	received := make(chan string, 10)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		received <- r.URL.Path + " " + r.Header.Get("Authorization") + " " + string(body)
	}))
	t.Cleanup(server.Close)
	return server.URL, received
}

// runCollector starts a collector, which speaks JSON in clear to its server, and gives
// the address of its metrics when it is healthy.
func runCollector(t *testing.T, config string) (run *exec.Cmd, metrics string) {
	t.Helper()
	free := closedPorts(t, 2)
	config = strings.NewReplacer("otlp_http:\n", "otlp_http:\n    compression: none\n    encoding: json\n",
		"0.0.0.0:13133", free[0], "port: 8888", "port: "+strings.Split(free[1], ":")[1]).Replace(config)
	file := filepath.Join(t.TempDir(), "config.yaml")
	require.NoError(t, os.WriteFile(file, []byte(config), 0o600))
	run = exec.Command("otelcol", "--config="+file)
	run.Stdout, run.Stderr, run.Env = t.Output(), t.Output(), collectorEnv()
	require.NoError(t, run.Start())
	t.Cleanup(func() {
		_ = run.Process.Kill()
		_ = run.Wait()
	})
	require.Eventually(t, func() bool { return get(free[0], "/") == http.StatusOK }, 20*time.Second, 50*time.Millisecond)
	return run, free[1]
}

func collectorEnv() []string {
	return append(os.Environ(), "POD_NAME=web-0", "POD_NAMESPACE=prod", "NODE_NAME=node-1", "OTLP_AUTHORIZATION=Bearer abc")
}

// sendSpan sends a span as an app does, and gives the status of the answer.
func sendSpan(t *testing.T, to string) int {
	t.Helper()
	span := `{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"the span's"}}]},"scopeSpans":[{"spans":[{"traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174","name":"checkout","startTimeUnixNano":"1","endTimeUnixNano":"2"}]}]}]}`
	answer, err := http.Post("http://"+to+"/v1/traces", "application/json", strings.NewReader(span))
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	return answer.StatusCode
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
		"zipkin": func(r any) any { return only(t, only(t, r, "protocols"), "http") },
		"jaeger": func(r any) any { return only(t, only(t, r, "protocols"), "thrift_compact") },
		"prometheus": func(r any) any {
			prometheus, err := yaml.Marshal(only(t, r, "config"))
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

// only gives the value of the one key that a map has, and ends where a listener does.
func only(t *testing.T, m any, key string) any {
	t.Helper()
	require.Len(t, m, 1)
	require.Contains(t, m, key)
	inner := m.(map[string]any)[key].(map[string]any)
	if address, is := inner["endpoint"]; is {
		require.Len(t, inner, 1)
		return address
	}
	return inner
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
	c.Env = collectorEnv()
	out, err := c.CombinedOutput()
	return string(out), err
}
