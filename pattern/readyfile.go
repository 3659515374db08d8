package pattern

import (
	"path"
	"slices"
	"strings"

	"github.com/podpattern/podpattern/pattern/check"
	corev1 "k8s.io/api/core/v1"
)

// readyFile is a file that must exist before the pod is Ready.
type readyFile struct {
	volume Volume
	path   string
	at     stack
}

// ReadyFile keeps the pod from being Ready until a file exists in a volume that
// this container mounts; the path is relative to the volume. It becomes this
// container's readiness probe, which runs test -e, so its image must have that:
// a pod is Ready only when all its containers are, and so the app's own probe and
// image stay as they are. In an init container, and beside a readiness probe that
// was set by hand, it is an error.
func (c Container[R]) ReadyFile(v Volume, file string) Container[R] {
	if file == "" || path.IsAbs(file) {
		return c.reject(invalid("ready-file", ".readinessProbe", file, "is no path in the volume", "a path relative to the volume"))
	}
	f := readyFile{v, file, here(ofConstructor)}
	return c.add(func(d *draft) { d.readyFile = &f })
}

func (r *resolver) settleReadyFile(d *draft) {
	f := d.readyFile
	if f == nil {
		return
	}
	bad := flaw{rule: "ready-file", level: check.Broken, field: ".readinessProbe", value: f.path, at: f.at}
	switch i := slices.IndexFunc(d.mounts, func(m mount) bool { return m.volume.name() == f.volume.name() }); {
	case d.role == initRole:
		bad.detail, bad.fix = "an init container has no readiness: the app starts when it has ended", "drop it"
	case d.c.ReadinessProbe != nil:
		bad.detail, bad.fix = "the container has a readiness probe already, and can have one", "ask for the file in that probe"
	case i < 0:
		bad.detail, bad.fix = "the container doesn't mount volume "+f.volume.name(), "mount it with Writes"
	default:
		file, ok := seen(d.mounts[i].volume.v, f.path)
		if !ok {
			bad.detail, bad.fix = "the container mounts another part of the volume", "mount the volume as a whole, or the part that the file is in"
			break
		}
		d.c.ReadinessProbe = &corev1.Probe{ProbeHandler: corev1.ProbeHandler{Exec: &corev1.ExecAction{Command: []string{"test", "-e", path.Join(d.mounts[i].path, file)}}}}
		return
	}
	d.report(bad)
}

// seen gives the path of a file of the volume below the mount.
func seen(v *volume, file string) (string, bool) {
	switch {
	case v.subPathExpr != "":
		return "", false
	case v.subPath == "":
		return file, true
	}
	return strings.CutPrefix(path.Clean(file), path.Clean(v.subPath)+"/")
}
