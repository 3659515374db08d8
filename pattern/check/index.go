package check

import (
	"strconv"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// index is what the rules ask of a pod, built once.
type index struct {
	options
	meta       *metav1.ObjectMeta
	spec       *corev1.PodSpec
	containers []site // in start order
	volumes    firsts[string]
	found      Findings
}

// site is a container and where it stands.
type site struct {
	*corev1.Container
	init  bool // in spec.initContainers
	index int
}

func newIndex(meta *metav1.ObjectMeta, spec *corev1.PodSpec) *index {
	x := &index{meta: meta, spec: spec}
	x.containers = make([]site, 0, len(spec.InitContainers)+len(spec.Containers))
	for i := range spec.InitContainers {
		x.containers = append(x.containers, site{&spec.InitContainers[i], true, i})
	}
	for i := range spec.Containers {
		x.containers = append(x.containers, site{&spec.Containers[i], false, i})
	}
	for i := range spec.Volumes {
		x.volumes.at(spec.Volumes[i].Name, i)
	}
	return x
}

// native says whether c is a native sidecar.
func (c site) native() bool {
	return c.init && c.RestartPolicy != nil && *c.RestartPolicy == corev1.ContainerRestartPolicyAlways
}

// runsToItsEnd says whether c is a plain init container.
func (c site) runsToItsEnd() bool { return c.init && !c.native() }

func (x *index) path(c site, fields string) string {
	list := "containers"
	if c.init {
		list = "initContainers"
	}
	return x.under + "spec." + list + at(c.index) + fields
}

func (x *index) party(c site, fields string) Party {
	return Party{Container: c.Name, Path: x.path(c, fields)}
}

// report adds a finding about a field of c; others are the further containers.
func (x *index) report(r rule, c site, fields string, f Finding, others ...Party) {
	f.Path = x.path(c, fields)
	f.Parties = append([]Party{{Container: c.Name, Path: f.Path}}, others...)
	x.add(r, f)
}

func (x *index) add(r rule, f Finding) {
	f.Rule, f.Level = r.id, r.level
	x.found = append(x.found, f)
}

func at(i int) string { return "[" + strconv.Itoa(i) + "]" }

func required(detail, fix string) Finding {
	return Finding{Type: field.ErrorTypeRequired, Detail: detail, Fix: fix}
}

func duplicate(value any, detail, fix string) Finding {
	return Finding{Type: field.ErrorTypeDuplicate, Value: value, Detail: detail, Fix: fix}
}

func invalid(value any, detail, fix string) Finding {
	return Finding{Type: field.ErrorTypeInvalid, Value: value, Detail: detail, Fix: fix}
}

func forbidden(detail, fix string) Finding {
	return Finding{Type: field.ErrorTypeForbidden, Detail: detail, Fix: fix}
}
