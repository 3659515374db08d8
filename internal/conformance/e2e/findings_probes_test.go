package e2e_test

import (
	"slices"
	"strings"

	"github.com/podpattern/podpattern/pattern/check"
	"github.com/stretchr/testify/require"
	discoveryv1 "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Probes and hooks that can't do their work.
var probesBroken = []broken{
	{rule: "probe-port-name-unknown", saw: "a readiness probe had no result, and the pod was never Ready, though its port answered",
		bad:    `containers: [{name: web, ports: [{name: http, containerPort: 8080}], readinessProbe: {httpGet: {path: /, port: htp}, periodSeconds: 1}}]`,
		good:   `containers: [{name: web, ports: [{name: http, containerPort: 8080}], readinessProbe: {httpGet: {path: /, port: http}, periodSeconds: 1}}]`,
		run:    map[string]string{"web": serving("web", "8080", "0")},
		breaks: inTurn(seesEvents("Readiness probe errored", 5), seesNotReady, seesOutput("web", "this is web", "wget", "-q", "-O", "-", "http://127.0.0.1:8080/")), works: seesReady},
	{rule: "probe-port-name-unknown", saw: "a startup probe had no result: the container neither counted as started nor was it restarted",
		bad:    `containers: [{name: web, ports: [{name: http, containerPort: 8080}], startupProbe: {tcpSocket: {port: htp}, periodSeconds: 1, failureThreshold: 2}}]`,
		good:   `containers: [{name: web, ports: [{name: http, containerPort: 8080}], startupProbe: {tcpSocket: {port: http}, periodSeconds: 1, failureThreshold: 60}}]`,
		run:    map[string]string{"web": serving("web", "8080", "0")},
		breaks: inTurn(seesEvents("Startup probe errored", 5), seesNotReady, seesNoRestart("web")), works: seesReady},
	{rule: "probe-port-name-unknown", level: check.Warning, saw: "a liveness probe had no result, and a container that didn't serve was never restarted",
		bad:    `containers: [{name: web, ports: [{name: http, containerPort: 8080}], livenessProbe: {httpGet: {port: htp}, periodSeconds: 1, failureThreshold: 1}}]`,
		good:   `containers: [{name: web, ports: [{name: http, containerPort: 8080}], livenessProbe: {httpGet: {port: http}, periodSeconds: 1, failureThreshold: 1}}]`,
		breaks: inTurn(seesEvents("Liveness probe errored", 5), seesReady, seesNoRestart("web")), works: seesRestarts("web", 1)},
	{rule: "probe-port-name-unknown", saw: "the container was killed because of its postStart hook, again and again",
		bad:    `containers: [{name: web, lifecycle: {postStart: {httpGet: {port: htp}}}}]`,
		breaks: inTurn(seesEvents("FailedPostStartHook", 2), seesRestarts("web", 1))},
	{rule: "probe-port-name-unknown", level: check.Warning, saw: "the preStop hook failed, and the container was stopped without it",
		bad:    `containers: [{name: web, lifecycle: {preStop: {httpGet: {port: htp}}}}]`,
		breaks: inTurn(seesReady, seesStop, seesEvent("FailedPreStopHook"))},
	{rule: "hook-tcp", saw: "the container was killed because of its postStart hook, again and again",
		good:   `containers: [{name: web, lifecycle: {postStart: {exec: {command: [touch, /tmp/warm]}}}}]`,
		run:    map[string]string{"web": serving("web", "8080", "0")},
		breaks: inTurn(seesEvents("FailedPostStartHook", 2), seesRestarts("web", 1)), works: inTurn(seesReady, seesOutput("web", "warm", "ls", "/tmp"))},
	{rule: "hook-tcp", level: check.Warning, saw: "a preStop hook failed, and the container was stopped without it",
		bad:    `containers: [{name: web, lifecycle: {preStop: {tcpSocket: {port: 8080}}}}]`,
		run:    map[string]string{"web": serving("web", "8080", "0")},
		breaks: inTurn(seesReady, seesStop, seesEvent("FailedPreStopHook"))},
	{rule: "probe-neighbour-port", saw: "the container that served nothing was Ready, because its neighbour answered",
		bad:    `containers: [{name: web, readinessProbe: {tcpSocket: {port: 9090}, periodSeconds: 1}}, {name: cache, ports: [{containerPort: 9090}], readinessProbe: {tcpSocket: {port: 9090}, periodSeconds: 1}}]`,
		run:    map[string]string{"cache": serving("cache", "9090", "0")},
		breaks: seesReady},
	{rule: "probe-host", saw: "the kubelet asked the node, and the pod was never Ready, though its port answered",
		bad:    `containers: [{name: web, readinessProbe: {tcpSocket: {host: 127.0.0.1, port: 28476}, periodSeconds: 1}}]`,
		good:   `containers: [{name: web, readinessProbe: {tcpSocket: {port: 28476}, periodSeconds: 1}}]`,
		run:    map[string]string{"web": serving("web", "28476", "0")},
		breaks: inTurn(seesEvents("Readiness probe failed", 3), seesNotReady, seesOutput("web", "this is web", "wget", "-q", "-O", "-", "http://127.0.0.1:28476/")), works: seesReady},
}

// Ports that two want.
var portsBroken = []broken{
	{rule: "port-clash-pod", saw: "the second container failed: Address already in use",
		run:    map[string]string{"web": serving("web", "8080", "0"), "admin": `if grep -q :1F91 /proc/net/tcp; then exit 1; fi; exec httpd -f -p ${PORT:-8080}`},
		good:   `containers: [{name: web, ports: [{containerPort: 8080}]}, {name: admin, env: [{name: PORT, value: "8081"}], ports: [{containerPort: 8081}]}]`,
		breaks: seesClash("web", "admin"), works: seesReady},
	{rule: "port-clash-pod", saw: "so did an app whose port a native sidecar had",
		bad:    `{initContainers: [{name: proxy, restartPolicy: Always, ports: [{containerPort: 8080}], startupProbe: {tcpSocket: {port: 8080}, periodSeconds: 1, failureThreshold: 60}}], containers: [{name: web, ports: [{containerPort: 8080}]}]}`,
		run:    map[string]string{"proxy": serving("proxy", "8080", "0"), "web": serving("web", "8080", "0")},
		breaks: inTurn(seesFailures("web"), sawLine("web", "Address already in use"))},
	{rule: "hostport-native", saw: "the sidecar served and the node refused the connection; that to a regular container it took",
		bad:  `{initContainers: [{name: proxy, restartPolicy: Always, ports: [{containerPort: 8081, hostPort: 28473}], startupProbe: {tcpSocket: {port: 8081}, periodSeconds: 1, failureThreshold: 60}}], containers: [{name: web}]}`,
		good: `{containers: [{name: web}, {name: proxy, ports: [{containerPort: 8081, hostPort: 28474}], readinessProbe: {tcpSocket: {port: 8081}, periodSeconds: 1}}]}`,
		run:  map[string]string{"proxy": serving("proxy", "8081", "0")},
		breaks: inTurn(seesReady, func(s *space, _ string) {
			s.Helper()
			require.Equal(s, []string{"wget: can't connect to remote host (127.0.0.1): Connection refused"}, s.answering("28473"))
		}),
		works: inTurn(seesReady, func(s *space, _ string) {
			s.Helper()
			require.Equal(s, []string{"this is proxy"}, s.answering("28474"))
		})},
	{rule: "port-name-dup-pod", saw: "a Service by that name had one of the two ports",
		bad:    withService("containers: [{name: web, ports: [{name: http, containerPort: 8080}]}, {name: admin, ports: [{name: http, containerPort: 8081}]}]", "http"),
		breaks: inTurn(seesReady, seesEndpoints(8080))},
	{rule: "service-target-unresolved", saw: "the pod was no endpoint of the Service",
		bad:    withService("containers: [{name: web, ports: [{name: http, containerPort: 8080}]}]", "web"),
		good:   withService("containers: [{name: web, ports: [{name: http, containerPort: 8080}]}]", "http"),
		breaks: inTurn(seesReady, seesEndpoints()), works: inTurn(seesReady, seesEndpoints(8080))},
	{rule: "port-dup-container", saw: "server-side apply refused the pod",
		breaks: func(s *space, name string) {
			s.Helper()
			s.refused(`duplicate entries for key [containerPort=8080,protocol="TCP"]`, `{apiVersion: v1, kind: Pod, metadata: {name: again}, spec: {containers: [{name: web, image: "busybox:1.36", ports: [{name: http, containerPort: 8080}, {name: metrics, containerPort: 8080}]}]}}`)
		}},
}

// seesStop deletes the pod and waits for it to be gone.
func seesStop(s *space, name string) {
	s.Helper()
	s.delete(name)
	s.gone(name)
}

// withService gives a pod and a Service to a named port of it.
func withService(spec, port string) string {
	return "kind: Pod\nmetadata: {labels: {app: NAME}}\nspec: {" + strings.TrimSpace(spec) + "}\n---\nkind: Service\nmetadata: {name: NAME}\nspec: {selector: {app: NAME}, ports: [{port: 80, targetPort: " + port + "}]}"
}

// seesEndpoints: the Service of the pod leads to these ports.
func seesEndpoints(ports ...int32) sight {
	return func(s *space, name string) {
		s.Helper()
		var found []int32
		s.until("the endpoints", waitLong, func() (bool, string) {
			list, err := s.DiscoveryV1().EndpointSlices(s.name).List(s.ctx, metav1.ListOptions{LabelSelector: discoveryv1.LabelServiceName + "=" + name})
			require.NoError(s, err)
			found = nil
			addresses := 0
			for _, slice := range list.Items {
				addresses += len(slice.Endpoints)
				for _, p := range slice.Ports {
					found = append(found, *p.Port)
				}
			}
			return addresses > 0 || len(list.Items) > 0 && len(ports) == 0, "no addresses"
		})
		require.ElementsMatch(s, ports, found)
	}
}

// seesClash: one of the containers fails because another one has its port.
func seesClash(containers ...string) sight {
	return func(s *space, name string) {
		s.Helper()
		s.until("one to fail with Address already in use", waitLong, func() (bool, string) {
			for _, c := range containers {
				if text, err := s.logsOf(s.ctx, name, c, true); err == nil && strings.Contains(text, "Address already in use") {
					return true, ""
				}
			}
			return false, "none"
		})
	}
}

// answering gives what answers at a port of the node, as a pod of the node's network
// sees it when it asks several times.
func (s *space) answering(port string) []string {
	s.Helper()
	name := "asks-" + port
	script := `for i in 1 2 3 4 5 6 7 8; do wget -q -O - http://127.0.0.1:` + port + `/; done; echo asked; ` + idle
	s.create(objectsOf(s.T, `{hostNetwork: true, containers: [{name: ask}]}`, name, map[string]string{"ask": script}))
	lines := strings.Split(s.prints(name, "ask", "^asked$"), "\n")
	slices.Sort(lines)
	return slices.DeleteFunc(slices.Compact(lines), func(line string) bool { return line == "" || line == "asked" })
}
