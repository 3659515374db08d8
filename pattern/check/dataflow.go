package check

import (
	"strings"

	corev1 "k8s.io/api/core/v1"
)

var dataflowRules = []rule{
	{"reader-without-writer", Broken, readerWithoutWriter},
}

// readerWithoutWriter: an emptyDir starts empty, so where everybody only reads,
// there is never anything to read. A mount that may write counts as a writer
// unless its [Flow] says otherwise.
func readerWithoutWriter(x *index, r rule) {
	var flows firsts[Flow]
	for _, f := range x.flows {
		flows.at(f, 0)
	}
	mounted, written := make([]bool, len(x.spec.Volumes)), make([]bool, len(x.spec.Volumes))
	x.mounts(func(c site, i int, m *corev1.VolumeMount) {
		if v, ok := x.volumes.find(m.Name); ok {
			_, reads := flows.find(Flow{Container: c.Name, Volume: m.Name})
			_, writes := flows.find(Flow{Container: c.Name, Volume: m.Name, Writes: true})
			mounted[v] = true
			written[v] = written[v] || !m.ReadOnly && (writes || !reads)
		}
	})
	for v := range x.spec.Volumes {
		if !mounted[v] || written[v] || x.spec.Volumes[v].EmptyDir == nil {
			continue
		}
		name := x.spec.Volumes[v].Name
		var readers []Party
		var first site
		x.mounts(func(c site, i int, m *corev1.VolumeMount) {
			if m.Name == name {
				if readers == nil {
					first = c
				}
				readers = append(readers, x.party(c, ".volumeMounts"+at(i)+".name"))
			}
		})
		field := strings.TrimPrefix(readers[0].Path, x.path(first, ""))
		x.report(r, first, field, invalid(name, "the volume starts empty, and every container that mounts it only reads", "let the container that fills it mount it with Writes"), readers[1:]...)
	}
}
