package check

import "strings"

var dataflowRules = []Rule{
	{ID: "reader-without-writer", Level: Broken,
		Title: "an emptyDir is read, and nobody writes it",
		Why:   "the volume starts empty and stays so: what reads it never finds anything",
		Fix:   "mount it, without readOnly, in a container that fills it",
		Bad:   `{containers: [{name: web, volumeMounts: [{name: pages, mountPath: /pages, readOnly: true}]}], volumes: [{name: pages, emptyDir: {sizeLimit: 64Mi}}]}`,
		Good:  `{initContainers: [{name: render, volumeMounts: [{name: pages, mountPath: /pages}]}], containers: [{name: web, volumeMounts: [{name: pages, mountPath: /pages, readOnly: true}]}], volumes: [{name: pages, emptyDir: {sizeLimit: 64Mi}}]}`,
		pod:   readerWithoutWriter},
	{ID: "reader-before-writer", Level: Broken,
		Title: "a container reads an emptyDir before anybody has written it",
		Why:   "init containers run to their end one by one, and whoever writes the volume starts later: the init container finds it empty; and a container that takes a variable from a missing file doesn't start",
		Fix:   "list the container that fills the volume before the one that reads it",
		Bad:   `{initContainers: [{name: verify, volumeMounts: [{name: pages, mountPath: /pages, readOnly: true}]}, {name: render, volumeMounts: [{name: pages, mountPath: /pages}]}], containers: [{name: web, volumeMounts: [{name: pages, mountPath: /pages, readOnly: true}]}], volumes: [{name: pages, emptyDir: {sizeLimit: 64Mi}}]}`,
		Good:  `{initContainers: [{name: render, volumeMounts: [{name: pages, mountPath: /pages}]}, {name: verify, volumeMounts: [{name: pages, mountPath: /pages, readOnly: true}]}], containers: [{name: web, volumeMounts: [{name: pages, mountPath: /pages, readOnly: true}]}], volumes: [{name: pages, emptyDir: {sizeLimit: 64Mi}}]}`,
		pod:   readerBeforeWriter},
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
