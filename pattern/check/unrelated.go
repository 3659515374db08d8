package check

import (
	"strings"

	corev1 "k8s.io/api/core/v1"
)

var unrelatedRules = []Rule{
	{ID: "container-unrelated", Level: Warning,
		Title: "nothing joins a container to the rest of its pod",
		Why:   "the containers of a pod are scheduled, scaled, updated and stopped as one: a container with no volume, port, socket or process in common with the others gains nothing from that",
		Fix:   "put it into a pod of its own, or into initContainers if it runs before the others",
		Bad:   `containers: [{name: orders, readinessProbe: null}, {name: invoices, image: "registry.example.com/invoices:2.0.0", readinessProbe: null}]`,
		Good:  "kind: Pod\nspec: {containers: [{name: orders, readinessProbe: null}]}\n---\nkind: Pod\nmetadata: {name: invoices}\nspec: {containers: [{name: invoices, image: \"registry.example.com/invoices:2.0.0\", readinessProbe: null}]}",
		pod:   containerUnrelated},
}

// containerUnrelated reports a regular container that has nothing in common with
// any other one; the first of them is what the pod is about. It is silent wherever
// there may be more than the pod shows: where a container has a port that another
// one could use on localhost (declared, probed or known of its image), is a native
// sidecar, or is a helper by its name or image; and where two have one image.
func containerUnrelated(x *index, r *Rule) {
	if len(x.spec.Containers) < 2 || x.oneSpace() {
		return
	}
	for _, c := range x.containers {
		if !c.runsToItsEnd() && x.reachesOut(c) {
			return
		}
	}
	regular := x.containers[len(x.spec.InitContainers):]
	for _, c := range regular[1:] {
		if !x.joinedToAny(c, regular) {
			x.report(r, c, "", invalid(c.Name, "no volume, port, socket or process joins this container to another one of the pod", ""), x.party(regular[0], ""))
		}
	}
}

// helperWords are in the names of containers that are there for others.
var helperWords = [...]string{
	"sidecar", "ambassador", "adapter", "helper", "proxy", "agent",
	"exporter", "metrics", "monitor", "collector", "shipper", "logger", "logs", "log",
	"reloader", "reload", "sync", "syncer", "watcher", "watch", "refresher", "renewer",
	"debug", "pause", "cache", "backup",
}

func (x *index) joinedToAny(c site, others []site) bool {
	for _, o := range others {
		if o.Container != c.Container && x.joined(c, o) {
			return true
		}
	}
	return false
}

// oneSpace says whether the containers see each other's processes, or the node's.
func (x *index) oneSpace() bool {
	return x.spec.HostNetwork || x.spec.HostPID || x.spec.HostIPC || isTrue(x.spec.ShareProcessNamespace)
}

// reachesOut says whether a container may have to do with any of the others: it
// serves a port or uses one on localhost, names a socket, or is there to help.
func (x *index) reachesOut(c site) bool {
	if len(c.Ports) > 0 || c.native() || isProbed(c) || knownHelper(c.Image) || knownServer(c.Image) || knownServer(c.Name) ||
		hasWord(c.Name, helperWords[:]...) {
		return true
	}
	if helper, known := x.helper(c); known && helper {
		return true
	}
	for _, d := range x.Dials {
		if d.Container == c.Name && isPodItself(d.Host) {
			return true
		}
	}
	for t := range c.texts {
		if namesLocal(t.text) {
			return true
		}
	}
	return false
}

// isProbed says whether the kubelet probes a port of a container.
func isProbed(c site) bool {
	for _, p := range [...]*corev1.Probe{c.StartupProbe, c.ReadinessProbe, c.LivenessProbe} {
		if p != nil && p.Exec == nil {
			return true
		}
	}
	return false
}

func namesLocal(text string) bool {
	return text != "" && (strings.Contains(text, "localhost") || strings.Contains(text, "127.0.0.1") || strings.Contains(text, "::1") || strings.Contains(text, "unix:") || strings.Contains(text, ".sock"))
}

// joined says whether two containers have something in common that is theirs
// alone.
func (x *index) joined(a, b site) bool {
	if imageName(a.Image) == imageName(b.Image) || firstWord(a.Name) == firstWord(b.Name) || shareVolume(x, a.Container, b.Container) || x.bothOnNode(a, b) {
		return true
	}
	for _, w := range x.Waits {
		if w.Container == a.Name && w.For == b.Name || w.Container == b.Name && w.For == a.Name {
			return true
		}
	}
	for i := range a.VolumeDevices {
		for j := range b.VolumeDevices {
			if a.VolumeDevices[i].Name == b.VolumeDevices[j].Name {
				return true
			}
		}
	}
	return namesContainer(a, b.Name) || namesContainer(b, a.Name)
}

func firstWord(name string) string {
	word, _ := nextWord(name)
	return word
}

// bothOnNode says whether both mount a folder of the node, or a claim under two
// names: then they may meet there.
func (x *index) bothOnNode(a, b site) bool {
	outside := func(c site) bool {
		for i := range c.VolumeMounts {
			v, ok := x.volumes.find(c.VolumeMounts[i].Name)
			if !ok {
				return true // a claim template, perhaps
			}
			if s := &x.spec.Volumes[v].VolumeSource; s.EmptyDir == nil && s.ConfigMap == nil && s.Secret == nil && s.DownwardAPI == nil && s.Projected == nil && s.Image == nil {
				return true
			}
		}
		return false
	}
	return outside(a) && outside(b)
}

// namesContainer says whether a container names another one in its command or its
// variables.
func namesContainer(c site, name string) bool {
	if len(name) < 2 {
		return true
	}
	for t := range c.texts {
		if strings.Contains(t.text, name) {
			return true
		}
	}
	for i := range c.Env {
		e := &c.Env[i]
		if strings.Contains(strings.ToLower(e.Name), name) ||
			e.ValueFrom != nil && e.ValueFrom.ResourceFieldRef != nil && e.ValueFrom.ResourceFieldRef.ContainerName == name {
			return true
		}
	}
	return false
}
