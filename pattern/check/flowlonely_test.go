package check_test

import (
	"testing"

	"github.com/podpattern/podpattern/pattern/check"
)

func TestSharedVolumeLonely(t *testing.T) {
	pod := func(volume, other, source string) string {
		return `{containers: [{name: web, volumeMounts: [{name: ` + volume + `, mountPath: /d}]}, {` + other + `}], volumes: [{name: ` + volume + `, emptyDir: {` + source + `}}]}`
	}
	const id = "shared-volume-lonely"
	lonely := func(volume, other string) []string {
		return []string{`W spec.containers[0].volumeMounts[0].name: Invalid value: "` + volume + `": no other container mounts the volume, ` + other + ` doesn't either`}
	}
	none := check.Intent{}
	tryWritten(t,
		written{id, "shared by name", pod("shared-data", "name: other", ""), none, lonely("shared-data", "other")},
		written{id, "logs, and one that ships them", pod("logs", "name: log-shipper", ""), none, lonely("logs", "log-shipper")},
		written{id, "logs, and an image that ships them", pod("app-logs", "name: x, image: 'cr.fluentbit.io/fluent/fluent-bit:5.1.1'", ""), none, lonely("app-logs", "x")},
		written{id, "logs of a read-only image", pod("logs", "name: proxy", ""), none, nil},
		written{id, "a catalogue isn't a log", pod("catalogs", "name: catalog", ""), none, nil},
		written{id, "named after its container", pod("web-logs", "name: log-shipper", ""), none, nil},
		written{id, "private by intent", pod("logs", "name: log-shipper", ""), check.Intent{Private: []string{"logs"}}, nil},
		written{id, "scratch", pod("tmp", "name: log-shipper", ""), none, nil},
		written{id, "a well-known proxy needs no volume", pod("shared-data", "name: p, image: 'docker.io/envoyproxy/envoy:v1.39.1'", ""), none, nil},
		written{id, "shared memory", pod("shared-memory", "name: other", "medium: Memory"), none, nil},
		written{id, "they share another volume", `{containers: [{name: web, volumeMounts: [{name: logs, mountPath: /d}, {name: spool, mountPath: /s}]}, {name: logger, volumeMounts: [{name: spool, mountPath: /s}]}], volumes: [{name: logs, emptyDir: {}}, {name: spool, emptyDir: {}}]}`, none, nil},
		written{id, "one ConfigMap is no exchange", `{containers: [{name: web, volumeMounts: [{name: logs, mountPath: /d}, {name: conf, mountPath: /s}]}, {name: logger, volumeMounts: [{name: conf, mountPath: /s}]}], volumes: [{name: logs, emptyDir: {}}, {name: conf, configMap: {name: conf}}]}`, none, lonely("logs", "logger")},
		written{id, "an init container that ended", `{initContainers: [{name: log-setup}], containers: [{name: web, volumeMounts: [{name: shared, mountPath: /d}]}], volumes: [{name: shared, emptyDir: {}}]}`, none, nil},
		written{id, "nobody mounts it", `{containers: [{name: web}, {name: logger}], volumes: [{name: shared, emptyDir: {}}]}`, none, nil},
		written{id, "a claim", `{containers: [{name: web, volumeMounts: [{name: shared, mountPath: /d}]}, {name: logger}], volumes: [{name: shared, persistentVolumeClaim: {claimName: c}}]}`, none, nil},
	)
}
