package check

import corev1 "k8s.io/api/core/v1"

var readOnlyRules = []Rule{
	{ID: "writer-on-readonly", Level: Broken,
		Title:  "a container is to write a volume that it can only read",
		Why:    "a configMap, secret, downwardAPI, projected or image volume is mounted read-only whatever the mount says, as is a mount with readOnly: the first write fails",
		Fix:    "write into an emptyDir or a claim, mounted without readOnly",
		Bad:    `{containers: [{name: web, volumeMounts: [{name: settings, mountPath: /settings}]}], volumes: [{name: settings, configMap: {name: settings}}]}`,
		Good:   `{containers: [{name: web, volumeMounts: [{name: settings, mountPath: /settings}]}], volumes: [{name: settings, emptyDir: {sizeLimit: 64Mi}}]}`,
		Intent: Intent{Flows: []Flow{{Container: "web", Volume: "settings", Writes: true}}},
		pod:    writerOnReadonly},
}

// writerOnReadonly needs to know who is to write: a mount that isn't read-only
// may just have been left at the default.
func writerOnReadonly(x *index, r *Rule) {
	if len(x.Flows) == 0 {
		return
	}
	var flows firsts[Flow]
	x.said(&flows)
	for _, c := range x.containers {
		var told firsts[string]
		for i := range c.VolumeMounts {
			m := &c.VolumeMounts[i]
			if _, writes := flows.find(Flow{Container: c.Name, Volume: m.Name, Writes: true}); !writes {
				continue
			}
			kind := x.readOnlyKind(m.Name)
			if kind == "" && (!m.ReadOnly || writableElsewhere(c, m.Name)) {
				continue
			}
			if _, seen := told.at(m.Name, i); seen {
				continue
			}
			if kind != "" {
				x.report(r, c, ".volumeMounts"+at(i)+".name", invalid(m.Name, "this container is to write the volume, and "+kind+" is always mounted read-only", "write into an emptyDir or a claim; a file that the program must change is copied there by an init container"))
			} else {
				x.report(r, c, ".volumeMounts"+at(i)+".readOnly", invalid(true, "this container is to write volume "+m.Name+", and mounts it read-only", "mount it without readOnly"))
			}
		}
	}
}

// writableElsewhere says whether a container has a mount of the volume that isn't
// read-only.
func writableElsewhere(c site, volume string) bool {
	for i := range c.VolumeMounts {
		if m := &c.VolumeMounts[i]; m.Name == volume && !m.ReadOnly {
			return true
		}
	}
	return false
}

// readOnlyKind says what the volume of a name is, if it is only mounted read-only.
func (x *index) readOnlyKind(volume string) string {
	v, ok := x.volumes.find(volume)
	if !ok {
		return ""
	}
	return readOnlyKind(&x.spec.Volumes[v].VolumeSource)
}

// readOnlyKind says what a volume is that the kubelet only mounts read-only.
// upstream: kubernetes/kubernetes pkg/volume, the Attributes of the plugins
func readOnlyKind(s *corev1.VolumeSource) string {
	switch {
	case s.ConfigMap != nil:
		return "a configMap"
	case s.Secret != nil:
		return "a secret"
	case s.DownwardAPI != nil:
		return "a downwardAPI volume"
	case s.Projected != nil:
		return "a projected volume"
	case s.Image != nil:
		return "an image volume"
	case s.PersistentVolumeClaim != nil && s.PersistentVolumeClaim.ReadOnly:
		return "a claim with readOnly"
	}
	return ""
}
