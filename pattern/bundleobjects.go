package pattern

import (
	"slices"

	"github.com/podpattern/podpattern/internal/release"
	"github.com/podpattern/podpattern/pattern/check"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// Objects gives what the helpers need beside the pods of a namespace: the ConfigMaps and
// Secrets that were made for them, and for each helper that [Container.NeedsAPI] a Role and
// a RoleBinding. A bundle leaves the pods their service accounts, so the rights go to those
// of the given names, by default to that named default. They are to be created once, and
// before the pods.
func (b Injection) Objects(namespace string, accounts ...string) ([]runtime.Object, error) {
	if len(accounts) == 0 {
		accounts = []string{"default"}
	}
	found := b.found()
	for _, name := range append(slices.Clone(accounts), namespace) {
		if f := newObjectRef("ServiceAccount or Namespace", name).flaws; f != nil {
			found = append(found, f.finding(""))
		}
	}
	base := &corev1.PodTemplateSpec{}
	base.Name, base.Namespace = b.name, namespace
	r := resolver{base: base, bundle: b.name, target: release.Default}
	r.gather(b.specs)
	for _, d := range r.drafts {
		for i := range d.flaws {
			found = append(found, d.flaws[i].finding(""))
		}
		for _, list := range [...][]mount{d.mounts, d.appMounts} {
			for _, m := range list {
				if m.volume.v != nil {
					r.carry(m.volume.v.object)
				}
			}
		}
		for _, v := range d.declares {
			r.carry(v.v.object)
		}
		for _, o := range d.objects {
			r.carry(o)
		}
		if d.api != nil && len(d.api.rules) > 0 {
			r.allowAccess(d, accounts...)
		}
	}
	check.Sort(found)
	if err := found.Err(); err != nil {
		return nil, err
	}
	return r.objects, nil
}
