package check

import (
	"path"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

var mountNestedRules = []Rule{
	{ID: "mount-nested", Level: Warning,
		Title: "a mount hides a part of another volume that is in use",
		Why:   "what the other volume has there is out of reach for this container, though it is in use",
		Fix:   "mount the inner volume outside of the other one",
		Bad: `{volumes: [{name: data, emptyDir: {}}, {name: logs, emptyDir: {}}], containers: [{name: web, volumeMounts: [{name: data, mountPath: /data}, {name: logs, mountPath: /data/logs}]},
  {name: writer, readinessProbe: null, volumeMounts: [{name: data, mountPath: /logs, subPath: logs}]}]}`,
		Good: `{volumes: [{name: data, emptyDir: {}}, {name: logs, emptyDir: {}}], containers: [{name: web, volumeMounts: [{name: data, mountPath: /data}, {name: logs, mountPath: /logs}]}]}`,
		pod:  mountNested},
}

// longestPath is PATH_MAX of Linux: a longer one can't be mounted.
const longestPath = 4096

// mountNested finds nesting that takes something away. Most of it is meant: a file
// in a folder of another volume, a volume over an empty folder. The runtimes mount
// the outer path first however they are listed, and the kubelet makes the folder.
// upstream: kubernetes/kubernetes pkg/volume/util/nested_volumes.go
func mountNested(x *index, r *Rule) {
	for _, c := range x.containers {
		if len(c.VolumeMounts) < 2 {
			continue
		}
		var folders firsts[string]
		for i := range c.VolumeMounts {
			folders.at(path.Clean(c.VolumeMounts[i].MountPath), i)
		}
		for i := range c.VolumeMounts {
			m := &c.VolumeMounts[i]
			if !path.IsAbs(m.MountPath) || len(m.MountPath) > longestPath {
				continue
			}
			inner := path.Clean(m.MountPath)
			for folder := path.Dir(inner); folder != "/"; folder = path.Dir(folder) {
				if j, ok := folders.find(folder); ok {
					x.nested(r, c, i, j, strings.TrimPrefix(inner, folder+"/"))
					break
				}
			}
		}
	}
}

// nested looks at mount i of c, which lies in mount j at a path.
func (x *index) nested(r *Rule, c site, i, j int, inside string) {
	inner, outer := &c.VolumeMounts[i], &c.VolumeMounts[j]
	parties := []Party{x.party(c, ".volumeMounts"+at(j)+".mountPath")}
	var detail string
	whole := func(m *corev1.VolumeMount) bool { return m.SubPath == "" && m.SubPathExpr == "" }
	switch {
	case inner.Name == outer.Name:
		if !whole(inner) || !whole(outer) {
			return
		}
		detail = "the volume " + inner.Name + " is mounted in itself, at " + outer.MountPath
	case x.fileUnder(outer, inside, whole(inner)) != "":
		detail = "hides " + x.fileUnder(outer, inside, whole(inner)) + " of " + outer.Name + ", which is mounted at " + outer.MountPath
	default:
		other, k, ok := x.writerUnder(c, outer, inside)
		if !ok {
			return
		}
		detail = "hides the folder of " + outer.Name + " that container " + other.Name + " writes to"
		parties = append(parties, x.party(other, ".volumeMounts"+at(k)+".subPath"))
	}
	x.report(r, c, ".volumeMounts"+at(i)+".mountPath", invalid(inner.MountPath, detail, ""), parties...)
}

// fileUnder gives a file that the volume of m is said to have, and that a mount at
// the path inside hides. A mount of a file over that file is meant.
func (x *index) fileUnder(m *corev1.VolumeMount, inside string, folder bool) string {
	v, ok := x.volumes.find(m.Name)
	if !ok || m.SubPath != "" || m.SubPathExpr != "" {
		return ""
	}
	file := ""
	volumeSite{Volume: &x.spec.Volumes[v], x: x, index: v, source: sourceOf(&x.spec.Volumes[v].VolumeSource)}.files(func(f volumeFile) {
		if file == "" && (f.path == inside && folder || strings.HasPrefix(f.path, inside+"/")) {
			file = f.path
		}
	})
	return file
}

// writerUnder gives a container that mounts a folder of the volume of m which lies
// at or under the path inside, and may write there.
func (x *index) writerUnder(c site, m *corev1.VolumeMount, inside string) (site, int, bool) {
	if m.SubPathExpr != "" {
		return site{}, 0, false
	}
	inside = path.Join(m.SubPath, inside)
	for _, o := range x.containers {
		if o.Name == c.Name {
			continue
		}
		for k := range o.VolumeMounts {
			n := &o.VolumeMounts[k]
			if n.Name == m.Name && !n.ReadOnly && n.SubPath != "" && strings.HasPrefix(path.Clean(n.SubPath)+"/", inside+"/") {
				return o, k, true
			}
		}
	}
	return site{}, 0, false
}
