// Package statsd runs statsd_exporter for the helpers that receive statsd metrics.
package statsd

import (
	"strconv"

	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/pattern"
)

// Exporter says how it is run.
type Exporter struct {
	Port        int // 0: the usual one, which may move
	MetricsPort int // 0: the usual one, which may move
	TCP         bool
	Scrape      bool
	Endpoint    string
	Mapping     string // the configuration; "" is none
}

const mappingFile = "/etc/statsd/mapping.yaml"

// In adds it to a container of its image.
//
// upstream: prometheus/statsd_exporter main.go, Dockerfile.
func In[R pattern.Role](c pattern.Container[R], e Exporter) pattern.Container[R] {
	name := opt.Or(e.Endpoint, "statsd")
	c = c.UDPPort("statsd", opt.Or(e.Port, 9125)).Endpoint(name, "statsd")
	if e.Port == 0 {
		c = c.MovePorts("statsd")
	}
	if e.TCP {
		c = opt.Port(c, "statsd-tcp", e.Port, 9125).Endpoint(name+"-tcp", "statsd-tcp")
	}
	c = opt.Port(c, "metrics", e.MetricsPort, 9102)
	if e.Scrape {
		c = c.Scrape("metrics", "/metrics")
	}
	if e.Mapping != "" {
		c = c.Config(mappingFile, e.Mapping)
	}
	return c.Requests("10m", "32Mi").Limits("", "128Mi").
		Restricted().RunAsUser(65534).RunAsGroup(65534).ReadOnlyRootFilesystem(true).
		Health(pattern.HTTPGet("/-/healthy", "metrics")).WhenDown(pattern.KeepServing).
		Late(func(v pattern.View, c pattern.Container[R]) pattern.Container[R] { return c.Args(e.args(v)...) })
}

func (e Exporter) args(v pattern.View) []string {
	local := func(port string) string { return "127.0.0.1:" + strconv.Itoa(v.Port(port)) }
	tcp := "" // else it listens on its own default
	if e.TCP {
		tcp = local("statsd-tcp")
	}
	args := []string{
		"--web.listen-address=:" + strconv.Itoa(v.Port("metrics")),
		"--statsd.listen-udp=" + local("statsd"),
		"--statsd.listen-tcp=" + tcp,
	}
	if e.Mapping != "" {
		args = append(args, "--statsd.mapping-config="+mappingFile)
	}
	return args
}
