package sidecar_test

import (
	"fmt"
	"strings"

	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/sidecar"
)

// Stack traces are one record each, whose fields are the groups of the expression,
// and no password leaves the pod.
func ExampleFluentBit() {
	logs := pattern.EmptyDir("logs").SizeLimit("1Gi")
	web := pattern.App("web", "web:1.4").Writes(logs, "/var/log/web")
	shipper := sidecar.FluentBit(logs, sidecar.Loki("http://loki:3100"), sidecar.LogShipperOptions{
		Format: sidecar.RegexLines(`(?s)^(?<time>\S+) (?<level>[A-Z]+) (?<msg>.*)$`).
			Time("time", "%Y-%m-%dT%H:%M:%S%z").Multiline(`^\d{4}-`),
		Redact: []string{`(?i)password=\S+`},
		Fields: []string{"spec.nodeName", "metadata.labels['team']"},
	})
	pod, err := pattern.Pod("web").Label("team", "shop").WithApp(web).WithSidecar(shipper).Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, e := range pod.Spec.InitContainers[0].Env {
		fmt.Println(e.Name, e.ValueFrom.FieldRef.FieldPath)
	}
	// Output:
	// POD_NAME metadata.name
	// POD_NAMESPACE metadata.namespace
	// POD_FIELD_1 spec.nodeName
	// POD_FIELD_2 metadata.labels['team']
}

// Other files of the same volume go elsewhere; what waits survives the pod.
func ExampleLogSource() {
	logs := pattern.EmptyDir("logs").SizeLimit("1Gi")
	web := pattern.App("web", "web:1.4").Writes(logs, "/var/log/web")
	shipper := sidecar.LogShipper(logs, sidecar.Loki("http://loki:3100"), sidecar.LogShipperOptions{
		Format:       sidecar.JSONLines(),
		BufferVolume: pattern.ClaimTemplate("buffer", "1Gi"),
		Sources: []sidecar.LogSource{
			{Tag: "audit", Files: "audit.txt", To: sidecar.HTTP("https://audit.example.com/ingest")},
		},
	})
	set, err := pattern.Pod("web").WithApp(web).WithSidecar(shipper).StatefulSet(3).Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, m := range set.Spec.Template.Spec.InitContainers[0].VolumeMounts {
		fmt.Println(m.Name, m.MountPath)
	}
	// Output:
	// logs /logs
	// buffer /state
	// log-shipper-config /fluent-bit/config
}

// kubectl logs web -c access-log, and -c error-log.
func ExampleLogTail() {
	logs := pattern.EmptyDir("logs").SizeLimit("1Gi")
	web := pattern.App("web", "nginx:1.30").Writes(logs, "/var/log/nginx")
	pod, err := pattern.Pod("web").WithApp(web).WithSidecar(
		sidecar.LogTail("access-log", logs, "access.log"),
		sidecar.LogTail("error-log", logs, "error.log"),
	).Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range pod.Spec.InitContainers {
		fmt.Println(c.Name, strings.Join(c.Args, " "))
	}
	// Output:
	// access-log +1 /logs/access.log 2
	// error-log +1 /logs/error.log 2
}

// Of each file there are at most 50 MB and four older ones of about that size.
func ExampleLogRotate() {
	logs := pattern.EmptyDir("logs").SizeLimit("1Gi")
	web := pattern.App("web", "web:1.4").RunAsUser(10001).Writes(logs, "/var/log/web")
	pod, err := pattern.Pod("web").WithApp(web).
		WithSidecar(sidecar.LogRotate(logs, 10001, sidecar.LogRotateOptions{MaxSize: "50M", Keep: 4})).Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	c := pod.Spec.InitContainers[0]
	fmt.Println(c.Name, *c.SecurityContext.RunAsUser, c.Args)
	// Output:
	// log-rotate 10001 [/logs/*.log 50000000 4 10 ]
}
