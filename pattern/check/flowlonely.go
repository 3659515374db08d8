package check

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

var lonelyRules = []Rule{
	{ID: "shared-volume-lonely", Level: Warning,
		Title: "a volume that is meant to be shared is mounted by one container",
		Why:   "the other side was forgotten, or mounts another volume: nobody reads what is written there; this goes by the name of an emptyDir, shared or logs, and by a container beside it that shares no volume with this one",
		Fix:   "mount the volume in the container that reads it too; a volume that nobody else needs is better named after what it holds",
		Bad:   `{containers: [{name: web, volumeMounts: [{name: logs, mountPath: /var/log/web}]}, {name: log-shipper}], volumes: [{name: logs, emptyDir: {sizeLimit: 64Mi}}]}`,
		Good:  `{containers: [{name: web, volumeMounts: [{name: logs, mountPath: /var/log/web}]}, {name: log-shipper, volumeMounts: [{name: logs, mountPath: /logs, readOnly: true}]}], volumes: [{name: logs, emptyDir: {sizeLimit: 64Mi}}]}`,
		pod:   sharedVolumeLonely},
}

// sharedVolumeLonely goes by names, which is all that says that a volume is meant
// to be shared: an emptyDir that makes one folder of a read-only image writable
// looks the same otherwise.
func sharedVolumeLonely(x *index, r *Rule) {
	if len(x.containers) < 2 || !x.hasEmptyDir() {
		return
	}
	for v := range x.spec.Volumes {
		volume := &x.spec.Volumes[v]
		if volume.EmptyDir == nil {
			continue
		}
		if volume.EmptyDir.Medium == corev1.StorageMediumMemory && hasWord(volume.Name, "memory", "mem", "shm") {
			continue // what is shared is memory, between the processes of one container
		}
		shared := hasWord(volume.Name, "shared", "exchange")
		if !shared && !hasWord(volume.Name, "logs", "log") {
			continue
		}
		only, mount := x.onlyMount(volume.Name)
		if only < 0 || x.private(x.containers[only], volume.Name) {
			continue
		}
		c := x.containers[only]
		if other, ok := x.forgotten(c, shared); ok {
			x.report(r, c, ".volumeMounts"+at(mount)+".name", invalid(volume.Name, "no other container mounts the volume, "+other.Name+" doesn't either", ""), x.party(other, ".volumeMounts"))
		}
	}
}

// onlyMount gives the place of the one container that mounts a volume, and of its
// mount; -1: there is none, or more than one.
func (x *index) onlyMount(volume string) (container, mount int) {
	container = -1
	for k, c := range x.containers {
		for i := range c.VolumeMounts {
			if c.VolumeMounts[i].Name != volume {
				continue
			}
			if container >= 0 && container != k {
				return -1, 0
			}
			container, mount = k, i
		}
	}
	return container, mount
}

// private says whether a volume is for one container: its author says so, or its
// name starts with that of the container.
func (x *index) private(c site, volume string) bool {
	return slices.Contains(x.Private, volume) || c.Name != "" && strings.HasPrefix(volume, c.Name+"-")
}

// forgotten gives the container that should have mounted the volume of another
// one: for one that is called shared any that runs beside it, for logs one that
// handles logs. One that has another volume in common with it was not forgotten.
func (x *index) forgotten(c site, shared bool) (site, bool) {
	for _, o := range x.containers {
		if o.Container == c.Container || o.runsToItsEnd() || shareVolume(x, c.Container, o.Container) {
			continue
		}
		if shared && !knownHelper(o.Image) || hasWord(o.Name, "log", "logs", "logger", "logging", "shipper") || handlesLogs(o.Image) {
			return o, true
		}
	}
	return site{}, false
}

// shareVolume says whether two containers mount a volume through which data can
// go from one to the other.
func shareVolume(x *index, a, b *corev1.Container) bool {
	var mine firsts[string]
	for i := range a.VolumeMounts {
		mine.at(a.VolumeMounts[i].Name, i)
	}
	for i := range b.VolumeMounts {
		if _, both := mine.find(b.VolumeMounts[i].Name); both && x.readOnlyKind(b.VolumeMounts[i].Name) == "" {
			return true
		}
	}
	return false
}
