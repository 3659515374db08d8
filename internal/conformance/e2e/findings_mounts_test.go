package e2e_test

import "github.com/podpattern/podpattern/pattern/check"

// Where volumes are mounted.
var mountsBroken = []broken{
	{rule: "mount-path-dup-normalised", saw: "the folder had the files of one volume, and those of the other were out of reach",
		bad:    twoMounts("/data", "/data/"),
		good:   twoMounts("/data", "/more"),
		run:    map[string]string{"fill": `echo a >/a/a; echo b >/b/b`, "web": `echo all: $(ls /data /more 2>/dev/null | grep -v :); ` + idle},
		breaks: seesLine("web", "^all: [ab]$"), works: seesLine("web", "^all: a b$")},
	{rule: "mount-path-shape", saw: "on the root, the container was created and failed to start, again and again",
		breaks: inTurn(seesRestarts("web", 1), seesEnd("web", 128, "StartError")), works: seesReady},
	{rule: "mount-path-shape", level: check.Warning, saw: "a relative path was mounted below the root",
		bad:    oneMount("data"),
		run:    map[string]string{"web": `cd /tmp; grep ' /data ' /proc/mounts && touch /data/a && echo mounted; ` + idle},
		breaks: seesLine("web", "^mounted$")},
	{rule: "mount-path-shape", level: check.Warning, saw: "containerd mounted a path with a colon as it is",
		bad:    oneMount("/data:x"),
		run:    map[string]string{"web": `grep ' /data:x ' /proc/mounts && touch /data:x/a && echo mounted; ` + idle},
		breaks: seesLine("web", "^mounted$")},
	{rule: "mount-nested", saw: "the container didn't see what the other one wrote into the hidden folder",
		good: `{volumes: [{name: data, emptyDir: {}}, {name: logs, emptyDir: {}}], containers: [{name: web, volumeMounts: [{name: data, mountPath: /data}, {name: logs, mountPath: /logs}]},
  {name: writer, volumeMounts: [{name: data, mountPath: /logs, subPath: logs}]}]}`,
		run:    map[string]string{"writer": `echo hello >/logs/file; echo written; ` + idle, "web": `while true; do echo "found: $(ls -A /data/logs)"; sleep 1; done`},
		breaks: inTurn(seesLine("writer", "^written$"), seesReady, seesLine("web", "(?s)(^found: $.*){4}")), works: seesLine("web", "^found: file$")},
	{rule: "subpathexpr-undefined", saw: "the container waited with CreateContainerConfigError",
		run:    map[string]string{"web": `touch /data/file; ` + idle},
		breaks: seesWaiting("web", "CreateContainerConfigError", "missing value for POD_NAME"), works: seesReady},
	{rule: "subpathexpr-undefined", saw: "so it did with a variable that the image sets",
		bad:    `{volumes: [{name: data, emptyDir: {}}], containers: [{name: web, volumeMounts: [{name: data, mountPath: /data, subPathExpr: x$(PATH)}]}]}`,
		breaks: seesWaiting("web", "CreateContainerConfigError", "missing value for PATH")},
	{rule: "subpathexpr-undefined", saw: "and with one that is empty",
		bad:    `{volumes: [{name: data, emptyDir: {}}], containers: [{name: web, env: [{name: POD_NAME, value: ""}], volumeMounts: [{name: data, mountPath: /data, subPathExpr: $(POD_NAME)}]}]}`,
		breaks: seesWaiting("web", "CreateContainerConfigError", "missing value for POD_NAME")},
}

func oneMount(path string) string {
	return `{volumes: [{name: data, emptyDir: {}}], containers: [{name: web, volumeMounts: [{name: data, mountPath: "` + path + `"}]}]}`
}

func twoMounts(a, b string) string {
	return `{volumes: [{name: a, emptyDir: {}}, {name: b, emptyDir: {}}],
initContainers: [{name: fill, volumeMounts: [{name: a, mountPath: /a}, {name: b, mountPath: /b}]}],
containers: [{name: web, volumeMounts: [{name: a, mountPath: ` + a + `}, {name: b, mountPath: ` + b + `}]}]}`
}
