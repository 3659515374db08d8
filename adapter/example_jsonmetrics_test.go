package adapter_test

import (
	"fmt"

	"github.com/podpattern/podpattern/adapter"
	"github.com/podpattern/podpattern/pattern"
	corev1 "k8s.io/api/core/v1"
)

// The app answers {"workers": 4, "queues": [{"name": "mail", "depth": 17}]}.
func ExampleJSONMetrics() {
	web := pattern.App("web", "web:1.4").Port("http", 8080)
	metrics := adapter.JSONMetrics("http://127.0.0.1:8080/stats", []adapter.JSONMetric{
		{Name: "app_workers", Path: "{.workers}"},
		{Name: "app_queue_depth", Each: "{.queues[*]}", Path: "{.depth}", Labels: map[string]string{"queue": "{.name}"}},
	})
	objects, err := pattern.Pod("web").WithApp(web).WithAdapter(metrics).Objects()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(objects[0].(*corev1.ConfigMap).Data["config.yml"])
	// Output:
	// modules:
	//   default:
	//     metrics:
	//     - name: app_workers
	//       path: '{.workers}'
	//       valuetype: gauge
	//     - labels:
	//         queue: '{.name}'
	//       name: app_queue
	//       path: '{.queues[*]}'
	//       type: object
	//       values:
	//         depth: '{.depth}'
	//       valuetype: gauge
}
