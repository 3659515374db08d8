package check

import (
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

var dataflowRules = []rule{
	{"reader-without-writer", Broken, readerWithoutWriter},
}

// readerWithoutWriter: an emptyDir starts empty, so where everybody only reads,
// there is never anything to read. A mount that may write counts as a writer
// unless its [Flow] says otherwise.
func readerWithoutWriter(x *index, r rule) {
	type use struct {
		reader site
		mount  int
		writer bool
	}
	uses := make(map[string]*use, len(x.spec.Volumes))
	reads := make(map[Flow]bool, len(x.flows))
	for _, f := range x.flows {
		if !f.Writes {
			reads[f] = true
		}
	}
	x.mounts(func(c site, i int, m *corev1.VolumeMount) {
		v, ok := x.volumes[m.Name]
		if !ok || x.spec.Volumes[v].EmptyDir == nil {
			return
		}
		u := uses[m.Name]
		if u == nil {
			u = &use{reader: c, mount: i}
			uses[m.Name] = u
		}
		if !m.ReadOnly && !reads[Flow{Container: c.Name, Volume: m.Name}] {
			u.writer = true
		}
	})
	for i := range x.spec.Volumes {
		name := x.spec.Volumes[i].Name
		if u := uses[name]; u != nil && !u.writer && x.volumes[name] == i {
			x.report(r, u.reader, ".volumeMounts"+at(u.mount)+".name", Finding{Type: field.ErrorTypeInvalid, Value: name,
				Detail: "the volume starts empty and every container that mounts it only reads", Fix: "let the container that fills it mount it with Writes"})
		}
	}
}
