package check_test

import (
	"testing"

	"github.com/podpattern/podpattern/pattern/check"
)

func TestReaderPathMismatch(t *testing.T) {
	pod := func(writer, reader, args string) string {
		return `{containers: [{name: web, volumeMounts: [{name: data, mountPath: /out` + writer + `}]}, {name: ship, args: [` + args + `], volumeMounts: [{name: data, mountPath: /logs, readOnly: true` + reader + `}]}], ` + dataVolume + `}`
	}
	const id = "reader-path-mismatch"
	none := check.Intent{}
	tryWritten(t,
		written{id, "two folders", pod(", subPath: web", ", subPath: app", ""), none, []string{`W spec.containers[1].volumeMounts[0].subPath: Invalid value: "app": nobody writes this folder of data: web writes web`}},
		written{id, "one folder, written in two ways", pod(", subPath: web/", ", subPath: ./web", ""), none, nil},
		written{id, "a folder in the one that is written", pod(", subPath: web", ", subPath: web/access", ""), none, nil},
		written{id, "the folder around the one that is written", pod(", subPath: web/access", ", subPath: web", ""), none, nil},
		written{id, "a folder that starts with the same letters", pod(", subPath: web", ", subPath: webs", ""), none, []string{`W spec.containers[1].volumeMounts[0].subPath: Invalid value: "webs": nobody writes this folder of data: web writes web`}},
		written{id, "the writer has all", pod("", ", subPath: app", ""), none, nil},
		written{id, "the reader has all", pod(", subPath: web", "", ""), none, nil},
		written{id, "a folder with a variable", pod(", subPathExpr: $(POD)", ", subPath: app", ""), none, nil},
		written{id, "the reader's folder with a variable", pod(", subPath: web", ", subPathExpr: $(POD)", ""), none, nil},
		written{id, "an expression without a variable", pod(", subPathExpr: web", ", subPath: app", ""), none, []string{`W spec.containers[1].volumeMounts[0].subPath: Invalid value: "app": nobody writes this folder of data: web writes web`}},

		written{id, "a file in another folder", pod(", subPath: web", "", `"tail -F /logs/app/access.log"`), none, []string{`W spec.containers[1].args[0]: Invalid value: "/logs/app/access.log": nobody writes this part of data: web writes web`}},
		written{id, "a flag with a file in another folder", pod(", subPath: web", "", "--file=/logs/access.log"), none, []string{`W spec.containers[1].args[0]: Invalid value: "/logs/access.log": nobody writes this part of data: web writes web`}},
		written{id, "a file in the folder", pod(", subPath: web", "", "/logs/web/access.log"), none, nil},
		written{id, "any file", pod(", subPath: web", "", "/logs/*.log"), none, nil},
		written{id, "any file of another folder", pod(", subPath: web", "", "/logs/app/*.log"), none, []string{`W spec.containers[1].args[0]: Invalid value: "/logs/app": nobody writes this part of data: web writes web`}},
		written{id, "another folder of that name", pod(", subPath: web", "", "/var/logs/app/access.log"), none, nil},
		written{id, "a file in another mount", `{containers: [{name: web, volumeMounts: [{name: data, mountPath: /out, subPath: web}]}, {name: ship, args: [/logs/own/pos], volumeMounts: [{name: data, mountPath: /logs, readOnly: true}, {name: own, mountPath: /logs/own}]}], volumes: [{name: data, emptyDir: {}}, {name: own, emptyDir: {}}]}`, none, nil},
		written{id, "a reader that may write too", `{containers: [{name: web, volumeMounts: [{name: data, mountPath: /out, subPath: web}]}, {name: ship, volumeMounts: [{name: data, mountPath: /logs, subPath: app}]}], ` + dataVolume + `}`, none, nil},
		written{id, "a claim may have the folder", `{containers: [{name: web, volumeMounts: [{name: data, mountPath: /out, subPath: web}]}, {name: ship, volumeMounts: [{name: data, mountPath: /logs, subPath: app, readOnly: true}]}], volumes: [{name: data, persistentVolumeClaim: {claimName: c}}]}`, none, nil},
	)
}
