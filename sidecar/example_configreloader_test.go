package sidecar_test

import (
	"fmt"

	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/sidecar"
)

// Prometheus reads its rules again when the ConfigMap changes.
func ExampleConfigReloader() {
	rules := pattern.ConfigMap("rules").Volume("rules")
	pod, err := pattern.Pod("prometheus").
		WithApp(pattern.App("prometheus", "quay.io/prometheus/prometheus:v3.5.0").Args("--web.enable-lifecycle").Reads(rules, "/etc/prometheus")).
		WithSidecar(sidecar.ConfigReloader(rules, sidecar.ReloadByPost("http://127.0.0.1:9090/-/reload"))).
		Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(pod.Spec.InitContainers[0].Args[:2])
	// Output:
	// [--watched-dir=/config --reload-url=http://127.0.0.1:9090/-/reload]
}

func ExampleReloadByPost() {
	config := pattern.ConfigMap("config").Volume("config")
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4").Reads(config, "/etc/web")).
		WithSidecar(sidecar.ConfigReloader(config, sidecar.ReloadByPost("127.0.0.1:8080/reload")))
	for _, e := range pod.Findings().Errors() {
		fmt.Println(e.BadValue, e.Detail)
	}
	// Output:
	// 127.0.0.1:8080/reload url: is no URL: want http:// or https://host
}

// A signal needs the uid of the program that gets it, and processes that see each
// other.
func ExampleReloadBySignal() {
	config := pattern.ConfigMap("nginx").Volume("nginx")
	pod, err := pattern.Pod("web").
		WithApp(pattern.App("nginx", "nginxinc/nginx-unprivileged:1.30.4").Reads(config, "/etc/nginx/conf.d").RunAsUser(101)).
		WithSidecar(sidecar.ConfigReloader(config, sidecar.ReloadBySignal("HUP", "nginx", 101))).
		Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(*pod.Spec.ShareProcessNamespace, pod.Spec.InitContainers[0].Command[3:])
	// Output:
	// true [config-reloader /config nginx HUP 5]
}
