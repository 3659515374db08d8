package pattern

import (
	"path"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// direction is what a container says that it does with a volume.
type direction uint8

const (
	unstated direction = iota
	reads
	writes
)

// mount is a volume at a path of a container.
type mount struct {
	volume Volume
	path   string
	direction
}

// Writes mounts a volume and says that this container puts data into it. A path
// that is relative, or where this container has another mount, is an error.
func (c Container[R]) Writes(v Volume, path string) Container[R] {
	return c.mount(mount{v, path, writes})
}

// Reads mounts a volume read-only and says that this container takes data out of
// it; with [Volume.ReadWrite] it says so without changing the mount. An EmptyDir
// that is read and never written is an error.
func (c Container[R]) Reads(v Volume, path string) Container[R] {
	return c.mount(mount{v, path, reads})
}

// Mount mounts a volume and says nothing of the direction.
func (c Container[R]) Mount(v Volume, path string) Container[R] {
	return c.mount(mount{v, path, unstated})
}

// Scratch mounts a private EmptyDir of at most size at path, for what this
// container writes and nobody else reads. Its name comes from the container's
// own, so that two containers never share one.
func (c Container[R]) Scratch(path, size string) Container[R] {
	v := EmptyDir("scratch").SizeLimit(size).with(func(o *volume) { o.private = true })
	return c.mount(mount{v, path, writes})
}

// Device mounts a claim in block mode as a device. A path that is relative, and a
// volume that is no claim, are errors.
func (c Container[R]) Device(v Volume, path string) Container[R] {
	bad := pathFlaw(path, ".devicePath")
	if v.v != nil && v.v.claim == nil && v.v.source.PersistentVolumeClaim == nil && v.v.source.Ephemeral == nil {
		bad = bad.and(invalid("device-volume", ".name", v.name(), "is no claim", "a device is a PVC, a ClaimTemplate or an Ephemeral volume in block mode"))
	}
	if v.v == nil {
		bad = bad.and(zeroVolume())
	}
	return c.add(func(d *draft) {
		d.reportAll(bad, ".volumeDevices"+at(len(d.c.VolumeDevices), bad))
		d.c.VolumeDevices = append(d.c.VolumeDevices, corev1.VolumeDevice{Name: v.name(), DevicePath: path})
		d.own().declares = append(d.declares, v)
	})
}

func (c Container[R]) mount(m mount) Container[R] {
	bad := pathFlaw(m.path, ".mountPath")
	if m.volume.v == nil {
		bad = bad.and(zeroVolume())
	}
	return c.add(func(d *draft) {
		d.reportAll(bad, ".volumeMounts"+at(len(d.mounts), bad))
		if d.mounts == nil {
			d.mounts = make([]mount, 0, 2)
		}
		d.mounts = append(d.mounts, m)
	})
}

func pathFlaw(p, field string) *flaw {
	switch {
	case p == "":
		return missing("mount-path-missing", field, "say where to mount it")
	case !path.IsAbs(p) || strings.Contains(p, ":") || path.Clean(p) == "/":
		return invalid("mount-path-shape", field, p, "is no path that a volume can be mounted at", "an absolute path below /, without a colon")
	}
	return nil
}

// kubernetes gives the mount as the API has it.
func (m mount) kubernetes(name string) corev1.VolumeMount {
	v := m.volume.v
	out := corev1.VolumeMount{Name: name, MountPath: m.path}
	if v == nil {
		return out
	}
	out.SubPath, out.SubPathExpr = v.subPath, v.subPathExpr
	out.ReadOnly = v.readOnly == readOnly || v.readOnly == asVerb && m.direction == reads
	if v.propagation != nil {
		mode := *v.propagation
		out.MountPropagation = &mode
	}
	if v.recursive != nil {
		mode := *v.recursive
		out.RecursiveReadOnly = &mode
	}
	return out
}

// settleMounts declares the volumes that a container mounts, and mounts them.
func (r *resolver) settleMounts(d *draft) {
	if len(d.mounts) == 0 {
		return
	}
	d.c.VolumeMounts = slices.Grow(d.c.VolumeMounts, len(d.mounts))
	for _, m := range d.mounts {
		v := m.volume
		if v.v != nil && v.v.private {
			v = v.named(r.generatedName(d, scratchName(m.path)))
		}
		r.declare(d, v)
		d.c.VolumeMounts = append(d.c.VolumeMounts, mount{v, m.path, m.direction}.kubernetes(v.name()))
		r.flow(d.c.Name, v.name(), m.direction)
	}
}

// named gives a volume another name.
func (v Volume) named(name string) Volume {
	return v.with(func(o *volume) { o.name = name })
}

// scratchName makes a part of a name from a path.
func scratchName(p string) string {
	base := strings.Map(labelRune, strings.ToLower(path.Base(path.Clean("/"+p))))
	if base = strings.Trim(base, "-"); base == "" {
		return "scratch"
	}
	return base
}

func labelRune(r rune) rune {
	if 'a' <= r && r <= 'z' || '0' <= r && r <= '9' {
		return r
	}
	return '-'
}
