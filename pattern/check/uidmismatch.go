package check

import (
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// sharer is a container that mounts a volume and whose user is known.
type sharer struct {
	c      site
	mount  int
	uid    int64
	writes bool
}

// uidMismatch: an emptyDir is open to all (0777), but each file belongs to its
// writer and is as open as the writer's umask leaves it. With fsGroup the kubelet
// gives the volume a group that all containers have.
// upstream: kubernetes/kubernetes pkg/volume/emptydir/empty_dir.go
func uidMismatch(x *index, r *Rule) {
	if x.windows() || x.spec.SecurityContext != nil && x.spec.SecurityContext.FSGroup != nil || !x.usersDiffer() {
		return
	}
	var flows firsts[Flow]
	for _, f := range x.Flows {
		flows.at(f, 0)
	}
	sharers := make(map[string][]sharer)
	x.mounts(func(c site, i int, m *corev1.VolumeMount) {
		uid, known := x.uid(c)
		if !known || !x.sharedFiles(m.Name) {
			return
		}
		_, reads := flows.find(Flow{Container: c.Name, Volume: m.Name})
		_, writes := flows.find(Flow{Container: c.Name, Volume: m.Name, Writes: true})
		sharers[m.Name] = append(sharers[m.Name], sharer{c, i, uid, !m.ReadOnly && (writes || !reads)})
	})
	x.mounts(func(c site, i int, m *corev1.VolumeMount) {
		if all := sharers[m.Name]; len(all) > 1 {
			delete(sharers, m.Name)
			x.strangers(r, m.Name, all)
		}
	})
}

// usersDiffer says whether two containers are known to run as different users.
func (x *index) usersDiffer() bool {
	first, some := int64(0), false
	for _, c := range x.containers {
		uid, known := x.uid(c)
		if known && some && uid != first {
			return true
		}
		if known {
			first, some = uid, true
		}
	}
	return false
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
	for _, words := range [...][]string{s.c.Command, s.c.Args} {
		for _, word := range words {
			for _, tool := range [...]string{"chown", "chmod", "chgrp", "setfacl", "umask", "install -", "group-write"} {
				if strings.Contains(word, tool) {
					return true
				}
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
