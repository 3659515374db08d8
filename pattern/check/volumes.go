package check

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
)

var volumeRules = []Rule{
	{ID: "volume-source", Level: Rejected,
		Title: "a volume has several sources",
		Why:   "a volume is of one kind, and the kubelet wouldn't know which: the API server refuses the pod",
		Fix:   "keep one source, and make another volume for the other",
		Bad:   `{volumes: [{name: tmp, emptyDir: {}, configMap: {name: web}}], containers: [{name: web, volumeMounts: [{name: tmp, mountPath: /tmp}]}]}`,
		Good:  `{volumes: [{name: tmp, emptyDir: {}}, {name: config, configMap: {name: web}}], containers: [{name: web, volumeMounts: [{name: tmp, mountPath: /tmp}, {name: config, mountPath: /etc/web}]}]}`,
		pod:   volumeSource},
	{ID: "volume-unused", Level: Warning,
		Title: "no container mounts a volume",
		Why:   "the kubelet doesn't even set it up: it is a leftover, or a mount was forgotten",
		Fix:   "mount it, or leave it out",
		Bad:   `volumes: [{name: tmp, emptyDir: {}}]`,
		Good:  `{volumes: [{name: tmp, emptyDir: {}}], containers: [{name: web, volumeMounts: [{name: tmp, mountPath: /tmp}]}]}`,
		pod:   volumeUnused},
	{ID: "hostpath", Level: Warning,
		Title: "a volume is a path of the node",
		Why:   "the pod sees other files on each node and can change the node; Pod Security refuses it from baseline on; this leaves out a DaemonSet, which is there for its nodes",
		Fix:   "an emptyDir for scratch data, a claim for data that stays, a configMap for configuration",
		Bad:   `{volumes: [{name: data, hostPath: {path: /srv/data}}], containers: [{name: web, volumeMounts: [{name: data, mountPath: /data}]}]}`,
		Good:  `{volumes: [{name: data, persistentVolumeClaim: {claimName: data}}], containers: [{name: web, volumeMounts: [{name: data, mountPath: /data}]}]}`,
		pod:   hostPath},
}

// volumeSource: a volume has one source. Without any it is an emptyDir, which the
// API server fills in.
// upstream: kubernetes/kubernetes pkg/apis/core/v1/defaults.go SetDefaults_Volume
func volumeSource(x *index, r *Rule) {
	x.eachVolume(r, func(v volumeSite) {
		if v.source == "" {
			f := required("names no source: the API server makes it an emptyDir", "write emptyDir: {} if that is what it should be")
			f.Level = Warning
			v.report("", f)
			return
		}
		if v.EmptyDir != nil && v.VolumeSource == (corev1.VolumeSource{EmptyDir: v.EmptyDir}) {
			return // as it mostly is
		}
		for _, s := range sourcesOf(&v.VolumeSource) {
			if s.set && s.name != v.source {
				v.report("."+s.name, forbidden("may not specify more than 1 volume type", ""))
			}
		}
	})
}

// volumeUnused leaves out what an environment variable reads from: a container
// writes it.
func volumeUnused(x *index, r *Rule) {
	var few [32]bool
	used := few[:]
	if len(x.spec.Volumes) > len(few) {
		used = make([]bool, len(x.spec.Volumes))
	}
	use := func(name string) {
		if i, ok := x.volumes.find(name); ok {
			used[i] = true
		}
	}
	for _, c := range x.containers {
		for i := range c.VolumeMounts {
			use(c.VolumeMounts[i].Name)
		}
		for i := range c.VolumeDevices {
			use(c.VolumeDevices[i].Name)
		}
		for i := range c.Env {
			if from := c.Env[i].ValueFrom; from != nil && from.FileKeyRef != nil {
				use(from.FileKeyRef.VolumeName)
			}
		}
	}
	for i := range x.spec.EphemeralContainers {
		for j := range x.spec.EphemeralContainers[i].VolumeMounts {
			use(x.spec.EphemeralContainers[i].VolumeMounts[j].Name)
		}
	}
	if slices.Contains(used[:len(x.spec.Volumes)], false) {
		x.forInjected(use)
	}
	for i := range x.spec.Volumes {
		name := x.spec.Volumes[i].Name
		if first, _ := x.volumes.find(name); !used[first] && first == i && name != "" && !slices.Contains(x.claims, name) {
			x.reportPod(r, "spec.volumes"+at(i)+".name", invalid(name, "no container mounts it", ""))
		}
	}
}

// hostPath spares node agents: a DaemonSet is there for its nodes.
func hostPath(x *index, r *Rule) {
	if x.carrier == "DaemonSet" {
		return
	}
	x.eachVolume(r, func(v volumeSite) {
		if v.source != "hostPath" {
			return
		}
		var mounts []Party
		if v.mountable() {
			x.mountsOf(v.Name, func(c site, i int, _ *corev1.VolumeMount) {
				mounts = append(mounts, x.party(c, ".volumeMounts"+at(i)+".name"))
			})
		}
		x.reportPod(r, "spec.volumes"+at(v.index)+".hostPath", invalid(v.HostPath.Path, "is a path of the node, with what that node happens to have there", ""), mounts...)
	})
}
