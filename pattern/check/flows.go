package check

import (
	"path"
	"strings"

	"github.com/podpattern/podpattern/internal/release"
	corev1 "k8s.io/api/core/v1"
)

// said gives what the author said of containers and volumes.
func (x *index) said(flows *firsts[Flow]) {
	for _, f := range x.Flows {
		flows.at(f, 0)
	}
}

// mayWrite says whether a container can put data into a volume by this mount. A
// mount that isn't read-only may, unless its [Flow] says that it only reads.
func mayWrite(flows *firsts[Flow], c site, m *corev1.VolumeMount) bool {
	if m.ReadOnly {
		return false
	}
	if flows.n == 0 {
		return true
	}
	_, reads := flows.find(Flow{Container: c.Name, Volume: m.Name})
	_, writes := flows.find(Flow{Container: c.Name, Volume: m.Name, Writes: true})
	return writes || !reads
}

// masks says whether a mount is there to hide what is below: an empty volume over
// the token of the service account is the usual way to take it from a container.
func masks(m *corev1.VolumeMount) bool {
	return strings.HasSuffix(m.MountPath, "run/secrets/kubernetes.io/serviceaccount")
}

// dataUse is what the containers together do with a volume.
type dataUse uint8

const (
	isRead    dataUse = 1 << iota // by a container that doesn't write
	isWritten                     // in one folder at least
	isOpen                        // to a writer that may write anywhere
)

// dataUses keeps one dataUse a volume; few need no allocation.
type dataUses struct {
	few  [24]dataUse
	more []dataUse
}

func (u *dataUses) of(volumes int) []dataUse {
	if volumes <= len(u.few) {
		return u.few[:volumes]
	}
	u.more = make([]dataUse, volumes)
	return u.more
}

// emptyDirAt gives the place of the emptyDir of a name in spec.volumes; that of
// any other volume it does not.
func (x *index) emptyDirAt(name string) (int, bool) {
	v, ok := x.volumes.find(name)
	return v, ok && x.spec.Volumes[v].EmptyDir != nil
}

// hasEmptyDir says whether there is a volume that starts empty.
func (x *index) hasEmptyDir() bool {
	for i := range x.spec.Volumes {
		if x.spec.Volumes[i].EmptyDir != nil {
			return true
		}
	}
	return false
}

// envFile gives the volume that holds the file of a variable, where the container
// can't start without it.
func (x *index) envFile(e *corev1.EnvVar) string {
	if e.ValueFrom == nil || e.ValueFrom.FileKeyRef == nil || !x.target.Has(release.EnvFiles) {
		return ""
	}
	ref := e.ValueFrom.FileKeyRef
	if isTrue(ref.Optional) {
		return ""
	}
	return ref.VolumeName
}

// folderOf gives the folder of the volume that a mount shows, "" for all of it;
// not known: it has a variable in it.
func folderOf(m *corev1.VolumeMount) (folder string, known bool) {
	folder = m.SubPath
	if m.SubPathExpr != "" {
		folder = m.SubPathExpr
		if strings.Contains(folder, "$") {
			return "", false
		}
	}
	if folder == "" {
		return "", true
	}
	if folder = path.Clean(folder); folder == "." {
		folder = ""
	}
	return folder, true
}
