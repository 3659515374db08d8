package check

import "strings"

var dataflowRules = []Rule{
	{ID: "reader-without-writer", Level: Broken,
		Title: "an emptyDir is read, and nobody writes it",
		Why:   "the volume starts empty, and stays so: what reads it never finds anything",
		Fix:   "let the container that fills it mount it with Writes",
		Bad:   `{containers: [{name: web, volumeMounts: [{name: pages, mountPath: /pages, readOnly: true}]}], volumes: [{name: pages, emptyDir: {sizeLimit: 64Mi}}]}`,
		Good:  `{initContainers: [{name: render, volumeMounts: [{name: pages, mountPath: /pages}]}], containers: [{name: web, volumeMounts: [{name: pages, mountPath: /pages, readOnly: true}]}], volumes: [{name: pages, emptyDir: {sizeLimit: 64Mi}}]}`,
		pod:   readerWithoutWriter},
	{ID: "reader-before-writer", Level: Broken,
		Title: "an init container reads an emptyDir before anybody has written it",
		Why:   "init containers run to their end one by one, and whoever writes the volume starts later: the init container finds it empty. A container whose variable comes from a file doesn't start without the file",
		Fix:   "list the container that fills the volume before the one that reads it",
		Bad:   `{initContainers: [{name: verify, volumeMounts: [{name: pages, mountPath: /pages, readOnly: true}]}, {name: render, volumeMounts: [{name: pages, mountPath: /pages}]}], containers: [{name: web, volumeMounts: [{name: pages, mountPath: /pages, readOnly: true}]}], volumes: [{name: pages, emptyDir: {sizeLimit: 64Mi}}]}`,
		Good:  `{initContainers: [{name: render, volumeMounts: [{name: pages, mountPath: /pages}]}, {name: verify, volumeMounts: [{name: pages, mountPath: /pages, readOnly: true}]}], containers: [{name: web, volumeMounts: [{name: pages, mountPath: /pages, readOnly: true}]}], volumes: [{name: pages, emptyDir: {sizeLimit: 64Mi}}]}`,
		pod:   readerBeforeWriter},
	{ID: "reader-path-mismatch", Level: Warning,
		Title: "a container reads a part of an emptyDir that nobody writes",
		Why:   "a subPath shows one folder of the volume: what goes into another folder is never seen",
		Fix:   "mount the same subPath on both sides, or none",
		Bad:   `{containers: [{name: web, volumeMounts: [{name: logs, mountPath: /var/log/web, subPath: web}]}, {name: log-shipper, volumeMounts: [{name: logs, mountPath: /logs, subPath: app, readOnly: true}]}], volumes: [{name: logs, emptyDir: {sizeLimit: 64Mi}}]}`,
		Good:  `{containers: [{name: web, volumeMounts: [{name: logs, mountPath: /var/log/web, subPath: web}]}, {name: log-shipper, volumeMounts: [{name: logs, mountPath: /logs, subPath: web, readOnly: true}]}], volumes: [{name: logs, emptyDir: {sizeLimit: 64Mi}}]}`,
		pod:   readerPathMismatch},
	{ID: "writer-on-readonly", Level: Broken,
		Title:  "a container is to write a volume that it can only read",
		Why:    "a configMap, secret, downwardAPI, projected or image volume is mounted read-only whatever the mount says, as is a mount with readOnly: the first write fails",
		Fix:    "write into an emptyDir or a claim, mounted without readOnly",
		Bad:    `{containers: [{name: web, volumeMounts: [{name: settings, mountPath: /settings}]}], volumes: [{name: settings, configMap: {name: settings}}]}`,
		Good:   `{containers: [{name: web, volumeMounts: [{name: settings, mountPath: /settings}]}], volumes: [{name: settings, emptyDir: {sizeLimit: 64Mi}}]}`,
		Intent: Intent{Flows: []Flow{{Container: "web", Volume: "settings", Writes: true}}},
		pod:    writerOnReadonly},
	{ID: "shared-volume-lonely", Level: Warning,
		Title: "a volume that is meant to be shared is mounted by one container",
		Why:   "the other side was forgotten, or mounts another volume: what is written there is read by nobody. This asks for a name: shared, or logs where a container that handles logs shares no volume with the writer",
		Fix:   "mount the volume in the container that reads it too; a volume that nobody else needs is better named after what it holds",
		Bad:   `{containers: [{name: web, volumeMounts: [{name: logs, mountPath: /var/log/web}]}, {name: log-shipper}], volumes: [{name: logs, emptyDir: {sizeLimit: 64Mi}}]}`,
		Good:  `{containers: [{name: web, volumeMounts: [{name: logs, mountPath: /var/log/web}]}, {name: log-shipper, volumeMounts: [{name: logs, mountPath: /logs, readOnly: true}]}], volumes: [{name: logs, emptyDir: {sizeLimit: 64Mi}}]}`,
		pod:   sharedVolumeLonely},
	{ID: "rotate-exceeds-volume", Level: Warning,
		Title: "the rotated logs of a container take more than their volume holds",
		Why:   "once the emptyDir is larger than its sizeLimit, the kubelet evicts the pod. This reads the arguments of multilog (s and n), rotatelogs (-n and a size), the JVM (-Xlog with filecount and filesize), and flags such as --max-size=10MB with --max-files=5 or --audit-log-maxsize with --audit-log-maxbackup",
		Fix:   "keep fewer or smaller files, or raise the volume's sizeLimit above their product",
		Bad:   `{containers: [{name: web, args: [--log-file=/logs/web.log, --log-max-size=16Mi, --log-max-files=8], volumeMounts: [{name: logs, mountPath: /logs}]}], volumes: [{name: logs, emptyDir: {sizeLimit: 64Mi}}]}`,
		Good:  `{containers: [{name: web, args: [--log-file=/logs/web.log, --log-max-size=4Mi, --log-max-files=8], volumeMounts: [{name: logs, mountPath: /logs}]}], volumes: [{name: logs, emptyDir: {sizeLimit: 64Mi}}]}`,
		pod:   rotateExceedsVolume},
}

// readerWithoutWriter: an emptyDir starts empty, so where everybody only reads,
// there is never anything to read.
func readerWithoutWriter(x *index, r *Rule) {
	if !x.hasEmptyDir() {
		return
	}
	var flows firsts[Flow]
	x.said(&flows)
	var memory dataUses
	uses := memory.of(len(x.spec.Volumes))
	for _, c := range x.containers {
		for i := range c.VolumeMounts {
			m := &c.VolumeMounts[i]
			v, ok := x.emptyDirAt(m.Name)
			switch {
			case !ok || masks(m):
			case mayWrite(&flows, c, m):
				uses[v] |= isWritten
			default:
				uses[v] |= isRead
			}
		}
		for i := range c.Env {
			if name := x.envFile(&c.Env[i]); name != "" {
				if v, ok := x.emptyDirAt(name); ok {
					uses[v] |= isRead
				}
			}
		}
	}
	for v, use := range uses {
		if use&(isRead|isWritten) == isRead {
			x.reportUnwritten(r, x.spec.Volumes[v].Name)
		}
	}
}

// reportUnwritten reports a volume at the first container that reads it.
func (x *index) reportUnwritten(r *Rule, volume string) {
	var readers []Party
	var first site
	reads := func(c site, field string) {
		if readers == nil {
			first = c
		}
		readers = append(readers, x.party(c, field))
	}
	for _, c := range x.containers {
		for i := range c.VolumeMounts {
			if c.VolumeMounts[i].Name == volume {
				reads(c, ".volumeMounts"+at(i)+".name")
			}
		}
		for i := range c.Env {
			if x.envFile(&c.Env[i]) == volume {
				reads(c, ".env"+at(i)+".valueFrom.fileKeyRef.volumeName")
			}
		}
	}
	field := strings.TrimPrefix(readers[0].Path, x.path(first, ""))
	x.report(r, first, field, invalid(volume, "the volume starts empty, and every container that mounts it only reads", ""), readers[1:]...)
}

// readerBeforeWriter follows the start order. A volume that nobody writes at all
// is reader-without-writer's.
func readerBeforeWriter(x *index, r *Rule) {
	if len(x.spec.InitContainers) == 0 && !x.hasEnvFile() || !x.hasEmptyDir() {
		return
	}
	var flows firsts[Flow]
	x.said(&flows)
	var memory dataUses
	written := memory.of(len(x.spec.Volumes))
	for k, c := range x.containers {
		for i := range c.Env {
			name := x.envFile(&c.Env[i])
			if name == "" {
				continue
			}
			if v, ok := x.emptyDirAt(name); ok && written[v] == 0 {
				x.reportEarlyReader(r, &flows, k, k, name, ".env"+at(i)+".valueFrom.fileKeyRef.volumeName")
			}
		}
		for i := range c.VolumeMounts {
			if m := &c.VolumeMounts[i]; mayWrite(&flows, c, m) {
				if v, ok := x.emptyDirAt(m.Name); ok {
					written[v] = isWritten
				}
			}
		}
		if !c.runsToItsEnd() {
			continue // it reads when there is something
		}
		for i := range c.VolumeMounts {
			m := &c.VolumeMounts[i]
			if v, ok := x.emptyDirAt(m.Name); ok && written[v] == 0 && !masks(m) {
				x.reportEarlyReader(r, &flows, k, k+1, m.Name, ".volumeMounts"+at(i)+".name")
				written[v] = isWritten // once is enough
			}
		}
	}
}

func (x *index) hasEnvFile() bool {
	for _, c := range x.containers {
		for i := range c.Env {
			if x.envFile(&c.Env[i]) != "" {
				return true
			}
		}
	}
	return false
}

// reportEarlyReader names the first of the containers from a place on that writes.
// Regular containers don't wait for each other: one that lacks its file is tried
// again until another one has written it.
func (x *index) reportEarlyReader(r *Rule, flows *firsts[Flow], reader, from int, volume, field string) {
	c := x.containers[reader]
	for k, w := range x.containers[from:] {
		for i := range w.VolumeMounts {
			m := &w.VolumeMounts[i]
			if m.Name != volume || !mayWrite(flows, w, m) {
				continue
			}
			detail := "the volume is empty when this container starts: " + w.Name + " writes it, and starts later"
			if from+k == reader {
				detail = "the file isn't there when this container starts: nobody has written the volume before"
			}
			if !c.init && x.writtenByAnother(flows, c, volume) {
				return
			}
			x.report(r, c, field, invalid(volume, detail, ""), x.party(w, ".volumeMounts"+at(i)+".name"))
			return
		}
	}
}

func (x *index) writtenByAnother(flows *firsts[Flow], c site, volume string) bool {
	for _, o := range x.containers {
		for i := range o.VolumeMounts {
			if m := &o.VolumeMounts[i]; m.Name == volume && o.Container != c.Container && mayWrite(flows, o, m) {
				return true
			}
		}
	}
	return false
}
