package check

import (
	"fmt"
	"slices"
	"strings"
)

var earlyRules = []Rule{
	{ID: "native-after-init", Level: Warning,
		Title: "an init container needs a native sidecar that is listed after it",
		Why:   "the entries of initContainers start one by one, in the order of the list: the init container fails, or waits for ever, before its server is started",
		Fix:   "list the native sidecar first, with a startupProbe: without one the next entry starts before it serves",
		Bad:   `{initContainers: [{name: migrate, args: ["--database-url=postgres://127.0.0.1:5432/orders"]}, {name: db, restartPolicy: Always, ports: [{containerPort: 5432}], startupProbe: {tcpSocket: {port: 5432}}, readinessProbe: null}], containers: [{name: web}]}`,
		Good:  `{initContainers: [{name: db, restartPolicy: Always, ports: [{containerPort: 5432}], startupProbe: {tcpSocket: {port: 5432}}, readinessProbe: null}, {name: migrate, args: ["--database-url=postgres://127.0.0.1:5432/orders"]}], containers: [{name: web}]}`,
		pod:   func(x *index, r *Rule) { tooEarly(x, r, true) }},
	{ID: "localhost-too-early", Level: Warning,
		Title: "an init container needs a regular container of its pod",
		Why:   "regular containers start when all init containers have ended: the init container fails, or waits for ever, and the pod never starts",
		Fix:   "make the server a native sidecar that is listed before it: an init container with restartPolicy: Always and a startupProbe",
		Bad:   `{initContainers: [{name: migrate, args: ["--database-url=postgres://127.0.0.1:5432/orders"]}], containers: [{name: web}, {name: db, ports: [{containerPort: 5432}], readinessProbe: {tcpSocket: {port: 5432}}}]}`,
		Good:  `{initContainers: [{name: db, restartPolicy: Always, ports: [{containerPort: 5432}], startupProbe: {tcpSocket: {port: 5432}}, readinessProbe: null}, {name: migrate, args: ["--database-url=postgres://127.0.0.1:5432/orders"]}], containers: [{name: web}]}`,
		pod:   func(x *index, r *Rule) { tooEarly(x, r, false) }},
}

// tooEarly looks at the init containers that need a container which starts later:
// by what the author says, and by the ports on localhost that they name. native
// says which servers are meant: each need has one finding, of one of two rules.
func tooEarly(x *index, r *Rule, native bool) {
	if len(x.spec.InitContainers) == 0 || x.spec.HostNetwork {
		return
	}
	var places firsts[string]
	if len(x.Waits) > 0 {
		x.places(&places)
	}
	for k, c := range x.containers {
		if !c.init {
			return // the others start together
		}
		e := early{x: x, r: r, native: native, c: c, place: k}
		for _, w := range x.Waits {
			if server, there := places.find(w.For); there && w.Container == c.Name && e.isNews(server) {
				e.needs(server, "", "this container needs "+w.For, w.For)
			}
		}
		if !c.runsToItsEnd() {
			continue // it may try again until the others are there
		}
		for _, d := range x.Dials {
			if d.Container == c.Name && isPodItself(d.Host) {
				e.dials(d.Port, "")
			}
		}
		localDials(c.Container, func(port int32) bool { return e.server(port) >= 0 }, func(d localDial) {
			if initDials(c, d) {
				e.dials(d.port, d.path())
			}
		})
		e.scripts(".command", c.Command)
		e.scripts(".args", c.Args)
	}
}

// early is an init container that may need others too early.
type early struct {
	x      *index
	r      *Rule
	native bool
	c      site
	place  int
	told   []int // the servers that were reported
}

// server gives the place of the container that serves a port if it starts later
// than this one; -1: it doesn't, or nobody serves it.
func (e *early) server(port int32) int {
	for k, o := range e.x.containers {
		if !o.listens(port) || k != e.place && o.runsToItsEnd() {
			continue
		}
		if k <= e.place {
			return -1 // there in time
		}
		return k
	}
	return -1
}

func (e *early) dials(port int32, field string) {
	if server := e.server(port); server >= 0 && e.isNews(server) {
		e.needs(server, field, fmt.Sprintf("this container connects to %s on localhost:%d", e.x.containers[server].Name, port), port)
	}
}

// isNews says whether a server starts later, is of the kind that is asked for and
// wasn't reported yet.
func (e *early) isNews(server int) bool {
	s := e.x.containers[server]
	return server > e.place && !s.runsToItsEnd() && s.native() == e.native && !slices.Contains(e.told, server)
}

func (e *early) needs(server int, field, what string, value any) {
	e.told = append(e.told, server)
	when := ", which starts when this one has ended"
	if e.c.native() {
		when = ", which starts after it"
	}
	e.x.report(e.r, e.c, field, invalid(value, what+when, ""), e.x.party(e.x.containers[server], ""))
}

// scripts looks for clients that are given host and port apart.
func (e *early) scripts(field string, list []string) {
	for i, text := range list {
		if !strings.Contains(text, " ") {
			continue
		}
		for from := 0; ; {
			m, ok := nextDial(text, from)
			if !ok {
				break
			}
			from = m.end
			if e.server(m.port) >= 0 && hasDialTool(text) {
				e.dials(m.port, field+at(i))
			}
		}
	}
}
