package check

import (
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

var uidRules = []Rule{
	{ID: "uid-mismatch", Level: Warning,
		Title: "two containers write to one volume as different users",
		Why:   "a file belongs to the user that wrote it: the other one can't change it, nor connect to it if it is a socket",
		Fix:   "one runAsUser for both; or the pod's fsGroup, and umask 002 in the programs, so that the group may write too",
		Bad:   `{securityContext: {fsGroup: null}, volumes: [{name: queue, emptyDir: {sizeLimit: 1Mi}}], containers: [{name: web, volumeMounts: [{name: queue, mountPath: /queue}]}, {name: agent, securityContext: {runAsUser: 10002}, volumeMounts: [{name: queue, mountPath: /queue}]}]}`,
		Good:  `{securityContext: {fsGroup: 10001}, volumes: [{name: queue, emptyDir: {sizeLimit: 1Mi}}], containers: [{name: web, volumeMounts: [{name: queue, mountPath: /queue}]}, {name: agent, readinessProbe: null, volumeMounts: [{name: queue, mountPath: /queue}]}]}`,
		pod:   uidMismatch},
}

// sharer is a container that mounts a volume and whose user is known.
type sharer struct {
	c      site
	mount  int
	uid    int64
	writes bool
}

// uidMismatch: an emptyDir is open to all (0777), but each file belongs to its
// writer and is as open as the writer's umask leaves it. With fsGroup the kubelet
// gives the volume a group that all containers have; whether the umask lets the group
// write too, only the programs know.
// upstream: kubernetes/kubernetes pkg/volume/emptydir/empty_dir.go
func uidMismatch(x *index, r *Rule) {
	if x.windows() || x.spec.SecurityContext != nil && x.spec.SecurityContext.FSGroup != nil {
		return
	}
	var flows firsts[Flow]
	x.said(&flows)
	if !x.writersDiffer(&flows) {
		return
	}
	sharers := make(map[string][]sharer)
	x.mounts(func(c site, i int, m *corev1.VolumeMount) {
		uid, known := x.uid(c)
		if !known || !x.sharedFiles(m.Name) {
			return
		}
		sharers[m.Name] = append(sharers[m.Name], sharer{c, i, uid, mayWrite(&flows, c, m)})
	})
	x.mounts(func(c site, i int, m *corev1.VolumeMount) {
		if all := sharers[m.Name]; len(all) > 1 {
			delete(sharers, m.Name)
			x.strangers(r, m.Name, all)
		}
	})
}

// writersDiffer says whether two containers that write to one volume are known to run as
// different users.
func (x *index) writersDiffer(flows *firsts[Flow]) (differ bool) {
	var writers firsts[string]
	x.mounts(func(c site, _ int, m *corev1.VolumeMount) {
		if uid, known := x.uid(c); known && mayWrite(flows, c, m) && x.sharedFiles(m.Name) {
			first, seen := writers.at(m.Name, int(uid))
			differ = differ || seen && first != int(uid)
		}
	})
	return differ
}

// sharedFiles says whether a volume keeps files as their writers made them.
func (x *index) sharedFiles(volume string) bool {
	v, ok := x.volumes.find(volume)
	if !ok {
		for _, claim := range x.claims {
			if claim == volume {
				return true
			}
		}
		return false
	}
	s := &x.spec.Volumes[v]
	return s.EmptyDir != nil || s.PersistentVolumeClaim != nil || s.Ephemeral != nil
}

// strangers reports the first container that can't do with the files of a volume
// what the first writer can, or the other way round.
func (x *index) strangers(r *Rule, volume string, all []sharer) {
	w := -1
	for i := range all {
		if x.setsOwner(&all[i]) {
			return
		}
		if w < 0 && all[i].writes {
			w = i
		}
	}
	if w < 0 {
		return
	}
	writer := &all[w]
	for i := range all {
		other := &all[i]
		if !x.shutOut(writer, other) && !x.shutOut(other, writer) {
			continue
		}
		first, second := writer, other
		if i < w {
			first, second = other, writer
		}
		detail := fmt.Sprintf("%s writes to %s as user %d, and %s as user %d: with the usual umask neither can change the files of the other",
			writer.c.Name, volume, writer.uid, other.c.Name, other.uid)
		x.report(r, second.c, ".volumeMounts"+at(second.mount)+".name", invalid(volume, detail, ""), x.party(first.c, ".volumeMounts"+at(first.mount)+".name"))
		return
	}
}

// shutOut says whether the files of a writer may be closed to another container
// that writes too: not to root, nor to one of the same group. Who only reads can
// with the usual umask, 022.
func (x *index) shutOut(writer, other *sharer) bool {
	if !writer.writes || !other.writes || writer.uid == other.uid || other.uid == 0 || !sameFiles(writer, other) {
		return false
	}
	group, known := x.gid(writer.c)
	if !known {
		return true
	}
	if g, known := x.gid(other.c); known && g == group {
		return false
	}
	for _, g := range x.supplementalGroups() {
		if g == group {
			return false
		}
	}
	return true
}

// sameFiles says whether two mounts may show the same folder of a volume.
func sameFiles(a, b *sharer) bool {
	m, n := &a.c.VolumeMounts[a.mount], &b.c.VolumeMounts[b.mount]
	if m.SubPathExpr != "" || n.SubPathExpr != "" {
		return m.SubPathExpr == n.SubPathExpr
	}
	return m.SubPath == n.SubPath || m.SubPath == "" || n.SubPath == ""
}

// setsOwner says whether a container looks after the rights of the files: an init
// container that is root, or a command that changes them.
func (x *index) setsOwner(s *sharer) bool {
	if s.uid == 0 && s.c.runsToItsEnd() {
		return true
	}
	for t := range s.c.texts {
		for _, tool := range [...]string{"chown", "chmod", "chgrp", "setfacl", "umask", "install -", "group-write"} {
			if !t.inEnv() && strings.Contains(t.text, tool) {
				return true
			}
		}
	}
	return false
}

func (x *index) supplementalGroups() []int64 {
	if x.spec.SecurityContext == nil {
		return nil
	}
	return x.spec.SecurityContext.SupplementalGroups
}
