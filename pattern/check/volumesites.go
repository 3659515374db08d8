package check

import (
	"slices"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

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

// reportEach adds a finding for each message about one value.
func (v volumeSite) reportEach(fields, value string, msgs []string) {
	for _, m := range msgs {
		v.report(fields, invalid(value, m, ""))
	}
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
	for ; x.searched < len(x.found); x.searched++ {
		f := &x.found[x.searched]
		rest, ok := strings.CutPrefix(f.Path, x.under+"spec.volumes[")
		if !ok || f.Level != Rejected || f.Detail == claimClash {
			continue
		}
		if v, err := strconv.Atoi(number(rest)); err == nil {
			x.rejected.at(v, 0)
		}
	}
	_, rejected := x.rejected.find(i)
	return rejected
}

// mountsOf calls do for each mount of a volume.
func (x *index) mountsOf(volume string, do func(c site, i int, m *corev1.VolumeMount)) {
	if len(x.spec.Volumes) <= len(x.volumes.keys) {
		x.mounts(func(c site, i int, m *corev1.VolumeMount) {
			if m.Name == volume {
				do(c, i, m)
			}
		})
		return
	}
	if x.mounted == nil {
		x.mounted = make(map[string][]mountSite)
		for k, c := range x.containers {
			for i := range c.VolumeMounts {
				name := c.VolumeMounts[i].Name
				x.mounted[name] = append(x.mounted[name], mountSite{k, i})
			}
		}
	}
	for _, p := range x.mounted[volume] {
		c := x.containers[p.container]
		do(c, p.mount, &c.VolumeMounts[p.mount])
	}
}

// mountSite is where a mount stands: the container and its number there.
type mountSite struct{ container, mount int }

// mountable says whether v is the volume that mounts of its name get.
func (v volumeSite) mountable() bool {
	first, _ := v.x.volumes.find(v.Name)
	return first == v.index
}

// setUp says whether the kubelet sets a volume up: one that no container mounts can't
// keep the pod from starting.
// upstream: kubernetes/kubernetes pkg/volume/util/util.go GetPodVolumeNames
func (x *index) setUp(volume string) (mounted bool) {
	x.mountsOf(volume, func(site, int, *corev1.VolumeMount) { mounted = true })
	return mounted
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
