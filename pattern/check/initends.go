package check

import (
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

var initEndRules = []Rule{
	{ID: "init-never-ends", Level: Warning,
		Title: "a server is an init container, and restartPolicy: Always is missing",
		Why:   "whatever comes after an init container waits until it has ended, and a server doesn't end: the app never starts; this goes by the ports that a container declares, and by images of programs that run until they are stopped",
		Fix:   "restartPolicy: Always in this container makes it a native sidecar; one that does end needs no ports",
		Bad:   `{initContainers: [{name: proxy, ports: [{containerPort: 5432}]}], containers: [{name: web}]}`,
		Good:  `{initContainers: [{name: proxy, restartPolicy: Always, ports: [{containerPort: 5432}], startupProbe: {tcpSocket: {port: 5432}}, readinessProbe: null}], containers: [{name: web}]}`,
		pod: func(x *index, r *Rule) {
			for _, c := range x.containers {
				if why := c.neverEnds(); why != "" {
					x.report(r, c, ".restartPolicy", required(why+": the containers after it wait until it has ended", ""))
				}
			}
		}},
}

// neverEnds says what tells that an init container doesn't end; "" is nothing. A port
// of TCP is enough, since nobody could use it any more once the container has ended.
func (c site) neverEnds() string {
	if !c.runsToItsEnd() {
		return ""
	}
	for i := range c.Ports {
		if protocol(c.Ports[i].Protocol) == corev1.ProtocolTCP {
			return fmt.Sprintf("it serves port %d", c.Ports[i].ContainerPort)
		}
	}
	if len(c.Command) == 0 && knownEndless(c.Image) && !c.onlyLooks() {
		return "its program runs until it is stopped"
	}
	return ""
}

// onlyLooks says whether the arguments make a server look at its configuration, say its
// version, or do some other thing that ends.
func (c site) onlyLooks() bool {
	for _, a := range c.Args {
		switch a = strings.TrimLeft(a, "-"); a {
		case "c", "t", "T", "h", "V", "v":
			return true
		}
		for _, word := range [...]string{"valid", "version", "help", "check", "test", "dry", "once", "one-time", "init", "setup", "iptables"} {
			if strings.Contains(a, word) {
				return true
			}
		}
	}
	return false
}
