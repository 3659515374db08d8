package adapter_test

import (
	"fmt"

	"github.com/podpattern/podpattern/adapter"
	"github.com/podpattern/podpattern/pattern"
)

// The app writes lines of its own form; the script serves them as metrics.
func ExampleScript() {
	status := pattern.EmptyDir("status")
	web := pattern.App("web", "web:1.4").Writes(status, "/var/lib/web")
	metrics := adapter.Script("metrics", `exec httpd -f -p "$PORT" -h "$IN"`,
		adapter.ScriptOptions{From: status, Port: 9100, MetricsPath: "/web.prom"})
	pod, err := pattern.Pod("web").WithApp(web).WithAdapter(metrics).Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, e := range pod.Spec.InitContainers[0].Env {
		fmt.Println(e.Name + "=" + e.Value)
	}
	fmt.Println(pod.Annotations["prometheus.io/port"], pod.Annotations["prometheus.io/path"])
	// Output:
	// IN=/in
	// PORT=9100
	// 9100 /web.prom
}

// Between two volumes: one that the app writes, and one that others read.
func ExampleScript_convert() {
	raw, csv := pattern.EmptyDir("raw"), pattern.EmptyDir("csv")
	convert := adapter.Script("csv", `tail -F "$IN/events.tsv" | tr '\t' ',' >"$OUT/events.csv"`,
		adapter.ScriptOptions{From: raw, To: csv})
	pod, err := pattern.Pod("web").WithAdapter(convert).WithApp(
		pattern.App("web", "web:1.4").Writes(raw, "/var/lib/web"),
		pattern.App("report", "report:1").Reads(csv, "/in")).Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, m := range pod.Spec.InitContainers[0].VolumeMounts {
		fmt.Println(m.Name, m.MountPath, m.ReadOnly)
	}
	// Output:
	// csv-tmp /tmp false
	// raw /in true
	// csv /out false
}
