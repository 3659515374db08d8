package sidecar

import (
	"fmt"

	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/pattern"
)

// Alloy reads the log files in a volume with Grafana Alloy and sends each line to
// Loki; it takes the arguments of [LogShipper]. It follows promtail and the Grafana
// Agent, which have ended.
//
// It adds: a ConfigMap with config.alloy; a scratch volume for the position in each
// file, and one for /tmp; port http (12345) with /metrics, and /-/ready as its health. A dead
// shipper leaves the pod serving. While Loki is down it stops reading: nothing is
// dropped while the app keeps its files, and Buffer is an error, since a buffer on disk
// is an experiment in Alloy. Up to 10 MiB are in memory, which are lost when it is
// killed; what Loki refuses with a status of 400 to 499 other than 429 is dropped. When
// the pod stops, it sends what it has for up to 15 seconds. It runs as uid 473, which
// must be able to read the files. Its page, on the same port, shows the configuration
// without the passwords.
//
// The line stays as it stands, so that Format only says where its Time is: Loki takes a
// line apart when it is asked, as by | json. The labels are job, source, filename, pod,
// namespace and Fields, with an underscore for what a label's name can't have.
//
// Defaults: image alloy, uid 473, 100m CPU, 128Mi memory, at most 512Mi.
//
// Options: the last of several wins as a whole.
//
// upstream: grafana/alloy v1.18.1 docs/sources/reference/components/loki/
// {loki.source.file,loki.process,loki.write}.md, docs/sources/reference/cli/run.md,
// internal/component/loki/write/types.go, Dockerfile.
func Alloy(logs pattern.Volume, to Destination, opts ...LogShipperOptions) pattern.SidecarContainer {
	o := opt.Last(opts)
	c := pattern.Sidecar("alloy", alloyImage).
		Scratch("/tmp", "16Mi").
		Requests("100m", "128Mi").Limits("", "512Mi").
		Restricted().RunAsUser(473).RunAsGroup(473).ReadOnlyRootFilesystem(true).
		Health(pattern.HTTPGet("/-/ready", "http")).WhenDown(pattern.KeepServing)
	c = opt.Port(c, "http", o.Port, 12345)
	if o.Buffer != "" {
		c = c.Reject("Buffer", o.Buffer, "Alloy has no buffer on disk, and stops reading instead: leave it out, or use FluentBit or Vector")
		o.Buffer = ""
	}
	c, s := ships(c, "/state", logs, to, o)
	c = ownsBuffer(c, o, 473)
	c = sendsOnlyTo(c, s, "Alloy", "loki")
	c = goTimes(c, s)
	names := map[string]bool{"job": true, "source": true, "filename": true}
	for _, field := range s.fields {
		name := alloyLabel(field.name)
		if names[name] {
			c = c.Reject("Fields", field.name, "another field is the label "+name+" too")
		}
		names[name] = true
	}
	return c.Late(func(v pattern.View, c pattern.SidecarContainer) pattern.SidecarContainer {
		return c.Args("run", "/etc/alloy/config.alloy", "--storage.path=/state",
			fmt.Sprintf("--server.http.listen-addr=0.0.0.0:%d", v.Port("http")),
			"--server.http.enable-pprof=false", "--disable-support-bundle", "--disable-reporting").
			Config("/etc/alloy/config.alloy", alloyConfig(s, v.PodName()))
	})
}
