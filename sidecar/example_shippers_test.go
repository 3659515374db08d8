package sidecar_test

import (
	"fmt"
	"strings"

	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/sidecar"
	corev1 "k8s.io/api/core/v1"
)

// Vector runs a program on each line.
func ExampleVector() {
	shipper := sidecar.Vector(pattern.EmptyDir("logs"), sidecar.Loki("http://loki:3100"), sidecar.LogShipperOptions{
		Format: sidecar.JSONLines(), Redact: []string{`password=\S+`},
	})
	showLines(shipper, "vector.yaml", "replace", "parse_json", "endpoint")
	// Output:
	// endpoint: http://loki:3100
	// line = replace(line, r'password=[^\t\n\f\r ]+', "***")
	// parsed, err = parse_json(line)
}

// What is refused with a status that may pass is sent again.
func ExampleFluentd() {
	to := sidecar.HTTP("https://logs.example.com/ingest").BasicAuth(pattern.Secret("ingest"))
	shipper := sidecar.Fluentd(pattern.EmptyDir("logs"), to, sidecar.LogShipperOptions{Buffer: "1Gi"})
	showLines(shipper, "fluent.conf", "endpoint", "retry", "password", "total_limit_size")
	// Output:
	// endpoint https://logs.example.com:443/ingest
	// retryable_response_codes '408,429,500,502,503,504'
	// password "#{ENV['LOG_PASSWORD']}"
	// total_limit_size 1073741824
	// retry_max_interval 60s
	// retry_forever true
}

// The path is the index.
func ExampleFilebeat() {
	to := sidecar.Elasticsearch("https://es.logging.svc/shop")
	showLines(sidecar.Filebeat(pattern.EmptyDir("logs"), to), "filebeat.yml", "https:", "index:", "/logs/")
	// Output:
	// - /logs/*.log
	// - https://es.logging.svc:9200
	// index: shop
}

func ExampleAlloy() {
	shipper := sidecar.Alloy(pattern.EmptyDir("logs"), sidecar.Loki("http://loki"), sidecar.LogShipperOptions{
		Redact: []string{`password=\S+`},
	})
	showLines(shipper, "config.alloy", "expression", "replace =", "url")
	// Output:
	// expression = "(password=[^\\t\\n\\f\\r ]+)"
	// replace = "***"
	// url = "http://loki:3100/loki/api/v1/push"
}

// showLines prints the lines of a log shipper's configuration that have one of some
// words in them.
func showLines(shipper pattern.SidecarContainer, file string, words ...string) {
	web := pattern.App("web", "web:1.4").Writes(pattern.EmptyDir("logs"), "/var/log/web")
	objects, err := pattern.Pod("web").WithApp(web).WithSidecar(shipper).Objects()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, line := range strings.Split(objects[0].(*corev1.ConfigMap).Data[file], "\n") {
		for _, word := range words {
			if strings.Contains(line, word) {
				fmt.Println(strings.TrimSpace(line))
			}
		}
	}
}
