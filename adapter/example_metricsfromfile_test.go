package adapter_test

import (
	"fmt"

	"github.com/podpattern/podpattern/adapter"
	"github.com/podpattern/podpattern/pattern"
	corev1 "k8s.io/api/core/v1"
)

// The app writes lines such as mail|17|2: a queue, its depth and its consumers.
func ExampleMetricsFromFile() {
	stats := pattern.EmptyDir("stats")
	web := pattern.App("web", "web:1.4").Writes(stats, "/var/lib/web")
	queue := map[string]int{"queue": 1}
	metrics := adapter.MetricsFromFile(stats, "queues.raw", adapter.MetricsFromFileOptions{
		Metrics: []adapter.FileMetric{
			{Name: "app_queue_depth", Value: 2, Labels: queue},
			{Name: "app_queue_consumers", Value: 3, Labels: queue},
		},
		Scrape: true,
	})
	objects, err := pattern.Pod("web").WithApp(web).WithAdapter(metrics).Objects()
	if err != nil {
		fmt.Println(err)
		return
	}
	pod := objects[len(objects)-1].(*corev1.Pod)
	fmt.Println(pod.Annotations["prometheus.io/port"], pod.Annotations["prometheus.io/path"])
	fmt.Println(pod.Spec.InitContainers[0].Env[0].Value)
	fmt.Print(objects[0].(*corev1.ConfigMap).Data["columns"])
	// Output:
	// 9100 /metrics.cgi
	// /in/queues.raw
	// delimiter |
	// header 0
	// metric app_queue_depth
	// type gauge
	// value 2
	// label 1 queue
	// metric app_queue_consumers
	// type gauge
	// value 3
	// label 1 queue
}

// The app writes lines such as "queue mail: 17 waiting".
func ExampleMetricsFromFile_regex() {
	stats := pattern.EmptyDir("stats")
	web := pattern.App("web", "web:1.4").Writes(stats, "/var/lib/web")
	metrics := adapter.MetricsFromFile(stats, "queues.txt", adapter.MetricsFromFileOptions{
		Regex:   `^queue ([a-z]+): ([0-9]+) waiting`,
		Metrics: []adapter.FileMetric{{Name: "app_queue_depth", Value: 2, Labels: map[string]int{"queue": 1}}},
	})
	objects, err := pattern.Pod("web").WithApp(web).WithAdapter(metrics).Objects()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(objects[0].(*corev1.ConfigMap).Data["columns"])
	// Output:
	// regex ^queue ([a-z]+): ([0-9]+) waiting
	// header 0
	// metric app_queue_depth
	// type gauge
	// value 2
	// label 1 queue
}
