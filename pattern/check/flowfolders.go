package check

import (
	"strings"

	corev1 "k8s.io/api/core/v1"
)

var folderRules = []Rule{
	{ID: "reader-path-mismatch", Level: Warning,
		Title: "a container reads a part of an emptyDir that nobody writes",
		Why:   "a subPath shows one folder of the volume: what goes into another folder is never seen",
		Fix:   "mount the same subPath on both sides, or none",
		Bad:   `{containers: [{name: web, volumeMounts: [{name: logs, mountPath: /var/log/web, subPath: web}]}, {name: log-shipper, volumeMounts: [{name: logs, mountPath: /logs, subPath: app, readOnly: true}]}], volumes: [{name: logs, emptyDir: {sizeLimit: 64Mi}}]}`,
		Good:  `{containers: [{name: web, volumeMounts: [{name: logs, mountPath: /var/log/web, subPath: web}]}, {name: log-shipper, volumeMounts: [{name: logs, mountPath: /logs, subPath: web, readOnly: true}]}], volumes: [{name: logs, emptyDir: {sizeLimit: 64Mi}}]}`,
		pod:   readerPathMismatch},
}

// readerPathMismatch compares the folders of an emptyDir that are written with
// those that are read. It says nothing where one writer has all of the volume, or
// a folder with a variable in its name: they may write anywhere.
func readerPathMismatch(x *index, r *Rule) {
	if !x.hasEmptyDir() || !x.hasSubPath() {
		return
	}
	var flows firsts[Flow]
	x.said(&flows)
	var memory dataUses
	uses := memory.of(len(x.spec.Volumes))
	for _, c := range x.containers {
		for i := range c.VolumeMounts {
			m := &c.VolumeMounts[i]
			v, ok := x.emptyDirAt(m.Name)
			switch {
			case !ok:
			case !mayWrite(&flows, c, m):
				uses[v] |= isRead
			default:
				uses[v] |= isWritten
				if folder, known := folderOf(m); !known || folder == "" {
					uses[v] |= isOpen
				}
			}
		}
	}
	for v, use := range uses {
		if use == isRead|isWritten {
			x.compareFolders(r, &flows, x.spec.Volumes[v].Name)
		}
	}
}

func (x *index) hasSubPath() bool {
	for _, c := range x.containers {
		for i := range c.VolumeMounts {
			if c.VolumeMounts[i].SubPath != "" || c.VolumeMounts[i].SubPathExpr != "" {
				return true
			}
		}
	}
	return false
}

// writtenFolder is a folder of a volume that a container writes.
type writtenFolder struct {
	folder string
	by     Party
}

// compareFolders looks at each reader of a volume that is written by folders.
func (x *index) compareFolders(r *Rule, flows *firsts[Flow], volume string) {
	var written []writtenFolder
	for _, c := range x.containers {
		for i := range c.VolumeMounts {
			if m := &c.VolumeMounts[i]; m.Name == volume && mayWrite(flows, c, m) {
				folder, _ := folderOf(m)
				written = append(written, writtenFolder{folder, x.party(c, ".volumeMounts"+at(i)+".subPath")})
			}
		}
	}
	for _, c := range x.containers {
		for i := range c.VolumeMounts {
			m := &c.VolumeMounts[i]
			folder, known := folderOf(m)
			if m.Name != volume || !known || mayWrite(flows, c, m) || masks(m) {
				continue
			}
			if w := written[0]; !anyTouches(written, folder) {
				x.report(r, c, ".volumeMounts"+at(i)+".subPath", invalid(folder, "nobody writes this folder of "+volume+": "+w.by.Container+" writes "+w.folder, ""), w.by)
				continue
			}
			x.compareFiles(r, c, m, folder, written)
		}
	}
}

func anyTouches(written []writtenFolder, file string) bool {
	for i := range written {
		if foldersMeet(written[i].folder, file) {
			return true
		}
	}
	return false
}

// compareFiles looks at the files below a mount that the command of its container
// names.
func (x *index) compareFiles(r *Rule, c site, m *corev1.VolumeMount, folder string, written []writtenFolder) {
	for _, list := range [...]struct {
		field string
		texts []string
	}{{".command", c.Command}, {".args", c.Args}} {
		for i, text := range list.texts {
			file, ok := fileBelow(text, m.MountPath)
			if !ok || deeperMount(c, m, file) {
				continue
			}
			inVolume := strings.Trim(folder+"/"+file, "/")
			if w := written[0]; !anyTouches(written, inVolume) {
				x.report(r, c, list.field+at(i), invalid(strings.TrimRight(m.MountPath, "/")+"/"+file,
					"nobody writes this part of "+m.Name+": "+w.by.Container+" writes "+w.folder, "read what is in the folder that is written, or mount the same subPath on both sides"), w.by)
				return
			}
		}
	}
}

// fileBelow finds the first file below a folder that a text names, as far as it
// is known: up to the folder that a wildcard or a variable is in.
func fileBelow(text, folder string) (string, bool) {
	folder = strings.TrimRight(folder, "/")
	if folder == "" {
		return "", false
	}
	for start := 0; ; {
		i := strings.Index(text[start:], folder+"/")
		if i < 0 {
			return "", false
		}
		i += start
		start = i + len(folder) + 1
		if i > 0 && !strings.ContainsRune(" \t\n'\"=:,<>|&;()", rune(text[i-1])) {
			continue // a folder of another name that ends so
		}
		file := text[start:]
		if end := strings.IndexAny(file, " \t\n'\"`:,;|&<>()"); end >= 0 {
			file = file[:end]
		}
		if wild := strings.IndexAny(file, "*?[{$\\%"); wild >= 0 {
			file = file[:strings.LastIndexByte(file[:wild], '/')+1]
		}
		file = strings.Trim(file, "/")
		if file == "" || strings.Contains(file, "..") {
			continue
		}
		return file, true
	}
}

// deeperMount says whether a file below a mount is in another mount of the
// container, below that one.
func deeperMount(c site, m *corev1.VolumeMount, file string) bool {
	whole := strings.TrimRight(m.MountPath, "/") + "/" + file
	for i := range c.VolumeMounts {
		if o := &c.VolumeMounts[i]; len(o.MountPath) > len(m.MountPath) && isBelow(whole, strings.TrimRight(o.MountPath, "/")) {
			return true
		}
	}
	return false
}
