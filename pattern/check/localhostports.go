package check

import (
	"fmt"
)

var localhostRules = []Rule{
	{ID: "localhost-unserved", Level: Warning,
		Title: "a container connects to a port on localhost that no container declares",
		Why:   "localhost is the pod, and nothing in it is known to listen there: the connection is refused; this looks at addresses of upstreams, databases and the like, and is silent where a container that might be the server declares no ports at all",
		Fix:   "use a port that a container of the pod listens on, or declare this one in the ports of the container that does",
		Bad:   `containers: [{name: web, ports: [{containerPort: 8080}]}, {name: exporter, args: [--scrape-uri=http://localhost:8081/status], ports: [{containerPort: 9113}], readinessProbe: {httpGet: {path: /, port: 9113}}}]`,
		Good:  `containers: [{name: web, ports: [{containerPort: 8080}]}, {name: exporter, args: [--scrape-uri=http://localhost:8080/status], ports: [{containerPort: 9113}], readinessProbe: {httpGet: {path: /, port: 9113}}}]`,
		pod:   localhostUnserved},
}

// localhostUnserved gathers the numbers that the pod names elsewhere only when it
// has found one that nobody declares.
func localhostUnserved(x *index, r *Rule) {
	if x.spec.HostNetwork || !x.declaresPorts() {
		return // on the host's network the server may be anywhere
	}
	var elsewhere *portSet
	for _, c := range x.containers {
		var told firsts[int32]
		check := func(port int32, strength dialStrength, field string) {
			if _, seen := told.find(port); seen || !x.mustBeServed(c, port, strength) {
				return
			}
			if elsewhere == nil {
				elsewhere = x.namedPorts()
			}
			if elsewhere.has(port) {
				return
			}
			told.at(port, 0)
			x.report(r, c, field, invalid(port, fmt.Sprintf("no container of the pod declares port %d, so nothing is known to listen on localhost:%d", port, port), ""))
		}
		localDials(c.Container, func(port int32) bool { return !x.declares(port) }, func(d localDial) {
			strength := d.strength()
			if c.runsToItsEnd() && !initDials(c, d) {
				strength = noDial
			}
			check(d.port, strength, d.path())
		})
		for i := range x.Dials {
			if d := &x.Dials[i]; d.Container == c.Name && isPodItself(d.Host) && !x.declares(d.Port) {
				check(d.Port, sureDial, "")
			}
		}
	}
}

// mustBeServed says whether a port that a container dials would be declared by
// now if anybody served it.
func (x *index) mustBeServed(c site, port int32, strength dialStrength) bool {
	if strength == noDial || agentPort(port) || strength == likelyDial && len(c.Ports) == 0 || x.awaitsContainers() {
		return false
	}
	for _, o := range x.containers {
		if o.Container != c.Container && !o.runsToItsEnd() && len(o.Ports) == 0 && !handlesLogs(o.Image) {
			return false // it may be the server
		}
	}
	return true
}

// agentPort says whether a port is that of a service mesh, whose proxies are often
// added to pods on their way into the cluster.
// source: istio.io application requirements; linkerd.io and dapr.io reference
func agentPort(port int32) bool {
	switch port {
	case 3500, 4140, 4143, 4190, 4191, 9901, 19000, 50001, 50002:
		return true
	}
	return 15000 <= port && port <= 15100
}

func (x *index) declaresPorts() bool {
	for _, c := range x.containers {
		if len(c.Ports) > 0 {
			return true
		}
	}
	return false
}

// declares says whether any container declares a port.
func (x *index) declares(port int32) bool {
	for _, c := range x.containers {
		if c.listens(port) {
			return true
		}
	}
	return false
}
