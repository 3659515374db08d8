package adapter_test

import (
	"fmt"

	"github.com/podpattern/podpattern/adapter"
	"github.com/podpattern/podpattern/pattern"
	corev1 "k8s.io/api/core/v1"
)

// The app logs lines such as: GET /cart 200 0.031s.
func ExampleMetricsFromLogs() {
	logs := pattern.EmptyDir("logs")
	web := pattern.App("web", "web:1.4").Writes(logs, "/var/log/web")
	line := `^GET (?P<route>\S+) (?P<code>\d+) (?P<took>[0-9.]+)s$`
	metrics := adapter.MetricsFromLogs(logs, []adapter.LogMetric{
		{Name: "app_requests_total", Regex: line, Labels: []string{"route", "code"}},
		{Name: "app_request_seconds", Type: "histogram", Regex: line, Value: "took", Buckets: []float64{0.1, 1, 10}},
	})
	objects, err := pattern.Pod("web").WithApp(web).WithAdapter(metrics).Objects()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(objects[0].(*corev1.ConfigMap).Data["metrics.mtail"])
	// Output:
	// counter metric_1 as "app_requests_total" by "route", "code"
	// histogram metric_2 as "app_request_seconds" buckets 0.1, 1.0, 10.0
	//
	// /^GET (?P<route>\S+) (?P<code>\d+) (?P<took>[0-9.]+)s$/ {
	//   metric_1[$route][$code]++
	// }
	//
	// /^GET (?P<route>\S+) (?P<code>\d+) (?P<took>[0-9.]+)s$/ {
	//   metric_2 = float($took)
	// }
}
