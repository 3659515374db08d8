package check

import (
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

var rotationRules = []Rule{
	{ID: "rotate-exceeds-volume", Level: Warning,
		Title: "the rotated logs of a container take more than their volume holds",
		Why:   "once the emptyDir is larger than its sizeLimit, the kubelet evicts the pod; this reads the arguments of multilog, rotatelogs, the JVM's -Xlog, and pairs of flags such as --max-size=10MB and --max-files=5",
		Fix:   "keep fewer or smaller files, or raise the volume's sizeLimit above their product",
		Bad:   `{containers: [{name: web, args: [--log-file=/logs/web.log, --log-max-size=16Mi, --log-max-files=8], volumeMounts: [{name: logs, mountPath: /logs}]}], volumes: [{name: logs, emptyDir: {sizeLimit: 64Mi}}]}`,
		Good:  `{containers: [{name: web, args: [--log-file=/logs/web.log, --log-max-size=4Mi, --log-max-files=8], volumeMounts: [{name: logs, mountPath: /logs}]}], volumes: [{name: logs, emptyDir: {sizeLimit: 64Mi}}]}`,
		pod:   rotateExceedsVolume},
}

// rotation is how a container rotates a log: so many files of so many bytes.
type rotation struct {
	size, keep int64
	field      string // where the size is said
	index      int
	file       string // of the log, if it is named with it
}

// rotateExceedsVolume looks at the containers that mount an emptyDir with a
// sizeLimit and rotate logs into it. The files must be named below the mount.
func rotateExceedsVolume(x *index, r *Rule) {
	if !x.hasBoundedDir() {
		return
	}
	for _, c := range x.containers {
		if len(c.Args)+len(c.Command) == 0 || !x.mountsBoundedDir(c) {
			continue
		}
		for _, list := range [...]struct {
			field string
			texts []string
		}{{".command", c.Command}, {".args", c.Args}} {
			rot, ok := rotationIn(list.texts)
			if !ok {
				continue
			}
			rot.field = list.field
			x.compareRotation(r, c, rot, list.texts)
		}
	}
}

func (x *index) hasBoundedDir() bool {
	for i := range x.spec.Volumes {
		if boundedDir(&x.spec.Volumes[i]) {
			return true
		}
	}
	return false
}

func boundedDir(v *corev1.Volume) bool {
	return v.EmptyDir != nil && v.EmptyDir.SizeLimit != nil && v.EmptyDir.SizeLimit.Sign() > 0
}

func (x *index) mountsBoundedDir(c site) bool {
	for i := range c.VolumeMounts {
		if v, ok := x.volumes.find(c.VolumeMounts[i].Name); ok && boundedDir(&x.spec.Volumes[v]) {
			return true
		}
	}
	return false
}

// compareRotation looks for the volume that the log is in.
func (x *index) compareRotation(r *Rule, c site, rot rotation, texts []string) {
	for i := range c.VolumeMounts {
		m := &c.VolumeMounts[i]
		v, ok := x.volumes.find(m.Name)
		if !ok || m.ReadOnly || !boundedDir(&x.spec.Volumes[v]) || !namesBelow(rot, texts, m.MountPath) {
			continue
		}
		limit := x.spec.Volumes[v].EmptyDir.SizeLimit.DeepCopy()
		if rot.size > limit.Value()/rot.keep {
			x.report(r, c, rot.field+at(rot.index), invalid(texts[rot.index],
				fmt.Sprintf("%d files of %s are more than the %s of volume %s", rot.keep, resource.NewQuantity(rot.size, resource.BinarySI), &limit, m.Name), ""))
		}
		return
	}
}

// namesBelow says whether the log that is rotated is below a mount.
func namesBelow(rot rotation, texts []string, folder string) bool {
	folder = strings.TrimRight(folder, "/")
	if rot.file != "" {
		return isBelow(rot.file, folder)
	}
	for _, text := range texts {
		if i := strings.Index(text, folder); folder != "" && i >= 0 && (i == 0 || !isAlnum(text[i-1]) && text[i-1] != '/') {
			if end := i + len(folder); end == len(text) || !isAlnum(text[end]) && !strings.ContainsRune("-_.", rune(text[end])) {
				return true
			}
		}
	}
	return false
}
