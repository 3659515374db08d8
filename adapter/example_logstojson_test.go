package adapter_test

import (
	"fmt"

	"github.com/podpattern/podpattern/adapter"
	"github.com/podpattern/podpattern/pattern"
)

// The app writes 2026-08-21 10:06:38|INFO|it is up; the node's log collection gets
// {"time":"2026-08-21T10:06:38.000000Z","level":"INFO","msg":"it is up"}.
func ExampleLogsToJSON() {
	logs := pattern.EmptyDir("logs").SizeLimit("1Gi")
	web := pattern.App("web", "web:1.4").Writes(logs, "/var/log/web")
	json := adapter.LogsToJSON(logs, `^(?<time>[^|]+)\|(?<level>\w+)\|(?<msg>.*)$`,
		adapter.LogsToJSONOptions{Time: "time", TimeLayout: "%Y-%m-%d %H:%M:%S"})
	pod, err := pattern.Pod("web").WithApp(web).WithAdapter(json).Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, m := range pod.Spec.InitContainers[0].VolumeMounts {
		fmt.Println(m.Name, m.MountPath)
	}
	// Output:
	// logs /logs
	// logs-to-json-state /state
	// logs-to-json-config /fluent-bit/config
}
