package pattern

import (
	"path"
	"slices"
	"strings"

	"github.com/podpattern/podpattern/internal/release"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

// EmptyDir is a volume that starts empty and lives as long as the pod.
func EmptyDir(name string) Volume {
	return Volume{newVolume(name, &corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}, here(ofHandle))}
}

// SharedMemory is an EmptyDir in memory, named shared-memory and bounded by size,
// for containers that share it at /dev/shm. It counts as their memory.
func SharedMemory(size string) Volume {
	return Volume{newVolume("shared-memory", &corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{Medium: corev1.StorageMediumMemory}}, here(ofHandle))}.SizeLimit(size)
}

// PVC is a PersistentVolumeClaim that exists. A name that no claim can have is an
// error.
func PVC(name, claim string) Volume {
	v := Volume{newVolume(name, &corev1.VolumeSource{PersistentVolumeClaim: &corev1.PersistentVolumeClaimVolumeSource{ClaimName: claim}}, here(ofHandle))}
	if f := newObjectRef("claim", claim).flaws; f != nil {
		f.field = ".persistentVolumeClaim.claimName"
		return v.bad(f)
	}
	return v
}

// ClaimTemplate is a claim of which a StatefulSet makes one for each pod, with
// room for size; ReadWriteOnce, of the default storage class. In another workload,
// and with a size that is no quantity, it is an error.
func ClaimTemplate(name, size string) Volume { return claimVolume(name, size, here(ofHandle)) }

// Ephemeral is a claim that is made with the pod and deleted with it; otherwise
// as [ClaimTemplate].
func Ephemeral(name, size string) Volume {
	v := claimVolume(name, size, here(ofHandle))
	return v.with(func(o *volume) {
		if o.flaws != nil {
			moved := *o.flaws
			moved.field = strings.Replace(moved.field, ".spec.", ".ephemeral.volumeClaimTemplate.spec.", 1)
			o.flaws = &moved
		}
		o.source = &corev1.VolumeSource{Ephemeral: &corev1.EphemeralVolumeSource{VolumeClaimTemplate: &corev1.PersistentVolumeClaimTemplate{Spec: *o.claim}}}
		o.claim = nil
	})
}

func claimVolume(name, size string, at stack) Volume {
	v := newVolume(name, nil, at)
	q, err := resource.ParseQuantity(size)
	v.claim = &corev1.PersistentVolumeClaimSpec{
		AccessModes: []corev1.PersistentVolumeAccessMode{corev1.ReadWriteOnce},
		Resources:   corev1.VolumeResourceRequirements{Requests: corev1.ResourceList{corev1.ResourceStorage: q}},
	}
	if err != nil || q.Sign() <= 0 {
		return Volume{v}.bad(invalid("quantity", ".spec.resources.requests[storage]", size, "is no quantity", "a quantity, such as 10Gi"))
	}
	return Volume{v}
}

// StorageClass names the storage class of a ClaimTemplate or Ephemeral volume.
// With another kind of volume it is an error.
func (v Volume) StorageClass(class string) Volume {
	return v.editClaim("storageClassName", func(c *corev1.PersistentVolumeClaimSpec) { c.StorageClassName = &class })
}

// AccessModes replaces the access modes of a ClaimTemplate or Ephemeral volume,
// by default ReadWriteOnce. With another kind of volume it is an error.
func (v Volume) AccessModes(modes ...corev1.PersistentVolumeAccessMode) Volume {
	if len(modes) == 0 {
		return v.bad(missing("no-arguments", ".accessModes", "name the modes"))
	}
	for _, m := range modes {
		if f := oneOf(".accessModes", m, corev1.ReadWriteOnce, corev1.ReadOnlyMany, corev1.ReadWriteMany, corev1.ReadWriteOncePod); f != nil {
			return v.bad(f)
		}
	}
	modes = slices.Clone(modes)
	return v.editClaim("accessModes", func(c *corev1.PersistentVolumeClaimSpec) { c.AccessModes = modes })
}

func (v Volume) editClaim(what string, change func(*corev1.PersistentVolumeClaimSpec)) Volume {
	if v.v == nil || v.v.claim == nil && (v.v.source == nil || v.v.source.Ephemeral == nil) {
		return v.bad(invalid("volume-option", "."+what, nil, "only a ClaimTemplate or Ephemeral volume makes a claim", "leave it out"))
	}
	return v.with(func(o *volume) {
		if o.claim != nil {
			o.claim = o.claim.DeepCopy()
			change(o.claim)
			return
		}
		o.source = o.source.DeepCopy()
		change(&o.source.Ephemeral.VolumeClaimTemplate.Spec)
	})
}

// HostPath is a file or folder of the node. Pod Security baseline forbids it. An
// empty path, and one with .., are errors.
func HostPath(name, path string) Volume {
	v := Volume{newVolume(name, &corev1.VolumeSource{HostPath: &corev1.HostPathVolumeSource{Path: path}}, here(ofHandle))}
	if path == "" || backsteps(path) {
		return v.bad(invalid("volume-source", ".hostPath.path", path, "is no path on a node", "an absolute path without .."))
	}
	return v
}

// HostPathType says what must be at a HostPath, such as DirectoryOrCreate; by
// default nothing is looked at. With another kind of volume it is an error.
func (v Volume) HostPathType(t corev1.HostPathType) Volume {
	if v.v == nil || v.v.source == nil || v.v.source.HostPath == nil {
		return v.bad(invalid("volume-option", ".hostPath.type", string(t), "only a HostPath has a type", "leave it out"))
	}
	if f := oneOf(".hostPath.type", t, corev1.HostPathUnset, corev1.HostPathDirectoryOrCreate, corev1.HostPathDirectory, corev1.HostPathFileOrCreate,
		corev1.HostPathFile, corev1.HostPathSocket, corev1.HostPathCharDev, corev1.HostPathBlockDev); f != nil {
		return v.bad(f)
	}
	return v.edit(func(s *corev1.VolumeSource) { s.HostPath.Type = &t })
}

// NFS is a folder that an NFS server exports. An empty server, and a path that is
// not absolute, are errors.
func NFS(name, server, path string) Volume {
	v := Volume{newVolume(name, &corev1.VolumeSource{NFS: &corev1.NFSVolumeSource{Server: server, Path: path}}, here(ofHandle))}
	if server == "" || !strings.HasPrefix(path, "/") {
		return v.bad(invalid("volume-source", ".nfs", server+":"+path, "is no folder of an NFS server", "name the server and an absolute path"))
	}
	return v
}

// CSI is an inline volume of a CSI driver with its attributes, which may be nil. An
// empty driver is an error.
func CSI(name, driver string, attributes map[string]string) Volume {
	s := &corev1.CSIVolumeSource{Driver: driver}
	for k, a := range attributes {
		if s.VolumeAttributes == nil {
			s.VolumeAttributes = make(map[string]string, len(attributes))
		}
		s.VolumeAttributes[k] = a
	}
	v := Volume{newVolume(name, &corev1.VolumeSource{CSI: s}, here(ofHandle))}
	if driver == "" {
		return v.bad(missing("volume-source", ".csi.driver", "name the driver"))
	}
	return v
}

// ImageVolume is the content of an image, read-only. An empty reference is an error.
// Needs Kubernetes 1.35.
func ImageVolume(name, reference string) Volume {
	v := Volume{newVolume(name, &corev1.VolumeSource{Image: &corev1.ImageVolumeSource{Reference: reference}}, here(ofHandle))}
	v.v.needs = []need{{release.ImageVolumes, "ImageVolume", ".image", v.v.at}}
	if reference == "" {
		return v.bad(missing("image-volume", ".image.reference", "name the image"))
	}
	return v
}

// RawVolume is any volume that the API has. One without a source is an error.
func RawVolume(volume corev1.Volume) Volume {
	v := Volume{newVolume(volume.Name, volume.VolumeSource.DeepCopy(), here(ofHandle))}
	if volume.VolumeSource == (corev1.VolumeSource{}) {
		return v.bad(missing("volume-source", "", "give it a source"))
	}
	return v
}

// backsteps says whether a path goes up.
func backsteps(path string) bool { return slices.Contains(strings.Split(path, "/"), "..") }

// filePath reports a path of a file in a volume that can't be: it is relative,
// and doesn't go up.
func filePath(rule, field, file string) *flaw {
	if file == "" || path.IsAbs(file) || backsteps(file) {
		return invalid(rule, field, file, "is no path of a file in the volume", "a relative path without ..")
	}
	return nil
}
