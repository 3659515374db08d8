package check

import "strconv"

const (
	scrape     = "prometheus.io/scrape"
	scrapePort = "prometheus.io/port"
)

var scrapeRules = []Rule{
	{ID: "scrape-port-unserved", Level: Warning,
		Title: "the annotation for Prometheus names a port that no container declares",
		Why:   "Prometheus asks for metrics where nobody answers",
		Fix:   "name the port that serves the metrics, by its number, and declare it",
		Bad: `{kind: Pod, metadata: {annotations: {prometheus.io/scrape: "true", prometheus.io/port: "9090"}},
spec: {containers: [{name: web, ports: [{containerPort: 8080}]}]}}`,
		Good: `{kind: Pod, metadata: {annotations: {prometheus.io/scrape: "true", prometheus.io/port: "8080"}},
spec: {containers: [{name: web, ports: [{containerPort: 8080}]}]}}`,
		pod: scrapePortUnserved},
}

// scrapePortUnserved is silent where a container declares no port at all: such a
// list says nothing about where it listens.
func scrapePortUnserved(x *index, r *Rule) {
	if len(x.meta.Annotations) == 0 || x.meta.Annotations[scrape] != "true" {
		return
	}
	port, set := x.meta.Annotations[scrapePort]
	if !set || x.injected() || !x.lacks("istio-proxy") {
		return // a proxy serves the metrics of all, at a port that it doesn't declare
	}
	switch port {
	case "15014", "15020", "15090", "4191":
		return // of Istio and Linkerd, whose proxies are added to all pods of a namespace
	}
	n, err := strconv.ParseInt(port, 10, 32)
	if err != nil {
		x.reportPod(r, annotation(scrapePort), invalid(port, "must be a number: the name of a port isn't read", ""))
		return
	}
	for _, c := range x.containers {
		if c.runsToItsEnd() {
			continue
		}
		if len(c.Ports) == 0 {
			return
		}
		for i := range c.Ports {
			if int64(c.Ports[i].ContainerPort) == n {
				return
			}
		}
	}
	if len(x.spec.Containers) > 0 {
		x.reportPod(r, annotation(scrapePort), invalid(port, "no container declares this port", ""))
	}
}
