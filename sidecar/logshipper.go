package sidecar

import (
	"path"
	"strings"

	"github.com/podpattern/podpattern/pattern"
	"k8s.io/apimachinery/pkg/api/resource"
)

// LogShipperOptions changes what [LogShipper] does; the zero value is the default.
type LogShipperOptions struct {
	// Files is which files of the volume are read, as a glob. Default: *.log.
	Files string
	// Port serves health and metrics. Default: 2020, or the next one that is free
	// in the pod; a port that is set here does not move.
	Port int
	// Buffer bounds what waits on disk while the destination is down; when it is
	// full the oldest goes first. Default: 64Mi.
	Buffer string
}

// LogShipper reads the log files in a volume with fluent-bit and sends each line
// to a destination, with the names of the file, the pod and its namespace.
//
// It adds: a ConfigMap with fluent-bit.yaml; a scratch volume for the position in
// each file and for a bounded buffer, so that it goes on where it was after a
// restart, and retries while the destination is down; port http with metrics and
// health. A dead shipper leaves the pod serving. It sends what it still has when
// the pod stops, for 5 seconds. The image is distroless: no shell. It runs as uid
// 65532, which must be able to read the files; and it deletes none: bound the
// volume with SizeLimit, and let the app rotate its files.
//
// Options: the last of several wins as a whole.
//
// upstream: fluent/fluent-bit-docs administration/configuring-fluent-bit/yaml,
// administration/buffering-and-storage; fluent/helm-charts charts/fluent-bit.
func LogShipper(logs pattern.Volume, to Destination, opts ...LogShipperOptions) pattern.SidecarContainer {
	o := LogShipperOptions{}
	if len(opts) > 0 {
		o = opts[len(opts)-1]
	}
	c := pattern.Sidecar("log-shipper", "cr.fluentbit.io/fluent/fluent-bit:5.1.1").
		Args("-c", "/fluent-bit/config/fluent-bit.yaml").
		Reads(logs, "/logs").
		Requests("50m", "64Mi").Limits("", "128Mi").
		Restricted().RunAsUser(65532).RunAsGroup(65532).ReadOnlyRootFilesystem(true).
		EnvField("POD_NAME", "metadata.name").
		EnvField("POD_NAMESPACE", "metadata.namespace").
		Health(pattern.HTTPGet("/", "http")).WhenDown(pattern.KeepServing)
	if o.Port != 0 {
		c = c.Port("http", o.Port)
	} else {
		c = c.Port("http", 2020).MovePorts()
	}
	if o.Files == "" {
		o.Files = "*.log"
	}
	if path.IsAbs(o.Files) || strings.Contains(o.Files, "..") {
		c = c.Reject("Files", o.Files, "want a glob below the volume, such as *.log")
	}
	if o.Buffer == "" {
		o.Buffer = "64Mi"
	}
	buffer, err := resource.ParseQuantity(o.Buffer)
	if err != nil || buffer.Sign() <= 0 {
		c = c.Reject("Buffer", o.Buffer, "want a size such as 64Mi")
		buffer = resource.Quantity{}
	}
	// Beside the buffer there is a small database with the positions.
	state := buffer.DeepCopy()
	state.Add(*resource.NewQuantity(16<<20, resource.BinarySI))
	c = c.Scratch("/state", state.String())
	if to.kind == "" {
		to.why = "make it with Loki, Elasticsearch, HTTP or Stdout"
	}
	if to.why != "" {
		return c.Reject("destination", to.from, to.why)
	}
	if to.host != "" {
		c = c.Dials(to.host, to.port)
	}
	if to.secret != nil {
		c = c.EnvSecret("LOG_USER", *to.secret, "username").EnvSecret("LOG_PASSWORD", *to.secret, "password")
	}
	return c.Late(func(v pattern.View, c pattern.SidecarContainer) pattern.SidecarContainer {
		return c.Config("/fluent-bit/config/fluent-bit.yaml", fluentBitYAML(fluentBit{
			files: "/logs/" + o.Files, job: v.PodName(), port: v.Port("http"), buffer: buffer.Value(), to: to,
		}))
	})
}
