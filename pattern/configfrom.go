package pattern

import (
	"path"
	"slices"
	"strings"

	"github.com/podpattern/podpattern/pattern/check"
)

// configFrom is a generated file whose content comes from a volume instead.
type configFrom struct {
	volume Volume
	file   string
	at     stack
}

// ConfigFrom takes a file that [Container.Config] would generate from a volume
// instead, which an init container fills, say; file is its path in the volume, and
// has the name of the generated one. The file's folder is mounted, read-only, in
// place of the generated folder, so that a new version of the file is seen. The
// container starts after those that write the volume, and a native helper among
// them that has a [Container.Health] is waited for. What else the helper says of
// the pod stays: a port that is free to move may have to be fixed. A name that no
// generated file has, and a folder that has more of them, are errors.
func (c Container[R]) ConfigFrom(v Volume, file string) Container[R] {
	if v.v == nil {
		return c.reject(zeroVolume())
	}
	if file == "" || path.IsAbs(file) || path.Clean(file) != file || strings.HasPrefix(file, "..") {
		return c.reject(invalid("config", ".volumeMounts", file, "is no path of a file in the volume", "such as haproxy.cfg, or conf/haproxy.cfg"))
	}
	f := configFrom{v, file, here(ofConstructor)}
	return c.add(func(d *draft) { d.own().configFroms = append(d.configFroms, f) })
}

// settleConfigFrom replaces generated files by those of volumes.
func (d *draft) settleConfigFrom() {
	for _, f := range d.configFroms {
		named := func(c configFile) bool { return path.Base(c.path) == path.Base(f.file) }
		i := slices.IndexFunc(d.configs, named)
		if i < 0 {
			d.report(flaw{rule: "config-from", level: check.Broken, field: ".volumeMounts", value: f.file, at: f.at, detail: "the container has no generated file of this name" + d.generatedFiles(), fix: "call the file in the volume as the one that it replaces"})
			continue
		}
		dir := path.Dir(d.configs[i].path)
		d.own().configs = slices.Delete(d.configs, i, i+1)
		if slices.ContainsFunc(d.configs, func(c configFile) bool { return path.Dir(c.path) == dir }) {
			d.report(flaw{rule: "config-from", level: check.Broken, field: ".volumeMounts", value: f.file, at: f.at, detail: "other generated files are in " + dir + ", which the volume would hide", fix: "mount the volume with Reads, and name its file in Args"})
			continue
		}
		v, at := f.volume, dir
		switch sub := path.Dir(f.file); {
		case strings.Count(dir, "/") == 1: // see Config
			v, at = v.SubPath(f.file), path.Join(dir, path.Base(f.file))
		case sub != ".":
			v = v.SubPath(sub)
		}
		d.mounts = append(d.mounts, mount{v, at, reads})
	}
}

func (d *draft) generatedFiles() string {
	if len(d.configs) == 0 {
		return ", or any other"
	}
	var files []string
	for _, c := range d.configs {
		files = append(files, path.Base(c.path))
	}
	return ", but " + strings.Join(files, ", ")
}

// afterWriters starts containers that take their configuration from a volume
// after those that fill it.
func (r *resolver) afterWriters() {
	for _, d := range r.drafts {
		for _, f := range d.configFroms {
			for _, o := range r.drafts {
				if o == d || o.regular(r.target) {
					continue
				}
				if slices.ContainsFunc(o.mounts, func(m mount) bool { return m.direction == writes && m.volume.name() == f.volume.name() }) {
					d.own().after = append(slices.Clip(d.after), o.c.Name)
					d.own().orderedAt = f.at
				}
			}
		}
	}
}
