package sidecar

import (
	"net"
	"slices"
	"strconv"
	"strings"

	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/pattern"
)

// exporter is what the exporters share: each asks a program for its numbers when it
// is scraped, and serves them at /metrics.
type exporter struct {
	uid    int64
	port   int    // the program's usual one
	set    int    // the one from the options, which does not move
	health string // a path that asks nothing of the program
	listen string // the flag for the address
	scrape bool
}

// in adds it to a container. The app can do without an exporter, and an exporter
// without the program, which it reports as down; so the probe doesn't touch it.
func (e exporter) in(c pattern.SidecarContainer) pattern.SidecarContainer {
	if e.scrape {
		c = c.Scrape("metrics", "/metrics")
	}
	return opt.Port(c, "metrics", e.set, e.port).
		Requests("10m", "32Mi").Limits("", "64Mi").
		Restricted().RunAsUser(e.uid).RunAsGroup(e.uid).ReadOnlyRootFilesystem(true).
		Health(pattern.HTTPGet(e.health, "metrics")).WhenDown(pattern.KeepServing)
}

// run gives the container its arguments, when it is known which port it has.
func (e exporter) run(c pattern.SidecarContainer, args ...string) pattern.SidecarContainer {
	return c.Late(func(v pattern.View, c pattern.SidecarContainer) pattern.SidecarContainer {
		return c.Args(append([]string{e.listen + "=:" + strconv.Itoa(v.Port("metrics"))}, args...)...)
	})
}

// caFolder is where an exporter has the CA of its options.
const caFolder = "/ca"

// collectors turns parts of an exporter on and off, by flags such as --collect.user.
// An exporter that gets a flag it doesn't know ends at once.
func collectors(c pattern.SidecarContainer, prefix string, known, on, off []string) (pattern.SidecarContainer, []string) {
	var args []string
	for _, list := range []struct {
		field, flag string
		names       []string
	}{{"Collectors", "--" + prefix, on}, {"NoCollectors", "--no-" + prefix, off}} {
		for _, name := range list.names {
			if !slices.Contains(known, name) {
				c = c.Reject(list.field, name, "want some of "+strings.Join(known, ", "))
			}
			args = append(args, list.flag+name)
		}
	}
	return c, args
}

// inPod says whether a host is the pod itself.
func inPod(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
