package sidecar_test

import (
	"fmt"

	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/sidecar"
)

// Whoever makes a ConfigMap with the label grafana_dashboard adds a dashboard. The
// right to read ConfigMaps comes along.
func ExampleConfigSync() {
	dashboards := pattern.EmptyDir("dashboards").SizeLimit("64Mi")
	sync := sidecar.ConfigSync("grafana_dashboard", dashboards, sidecar.ConfigSyncOptions{AppPath: "/var/lib/grafana/dashboards"})
	objects, err := pattern.Pod("grafana").WithApp(pattern.App("grafana", "grafana/grafana:12.1.0")).WithSidecar(sync).Objects()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, o := range objects {
		fmt.Println(o.GetObjectKind().GroupVersionKind().Kind)
	}
	// Output:
	// ServiceAccount
	// Role
	// RoleBinding
	// Pod
}
