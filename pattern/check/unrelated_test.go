package check_test

import (
	"testing"

	"github.com/podpattern/podpattern/pattern/check"
)

func TestContainerUnrelated(t *testing.T) {
	const id = "container-unrelated"
	pod := func(orders, invoices string) string {
		return `{containers: [{name: orders, readinessProbe: null` + orders + `}, {name: invoices, image: "registry.example.com/invoices:2.0.0", readinessProbe: null` + invoices + `}], volumes: [{name: data, emptyDir: {}}, {name: conf, configMap: {name: conf}}, {name: one, hostPath: {path: /a}}, {name: two, hostPath: {path: /a}}]}`
	}
	mount := func(volume string) string { return `, volumeMounts: [{name: ` + volume + `, mountPath: /d}]` }
	unrelated := []string{`W spec.containers[1]: Invalid value: "invoices": no volume, port, socket or process joins this container to another one of the pod`}
	none := check.Intent{}
	tryWritten(t,
		written{id, "nothing in common", pod("", ""), none, unrelated},
		written{id, "one ConfigMap", pod(mount("conf"), mount("conf")), none, unrelated},
		written{id, "one has a volume", pod(mount("data"), ""), none, unrelated},
		written{id, "one volume", pod(mount("data"), mount("data")), none, nil},
		written{id, "folders of the node", pod(mount("one"), mount("two")), none, nil},
		written{id, "a port that the other may use", pod(", ports: [{containerPort: 80}]", ""), none, nil},
		written{id, "a port that is probed", pod("", ", livenessProbe: {tcpSocket: {port: 80}}"), none, nil},
		written{id, "a probe that runs a command", pod("", ", livenessProbe: {exec: {command: [alive]}}"), none, unrelated},
		written{id, "a server by image", `containers: [{name: web, readinessProbe: null}, {name: queue, image: "docker.io/library/rabbitmq:4.1.0", readinessProbe: null}]`, none, nil},
		written{id, "localhost", pod("", `, env: [{name: A, value: "localhost"}]`), none, nil},
		written{id, "a socket", pod("", `, args: [--listen=/run/a.sock]`), none, nil},
		written{id, "the other's name", pod("", `, args: [--watch=orders]`), none, nil},
		written{id, "the other's limits", pod("", `, env: [{name: A, valueFrom: {resourceFieldRef: {containerName: orders, resource: limits.cpu}}}]`), none, nil},
		written{id, "one image", `containers: [{name: orders, image: "shop:1.0.0", readinessProbe: null}, {name: invoices, image: "shop:1.0.0", readinessProbe: null}]`, none, nil},
		written{id, "one family of names", `containers: [{name: shop-a, image: "a:1.0.0", readinessProbe: null}, {name: shop-b, image: "b:1.0.0", readinessProbe: null}]`, none, nil},
		written{id, "a helper by name", `containers: [{name: web, readinessProbe: null}, {name: sidecar, image: "b:1.0.0", readinessProbe: null}]`, none, nil},
		written{id, "a helper by image", `containers: [{name: web, readinessProbe: null}, {name: x, image: "docker.io/envoyproxy/envoy:v1.39.1"}]`, none, nil},
		written{id, "a native sidecar", `{initContainers: [{name: x, image: "x:1.0.0", restartPolicy: Always}], containers: [{name: web, readinessProbe: null}]}`, none, nil},
		written{id, "an init container", `{initContainers: [{name: x, image: "x:1.0.0", readinessProbe: null}], containers: [{name: web, readinessProbe: null}]}`, none, nil},
		written{id, "one process namespace", `{shareProcessNamespace: true, containers: [{name: web, readinessProbe: null}, {name: x, image: "x:1.0.0", readinessProbe: null}]}`, none, nil},
		written{id, "a helper by intent", pod("", ""), check.Intent{Helpers: []string{"invoices"}}, nil},
		written{id, "two apps by intent", pod("", ""), check.Intent{Helpers: []string{}}, unrelated},
		written{id, "a dial by intent", pod("", ""), check.Intent{Dials: []check.Dial{{Container: "invoices", Host: "localhost", Port: 80}}}, nil},
		written{id, "a wait by intent", pod("", ""), check.Intent{Waits: []check.Wait{{Container: "invoices", For: "orders"}}}, nil},
		written{id, "two that belong together and one that doesn't", `{containers: [{name: one, image: "a:1.0.0", readinessProbe: null}, {name: two, image: "b:1.0.0", readinessProbe: null` + mount("data") + `}, {name: three, image: "c:1.0.0", readinessProbe: null` + mount("data") + `}, {name: four, image: "d:1.0.0", readinessProbe: null}], volumes: [{name: data, emptyDir: {}}]}`, none,
			[]string{`W spec.containers[3]: Invalid value: "four": no volume, port, socket or process joins this container to another one of the pod`}},
	)
}
