package check_test

import (
	"testing"

	"github.com/podpattern/podpattern/pattern/check"
)

func TestSocketUnshared(t *testing.T) {
	const id, socket = "socket-unshared", "unix:///run/app/app.sock"
	pod := func(client, server string) string {
		return `{containers: [{name: web, args: ["--upstream=` + socket + `"], volumeMounts: [` + client + `]}, {name: app, args: ["--listen=unix:/run/app/app.sock"], volumeMounts: [` + server + `]}],
  volumes: [{name: a, emptyDir: {}}, {name: b, emptyDir: {}}, {name: c, hostPath: {path: /run}}, {name: d, hostPath: {path: /run}}]}`
	}
	found := func(container, detail string) []string {
		return []string{`E spec.containers[` + container + `].args[0]: Invalid value: "/run/app/app.sock": ` + detail}
	}
	none := check.Intent{}
	tryWritten(t,
		written{id, "one volume", pod(`{name: a, mountPath: /run/app}`, `{name: a, mountPath: /run/app}`), none, nil},
		written{id, "one volume, further up", pod(`{name: a, mountPath: /run}`, `{name: a, mountPath: /run/}`), none, nil},
		written{id, "the client has none", pod(``, `{name: a, mountPath: /run/app}`), none, found("0", "app names this socket too, and mounts a there, which this container doesn't")},
		written{id, "the server has none", pod(`{name: a, mountPath: /run/app}`, ``), none, found("1", "web names this socket too, and mounts a there, which this container doesn't")},
		written{id, "neither has one", pod(``, ``), none, found("1", "web names this socket too, and no volume is mounted there: each container has its own files")},
		written{id, "two volumes", pod(`{name: a, mountPath: /run/app}`, `{name: b, mountPath: /run/app}`), none, found("1", "web names this socket too, and mounts another volume there: a, here it is b")},
		written{id, "two names of one folder of the node", pod(`{name: c, mountPath: /run/app}`, `{name: d, mountPath: /run/app}`), none, nil},
		written{id, "two folders of one volume", pod(`{name: a, mountPath: /run/app}`, `{name: a, mountPath: /run}`), none, found("1", "web names this socket too, and sees another file: app.sock of volume a, here it is app/app.sock")},
		written{id, "two subPaths that meet", pod(`{name: a, mountPath: /run/app, subPath: app}`, `{name: a, mountPath: /run}`), none, nil},
		written{id, "a folder with a longer name", pod(`{name: a, mountPath: /run/app}`, `{name: a, mountPath: /run/ap}`), none, found("1", "web names this socket too, and mounts a there, which this container doesn't")},
		written{id, "each has its own", `containers: [{name: a, env: [{name: SUPERVISOR, value: "unix:///run/s.sock"}]}, {name: b, env: [{name: SUPERVISOR, value: "unix:///run/s.sock"}]}]`, none, nil},
		written{id, "two sockets", `containers: [{name: a, args: ["--listen=unix:///run/a.sock"]}, {name: b, args: ["--upstream=unix:///run/b.sock"]}]`, none, nil},
		written{id, "a name in the network's space", `containers: [{name: a, args: ["--listen=unix:@a"]}, {name: b, args: ["--upstream=unix:@a"]}]`, none, nil},
		written{id, "a variable in the name", `containers: [{name: a, args: ["--listen=unix:///run/$(A).sock"]}, {name: b, args: ["--upstream=unix:///run/$(A).sock"]}]`, none, nil},
		written{id, "an init container", `{initContainers: [{name: a, args: ["--listen=unix:///run/a.sock"]}], containers: [{name: b, args: ["--upstream=unix:///run/a.sock"]}]}`, none, nil},
		written{id, "in a script and a variable", `containers: [{name: a, command: [sh, -c, "serve --listen unix:/run/a.sock & wait"]}, {name: b, env: [{name: BACKEND, value: "http://unix:/run/a.sock:/path"}]}]`, none,
			[]string{`E spec.containers[1].env[0].value: Invalid value: "/run/a.sock": a names this socket too, and no volume is mounted there: each container has its own files`}},
	)
}
