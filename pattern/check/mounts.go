package check

import (
	"path"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

var mountRules = slices.Concat([]Rule{
	{ID: "mount-undeclared", Level: Rejected,
		Title: "a container mounts a volume that there isn't",
		Why:   "the pod has no volume of this name, or one that is itself refused: the API server refuses the pod",
		Fix:   "mount a volume of the pod; mounting a handle declares it",
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
				if _, there := x.volumes.find(m.Name); there {
					fix = "correct the volume first: a volume that is refused counts as none"
				}
				x.report(r, c, ".volumeMounts"+at(i)+".name", notFound(m.Name, fix))
			})
		}},
	{ID: "mount-path-dup", Level: Rejected,
		Title: "one container mounts two volumes on one path",
		Why:   "the API server refuses the pod",
		Fix:   "a path of its own for each mount",
		Bad:   `{volumes: [{name: a, emptyDir: {}}, {name: b, emptyDir: {}}], containers: [{name: web, volumeMounts: [{name: a, mountPath: /data}, {name: b, mountPath: /data}]}]}`,
		Good:  `{volumes: [{name: a, emptyDir: {}}, {name: b, emptyDir: {}}], containers: [{name: web, volumeMounts: [{name: a, mountPath: /data}, {name: b, mountPath: /more}]}]}`,
		pod: func(x *index, r *Rule) {
			x.earlierMounts(func(p string) string { return p }, func(c site, i, j int, m, o *corev1.VolumeMount) {
				x.report(r, c, ".volumeMounts"+at(i)+".mountPath", invalid(m.MountPath, "must be unique", "mount "+m.Name+" or "+o.Name+" somewhere else"), x.party(c, ".volumeMounts"+at(j)+".mountPath"))
			})
		}},
	{ID: "mount-path-dup-normalised", Level: Broken,
		Title: "one container mounts two volumes on one folder, written in two ways",
		Why:   "the API server doesn't see it: one volume hides the other",
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
		Why:   "the API server accepts it, and the volume ends up elsewhere, nowhere, or in place of the whole image",
		Fix:   "an absolute path of a folder, such as /data",
		Bad:   `{volumes: [{name: data, emptyDir: {}}], containers: [{name: web, volumeMounts: [{name: data, mountPath: data}]}]}`,
		Good:  `{volumes: [{name: data, emptyDir: {}}], containers: [{name: web, volumeMounts: [{name: data, mountPath: /data}]}]}`,
		pod:   mountPathShape},
	{ID: "mount-path-missing", Level: Rejected,
		Title: "a mount has no path",
		Why:   "the API server refuses the pod",
		Fix:   "set mountPath",
		Bad:   `{volumes: [{name: data, emptyDir: {}}], containers: [{name: web, volumeMounts: [{name: data}]}]}`,
		Good:  `{volumes: [{name: data, emptyDir: {}}], containers: [{name: web, volumeMounts: [{name: data, mountPath: /data}]}]}`,
		pod: func(x *index, r *Rule) {
			x.mounts(func(c site, i int, m *corev1.VolumeMount) {
				if m.MountPath == "" {
					x.report(r, c, ".volumeMounts"+at(i)+".mountPath", required("", "say where to mount "+m.Name))
				}
			})
		}},
}, subPathRules, mountModeRules, deviceRules)

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
		case windows || drive(m.MountPath):
		case !path.IsAbs(m.MountPath):
			x.report(r, c, ".volumeMounts"+at(i)+".mountPath", invalid(m.MountPath, "is relative: it means something else to each who reads it, and the kubelet puts / before it", "start it with /"))
		case strings.Contains(m.MountPath, ":"):
			x.report(r, c, ".volumeMounts"+at(i)+".mountPath", invalid(m.MountPath, "must not contain ':'", "choose a path without a colon"))
		case path.Clean(m.MountPath) == "/":
			x.report(r, c, ".volumeMounts"+at(i)+".mountPath", invalid(m.MountPath, "hides the whole image", "mount it in a folder"))
		}
	})
}

// drive says whether a path is one of Windows, such as C:\data.
func drive(p string) bool {
	return len(p) > 2 && p[1] == ':' && (p[2] == '\\' || p[2] == '/') && ('a' <= p[0]|0x20 && p[0]|0x20 <= 'z')
}
