package check_test

import (
	"testing"

	"github.com/podpattern/podpattern/pattern/check"
)

func TestServersThatAreInitContainers(t *testing.T) {
	const id = "init-never-ends"
	init := func(c string) string { return `{initContainers: [{name: i, ` + c + `}], containers: [{name: web}]}` }
	told := func(why string) []string {
		return []string{"W spec.initContainers[0].restartPolicy: Required value: " + why + ": the containers after it wait until it has ended"}
	}
	const proxy = `image: "gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.27.0"`
	none, endless := check.Intent{}, told("its program runs until it is stopped")
	tryWritten(t,
		written{id, "a port", init(`ports: [{containerPort: 80}]`), none, told("it serves port 80")},
		written{id, "a port, whatever it runs", init(`command: [sh, -c, serve], ports: [{containerPort: 80}]`), none, told("it serves port 80")},
		written{id, "a port of UDP, which may be its own", init(`ports: [{containerPort: 80, protocol: UDP}]`), none, nil},
		written{id, "a policy that isn't Always", init(`restartPolicy: OnFailure, ports: [{containerPort: 80}]`), none, told("it serves port 80")},
		written{id, "a native sidecar", init(`restartPolicy: Always, ports: [{containerPort: 80}]`), none, nil},
		written{id, "a regular container", `containers: [{name: web}, {name: i, ports: [{containerPort: 80}]}]`, none, nil},
		written{id, "a known program", init(proxy + `, args: ["p:r:i"]`), none, endless},
		written{id, "a known program without arguments", init(`image: "fluent/fluent-bit:5.1.1"`), none, endless},
		written{id, "a known image that runs something else", init(proxy + `, command: [cp, a, b]`), none, nil},
		written{id, "a known program that looks at its configuration", init(`image: "haproxy:3.2", args: [-c, -f, /etc/haproxy.cfg]`), none, nil},
		written{id, "a known program that says its version", init(`image: "fluent/fluent-bit:5.1.1", args: [--version]`), none, nil},
		written{id, "what a mesh has for itself", init(`image: "istio/proxyv2:1.27.0", args: [istio-iptables, -p, "15001"]`), none, nil},
		written{id, "an unknown program", init(`image: "migrate:1"`), none, nil},
	)
}
