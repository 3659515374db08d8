package pattern

import (
	"encoding/json"
	"slices"
	"strconv"

	"github.com/podpattern/podpattern/internal/names"
	"github.com/podpattern/podpattern/internal/release"
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
	known := false
	for i := range r.volumes {
		o := &r.volumes[i]
		if o.volume == v.v {
			return
		}
		if o.volume.name == v.v.name {
			r.sameSource(d, v.v, *o)
			known = true
			break
		}
	}
	for i := range r.base.Spec.Volumes {
		if o := &r.base.Spec.Volumes[i]; o.Name == v.v.name && !known {
			if v.v.private {
				r.reportVolume(v.v.name, flaw{rule: "volume-source", value: v.v.name, at: v.v.at, others: []party{{d: d}, {name: "of the pod"}},
					detail: "the pod has a volume of the name that this private one would get", fix: "give the helper another name"})
			}
			r.sameSource(d, v.v, declared{volume: &volume{name: o.Name, source: &o.VolumeSource}})
			known = true
		}
	}
	if !known {
		r.volumes = append(r.volumes, declared{v.v, d})
	}
	for f := v.v.flaws; f != nil; f = f.prev {
		r.reportVolume(v.v.name, *f)
	}
	if !known {
		for _, n := range v.v.needs {
			if f := r.unmet(n); f != nil {
				r.reportVolume(v.v.name, *f)
			}
		}
	}
	r.carry(v.v.object)
}

// generatedName gives a volume that the library makes for a container a name that
// no other volume of the pod has.
func (r *resolver) generatedName(d *draft, purpose string) string {
	if r.takenNames == nil {
		r.takenNames = make(map[string]bool)
		for i := range r.base.Spec.Volumes {
			if r.bundle == "" { // a bundle's names don't depend on the pod
				r.takenNames[r.base.Spec.Volumes[i].Name] = true
			}
		}
		for _, v := range r.declares {
			r.takenNames[v.name()] = true
		}
		for _, o := range r.drafts {
			for _, list := range [...][]mount{o.mounts, o.appMounts} {
				for _, m := range list {
					if m.volume.v != nil && !m.volume.v.private {
						r.takenNames[m.volume.name()] = true
					}
				}
			}
			for _, v := range o.declares {
				r.takenNames[v.name()] = true
			}
		}
	}
	name := names.Join(names.Label, d.c.Name, purpose)
	for i := 1; r.takenNames[name]; i++ {
		// Which of two names that run together is first must not matter to the
		// second, so it has its parts in it.
		name = names.Join(names.Label, d.c.Name, purpose, names.Hash(d.c.Name, purpose, strconv.Itoa(i))[:5])
	}
	r.takenNames[name] = true
	return name
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
		detail: "two handles of this name have different sources: " + text(v) + " and " + text(o.volume), fix: "share one handle, changed where it is made, or give one of the two another name"}
	if d != nil {
		f.others = append(f.others, party{d: d})
	}
	other := party{d: o.by}
	if o.by == nil {
		other.name = "of the pod"
	}
	f.others = append(f.others, other)
	r.reportVolume(v.name, f)
}

// text prints what a volume is made of.
func text(v *volume) string {
	var what any = v.source
	if v.claim != nil {
		what = v.claim
	}
	j, err := json.Marshal(what)
	if err != nil { // API types can always be written
		return v.name
	}
	return string(j)
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
		s.Image.PullPolicy = pullPolicy(s.Image.Reference)
	}
	if s.Ephemeral != nil && s.Ephemeral.VolumeClaimTemplate != nil && s.Ephemeral.VolumeClaimTemplate.Spec.VolumeMode == nil {
		s.Ephemeral.VolumeClaimTemplate.Spec.VolumeMode = new(corev1.PersistentVolumeFilesystem)
	}
	if s.DownwardAPI != nil {
		defaultFiles(s.DownwardAPI.Items)
	}
	if s.Projected != nil {
		for i := range s.Projected.Sources {
			p := &s.Projected.Sources[i]
			if t := p.ServiceAccountToken; t != nil && t.ExpirationSeconds == nil {
				t.ExpirationSeconds = new(int64(3600))
			}
			if p.DownwardAPI != nil {
				defaultFiles(p.DownwardAPI.Items)
			}
		}
	}
	return s
}

func defaultFiles(files []corev1.DownwardAPIVolumeFile) {
	for i := range files {
		if f := files[i].FieldRef; f != nil && f.APIVersion == "" {
			f.APIVersion = "v1"
		}
	}
}

// need is a field that only newer versions of Kubernetes have on.
type need struct {
	since release.Minor
	what  string
	field string // below the container; of the pod as a whole if it starts with spec
	at    stack
}

// need notes what a call needs, in place of what the one that it replaces needed;
// one that needs no version takes that away.
func (d *draft) need(n need) {
	needs := slices.DeleteFunc(slices.Clone(d.needs), func(o need) bool { return o.what == n.what || o.field == n.field && n.field != ".env" })
	if n.since > 0 {
		needs = append(needs, n)
	}
	if len(needs)+len(d.needs) > 0 {
		d.own().needs = needs
	}
}

// unmet gives the flaw of a need that the target release.Minor doesn't meet, or nil.
func (r *resolver) unmet(n need) *flaw {
	if r.target.Has(n.since) {
		return nil
	}
	return &flaw{rule: "target-version", level: check.Broken, field: n.field, at: n.at,
		detail: n.what + " needs Kubernetes " + n.since.String() + ", the target is " + r.target.String(), fix: "build for it with Target(\"" + n.since.String() + "\") or -target " + n.since.String() + ", or do without"}
}
