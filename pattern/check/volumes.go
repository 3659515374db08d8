package check

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

var volumeRules = slices.Concat([]Rule{
	{ID: "volume-source", Level: Rejected,
		Title: "a volume has several sources",
		Why:   "a volume is of one kind: the API server refuses the pod",
		Fix:   "leave one source, and make a volume of its own for the other",
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
		Why:   "the pod sees other files on each node and can change the node; Pod Security refuses it from baseline on",
		Fix:   "an emptyDir for scratch data, a claim for data that stays, a configMap for configuration",
		Bad:   `{volumes: [{name: data, hostPath: {path: /srv/data}}], containers: [{name: web, volumeMounts: [{name: data, mountPath: /data}]}]}`,
		Good:  `{volumes: [{name: data, persistentVolumeClaim: {claimName: data}}], containers: [{name: web, volumeMounts: [{name: data, mountPath: /data}]}]}`,
		pod:   hostPath},
}, emptyDirRules)

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
	for i := range x.spec.Volumes {
		name := x.spec.Volumes[i].Name
		if first, _ := x.volumes.find(name); !used[first] && first == i && name != "" && !slices.Contains(x.claims, name) {
			x.reportPod(r, "spec.volumes"+at(i)+".name", invalid(name, "no container mounts it", ""))
		}
	}
}

// hostPath spares what node agents are made of: a DaemonSet that only reads.
func hostPath(x *index, r *Rule) {
	x.eachVolume(r, func(v volumeSite) {
		if v.source != "hostPath" {
			return
		}
		var mounts []Party
		writes := false
		x.mounts(func(c site, i int, m *corev1.VolumeMount) {
			if m.Name == v.Name {
				mounts = append(mounts, x.party(c, ".volumeMounts"+at(i)+".name"))
				writes = writes || !m.ReadOnly
			}
		})
		if x.carrier == "DaemonSet" && !writes {
			return
		}
		x.reportPod(r, "spec.volumes"+at(v.index)+".hostPath", invalid(v.HostPath.Path, "is a path of the node, with what that node happens to have there", ""), mounts...)
	})
}

// volumeSite is a volume, and where to report what is wrong with it.
type volumeSite struct {
	*corev1.Volume
	x      *index
	r      *Rule
	index  int
	source string // the field of the source that counts
}

// eachVolume leaves out what a claim of a StatefulSet takes the place of, as the API
// server does.
// upstream: kubernetes/kubernetes pkg/apis/apps/validation/validation.go ValidateStatefulSetSpec
func (x *index) eachVolume(r *Rule, do func(v volumeSite)) {
	for i := range x.spec.Volumes {
		v := &x.spec.Volumes[i]
		if slices.Contains(x.claims, v.Name) {
			continue
		}
		do(volumeSite{v, x, r, i, sourceOf(&v.VolumeSource)})
	}
}

// report adds a finding about a field of the volume, such as ".configMap.name".
func (v volumeSite) report(fields string, f Finding) {
	v.x.reportPod(v.r, "spec.volumes"+at(v.index)+fields, f)
}

// require reports an empty field.
func (v volumeSite) require(value, fields string) {
	if value == "" {
		v.report(fields, required("", "set "+strings.TrimPrefix(fields, ".")))
	}
}

// claimClash is what the API server says about a volume that it otherwise accepts.
const claimClash = "must not reference a PVC that gets created for an ephemeral volume"

// rejectedVolume says whether the API server has refused the volume, so that for
// a mount there is none. All rules about volumes run before those about mounts.
func (x *index) rejectedVolume(i int) bool {
	if len(x.found) == 0 {
		return false
	}
	path := x.under + "spec.volumes" + at(i)
	return slices.ContainsFunc(x.found, func(f Finding) bool {
		return f.Level == Rejected && strings.HasPrefix(f.Path, path) && f.Detail != claimClash
	})
}

// volume gives the place of the volume that a mount of the name gets.
func (x *index) volume(name string) (int, bool) {
	first, ok := x.volumes.find(name)
	if !ok || !x.rejectedVolume(first) {
		return first, ok
	}
	for i := first + 1; i < len(x.spec.Volumes); i++ {
		if x.spec.Volumes[i].Name == name && !x.rejectedVolume(i) {
			return i, true
		}
	}
	return 0, false
}
