package check

import (
	"slices"
	"strconv"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// index is what the rules ask of a pod, built once.
type index struct {
	options
	template bool      // of a workload, not a pod
	workload *workload // where the whole object is known
	meta     *metav1.ObjectMeta
	spec     *corev1.PodSpec
	// containers stand in start order: spec.initContainers, then spec.containers.
	containers []site
	volumes    firsts[string] // places in spec.volumes by name
	// mounted are the mounts of each volume, gathered when there are many.
	mounted map[string][]mountSite
	// rejected are the volumes that the API server refuses, by the findings that
	// were searched for them.
	rejected firsts[int]
	searched int
	// plainly is what asksPlainly says, once it was asked.
	asked, plainly bool
	found          Findings
}

// site is a container and where it stands.
type site struct {
	*corev1.Container
	init  bool // in spec.initContainers
	index int
}

func newIndex(meta *metav1.ObjectMeta, spec *corev1.PodSpec, o options) *index {
	return (&index{options: o}).of(meta, spec)
}

// of lets an index that is new be of a pod.
func (x *index) of(meta *metav1.ObjectMeta, spec *corev1.PodSpec) *index {
	x.meta, x.spec = meta, spec
	x.containers = slices.Grow(x.containers, len(spec.InitContainers)+len(spec.Containers))
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

// helper says whether c serves other containers; known: somebody said so.
func (x *index) helper(c site) (helper, known bool) {
	return slices.Contains(x.Helpers, c.Name), x.Helpers != nil
}

// named gives the container of a name.
func (x *index) named(name string) (site, bool) {
	i := slices.IndexFunc(x.containers, func(c site) bool { return c.Name == name })
	if i < 0 {
		return site{}, false
	}
	return x.containers[i], true
}

// windows says whether the pod is for Windows nodes.
func (x *index) windows() bool { return x.spec.OS != nil && x.spec.OS.Name == corev1.Windows }

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

// report adds a finding about a field of c, such as ".image"; others are the
// further containers.
func (x *index) report(r *Rule, c site, fields string, f Finding, others ...Party) {
	f.Path = x.path(c, fields)
	f.Parties = append([]Party{{Container: c.Name, Path: f.Path}}, others...)
	x.found = append(x.found, r.finding(f))
}

// reportPod adds a finding about a field of the pod, such as "spec.volumes[0]".
func (x *index) reportPod(r *Rule, path string, f Finding, parties ...Party) {
	x.reportAt(r, x.under+path, f, parties...)
}

// reportAt adds a finding about a field of the object that the pod is in.
func (x *index) reportAt(r *Rule, path string, f Finding, parties ...Party) {
	f.Path, f.Parties = path, parties
	x.found = append(x.found, r.finding(f))
}

// reportEach adds a finding for each message about one value.
func (x *index) reportEach(r *Rule, c site, fields string, value any, msgs []string) {
	for _, m := range msgs {
		x.report(r, c, fields, invalid(value, m, ""))
	}
}

// reportPodEach is reportEach for a field of the pod.
func (x *index) reportPodEach(r *Rule, path string, value any, msgs []string) {
	for _, m := range msgs {
		x.reportPod(r, path, invalid(value, m, ""))
	}
}

// finding completes one with what its rule says unless it says so itself.
func (r *Rule) finding(f Finding) Finding {
	f.Rule = r.ID
	if f.Level == "" {
		f.Level = r.Level
	}
	if f.Fix == "" {
		f.Fix = r.Fix
	}
	return f
}

func isTrue(b *bool) bool  { return b != nil && *b }
func isFalse(b *bool) bool { return b != nil && !*b }

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

func notFound(value any, fix string) Finding {
	return Finding{Type: field.ErrorTypeNotFound, Value: value, Fix: fix}
}

// notSupported names what is supported, as the API server does: sorted, in quotes.
func notSupported[T ~string](value T, supported ...T) Finding {
	e := field.NotSupported(nil, value, supported)
	return Finding{Type: e.Type, Value: e.BadValue, Detail: e.Detail}
}
