package pattern

import (
	"fmt"
	"slices"
	"strings"

	"github.com/podpattern/podpattern/pattern/check"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// holdTo reports what a record claims and the bundle has not written: anybody who may
// write the pod may write the record too.
func (in *injected) holdTo(bundle string, own *corev1.PodTemplateSpec) {
	record := in.held.record(bundle)
	if record == nil {
		return
	}
	bad := func(what string) {
		in.resolver.report(flaw{rule: "bundle-record", level: check.Rejected, field: "metadata.annotations[" + recordAnnotation + bundle + "]", value: what, at: in.origin,
			detail: "the record claims what bundle " + bundle + " did not write", fix: "put back what the bundle wrote, or remove it by hand and take the claim out of the annotation"})
	}
	for _, c := range record.claims {
		x := in.held.at(c.home)
		i := x.claimed(c)
		wantedNow := slices.ContainsFunc(in.parts, func(p part) bool { return p.home == c.home && p.key == c.key })
		if i >= 0 && !wantedNow && !writtenAs(c.hash, x.items[i].value) {
			bad(c.home.String() + "/" + c.key)
		}
	}
	if len(in.resolver.flaws) == 0 && len(own.Spec.Containers) == 0 && len(in.held.t.Spec.Containers) > 0 {
		bad("all containers")
	}
}

// nameTaken is the rule of two containers of one name.
const nameTaken = "container-name-dup"

// fits reports what the bundle can't have in this pod, whose own parts these are, beside
// what the resolver and the checks find.
func (in *injected) fits(b Injection, own *corev1.PodTemplateSpec) {
	for i := range in.parts {
		p := &in.parts[i]
		in.meetsOthers(b.name, p)
		if p.kind == volumeHome && slices.Contains(in.thereClaims, p.key) {
			in.resolver.reportVolume(p.key, flaw{rule: "volume-source", value: p.key, at: in.origin, others: []party{{d: p.by}}, detail: "the StatefulSet has a claim template of this name", fix: "give the volume another name"})
		}
	}
	for _, d := range in.drafts {
		named := func(c corev1.Container) bool { return c.Name == d.c.Name }
		if slices.ContainsFunc(own.Spec.Containers, named) || slices.ContainsFunc(own.Spec.InitContainers, named) {
			d.report(flaw{rule: nameTaken, kind: field.ErrorTypeDuplicate, field: ".name", value: d.c.Name, at: d.origin,
				detail: "the pod has a container of this name, which bundle " + b.name + " didn't add", fix: "give the helper another name with Name"})
		}
	}
	if len(in.drafts) > 0 {
		in.fitsNode(&own.Spec)
		in.staysEvictable(own)
	}
}

// fitsNode reports helpers that are not for the nodes or the rights of the pod.
func (in *injected) fitsNode(spec *corev1.PodSpec) {
	if spec.OS != nil && spec.OS.Name == corev1.Windows || spec.NodeSelector[corev1.LabelOSStable] == string(corev1.Windows) {
		in.resolver.reportAt("spec.os.name", flaw{rule: "bundle-windows", level: check.Broken, value: string(corev1.Windows), at: in.origin,
			detail: "the pod is for Windows nodes, on which the helpers' images don't run", fix: "leave such pods out"})
	}
	nonRoot := spec.SecurityContext != nil && spec.SecurityContext.RunAsNonRoot != nil && *spec.SecurityContext.RunAsNonRoot
	for _, d := range in.drafts {
		if sc := d.c.SecurityContext; nonRoot && sc != nil && sc.RunAsUser != nil && *sc.RunAsUser == 0 {
			in.resolver.reportAt("spec.securityContext.runAsNonRoot", flaw{rule: "bundle-root", level: check.Broken, value: true, at: d.origin, others: []party{{d: d}},
				detail: "the pod refuses root, and container " + d.c.Name + " runs as root", fix: "give the helper a uid with RunAsUser, or leave such pods out"})
		}
		if spec.HostNetwork && len(d.c.Ports) > 0 {
			in.resolver.reportAt("spec.hostNetwork", flaw{rule: "bundle-host-network", level: check.Broken, value: true, at: d.origin, others: []party{{d: d}},
				detail: fmt.Sprintf("the pod is on the node's network, where port %d of container %s would be the node's", d.c.Ports[0].ContainerPort, d.c.Name), fix: "leave such pods out, or Allow it where the port is known to be free on all nodes"})
		}
	}
}

// evictableVolumes lists the local volumes that may be lost: the cluster autoscaler drains
// no node with a pod that has others.
// docs: kubernetes/autoscaler cluster-autoscaler/FAQ.md, "What types of pods can prevent CA from removing a node?"
const evictableVolumes = "cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes"

// staysEvictable warns of local volumes that keep the cluster autoscaler from moving a pod
// whose author has listed all that he had.
func (in *injected) staysEvictable(own *corev1.PodTemplateSpec) {
	list, listed := own.Annotations[evictableVolumes]
	if !listed {
		return
	}
	var more []string
	for _, p := range in.parts {
		v, is := p.value.(*corev1.Volume)
		if is && (v.HostPath != nil || v.EmptyDir != nil && v.EmptyDir.Medium != corev1.StorageMediumMemory) && !slices.Contains(strings.Split(list, ","), v.Name) {
			more = append(more, v.Name)
		}
	}
	if len(more) > 0 {
		in.resolver.reportAt("metadata.annotations["+evictableVolumes+"]", flaw{rule: "bundle-safe-to-evict", level: check.Warning, value: list, at: in.origin,
			detail: "with the bundle's local volumes the cluster autoscaler leaves the pod's node alone", fix: "add " + strings.Join(more, ",") + " to the list"})
	}
}

// meetsOthers reports a part that another bundle has and wants otherwise.
func (in *injected) meetsOthers(bundle string, p *part) {
	x := in.held.at(p.home)
	i := x.place(p.key)
	if i < 0 {
		return
	}
	others := slices.DeleteFunc(slices.Clone(x.by[i]), func(o string) bool { return o == bundle })
	if len(others) == 0 {
		return
	}
	isContainer := p.kind == initHome || p.kind == regularHome
	if !isContainer && samePart(p.value, x.items[i].value) {
		return
	}
	f := flaw{rule: "bundle-clash", level: check.Rejected, value: p.key, at: in.origin,
		detail: bundlesText(others) + " has another value here, and bundle " + bundle + " wants its own", fix: "let one bundle have both helpers, or give one of the two another name"}
	if isContainer {
		f.detail = "containers of " + bundlesText(others) + " and of bundle " + bundle + " have one name"
	}
	if p.by != nil {
		f.others = []party{{d: p.by}}
	}
	in.resolver.reportAt(p.path(in.held.t), f)
}

// path gives where the home stands, as findings write it.
func (h home) path(t *corev1.PodTemplateSpec) string {
	if !h.kind.ofContainer() {
		return strings.ReplaceAll(homePaths[h.kind], "/", ".")
	}
	return "spec.containers" + index(containerIndex(t, h.container)) + "." + h.kind.name()
}
