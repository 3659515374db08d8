package check

import (
	"path"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

var mountRules = []Rule{
	{ID: "mount-undeclared", Level: Rejected,
		Title: "a container mounts a volume that the pod doesn't have",
		Why:   "the name is misspelt, or the volume is missing or refused itself: the API server refuses the pod",
		Fix:   "add the volume to spec.volumes, or correct the name",
		Bad:   `containers: [{name: web, volumeMounts: [{name: tmp, mountPath: /tmp}]}]`,
		Good:  `{volumes: [{name: tmp, emptyDir: {}}], containers: [{name: web, volumeMounts: [{name: tmp, mountPath: /tmp}]}]}`,
		pod: func(x *index, r *Rule) {
			x.mounts(func(c site, i int, m *corev1.VolumeMount) {
				if m.Name == "" {
					x.report(r, c, ".volumeMounts"+at(i)+".name", required("", "name a volume"))
				}
				if slices.Contains(x.claims, m.Name) {
					return
				}
				if _, ok := x.volume(m.Name); ok {
					return
				}
				fix := ""
				if m.Name == "" {
					fix = "name a volume"
				} else if _, there := x.volumes.find(m.Name); there {
					fix = "correct the volume first: a volume that is refused counts as none"
				}
				x.report(r, c, ".volumeMounts"+at(i)+".name", notFound(m.Name, fix))
			})
		}},
	{ID: "mount-path-dup", Level: Rejected,
		Title: "one container mounts two volumes on one path",
		Why:   "only one of the two volumes could be seen there: the API server refuses the pod",
		Fix:   "a path of its own for each mount",
		Bad:   `{volumes: [{name: a, emptyDir: {}}, {name: b, emptyDir: {}}], containers: [{name: web, volumeMounts: [{name: a, mountPath: /data}, {name: b, mountPath: /data}]}]}`,
		Good:  `{volumes: [{name: a, emptyDir: {}}, {name: b, emptyDir: {}}], containers: [{name: web, volumeMounts: [{name: a, mountPath: /data}, {name: b, mountPath: /more}]}]}`,
		pod: func(x *index, r *Rule) {
			x.earlierMounts(func(p string) string { return p }, func(c site, i, j int, m, o *corev1.VolumeMount) {
				x.report(r, c, ".volumeMounts"+at(i)+".mountPath", invalid(m.MountPath, "must be unique", "mount "+m.Name+" or "+o.Name+" somewhere else"), x.party(c, ".volumeMounts"+at(j)+".mountPath"))
			})
		}},
	{ID: "mount-path-dup-normalised", Level: Broken,
		Title: "one container mounts two volumes on one folder, written in different ways",
		Why:   "the API server compares the paths as texts and accepts it: one volume hides the other",
		Fix:   "a path of its own for each mount",
		Bad:   `{volumes: [{name: a, emptyDir: {}}, {name: b, emptyDir: {}}], containers: [{name: web, volumeMounts: [{name: a, mountPath: /data}, {name: b, mountPath: /data/}]}]}`,
		Good:  `{volumes: [{name: a, emptyDir: {}}, {name: b, emptyDir: {}}], containers: [{name: web, volumeMounts: [{name: a, mountPath: /data}, {name: b, mountPath: /more}]}]}`,
		pod: func(x *index, r *Rule) {
			x.earlierMounts(path.Clean, func(c site, i, j int, m, o *corev1.VolumeMount) {
				exact := func(e corev1.VolumeMount) bool { return e.MountPath == m.MountPath }
				if m.MountPath == "" || o.MountPath == "" || slices.ContainsFunc(c.VolumeMounts[:i], exact) {
					return // mount-path-dup or mount-path-missing says it
				}
				x.report(r, c, ".volumeMounts"+at(i)+".mountPath", invalid(m.MountPath, "is the same folder as "+o.MountPath+", where "+o.Name+" is mounted", "mount "+m.Name+" or "+o.Name+" somewhere else"), x.party(c, ".volumeMounts"+at(j)+".mountPath"))
			})
		}},
	{ID: "mount-path-shape", Level: Broken,
		Title: "a mount path is relative, has a colon, or is the root",
		Why:   "the API server accepts it: the root hides the whole image, and nothing in the container can start; a relative path begins at the root, and a path with a colon is mounted by containerd and breaks with Docker Engine: these two are only warnings",
		Fix:   "an absolute path of a folder, such as /data",
		Bad:   `{volumes: [{name: data, emptyDir: {}}], containers: [{name: web, volumeMounts: [{name: data, mountPath: /}]}]}`,
		Good:  `{volumes: [{name: data, emptyDir: {}}], containers: [{name: web, volumeMounts: [{name: data, mountPath: /data}]}]}`,
		pod:   mountPathShape},
	{ID: "mount-path-missing", Level: Rejected,
		Title: "a mount has no path",
		Why:   "there is no folder that the volume could be put on: the API server refuses the pod",
		Fix:   "set mountPath to an absolute path, such as /data",
		Bad:   `{volumes: [{name: data, emptyDir: {}}], containers: [{name: web, volumeMounts: [{name: data}]}]}`,
		Good:  `{volumes: [{name: data, emptyDir: {}}], containers: [{name: web, volumeMounts: [{name: data, mountPath: /data}]}]}`,
		pod: func(x *index, r *Rule) {
			x.mounts(func(c site, i int, m *corev1.VolumeMount) {
				if m.MountPath == "" {
					x.report(r, c, ".volumeMounts"+at(i)+".mountPath", required("", "say where to mount "+m.Name))
				}
			})
		}},
}

func (x *index) mounts(do func(c site, i int, m *corev1.VolumeMount)) {
	for _, c := range x.containers {
		for i := range c.VolumeMounts {
			do(c, i, &c.VolumeMounts[i])
		}
	}
}

// earlierMounts calls do for a mount and the first one before it in the same
// container whose path has the same form.
func (x *index) earlierMounts(form func(string) string, do func(c site, i, j int, m, o *corev1.VolumeMount)) {
	for _, c := range x.containers {
		if len(c.VolumeMounts) < 2 {
			continue
		}
		var folders firsts[string]
		for i := range c.VolumeMounts {
			m := &c.VolumeMounts[i]
			if j, dup := folders.at(form(m.MountPath), i); dup {
				do(c, i, j, m, &c.VolumeMounts[j])
			}
		}
	}
}

func mountPathShape(x *index, r *Rule) {
	windows := x.windows() || x.spec.NodeSelector[corev1.LabelOSStable] == string(corev1.Windows)
	x.mounts(func(c site, i int, m *corev1.VolumeMount) {
		switch {
		case m.MountPath == "":
			// mount-path-missing says it
		case windows || hasDrive(m.MountPath):
		case !path.IsAbs(m.MountPath):
			f := invalid(m.MountPath, "is relative: the kubelet mounts it at "+path.Join("/", m.MountPath), "start it with /")
			f.Level = Warning
			x.report(r, c, ".volumeMounts"+at(i)+".mountPath", f)
		case strings.Contains(m.MountPath, ":"):
			f := invalid(m.MountPath, "must not contain ':'", "choose a path without a colon")
			f.Level = Warning
			x.report(r, c, ".volumeMounts"+at(i)+".mountPath", f)
		case path.Clean(m.MountPath) == "/":
			x.report(r, c, ".volumeMounts"+at(i)+".mountPath", invalid(m.MountPath, "hides the whole image", "mount it in a folder"))
		}
	})
}

// hasDrive says whether a path is one of Windows, such as C:\data.
func hasDrive(p string) bool {
	return len(p) > 2 && p[1] == ':' && (p[2] == '\\' || p[2] == '/') && ('a' <= p[0]|0x20 && p[0]|0x20 <= 'z')
}
