package check_test

import (
	"testing"

	"github.com/podpattern/podpattern/pattern/check"
)

func TestLocalhostUnserved(t *testing.T) {
	const id = "localhost-unserved"
	// the client is the second container; the first declares 8080, the second 9113
	pod := func(client string) string {
		return `containers: [{name: web, ports: [{containerPort: 8080}]}, {name: exporter, ports: [{containerPort: 9113}], ` + client + `}]`
	}
	unserved := func(field string) []string {
		return []string{"W spec.containers[1]" + field + ": Invalid value: 8081: no container of the pod declares port 8081, so nothing is known to listen on localhost:8081"}
	}
	none := check.Intent{}
	for _, tt := range []struct {
		name, client string
		field        string // "" is no finding
	}{
		{"a flag", `args: ["--scrape-uri=http://localhost:8081/status"]`, ".args[0]"},
		{"a flag and its value", `args: [--upstream, "127.0.0.1:8081"]`, ".args[1]"},
		{"a flag in capitals of a camel", `args: ["--upstreamUrl=http://LOCALHOST:8081"]`, ".args[0]"},
		{"the sixth version", `args: ["--upstream=http://[::1]:8081"]`, ".args[0]"},
		{"a system property", `command: [java, "-Dspring.datasource.url=jdbc:postgresql://localhost:8081/x"]`, ".command[1]"},
		{"a variable", `env: [{name: REDIS_ADDR, value: "localhost:8081"}]`, ".env[0].value"},
		{"the URL of a database", `env: [{name: X, value: "postgres://u:p@127.0.0.1:8081/x"}]`, ".env[0].value"},
		{"MySQL's own form", `env: [{name: X, value: "u:p@tcp(127.0.0.1:8081)/x"}]`, ".env[0].value"},
		{"telemetry", `env: [{name: OTEL_EXPORTER_OTLP_ENDPOINT, value: "http://localhost:8081"}]`, ".env[0].value"},
		{"a script", `command: [sh, -c, "while true; do curl -s http://localhost:8081; sleep 5; done"]`, ".command[2]"},
		{"once a port", `env: [{name: REDIS_ADDR, value: "localhost:8081"}, {name: REDIS_URL, value: "redis://localhost:8081"}]`, ".env[0].value"},

		{"a port that is declared", `args: ["--scrape-uri=http://localhost:8080/status"]`, ""},
		{"its own port", `args: ["--target=http://localhost:9113"]`, ""},
		{"where it listens", `args: ["--listen-address=127.0.0.1:8081"]`, ""},
		{"where it listens, shortly", `args: [-b, "127.0.0.1:8081"]`, ""},
		{"where it listens, for metrics", `args: ["--metrics-address=127.0.0.1:8081"]`, ""},
		{"where it listens, for web", `args: ["--web.listen-address=127.0.0.1:8081"]`, ""},
		{"where it listens, in a variable", `env: [{name: HTTP_ADDR, value: "127.0.0.1:8081"}]`, ""},
		{"what others call it", `env: [{name: BASE_URL, value: "http://localhost:8081"}]`, ""},
		{"what may call it", `env: [{name: CORS_ALLOWED_ORIGINS, value: "http://localhost:8081"}]`, ""},
		{"a client of its own listener", `args: ["--listen=127.0.0.1:8081", "--upstream=http://127.0.0.1:8081"]`, ""},
		{"a port that another flag names", `args: ["--upstream=http://127.0.0.1:8081"]}, {name: x, args: [--port, "8081"], ports: [{containerPort: 1}]`, ""},
		{"a port that a probe names", `args: ["--upstream=http://127.0.0.1:8081"], livenessProbe: {tcpSocket: {port: 8081}}`, ""},
		{"another container declares none", `args: ["--upstream=http://127.0.0.1:8081"]}, {name: x`, ""},
		{"a log shipper declares none", `args: ["--upstream=http://127.0.0.1:8081"]}, {name: x, image: "fluent/fluent-bit:5.1.1"`, ".args[0]"},
		{"a service mesh", `command: [sh, -c, "curl -X POST http://localhost:15020/quitquitquit"]`, ""},
		{"another host", `args: ["--upstream=http://notlocalhost:8081", "--upstream=http://localhost.example:8081", "--upstream=http://1127.0.0.1:8081"]`, ""},
		{"no port", `args: ["--upstream=http://localhost:99999", "--upstream=http://localhost:0", "--upstream=http://localhost:http"]`, ""},
		{"a script that only says so", `command: [sh, -c, "echo listening on http://localhost:8081; exec web"]`, ""},
	} {
		var want []string
		if tt.field != "" {
			want = unserved(tt.field)
		}
		tryWritten(t, written{id, tt.name, pod(tt.client), none, want})
	}
	client := `args: ["--upstream=http://127.0.0.1:8081"]`
	tryWritten(t,
		written{id, "no container declares any port", `containers: [{name: web}, {name: exporter, ` + client + `}]`, none, nil},
		written{id, "on the host's network", `{hostNetwork: true, ` + pod(client) + `}`, none, nil},
		written{id, "containers are added later", "kind: Pod\nmetadata: {annotations: {sidecar.istio.io/inject: 'true'}}\nspec: {" + pod(client) + "}", none, nil},
		written{id, "an init container that writes a file", `{initContainers: [{name: i, args: ["echo http://localhost:8081 > /conf"]}], ` + pod("image: x:1.0.0") + `}`, none, nil},
		written{id, "by intent", pod("image: x:1.0.0"), check.Intent{Dials: []check.Dial{{Container: "exporter", Host: "127.0.0.1", Port: 8081}, {Container: "exporter", Host: "localhost", Port: 8080}, {Container: "exporter", Host: "db.prod.svc", Port: 8081}}}, unserved("")},
	)
}
