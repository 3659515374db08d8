package check

import (
	"path"
	"reflect"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

var volumeRules = []rule{
	{"name-label", Rejected, func(x *index, r rule) {
		for i := range x.spec.Volumes {
			if f, bad := badLabel(x.spec.Volumes[i].Name); bad {
				f.Path = x.under + "spec.volumes" + at(i) + ".name"
				x.add(r, f)
			}
		}
	}},
	{"volume-dup", Rejected, func(x *index, r rule) {
		for i := range x.spec.Volumes {
			name := x.spec.Volumes[i].Name
			if first, _ := x.volumes.find(name); first != i {
				f := duplicate(name, "", "one volume a name")
				f.Path = x.under + "spec.volumes" + at(i) + ".name"
				x.add(r, f)
			}
		}
	}},
	{"volume-source", Rejected, volumeSource},
	{"mount-undeclared", Rejected, func(x *index, r rule) {
		x.mounts(func(c site, i int, m *corev1.VolumeMount) {
			if _, ok := x.volumes.find(m.Name); !ok && !slices.Contains(x.claims, m.Name) {
				x.report(r, c, ".volumeMounts"+at(i)+".name", Finding{Type: field.ErrorTypeNotFound, Value: m.Name, Fix: "mount a volume of the pod; mounting a handle declares it"})
			}
		})
	}},
	{"mount-path-dup", Rejected, func(x *index, r rule) {
		x.earlierMounts(func(c site, i, j int, m, o *corev1.VolumeMount) {
			if m.MountPath == o.MountPath {
				x.report(r, c, ".volumeMounts"+at(i)+".mountPath", invalid(m.MountPath, "must be unique", "mount "+m.Name+" or "+o.Name+" somewhere else"), x.party(c, ".volumeMounts"+at(j)+".mountPath"))
			}
		})
	}},
	{"mount-path-dup-normalised", Broken, func(x *index, r rule) {
		x.earlierMounts(func(c site, i, j int, m, o *corev1.VolumeMount) {
			if m.MountPath != o.MountPath && path.Clean(m.MountPath) == path.Clean(o.MountPath) {
				x.report(r, c, ".volumeMounts"+at(i)+".mountPath", invalid(m.MountPath, "is the same folder as "+o.MountPath+", where "+o.Name+" is mounted", "mount "+m.Name+" or "+o.Name+" somewhere else"), x.party(c, ".volumeMounts"+at(j)+".mountPath"))
			}
		})
	}},
	{"mount-path-shape", Broken, func(x *index, r rule) {
		x.mounts(func(c site, i int, m *corev1.VolumeMount) {
			switch {
			case m.MountPath == "":
				// mount-path-missing says it
			case !path.IsAbs(m.MountPath):
				x.report(r, c, ".volumeMounts"+at(i)+".mountPath", invalid(m.MountPath, "is relative: it means something else to each who reads it, and the kubelet puts / before it", "start it with /"))
			case strings.Contains(m.MountPath, ":"):
				x.report(r, c, ".volumeMounts"+at(i)+".mountPath", invalid(m.MountPath, "must not contain ':'", "choose a path without a colon"))
			case path.Clean(m.MountPath) == "/":
				x.report(r, c, ".volumeMounts"+at(i)+".mountPath", invalid(m.MountPath, "hides the whole image", "mount it in a folder"))
			}
		})
	}},
	{"mount-path-missing", Rejected, func(x *index, r rule) {
		x.mounts(func(c site, i int, m *corev1.VolumeMount) {
			if m.MountPath == "" {
				x.report(r, c, ".volumeMounts"+at(i)+".mountPath", required("", "say where to mount "+m.Name))
			}
		})
	}},
	{"subpath", Rejected, func(x *index, r rule) {
		x.mounts(func(c site, i int, m *corev1.VolumeMount) {
			x.subPath(r, c, i, "subPath", m.SubPath)
			x.subPath(r, c, i, "subPathExpr", m.SubPathExpr)
			if m.SubPath != "" && m.SubPathExpr != "" {
				x.report(r, c, ".volumeMounts"+at(i)+".subPathExpr", invalid(m.SubPathExpr, "subPathExpr and subPath are mutually exclusive", "keep one of the two"))
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
// container that has the same folder.
func (x *index) earlierMounts(do func(c site, i, j int, m, o *corev1.VolumeMount)) {
	for _, c := range x.containers {
		if len(c.VolumeMounts) < 2 {
			continue
		}
		var folders firsts[string]
		for i := range c.VolumeMounts {
			m := &c.VolumeMounts[i]
			if j, dup := folders.at(path.Clean(m.MountPath), i); dup && m.MountPath != "" {
				do(c, i, j, m, &c.VolumeMounts[j])
			}
		}
	}
}

func (x *index) subPath(r rule, c site, i int, name, p string) {
	switch {
	case path.IsAbs(p):
		x.report(r, c, ".volumeMounts"+at(i)+"."+name, invalid(p, "must be a relative path", "leave out the first /"))
	case hasBackstep(p):
		x.report(r, c, ".volumeMounts"+at(i)+"."+name, invalid(p, "must not contain '..'", "name the folder without .."))
	}
}

func hasBackstep(p string) bool {
	for part := range strings.SplitSeq(p, "/") {
		if part == ".." {
			return true
		}
	}
	return false
}

// volumeSource counts the pointers that are set: a volume has one source.
func volumeSource(x *index, r rule) {
	for i := range x.spec.Volumes {
		v := &x.spec.Volumes[i]
		if onlyUsualSource(&v.VolumeSource) {
			continue
		}
		n := 0
		if v.EmptyDir != nil { // the API server asks for it first
			n = 1
		}
		for field, f := range reflect.ValueOf(v.VolumeSource).Fields() {
			if f.IsNil() || field.Name == "EmptyDir" {
				continue
			}
			if n++; n > 1 {
				name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
				f := forbidden("may not specify more than 1 volume type", "one volume a source")
				f.Path = x.under + "spec.volumes" + at(i) + "." + name
				x.add(r, f)
			}
		}
		if n == 0 {
			f := required("must specify a volume type", "make it with one of the volume constructors")
			f.Path = x.under + "spec.volumes" + at(i)
			x.add(r, f)
		}
	}
}

// onlyUsualSource spares the usual volumes the reflection.
func onlyUsualSource(s *corev1.VolumeSource) bool {
	return *s == corev1.VolumeSource{EmptyDir: s.EmptyDir} && s.EmptyDir != nil ||
		*s == corev1.VolumeSource{ConfigMap: s.ConfigMap} && s.ConfigMap != nil ||
		*s == corev1.VolumeSource{Secret: s.Secret} && s.Secret != nil
}
