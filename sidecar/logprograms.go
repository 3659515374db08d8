package sidecar

import (
	"slices"
	"strings"

	"github.com/podpattern/podpattern/internal/strftime"
	"github.com/podpattern/podpattern/pattern"
)

// ownsBuffer lets the shipper write a volume for its buffer that the caller chose: a
// claim belongs to root at first.
func ownsBuffer(c pattern.SidecarContainer, o LogShipperOptions, gid int64) pattern.SidecarContainer {
	if o.BufferVolume == (pattern.Volume{}) {
		return c
	}
	return c.FSGroup(gid)
}

// destinationKinds are the kinds of destinations, with what errors call them and who
// can send there.
var destinationKinds = map[string]struct{ name, programs string }{
	"loki":   {"Loki", "FluentBit, Vector or Alloy"},
	"es":     {"Elasticsearch", "FluentBit, Vector or Filebeat"},
	"http":   {"HTTP", "FluentBit, Vector or Fluentd"},
	"stdout": {"Stdout", "FluentBit, Vector, Fluentd or Filebeat"},
}

// sendsOnlyTo rejects the destinations that a program has no output for; kinds are
// those that it has.
func sendsOnlyTo(c pattern.SidecarContainer, s shipping, program string, kinds ...string) pattern.SidecarContainer {
	can := []string{}
	for _, k := range kinds {
		can = append(can, destinationKinds[k].name)
	}
	for _, d := range s.destinations {
		if d.kind != "" && d.why == "" && !slices.Contains(kinds, d.kind) {
			kind := destinationKinds[d.kind]
			c = c.Reject("destination", d.from, program+" has no output for "+kind.name+", only for "+strings.Join(can, " and ")+": use "+kind.programs)
		}
	}
	return c
}

// noAnnotations rejects annotations as fields, for a program that reads the value of a
// variable as more than a text. What else Fields can name has no quotes or spaces.
func noAnnotations(c pattern.SidecarContainer, o LogShipperOptions, program, instead string) pattern.SidecarContainer {
	for _, field := range o.Fields {
		if strings.HasPrefix(field, "metadata.annotations") {
			c = c.Reject("Fields", field, program+" reads the value of a variable as configuration, which an annotation may break: use a label, or "+instead)
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
			c = c.Reject("Format", f.format.timeForm, "Time: "+err.Error()+", which this program has: use FluentBit, Vector or Fluentd")
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
