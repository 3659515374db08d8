package pattern

import (
	"github.com/podpattern/podpattern/internal/names"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/validation"
)

// Volume is a handle of a volume: an immutable value that the containers share.
// Mounting a handle in a container declares the volume in the pod; there is no
// other list to keep in step. Methods that say how it is mounted or what it is
// made of give a changed copy:
//
//	data := pattern.EmptyDir("data").SizeLimit("1Gi")
//	app := pattern.App("web", "web:1").Writes(data, "/data")
//	log := pattern.Sidecar("log", "log:1").Reads(data.SubPath("log"), "/log")
//
// Two handles of one name are one volume if their sources are equal, and an
// error if not.
type Volume struct{ v *volume }

// volume is never changed once a handle points to it.
type volume struct {
	name   string
	source *corev1.VolumeSource
	claim  *corev1.PersistentVolumeClaimSpec // of a claim template, which has no source
	object *generated                        // the ConfigMap or Secret behind it, if it has data

	private bool // see Scratch; its name is made when the container's is final

	subPath, subPathExpr string
	readOnly             readOnlyMode
	propagation          *corev1.MountPropagationMode
	recursive            *corev1.RecursiveReadOnlyMode

	needs []need
	flaws *flaw
	at    stack
}

// readOnlyMode is what a handle says of the mounts made with it.
type readOnlyMode uint8

const (
	asVerb    readOnlyMode = iota // Reads is read-only, the others are not
	readOnly                      // every mount is read-only
	readWrite                     // no mount is
)

func newVolume(name string, source *corev1.VolumeSource, at stack) *volume {
	v := &volume{name: name, source: source, at: at}
	if !names.IsLabel(name) {
		v.flaws = notLabel(".name", name, "at most 63 of a-z, 0-9 and -")
	}
	return v
}

// with changes a copy.
func (v Volume) with(change func(*volume)) Volume {
	var out volume
	if v.v == nil {
		out.at = here(ofConstructor)
		out.flaws = zeroVolume()
	} else {
		out = *v.v
	}
	change(&out)
	return Volume{&out}
}

// bad adds a flaw to a copy.
func (v Volume) bad(f *flaw) Volume {
	return v.with(func(o *volume) { o.flaws = o.flaws.and(f) })
}

func zeroVolume() *flaw {
	return missing("zero-volume", ".name", "make the volume with a constructor, such as pattern.EmptyDir")
}

func (v Volume) name() string {
	if v.v == nil {
		return ""
	}
	return v.v.name
}

// edit changes a copy of the source.
func (v Volume) edit(change func(*corev1.VolumeSource)) Volume {
	return v.with(func(o *volume) {
		if o.source != nil {
			o.source = o.source.DeepCopy()
			change(o.source)
		}
	})
}

// SubPath mounts only that folder or file of the volume; the path is relative to
// the volume. Kubernetes does not update a mounted subPath of a ConfigMap or
// Secret when the object changes.
func (v Volume) SubPath(path string) Volume {
	return v.with(func(o *volume) { o.subPath, o.subPathExpr = path, "" })
}

// SubPathExpr is [Volume.SubPath] with $(VAR) expanded from the container's
// variables.
func (v Volume) SubPathExpr(expr string) Volume {
	return v.with(func(o *volume) { o.subPath, o.subPathExpr = "", expr })
}

// ReadOnly makes every mount of this handle read-only, that of
// [Container.Mount] too.
func (v Volume) ReadOnly() Volume { return v.with(func(o *volume) { o.readOnly = readOnly }) }

// ReadWrite makes no mount of this handle read-only: with [Container.Reads] it
// states that the container reads, and leaves the mount as it is.
func (v Volume) ReadWrite() Volume { return v.with(func(o *volume) { o.readOnly = readWrite }) }

// MountPropagation sets how mounts that are made below the mount path travel.
func (v Volume) MountPropagation(mode corev1.MountPropagationMode) Volume {
	if f := oneOf(".mountPropagation", mode, corev1.MountPropagationNone, corev1.MountPropagationHostToContainer, corev1.MountPropagationBidirectional); f != nil {
		return v.bad(f)
	}
	return v.with(func(o *volume) { o.propagation = &mode })
}

// RecursiveReadOnly makes what is mounted below a read-only mount read-only too.
func (v Volume) RecursiveReadOnly(mode corev1.RecursiveReadOnlyMode) Volume {
	if f := oneOf(".recursiveReadOnly", mode, corev1.RecursiveReadOnlyDisabled, corev1.RecursiveReadOnlyIfPossible, corev1.RecursiveReadOnlyEnabled); f != nil {
		return v.bad(f)
	}
	return v.with(func(o *volume) { o.recursive = &mode })
}

// SizeLimit bounds an EmptyDir, in a quantity such as "1Gi": the pod is evicted
// when it holds more. With another kind of volume it is an error.
func (v Volume) SizeLimit(size string) Volume {
	q, err := resource.ParseQuantity(size)
	switch {
	case err != nil || q.Sign() < 0:
		return v.bad(invalid("quantity", ".emptyDir.sizeLimit", size, "is no quantity", "a quantity, such as 1Gi"))
	case v.v != nil && (v.v.source == nil || v.v.source.EmptyDir == nil):
		return v.bad(invalid("volume-option", ".emptyDir.sizeLimit", size, "only an EmptyDir has a size limit", "leave it out"))
	}
	return v.edit(func(s *corev1.VolumeSource) { s.EmptyDir.SizeLimit = &q })
}

// Memory keeps an EmptyDir in memory; what it holds counts as the memory of the
// containers that write it. With another kind of volume it is an error.
func (v Volume) Memory() Volume {
	if v.v != nil && (v.v.source == nil || v.v.source.EmptyDir == nil) {
		return v.bad(invalid("volume-option", ".emptyDir.medium", "Memory", "only an EmptyDir can be in memory", "leave it out"))
	}
	return v.edit(func(s *corev1.VolumeSource) { s.EmptyDir.Medium = corev1.StorageMediumMemory })
}

// Key appends a key of a ConfigMap or Secret volume and the file that it becomes,
// relative to the mount; without any, every key becomes a file of its own name.
// With another kind of volume it is an error.
func (v Volume) Key(key, path string) Volume {
	item := corev1.KeyToPath{Key: key, Path: path}
	switch {
	case v.v == nil || v.v.source == nil || v.v.source.ConfigMap == nil && v.v.source.Secret == nil:
		return v.bad(invalid("volume-option", ".items", key, "only a ConfigMap or Secret volume has keys", "leave it out"))
	case len(validation.IsConfigMapKey(key)) > 0 || filePath("", "", path) != nil:
		return v.bad(invalid("volume-option", ".items", key+": "+path, "is no key, or no path of a file in the volume", "a key, and a relative path without .."))
	case v.v.source.ConfigMap != nil:
		return v.edit(func(s *corev1.VolumeSource) { s.ConfigMap.Items = append(s.ConfigMap.Items, item) })
	}
	return v.edit(func(s *corev1.VolumeSource) { s.Secret.Items = append(s.Secret.Items, item) })
}

// Mode sets the permissions of the files of a ConfigMap, Secret, Projected or
// DownwardAPI volume, such as 0o440; by default 0644. With another kind of
// volume, or outside 0 to 0777, it is an error.
func (v Volume) Mode(mode int32) Volume {
	if mode < 0 || mode > 0o777 {
		return v.bad(invalid("volume-option", ".defaultMode", mode, "must be between 0 and 0777", "such as 0o440"))
	}
	known := v.v != nil && v.v.source != nil
	if !known || defaultMode(v.v.source.DeepCopy()) == nil {
		return v.bad(invalid("volume-option", ".defaultMode", mode, "this kind of volume has no mode", "leave it out"))
	}
	return v.edit(func(s *corev1.VolumeSource) { *defaultMode(s) = &mode })
}

func defaultMode(s *corev1.VolumeSource) **int32 {
	switch {
	case s.ConfigMap != nil:
		return &s.ConfigMap.DefaultMode
	case s.Secret != nil:
		return &s.Secret.DefaultMode
	case s.Projected != nil:
		return &s.Projected.DefaultMode
	case s.DownwardAPI != nil:
		return &s.DownwardAPI.DefaultMode
	}
	return nil
}
