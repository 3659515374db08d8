package pattern

import (
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

// EmptyDir is a volume that starts empty and lives as long as the pod.
func EmptyDir(name string) Volume {
	return Volume{newVolume(name, &corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}})}
}

// SharedMemory is an EmptyDir in memory, named shared-memory and bounded by size,
// for containers that share it at /dev/shm. It counts as their memory.
func SharedMemory(size string) Volume {
	return Volume{newVolume("shared-memory", &corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{Medium: corev1.StorageMediumMemory}})}.SizeLimit(size)
}

// PVC is a PersistentVolumeClaim that exists.
func PVC(name, claim string) Volume {
	v := Volume{newVolume(name, &corev1.VolumeSource{PersistentVolumeClaim: &corev1.PersistentVolumeClaimVolumeSource{ClaimName: claim}})}
	if claim == "" {
		return v.bad(missing("reference-name", ".persistentVolumeClaim.claimName", "name the claim"))
	}
	return v
}

// ClaimTemplate is a claim of which a StatefulSet makes one for each pod, with
// room for size; ReadWriteOnce, of the default storage class. In another
// workload it is an error.
func ClaimTemplate(name, size string) Volume { return claimVolume(name, size) }

// Ephemeral is a claim that is made with the pod and deleted with it; otherwise
// as [ClaimTemplate].
func Ephemeral(name, size string) Volume {
	v := claimVolume(name, size)
	return v.with(func(o *volume) {
		o.source = &corev1.VolumeSource{Ephemeral: &corev1.EphemeralVolumeSource{VolumeClaimTemplate: &corev1.PersistentVolumeClaimTemplate{Spec: *o.claim}}}
		o.claim = nil
	})
}

func claimVolume(name, size string) Volume {
	v := newVolume(name, nil)
	q, err := resource.ParseQuantity(size)
	v.claim = &corev1.PersistentVolumeClaimSpec{
		AccessModes: []corev1.PersistentVolumeAccessMode{corev1.ReadWriteOnce},
		Resources:   corev1.VolumeResourceRequirements{Requests: corev1.ResourceList{corev1.ResourceStorage: q}},
	}
	if err != nil || q.Sign() <= 0 {
		return Volume{v}.bad(invalid("quantity", ".resources.requests.storage", size, "is no quantity", "a quantity, such as 10Gi"))
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
	modes = append([]corev1.PersistentVolumeAccessMode(nil), modes...)
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

// HostPath is a file or folder of the node. Pod Security baseline forbids it.
func HostPath(name, path string) Volume {
	v := Volume{newVolume(name, &corev1.VolumeSource{HostPath: &corev1.HostPathVolumeSource{Path: path}})}
	if path == "" {
		return v.bad(missing("volume-source", ".hostPath.path", "name the path on the node"))
	}
	return v
}

// HostPathType says what must be at a HostPath, such as DirectoryOrCreate; by
// default nothing is looked at. With another kind of volume it is an error.
func (v Volume) HostPathType(t corev1.HostPathType) Volume {
	if v.v == nil || v.v.source == nil || v.v.source.HostPath == nil {
		return v.bad(invalid("volume-option", ".hostPath.type", string(t), "only a HostPath has a type", "leave it out"))
	}
	return v.edit(func(s *corev1.VolumeSource) { s.HostPath.Type = &t })
}

// NFS is a folder that an NFS server exports.
func NFS(name, server, path string) Volume {
	v := Volume{newVolume(name, &corev1.VolumeSource{NFS: &corev1.NFSVolumeSource{Server: server, Path: path}})}
	if server == "" || path == "" {
		return v.bad(missing("volume-source", ".nfs", "name the server and the path"))
	}
	return v
}

// CSI is an inline volume of a CSI driver with its attributes, which may be nil.
func CSI(name, driver string, attributes map[string]string) Volume {
	s := &corev1.CSIVolumeSource{Driver: driver}
	for k, a := range attributes {
		if s.VolumeAttributes == nil {
			s.VolumeAttributes = make(map[string]string, len(attributes))
		}
		s.VolumeAttributes[k] = a
	}
	v := Volume{newVolume(name, &corev1.VolumeSource{CSI: s})}
	if driver == "" {
		return v.bad(missing("volume-source", ".csi.driver", "name the driver"))
	}
	return v
}

// ImageVolume is the content of an image, read-only. Needs Kubernetes 1.35.
func ImageVolume(name, reference string) Volume {
	at := here(ofConstructor)
	v := Volume{newVolume(name, &corev1.VolumeSource{Image: &corev1.ImageVolumeSource{Reference: reference}})}
	v.v.needs = []need{{imageVolumes, "ImageVolume", at}}
	if reference == "" {
		return v.bad(missing("image-volume", ".image.reference", "name the image"))
	}
	return v
}

// RawVolume is any volume that the API has.
func RawVolume(volume corev1.Volume) Volume {
	return Volume{newVolume(volume.Name, volume.VolumeSource.DeepCopy())}
}
