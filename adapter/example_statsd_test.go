package adapter_test

import (
	"fmt"

	"github.com/podpattern/podpattern/adapter"
	"github.com/podpattern/podpattern/pattern"
	corev1 "k8s.io/api/core/v1"
)

// The app sends app.shop.requests.200:1|c to the address that two variables give it.
func ExampleStatsD() {
	web := pattern.App("web", "web:1.4")
	metrics := adapter.StatsD([]adapter.StatsDMapping{{
		Match: "app.*.requests.*", Name: "app_requests_total",
		Labels: map[string]string{"service": "$1", "code": "$2"},
	}})
	objects, err := pattern.Pod("web").WithApp(web).WithAdapter(metrics).Objects()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, e := range objects[1].(*corev1.Pod).Spec.Containers[0].Env {
		fmt.Println(e.Name + "=" + e.Value)
	}
	fmt.Print(objects[0].(*corev1.ConfigMap).Data["mapping.yaml"])
	// Output:
	// STATSD_HOST=127.0.0.1
	// STATSD_PORT=9125
	// defaults:
	//   observer_type: histogram
	// mappings:
	// - labels:
	//     code: $2
	//     service: $1
	//   match: app.*.requests.*
	//   name: app_requests_total
}
