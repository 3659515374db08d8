package sidecar

import (
	"slices"
	"strings"

	"github.com/podpattern/podpattern/internal/strftime"
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

// goTimes rejects layouts that a program can't read that has them as Go's time package.
func goTimes(c pattern.SidecarContainer, s shipping) pattern.SidecarContainer {
	for _, f := range s.sources {
		if !f.format.timed || f.format.timeForm == "%s" {
			continue
		}
		if _, err := strftime.Go(f.format.timeForm); err != nil {
			c = c.Reject("Format", f.format.timeForm, "Time: "+err.Error())
		}
	}
	return c
}

// goLayouts gives the layouts of Go's time package that a time may have: with Z or an
// offset, without or with a colon. The program's own word for seconds since 1970 stands
// for %s.
func goLayouts(f LineFormat, seconds string) []string {
	if f.timeForm == "%s" {
		return []string{seconds}
	}
	layout, err := strftime.Go(f.timeForm)
	if err != nil || !strings.Contains(layout, "-0700") { // goTimes was asked
		return []string{layout}
	}
	return []string{strings.ReplaceAll(layout, "-0700", "Z0700"), strings.ReplaceAll(layout, "-0700", "Z07:00")}
}
