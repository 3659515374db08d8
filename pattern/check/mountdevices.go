package check

import "slices"

var deviceRules = []Rule{
	{ID: "volume-device", Level: Rejected,
		Title: "a volumeDevice names no claim, or one that is mounted too",
		Why:   "a device is a claim in raw form, and a container has it either as a device or as a folder: the API server refuses the pod",
		Fix:   "name a claim or an ephemeral claim, give it a devicePath of its own, and don't mount it as well",
		Bad:   `{volumes: [{name: disk, emptyDir: {}}], containers: [{name: web, volumeDevices: [{name: disk, devicePath: /dev/xvda}]}]}`,
		Good:  `{volumes: [{name: disk, persistentVolumeClaim: {claimName: disk}}], containers: [{name: web, volumeDevices: [{name: disk, devicePath: /dev/xvda}]}]}`,
		pod:   volumeDevices},
}

// volumeDevices: a volume is a device or a folder to a container, not both.
// upstream: kubernetes/kubernetes pkg/apis/core/validation/validation.go ValidateVolumeDevices, ValidateVolumeMounts
func volumeDevices(x *index, r *Rule) {
	for _, c := range x.containers {
		if len(c.VolumeDevices) == 0 {
			continue
		}
		x.deviceNames(r, c)
		x.devicePaths(r, c)
		x.mountsOfDevices(r, c)
	}
}

func (x *index) deviceNames(r *Rule, c site) {
	var seen firsts[string]
	for i := range c.VolumeDevices {
		name, field := c.VolumeDevices[i].Name, ".volumeDevices"+at(i)+".name"
		if name == "" {
			x.report(r, c, field, required("", "name a volume"))
		} else if first, dup := seen.at(name, i); dup {
			x.report(r, c, field, invalid(name, "must be unique", "one device a volume"), x.party(c, ".volumeDevices"+at(first)+".name"))
		}
		v, declared := x.volume(name)
		switch claimed := slices.Contains(x.claims, name); {
		case claimed:
		case !declared:
			x.report(r, c, field, notFound(name, "name a volume of the pod"))
		case x.spec.Volumes[v].PersistentVolumeClaim == nil && x.spec.Volumes[v].Ephemeral == nil:
			x.report(r, c, field, invalid(name, "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode", ""))
		}
	}
}

func (x *index) devicePaths(r *Rule, c site) {
	var seen firsts[string]
	for i := range c.VolumeDevices {
		path, field := c.VolumeDevices[i].DevicePath, ".volumeDevices"+at(i)+".devicePath"
		if path == "" {
			x.report(r, c, field, required("", "such as /dev/xvda"))
		}
		if first, dup := seen.find(path); dup {
			x.report(r, c, field, invalid(path, "must be unique", ""), x.party(c, ".volumeDevices"+at(first)+".devicePath"))
		}
		if hasBackstep(path) {
			x.report(r, c, field, invalid(path, "can not contain backsteps ('..')", ""))
		} else {
			seen.at(path, i)
		}
	}
}

// mountsOfDevices compares as the API server does: of two mounts of one volume it
// knows the path of the last.
func (x *index) mountsOfDevices(r *Rule, c site) {
	mounts, devices := make(map[string]string), make(map[string]string)
	for i := range c.VolumeMounts {
		mounts[c.VolumeMounts[i].Name] = c.VolumeMounts[i].MountPath
	}
	for i := range c.VolumeDevices {
		devices[c.VolumeDevices[i].Name] = c.VolumeDevices[i].DevicePath
	}
	mountPaths, devicePaths := make(map[string]bool), make(map[string]bool)
	for _, p := range mounts {
		mountPaths[p] = true
	}
	for _, p := range devices {
		devicePaths[p] = true
	}
	for i := range c.VolumeMounts {
		m := &c.VolumeMounts[i]
		if _, both := devices[m.Name]; both {
			x.report(r, c, ".volumeMounts"+at(i)+".name", invalid(m.Name, "must not already exist in volumeDevices", "mount it or use it as a device"))
		}
		if devicePaths[m.MountPath] {
			x.report(r, c, ".volumeMounts"+at(i)+".mountPath", invalid(m.MountPath, "must not already exist as a path in volumeDevices", "give it a path of its own"))
		}
	}
	for i := range c.VolumeDevices {
		d := &c.VolumeDevices[i]
		if _, both := mounts[d.Name]; both {
			x.report(r, c, ".volumeDevices"+at(i)+".name", invalid(d.Name, "must not already exist in volumeMounts", "mount it or use it as a device"))
		}
		if mountPaths[d.DevicePath] {
			x.report(r, c, ".volumeDevices"+at(i)+".devicePath", invalid(d.DevicePath, "must not already exist as a path in volumeMounts", "give it a path of its own"))
		}
	}
}
