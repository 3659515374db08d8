package sidecar

import (
	"slices"
	"strings"

	"github.com/podpattern/podpattern/pattern"
)

// shipperPort gives a shipper the port of its health and metrics: the program's own,
// which may move, or the one that the caller wants.
func shipperPort(c pattern.SidecarContainer, wanted, own int) pattern.SidecarContainer {
	if wanted != 0 {
		return c.Port("http", wanted)
	}
	return c.Port("http", own).MovePorts("http")
}

// ownsBuffer lets the shipper write a volume for its buffer that the caller chose: a
// claim belongs to root at first.
func ownsBuffer(c pattern.SidecarContainer, o LogShipperOptions, gid int64) pattern.SidecarContainer {
	if o.BufferVolume == (pattern.Volume{}) {
		return c
	}
	return c.FSGroup(gid)
}

// sendsOnlyTo rejects the destinations that a program has no output for; kinds are
// those that it has, and instead says which programs can do the others.
func sendsOnlyTo(c pattern.SidecarContainer, s shipping, program, instead string, kinds ...string) pattern.SidecarContainer {
	named := map[string]string{"loki": "Loki", "es": "Elasticsearch", "http": "HTTP", "stdout": "Stdout"}
	can := []string{}
	for _, k := range kinds {
		can = append(can, named[k])
	}
	for _, d := range s.destinations {
		if d.kind != "" && d.why == "" && !slices.Contains(kinds, d.kind) {
			c = c.Reject("destination", d.from, program+" has no output for "+named[d.kind]+", only for "+strings.Join(can, " and ")+": use "+instead)
		}
	}
	return c
}
