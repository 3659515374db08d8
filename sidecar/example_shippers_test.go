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
