package pattern

import (
	"slices"

	"github.com/podpattern/podpattern/pattern/check"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
)

// declared is a volume that the plan adds, and the handle that it came from.
type declared struct {
	volume *volume
	by     *draft
}

// declare adds a volume to the pod, once.
func (r *resolver) declare(d *draft, v Volume) {
	if v.v == nil {
		return // its mount has a flaw already
	}
	for i := range r.volumes {
		if o := &r.volumes[i]; o.volume.name == v.v.name {
			r.sameSource(d, v.v, *o)
			return
		}
	}
	for i := range r.base.Spec.Volumes {
		if o := &r.base.Spec.Volumes[i]; o.Name == v.v.name {
			r.sameSource(d, v.v, declared{volume: &volume{name: o.Name, source: &o.VolumeSource}})
			return
		}
	}
	r.volumes = append(r.volumes, declared{v.v, d})
	for f := v.v.flaws; f != nil; f = f.prev {
		r.reportVolume(v.v.name, *f)
	}
	for _, n := range v.v.needs {
		r.require(d, n)
	}
	r.carry(v.v.object)
}

// reportVolume adds a flaw of a volume that is, or will be, in the pod.
func (r *resolver) reportVolume(name string, f flaw) {
	if !slices.ContainsFunc(r.volumeFlaws, func(o volumeFlaw) bool { return o.volume == name && o.rule == f.rule && o.field == f.field }) {
		r.volumeFlaws = append(r.volumeFlaws, volumeFlaw{name, f})
	}
}

type volumeFlaw struct {
	volume string
	flaw
}

// sameSource holds two handles of one name to one source.
func (r *resolver) sameSource(d *draft, v *volume, o declared) {
	if v == o.volume || v.source == o.volume.source && v.claim == o.volume.claim {
		return
	}
	if equality.Semantic.DeepEqual(defaulted(v.source), defaulted(o.volume.source)) && equality.Semantic.DeepEqual(v.claim, o.volume.claim) {
		return
	}
	f := flaw{rule: "volume-source", value: v.name, at: v.at,
		detail: "two handles of this name have different sources", fix: "share one handle, or give one of the two another name"}
	if d != nil {
		f.others = append(f.others, party{d: d, at: v.at})
	}
	other := party{d: o.by, at: o.volume.at}
	if o.by == nil {
		other.name = "of the pod"
	}
	f.others = append(f.others, other)
	r.reportVolume(v.name, f)
}

// defaulted gives a source as the API server stores it, as far as its defaults
// can make two handles differ.
func defaulted(s *corev1.VolumeSource) *corev1.VolumeSource {
	if s == nil {
		return nil
	}
	s = s.DeepCopy()
	if mode := defaultMode(s); mode != nil && *mode == nil {
		standard := corev1.ConfigMapVolumeSourceDefaultMode
		*mode = &standard
	}
	if s.HostPath != nil && s.HostPath.Type == nil {
		unset := corev1.HostPathUnset
		s.HostPath.Type = &unset
	}
	if s.Image != nil && s.Image.PullPolicy == "" {
		s.Image.PullPolicy = corev1.PullIfNotPresent
	}
	return s
}

// need is a field that only newer versions of Kubernetes have on.
type need struct {
	since version
	what  string
	at    stack
}

// require reports a field that the target version doesn't have on.
func (r *resolver) require(d *draft, n need) {
	if r.target.has(n.since) {
		return
	}
	f := flaw{rule: "target-version", level: check.Broken, value: n.what, at: n.at,
		detail: "needs Kubernetes " + n.since.String() + ", the target is " + r.target.String(), fix: "raise the target, or do without"}
	if d == nil {
		r.report(f)
		return
	}
	d.report(f)
}
