package sidecar

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/pattern"
	"k8s.io/apimachinery/pkg/api/resource"
)

// shipping is what a shipper's options come to: what all programs have in common.
type shipping struct {
	sources      []shippedFiles // the shipper's own first
	destinations []Destination  // those of the sources, each once
	redact       []string
	fields       []shippedField // pod and namespace first
	buffer       int64          // in bytes, for each destination
	maxRetries   int            // 0: without end
}

// shippedFiles is a source.
type shippedFiles struct {
	path   string // a glob, such as /logs/*.log
	tag    string
	format LineFormat
	to     int // an index of destinations
}

// shippedField is a field that each record gets, from a variable of the container.
type shippedField struct{ name, env string }

// credentials gives the variables with the user and the password of a destination.
func credentials(destination int) (user, password string) {
	if destination == 0 {
		return "LOG_USER", "LOG_PASSWORD"
	}
	return fmt.Sprintf("LOG_USER_%d", destination+1), fmt.Sprintf("LOG_PASSWORD_%d", destination+1)
}

// caFile has the authority that verifies a destination's certificate.
func caFile(destination int) string { return fmt.Sprintf("/etc/log-ca/%d/ca.crt", destination+1) }

// ships gives a shipper what it has whatever the program: the volumes that it reads,
// below /logs, the volume at state, for its buffers and positions, the variables with
// the pod's fields and the passwords. It rejects what no program can do.
func ships(c pattern.SidecarContainer, state string, logs pattern.Volume, to Destination, o LogShipperOptions) (pattern.SidecarContainer, shipping) {
	s := shipping{redact: slices.Clone(o.Redact), maxRetries: o.MaxRetries}
	c, s.destinations = destinations(c, to, o.Sources)
	c, s.sources = sources(c, logs, o)
	c, s.fields = fields(c, o.Fields)
	for _, expr := range o.Redact {
		switch re, err := regexp.Compile(expr); {
		case err != nil:
			c = c.Reject("Redact", expr, "want a regular expression in Go's syntax: "+err.Error())
		case re.MatchString(""):
			c = c.Reject("Redact", expr, "matches nothing at all too, so *** would be everywhere: want what is to be hidden, such as password=\\S+")
		}
	}
	if o.MaxRetries < 0 {
		c = c.Reject("MaxRetries", o.MaxRetries, "want how often a batch is sent again, such as 10; 0 is without end")
	}
	buffer, err := resource.ParseQuantity(opt.Or(o.Buffer, "64Mi"))
	if err != nil || buffer.Sign() <= 0 {
		c = c.Reject("Buffer", o.Buffer, "want a size such as 64Mi")
		return c, s
	}
	s.buffer = buffer.Value()
	if o.BufferVolume != (pattern.Volume{}) {
		return c.Mount(o.BufferVolume, state), s
	}
	// Beside the buffers there is a small database with the positions.
	size := resource.NewQuantity(int64(len(s.destinations))*s.buffer+16<<20, resource.BinarySI)
	return c.Scratch(state, size.String()), s
}

// destinations gives to and those that sources have of their own, in order.
func destinations(c pattern.SidecarContainer, to Destination, more []LogSource) (pattern.SidecarContainer, []Destination) {
	all := []Destination{to}
	for _, s := range more {
		if s.To != (Destination{}) {
			all = append(all, s.To)
		}
	}
	for i, d := range all {
		if d.kind == "" {
			d.why = "make it with Loki, Elasticsearch, HTTP or Stdout"
		}
		if d.why != "" {
			c = c.Reject("destination", d.from, d.why)
			continue
		}
		if d.host != "" {
			c = c.Dials(d.host, d.port)
		}
		if d.secret != nil {
			user, password := credentials(i)
			c = c.EnvSecret(user, *d.secret, "username").EnvSecret(password, *d.secret, "password")
		}
		if d.ca != nil {
			c = c.Reads(*d.ca, path.Dir(caFile(i)))
		}
	}
	return c, all
}

var podField = regexp.MustCompile(`^(?:metadata\.(?:labels|annotations)\['([A-Za-z0-9][A-Za-z0-9_./-]*)'\]|` +
	`metadata\.(name|namespace|uid)|spec\.(nodeName|serviceAccountName)|status\.(hostIP|hostIPs|podIP|podIPs))$`)

// fields gives the container a variable for each field of the pod.
func fields(c pattern.SidecarContainer, paths []string) (pattern.SidecarContainer, []shippedField) {
	c = c.EnvField("POD_NAME", "metadata.name").EnvField("POD_NAMESPACE", "metadata.namespace")
	all := []shippedField{{"pod", "POD_NAME"}, {"namespace", "POD_NAMESPACE"}}
	taken := []string{"pod", "namespace", "source", "file", "log", "message"}
	for i, p := range paths {
		match := podField.FindStringSubmatch(p)
		if match == nil {
			c = c.Reject("Fields", p, "want a field that the downward API has, such as spec.nodeName or metadata.labels['team']")
			continue
		}
		name := strings.Join(match[1:], "") // one of them isn't empty
		if slices.Contains(taken, name) {
			c = c.Reject("Fields", p, "each record has a field "+name+" already")
			continue
		}
		taken = append(taken, name)
		env := fmt.Sprintf("POD_FIELD_%d", i+1)
		c = c.EnvField(env, p)
		all = append(all, shippedField{name, env})
	}
	return c, all
}
