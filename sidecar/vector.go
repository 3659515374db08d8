package sidecar

import (
	"fmt"
	"slices"
	"strings"

	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/pattern"
)

// Vector reads the log files in a volume with Vector and sends each line to a
// destination; it takes the arguments of [LogShipper], and every destination.
//
// It adds: a ConfigMap with vector.yaml; a scratch volume for the position in each
// file and for a buffer of each destination; port http (9598) with /metrics, which is its
// health too: Vector's own health port would let everybody in the cluster read the
// logs. A dead shipper leaves the pod serving. While a destination is down the buffer
// fills, then reading pauses: nothing is dropped while the app keeps its files. What
// the destination refuses for good, as with status 400, is dropped. When the pod
// stops, it sends until 5 seconds before the end of the grace period; what is left
// is in the buffer, and lost with a scratch volume. A password is read from a file.
// The image is distroless: no shell. It runs as uid 65532, which must be able to read
// the files.
//
// Buffer is by default 260Mi, and not less than 257Mi: Vector's buffer has at least
// two files of 128 MiB. Files are told apart by their first line: two that begin
// alike are taken for one. A line of more than 100 KiB is dropped. A percent sign
// can't be in a URL or an index: it means a part of a time there. The time of a
// record is its field @timestamp. Loki's one label is job: Vector makes none of what
// is in a record, such as source.
//
// An image of your own must have Vector 0.57 or newer: older ones take a $ for a
// variable.
//
// Defaults: image vector, uid 65532, 50m CPU, 64Mi memory, at most 256Mi.
//
// Options: the last of several wins as a whole.
//
// upstream: vectordotdev/vector v0.57.0 website/cue/reference,
// lib/vector-buffers/src/variants/disk_v2/common.rs, src/secrets/directory.rs.
func Vector(logs pattern.Volume, to Destination, opts ...LogShipperOptions) pattern.SidecarContainer {
	o := opt.Last(opts)
	o.Buffer = opt.Or(o.Buffer, "260Mi")
	c := pattern.Sidecar("vector", vectorImage).
		Requests("50m", "64Mi").Limits("", "256Mi").
		Restricted().RunAsUser(65532).RunAsGroup(65532).ReadOnlyRootFilesystem(true).
		Health(pattern.HTTPGet("/metrics", "http")).WhenDown(pattern.KeepServing)
	c = opt.Port(c, "http", o.Port, 9598)
	to, more, secrets := takeSecrets(to, o.Sources)
	o.Sources = more
	c, s := ships(c, "/state", logs, to, o)
	if s.buffer > 0 && s.buffer < 257<<20 {
		c = c.Reject("Buffer", o.Buffer, "Vector needs at least 257Mi: its buffer has two files of 128 MiB")
	}
	c = ownsBuffer(c, o, 65532)
	c = vectorRefuses(c, s)
	return c.Late(func(v pattern.View, c pattern.SidecarContainer) pattern.SidecarContainer {
		for i, secret := range secrets {
			if secret != nil {
				name := fmt.Sprintf("%s-login-%d", v.Name(), i+1)
				c = c.Reads(secret.Volume(name).Key("username", "username").Key("password", "password"), vectorLogin(i))
			}
		}
		return c.Args("--config", "/etc/vector/vector.yaml",
			"--graceful-shutdown-limit-secs", fmt.Sprint(max(v.GracePeriodSeconds()-5, 1))).
			Config("/etc/vector/vector.yaml", vectorYAML(s, secrets, v.PodName(), v.Port("http")))
	})
}

// takeSecrets takes the passwords out of the destinations, in the order of
// shipping.destinations, so that ships doesn't make variables of them.
func takeSecrets(to Destination, more []LogSource) (Destination, []LogSource, []*pattern.SecretBuilder) {
	secrets := []*pattern.SecretBuilder{to.secret}
	to.secret = nil
	more = slices.Clone(more)
	for i := range more {
		if more[i].To != (Destination{}) {
			secrets = append(secrets, more[i].To.secret)
			more[i].To.secret = nil
		}
	}
	return to, more, secrets
}

// vectorRefuses rejects what has a meaning of its own in a configuration of Vector.
func vectorRefuses(c pattern.SidecarContainer, s shipping) pattern.SidecarContainer {
	for _, d := range s.destinations {
		if d.kind != "loki" && strings.Contains(d.path, "%") {
			c = c.Reject("destination", d.from, "Vector takes a percent sign for a part of a time: use FluentBit or Fluentd, or a URL without one")
		}
	}
	for _, f := range s.sources {
		for _, text := range []struct{ field, value string }{{"Files", f.path}, {"Format", f.format.timeForm}} {
			if strings.Contains(text.value, "SECRET[") {
				c = c.Reject(text.field, text.value, "Vector takes SECRET[ for a password to be read: write it otherwise, or use FluentBit or Fluentd")
			}
		}
	}
	return c
}
