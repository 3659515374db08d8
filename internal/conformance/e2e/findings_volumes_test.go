package e2e_test

import (
	"time"

	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

// Volumes that can't be set up, that overflow or that stay as they were.
var volumesBroken = []broken{
	{rule: "config-key-unknown", saw: "the container waited with CreateContainerConfigError, and started when the key was there",
		run: map[string]string{"web": `echo "hello $GREETING"; ` + idle},
		breaks: inTurn(seesWaiting("web", "CreateContainerConfigError", "couldn't find key greeting in ConfigMap"),
			func(s *space, _ string) { s.setData("configmaps", "web", "greeting", "all") },
			seesLine("web", "^hello all$")),
		works: seesLine("web", "^hello world$")},
	{rule: "config-key-unknown", saw: "a volume with the key was tried again and again, and no container started",
		bad:    configVolume(`configMap: {name: web, items: [{key: nowhere, path: web.conf}]}`, "ConfigMap", "data"),
		good:   configVolume(`configMap: {name: web, items: [{key: conf, path: web.conf}]}`, "ConfigMap", "data"),
		breaks: seesNoVolume("references non-existent config key: nowhere"), works: seesReady},
	{rule: "secret-key-unknown", saw: "the container waited with CreateContainerConfigError, and started when the key was there",
		run: map[string]string{"web": `echo "got $PASSWORD"; ` + idle},
		breaks: inTurn(seesWaiting("web", "CreateContainerConfigError", "couldn't find key pass in Secret"),
			func(s *space, _ string) { s.setData("secrets", "web", "pass", "another") },
			seesLine("web", "^got another$")),
		works: seesLine("web", "^got example$")},
	{rule: "secret-key-unknown", saw: "a volume with the key was tried again and again, and no container started",
		bad:    configVolume(`secret: {secretName: web, items: [{key: nowhere, path: web.conf}]}`, "Secret", "stringData"),
		good:   configVolume(`secret: {secretName: web, items: [{key: conf, path: web.conf}]}`, "Secret", "stringData"),
		breaks: seesNoVolume("references non-existent secret key: nowhere"), works: seesReady},
	{rule: "emptydir-medium", saw: "the kubelet tried again and again to set the volume up, and no container started",
		breaks: seesNoVolume(`unknown storage medium "memory"`), works: seesReady},
	{rule: "emptydir-medium", saw: "with HugePages that no container requests, no container started",
		bad:    `{volumes: [{name: shm, emptyDir: {medium: HugePages}}], containers: [{name: web, volumeMounts: [{name: shm, mountPath: /dev/shm}]}]}`,
		breaks: seesNoVolume("there is no resource request for huge pages")},
	{rule: "emptydir-memory", saw: "the kernel killed the container that filled the volume; with a sizeLimit it got an error",
		bad:    inMemory(`{medium: Memory}`),
		good:   inMemory(`{medium: Memory, sizeLimit: 4Mi}`),
		run:    map[string]string{"web": `exec dd if=/dev/zero of=/mem/file bs=1M count=64`},
		breaks: seesOutOfMemory("web"), works: seesLine("web", "No space left on device")},
	{rule: "rotate-exceeds-volume", saw: "the kubelet evicted the pod",
		bad:    rotatingLogs("--log-max-size=1Mi", "--log-max-files=8"),
		good:   rotatingLogs("--log-max-size=256Ki", "--log-max-files=2"),
		run:    map[string]string{"web": rotatesLogs},
		breaks: seesEviction, works: seesLine("web", "^rotated$")},
	{rule: "keypath-overlap", saw: "where one file had to be a folder, no container started",
		bad:    configItems(`[{key: a, path: web}, {key: b, path: web/tls}]`),
		good:   configItems(`[{key: a, path: web}, {key: b, path: tls}]`),
		breaks: seesNoVolume("MountVolume.SetUp failed for volume"), works: seesReady},
	{rule: "keypath-overlap", saw: "of two files with one path there was the later one",
		bad:    configItems(`[{key: a, path: web}, {key: b, path: web}]`),
		run:    map[string]string{"web": `echo "$(cat /etc/web/web)"; ` + idle},
		breaks: seesLine("web", "^of b$")},
	{rule: "subpath-stale", saw: "a change reached the volume that was mounted whole, and not the file that was mounted by subPath",
		bad:    mountedConfig(`mountPath: /etc/web/conf, subPath: conf`),
		good:   mountedConfig(`mountPath: /etc/web`),
		breaks: seesOutput("web", "^old$", "cat", "/etc/web/conf"), works: inTurn(seesReady, seesChange)},
	{rule: "volume-unused", saw: "the pod ran, though the ConfigMap of the volume was not there",
		bad: `{containers: [{name: web}], volumes: [{name: config, configMap: {name: nowhere}}]}`, breaks: seesReady},
	{rule: "resourcefieldref-container", saw: "a file with the figure was tried again and again, and no container started",
		bad:    withInfo(`downwardAPI: {items: [{path: memory, resourceFieldRef: {containerName: app, resource: limits.memory}}]}`),
		good:   withInfo(`downwardAPI: {items: [{path: memory, resourceFieldRef: {containerName: web, resource: limits.memory}}]}`),
		breaks: seesNoVolume("container app not found"), works: seesReady},
	{rule: "resourcefieldref-container", saw: "the same in a projected volume",
		bad:    withInfo(`projected: {sources: [{downwardAPI: {items: [{path: memory, resourceFieldRef: {containerName: app, resource: limits.memory}}]}}]}`),
		breaks: seesNoVolume("container app not found")},
}

func configVolume(source, kind, data string) string {
	return "kind: Pod\nspec: {containers: [{name: web, volumeMounts: [{name: config, mountPath: /etc/web}]}], volumes: [{name: config, " + source + "}]}\n---\nkind: " + kind + "\n" + data + ": {conf: all}"
}

func configItems(items string) string {
	return "kind: Pod\nspec: {containers: [{name: web, volumeMounts: [{name: config, mountPath: /etc/web}]}], volumes: [{name: config, configMap: {name: web, items: " + items + "}}]}\n---\nkind: ConfigMap\ndata: {a: of a, b: of b}"
}

func mountedConfig(mount string) string {
	return "kind: Pod\nspec: {containers: [{name: web, volumeMounts: [{name: config, " + mount + "}]}], volumes: [{name: config, configMap: {name: web}}]}\n---\nkind: ConfigMap\ndata: {conf: old}"
}

func inMemory(emptyDir string) string {
	return `{containers: [{name: web, resources: {limits: {memory: 24Mi}}, volumeMounts: [{name: mem, mountPath: /mem}]}], volumes: [{name: mem, emptyDir: ` + emptyDir + `}]}`
}

func rotatingLogs(size, files string) string {
	return `{containers: [{name: web, args: [--log-file=/logs/web.log, ` + size + `, ` + files + `], volumeMounts: [{name: logs, mountPath: /logs}]}], volumes: [{name: logs, emptyDir: {sizeLimit: 2Mi}}]}`
}

func withInfo(source string) string {
	return `{containers: [{name: web, volumeMounts: [{name: info, mountPath: /info}]}], volumes: [{name: info, ` + source + `}]}`
}

// rotatesLogs fills as many files as its arguments allow, as a program that rotates its logs
// does in time.
const rotatesLogs = `size=${2#*=} count=${3#*=}
case $size in *Mi) k=$((${size%Mi} * 1024)) ;; *) k=${size%Ki} ;; esac
for i in $(seq $count); do dd if=/dev/zero of=/logs/web.log.$i bs=1k count=$k 2>/dev/null; done; echo rotated
` + idle

// seesEviction has patience: the kubelet looks at the sizes of volumes once a minute.
func seesEviction(s *space, name string) {
	s.Helper()
	s.pod(name, "evicted", 3*waitLong, func(p *corev1.Pod) bool {
		return p.Status.Phase == corev1.PodFailed && p.Status.Reason == "Evicted"
	})
	s.hasEvent(name, `exceeds the limit "2Mi"`)
}

// seesChange changes the ConfigMap and waits for the whole volume to have it. A change of the
// pod makes the kubelet look at once; both pods get one.
func seesChange(s *space, name string) {
	s.Helper()
	s.ready("bad")
	s.setData("configmaps", "web", "conf", "new")
	s.until("the change", waitLong, func() (bool, string) {
		for _, pod := range []string{"bad", name} {
			patch := []byte(`{"metadata":{"annotations":{"look":"` + time.Now().String() + `"}}}`)
			_, err := s.CoreV1().Pods(s.name).Patch(s.ctx, pod, types.MergePatchType, patch, metav1.PatchOptions{})
			require.NoError(s, err)
		}
		out, err := s.exec(name, "web", "cat", "/etc/web/conf")
		return err == nil && out == "new", out
	})
}

// What two containers do with a volume.
var dataBroken = []broken{
	{rule: "reader-without-writer", saw: "the reader never found anything",
		run:    map[string]string{"web": listsPages, "render": `echo hello >/pages/index.html`},
		breaks: inTurn(seesLine("web", "(?s)(^found: $.*){3}"), seesNoOutput("web", "ls", "-A", "/pages")),
		works:  seesLine("web", "^found: index.html$")},
	{rule: "reader-before-writer", saw: "the init container found the volume empty at each try, and the one that fills it never ran",
		run:    map[string]string{"verify": `ls -A /pages | grep . || { echo empty; exit 1; }`, "render": `echo hello >/pages/index.html`},
		breaks: inTurn(seesFailures("verify"), sawLine("verify", "^empty$"), seesNotStarted("render"), seesNotStarted("web")), works: seesReady},
	{rule: "reader-before-writer", saw: "a container that took a variable from a file that only it could write waited with CreateContainerConfigError",
		bad:    `{containers: [{name: web, volumeMounts: [{name: data, mountPath: /data}], env: [{name: TIER, valueFrom: {fileKeyRef: {volumeName: data, path: web.env, key: TIER}}}]}], volumes: [{name: data, emptyDir: {}}]}`,
		good:   `{initContainers: [{name: write, volumeMounts: [{name: data, mountPath: /data}]}], containers: [{name: web, env: [{name: TIER, valueFrom: {fileKeyRef: {volumeName: data, path: web.env, key: TIER}}}]}], volumes: [{name: data, emptyDir: {}}]}`,
		run:    map[string]string{"write": `echo "TIER='gold'" >/data/web.env`, "web": `echo "tier $TIER"; ` + idle},
		breaks: seesWaiting("web", "CreateContainerConfigError", ""), works: seesLine("web", "^tier gold$")},
	{rule: "reader-path-mismatch", saw: "the reader saw nothing of what was written in another folder of the volume",
		run:    map[string]string{"web": `echo hello >/var/log/web/web.log; ` + idle, "log-shipper": `while true; do echo "found: $(ls -A /logs)"; sleep 1; done`},
		breaks: inTurn(seesReady, seesOutput("web", "hello", "cat", "/var/log/web/web.log"), seesLine("log-shipper", "(?s)(^found: $.*){3}")),
		works:  seesLine("log-shipper", "^found: web.log$")},
	{rule: "shared-volume-lonely", saw: "the other container didn't see what was written",
		good:   `{containers: [{name: web, volumeMounts: [{name: logs, mountPath: /var/log/web}]}, {name: log-shipper, volumeMounts: [{name: logs, mountPath: /var/log/web}]}], volumes: [{name: logs, emptyDir: {sizeLimit: 64Mi}}]}`,
		run:    map[string]string{"web": `echo hello >/var/log/web/web.log; ` + idle, "log-shipper": `while true; do cat /var/log/web/web.log; sleep 1; done`},
		breaks: seesLine("log-shipper", "(?s)(No such file.*){3}"), works: seesLine("log-shipper", "^hello$")},
	{rule: "writer-on-readonly", saw: "the first write failed: read-only file system",
		good: `kind: Pod
spec: {containers: [{name: web, volumeMounts: [{name: settings, mountPath: /settings}]}], volumes: [{name: settings, emptyDir: {sizeLimit: 64Mi}}]}`,
		bad: `kind: Pod
spec: {containers: [{name: web, volumeMounts: [{name: settings, mountPath: /settings}]}], volumes: [{name: settings, configMap: {name: settings}}]}
---
kind: ConfigMap
metadata: {name: settings}
data: {a: b}`,
		run: writesSettings, breaks: seesReadOnly, works: seesLine("web", "^written$")},
	{rule: "writer-on-readonly", saw: "so did that to a secret",
		bad: `kind: Pod
spec: {containers: [{name: web, volumeMounts: [{name: settings, mountPath: /settings}]}], volumes: [{name: settings, secret: {secretName: settings}}]}
---
kind: Secret
metadata: {name: settings}
stringData: {a: b}`,
		run: writesSettings, breaks: seesReadOnly},
	{rule: "writer-on-readonly", saw: "so did that to a downwardAPI volume",
		bad: settingsFrom(`downwardAPI: {items: [{path: labels, fieldRef: {fieldPath: metadata.labels}}]}`), run: writesSettings, breaks: seesReadOnly},
	{rule: "writer-on-readonly", saw: "so did that to a projected volume",
		bad: settingsFrom(`projected: {sources: [{downwardAPI: {items: [{path: labels, fieldRef: {fieldPath: metadata.labels}}]}}]}`), run: writesSettings, breaks: seesReadOnly},
	{rule: "writer-on-readonly", saw: "so did that to an emptyDir whose mount has readOnly",
		bad: `{containers: [{name: web, volumeMounts: [{name: settings, mountPath: /settings, readOnly: true}]}, {name: other, volumeMounts: [{name: settings, mountPath: /settings}]}], volumes: [{name: settings, emptyDir: {}}]}`, run: writesSettings, breaks: seesReadOnly},
	{rule: "socket-unshared", saw: "the server made its socket, and the client never saw it",
		run:    map[string]string{"app": "mkdir -p /run/app; ln -s /run/app/app.sock /dev/log; exec syslogd -n -O -", "web": socketClient},
		breaks: inTurn(seesLine("web", "(?s)(^no socket$.*){3}"), seesOutput("app", "^s", "ls", "-l", "/run/app/app.sock")),
		works:  seesLine("app", "hello there")},
	{rule: "uid-mismatch", saw: "the other user could not change the file, with fsGroup neither; with fsGroup and umask 002 it could",
		bad: twoUsers(``, `echo job >/queue/job; `+idle), good: twoUsers(`fsGroup: 10001`, `umask 002; echo job >/queue/job; `+idle),
		run: map[string]string{"agent": changesJob},
		breaks: inTurn(seesShutOut, func(s *space, _ string) { // a group alone is not enough
			s.Helper()
			s.create(objectsOf(s.T, twoUsers(`fsGroup: 10001`, `echo job >/queue/job; `+idle), "grouped", map[string]string{"agent": changesJob}))
			seesShutOut(s, "grouped")
		}),
		works: seesLine("agent", "^changed$")},
}

// listsPages prints what there is in the pages, every second.
const listsPages = `while true; do echo "found: $(ls -A /pages)"; sleep 1; done`

var writesSettings = map[string]string{"web": `touch /settings/mine && echo written; ` + idle}

// seesReadOnly: the write failed, and because of that.
var seesReadOnly = seesLine("web", "Read-only file system")

func settingsFrom(source string) string {
	return `{containers: [{name: web, volumeMounts: [{name: settings, mountPath: /settings}]}], volumes: [{name: settings, ` + source + `}]}`
}

// changesJob waits for the file of the other container, and changes it.
const changesJob = `until [ -s /queue/job ]; do sleep 1; done; ls -ln /queue; echo done >>/queue/job && echo changed; ` + idle

var seesShutOut = seesLine("agent", "can't create /queue/job: Permission denied")

func twoUsers(security, script string) string {
	return `{securityContext: {` + security + `}, volumes: [{name: queue, emptyDir: {sizeLimit: 1Mi}}], containers: [{name: web, command: [sh, -c, "` + script + `"], securityContext: {runAsUser: 10001}, volumeMounts: [{name: queue, mountPath: /queue}]}, {name: agent, securityContext: {runAsUser: 10002}, volumeMounts: [{name: queue, mountPath: /queue}]}]}`
}

// socketClient sends a line to the socket of a log daemon, once that is there.
const socketClient = `mkdir -p /run/app; ln -s /run/app/app.sock /dev/log
until [ -S /run/app/app.sock ]; do echo no socket; sleep 1; done; logger hello there; ` + idle
