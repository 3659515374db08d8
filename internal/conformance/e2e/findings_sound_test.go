package e2e_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/podpattern/podpattern/pattern/check"
	"github.com/stretchr/testify/require"
)

// soundPods are pods that look as if they were broken and work: no rule may say otherwise.
var soundPods = []struct {
	what, example string
	run           map[string]string
	works         sight
}{
	{what: "volumes that can't be set up, which nobody mounts",
		example: `kind: Pod
spec: {containers: [{name: web}], volumes: [{name: medium, emptyDir: {medium: memory}}, {name: key, configMap: {name: web, items: [{key: nowhere, path: a}]}}, {name: figure, downwardAPI: {items: [{path: memory, resourceFieldRef: {containerName: app, resource: limits.memory}}]}}]}
---
kind: ConfigMap
data: {a: b}`,
		works: seesReady},
	{what: "one port for TCP and UDP",
		example: `containers: [{name: web, ports: [{containerPort: 8080}], readinessProbe: {tcpSocket: {port: 8080}, periodSeconds: 1}}, {name: statsd, image: 'quay.io/prometheus/statsd-exporter:v0.30.0', command: [/bin/statsd_exporter], args: ['--statsd.listen-udp=:8080', '--statsd.listen-tcp='], ports: [{containerPort: 8080, protocol: UDP}]}]`,
		run:     map[string]string{"web": serving("web", "8080", "0")},
		works:   inTurn(seesReady, seesNoRestart("web"), seesNoRestart("statsd"))},
	{what: "a port of an init container that an app has later",
		example: `{initContainers: [{name: setup, ports: [{containerPort: 8080}]}], containers: [{name: web, ports: [{containerPort: 8080}], readinessProbe: {tcpSocket: {port: 8080}, periodSeconds: 1}}]}`,
		run:     map[string]string{"setup": `mkdir -p /tmp/www; httpd -p 8080 -h /tmp/www`, "web": serving("web", "8080", "0")},
		works:   inTurn(seesReady, seesNoRestart("web"))},
	{what: "a variable from a file that another app writes",
		example: `{containers: [{name: web, env: [{name: TIER, valueFrom: {fileKeyRef: {volumeName: data, path: web.env, key: TIER}}}]}, {name: write, volumeMounts: [{name: data, mountPath: /data}]}], volumes: [{name: data, emptyDir: {}}]}`,
		run:     map[string]string{"web": `echo "tier $TIER"; ` + idle, "write": `sleep 3; echo "TIER='gold'" >/data/web.env; ` + idle},
		works:   seesLine("web", "^tier gold$")},
	{what: "a volume below another one",
		example: `{volumes: [{name: data, emptyDir: {}}, {name: logs, emptyDir: {}}], containers: [{name: web, volumeMounts: [{name: logs, mountPath: /data/logs}, {name: data, mountPath: /data}]}]}`,
		run:     map[string]string{"web": `touch /data/logs/a /data/b && grep -c ' /data' /proc/mounts; ` + idle},
		works:   inTurn(seesReady, seesLine("web", "^2$"))},
	{what: "a named port that listens later than the Service is there",
		example: withService("containers: [{name: web, ports: [{name: http, containerPort: 8080}], readinessProbe: {tcpSocket: {port: http}, periodSeconds: 1}}]", "http"),
		run:     map[string]string{"web": serving("web", "8080", "2")},
		works:   inTurn(seesReady, seesEndpoints(8080))},
}

// No pod that works is said to be broken.
func TestSoundPodsAreNotFound(t *testing.T) {
	for i, tt := range soundPods {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			s, start := newSpace(t), time.Now()
			objects := objectsOf(t, tt.example, "web", tt.run)
			require.NoError(t, s.check(objects, check.Intent{}).Err())
			s.create(objects)
			tt.works(s, "web")
			s.observed(start, "%s: the pod worked, as check says", tt.what)
		})
	}
}
