package sidecar_test

import (
	"fmt"

	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/sidecar"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"
)

// The chain after a helper changes what is different here.
func ExampleLogShipper() {
	logs := pattern.EmptyDir("logs")
	web := pattern.App("web", "web:1.4").Writes(logs, "/var/log/web")
	pod := pattern.Pod("web").WithApp(web).
		WithSidecar(sidecar.LogShipper(logs, sidecar.Loki("http://loki:3100")).Limits("", "256Mi"))
	objects, err := pod.Objects()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, o := range objects {
		fmt.Println(o.GetObjectKind().GroupVersionKind().Kind)
	}
	shipper := objects[len(objects)-1].(*corev1.Pod).Spec.InitContainers[0]
	fmt.Println(shipper.Name, shipper.Resources.Limits.Memory())
	// Output:
	// ConfigMap
	// Pod
	// log-shipper 256Mi
}

// Some of the files only, and more room for what waits while the server is down.
func ExampleLogShipper_options() {
	shipper := sidecar.LogShipper(pattern.EmptyDir("logs"), sidecar.Loki("http://loki:3100"),
		sidecar.LogShipperOptions{Files: "access*.log", Buffer: "1Gi"})
	showPipeline(shipper, "inputs", "path")
	showPipeline(shipper, "outputs", "storage.total_limit_size")
	// Output:
	// path: /logs/access*.log
	// storage.total_limit_size: 1073741824
}

func ExampleLoki() {
	to := sidecar.Loki("http://loki")
	showPipeline(sidecar.LogShipper(pattern.EmptyDir("logs"), to), "outputs", "host", "port", "uri")
	// Output:
	// host: loki
	// port: 3100
	// uri: /loki/api/v1/push
}

// The path is the index.
func ExampleElasticsearch() {
	to := sidecar.Elasticsearch("https://es.logging.svc/shop")
	showPipeline(sidecar.LogShipper(pattern.EmptyDir("logs"), to), "outputs", "host", "port", "tls", "index")
	// Output:
	// host: es.logging.svc
	// port: 9200
	// tls: on
	// index: shop
}

func ExampleHTTP() {
	to := sidecar.HTTP("https://logs.example.com/ingest?team=web")
	showPipeline(sidecar.LogShipper(pattern.EmptyDir("logs"), to), "outputs", "host", "port", "uri", "format")
	// Output:
	// host: logs.example.com
	// port: 443
	// uri: /ingest?team=web
	// format: json_lines
}

// What collects the standard output of containers gets the files too.
func ExampleStdout() {
	showPipeline(sidecar.LogShipper(pattern.EmptyDir("logs"), sidecar.Stdout()), "outputs", "name", "format")
	// Output:
	// name: stdout
	// format: json_lines
}

// The configuration names two variables; their values come from the Secret.
func ExampleDestination_BasicAuth() {
	to := sidecar.Elasticsearch("https://es.logging.svc").BasicAuth(pattern.Secret("es"))
	showPipeline(sidecar.LogShipper(pattern.EmptyDir("logs"), to), "outputs", "http_user", "http_passwd")
	// Output:
	// http_user: ${LOG_USER}
	// http_passwd: ${LOG_PASSWORD}
}

// showPipeline prints some settings of a part of a log shipper's configuration.
func showPipeline(shipper pattern.SidecarContainer, part string, keys ...string) {
	web := pattern.App("web", "web:1.4").Writes(pattern.EmptyDir("logs"), "/var/log/web")
	objects, err := pattern.Pod("web").WithApp(web).WithSidecar(shipper).Objects()
	if err != nil {
		fmt.Println(err)
		return
	}
	var config struct{ Pipeline map[string][]map[string]any }
	if err := yaml.Unmarshal([]byte(objects[0].(*corev1.ConfigMap).Data["fluent-bit.yaml"]), &config); err != nil {
		fmt.Println(err)
		return
	}
	for _, key := range keys {
		fmt.Printf("%s: %v\n", key, config.Pipeline[part][0][key])
	}
}
