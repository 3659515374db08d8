package check

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

var emptyDirRules = []Rule{
	{ID: "emptydir-medium", Level: Broken,
		Title: "the medium of an emptyDir is unknown, or needs a request",
		Why:   "the kubelet can't set the volume up, and the pod waits for ever",
		Fix:   "leave medium out for the disk of the node, or write Memory; HugePages needs a container that requests them",
		Bad:   `{volumes: [{name: shm, emptyDir: {medium: memory, sizeLimit: 64Mi}}], containers: [{name: web, volumeMounts: [{name: shm, mountPath: /dev/shm}]}]}`,
		Good:  `{volumes: [{name: shm, emptyDir: {medium: Memory, sizeLimit: 64Mi}}], containers: [{name: web, volumeMounts: [{name: shm, mountPath: /dev/shm}]}]}`,
		pod:   func(x *index, r *Rule) { x.eachVolume(r, volumeSite.medium) }},
	{ID: "emptydir-memory", Level: Warning,
		Title: "an emptyDir in memory may grow to the memory limit or beyond",
		Why:   "what it holds counts as memory of the containers that write it: the kernel kills them before the volume is full",
		Fix:   "a sizeLimit well below the memory limit",
		Bad:   `{volumes: [{name: shm, emptyDir: {medium: Memory}}], containers: [{name: web, volumeMounts: [{name: shm, mountPath: /dev/shm}]}]}`,
		Good:  `{volumes: [{name: shm, emptyDir: {medium: Memory, sizeLimit: 64Mi}}], containers: [{name: web, volumeMounts: [{name: shm, mountPath: /dev/shm}]}]}`,
		pod:   func(x *index, r *Rule) { x.eachVolume(r, volumeSite.memory) }},
	{ID: "emptydir-unbounded", Level: Warning,
		Title: "an emptyDir has no limit",
		Why:   "it can fill the disk of the node, and then the kubelet evicts pods that did nothing wrong",
		Fix:   "a sizeLimit, or a limit of ephemeral-storage on a container",
		Bad:   `{volumes: [{name: cache, emptyDir: {}}], containers: [{name: web, volumeMounts: [{name: cache, mountPath: /cache}], resources: {limits: {cpu: 500m, ephemeral-storage: null, memory: 128Mi}, requests: {ephemeral-storage: null}}}]}`,
		Good:  `{volumes: [{name: cache, emptyDir: {sizeLimit: 32Mi}}], containers: [{name: web, volumeMounts: [{name: cache, mountPath: /cache}]}]}`,
		pod:   emptyDirUnbounded},
}

// medium: the kubelet knows a medium or fails; of huge pages it must know the size.
// upstream: kubernetes/kubernetes pkg/volume/emptydir/empty_dir.go getPageSizeMountOption
func (v volumeSite) medium() {
	if v.source != "emptyDir" || !v.x.setUp(v.Name) {
		return
	}
	medium := v.EmptyDir.Medium
	size, sized := strings.CutPrefix(string(medium), string(corev1.StorageMediumHugePagesPrefix))
	switch {
	case medium == corev1.StorageMediumDefault, medium == corev1.StorageMediumMemory:
	case medium == corev1.StorageMediumHugePages:
		switch pages := v.x.hugePages(); {
		case len(pages) == 0:
			v.report(".emptyDir.medium", invalid(medium, "no container requests huge pages", ""))
		case len(pages) > 1:
			v.report(".emptyDir.medium", invalid(medium, "containers request huge pages of several sizes", "name the size, such as HugePages-2Mi"))
		}
	case sized:
		want, err := resource.ParseQuantity(size)
		if err != nil || !slices.ContainsFunc(v.x.hugePages(), func(q resource.Quantity) bool { return q.Cmp(want) == 0 }) {
			v.report(".emptyDir.medium", invalid(medium, "no container requests huge pages of this size", ""))
		}
	default:
		v.report(".emptyDir.medium", invalid(medium, "there is no such medium", ""))
	}
}

// hugePages gives the sizes of the huge pages that the pod asks for.
func (x *index) hugePages() []resource.Quantity {
	var sizes []resource.Quantity
	add := func(resources *corev1.ResourceRequirements) {
		for _, list := range [...]corev1.ResourceList{resources.Requests, resources.Limits} {
			for name := range list {
				size, ok := strings.CutPrefix(string(name), corev1.ResourceHugePagesPrefix)
				if q, err := resource.ParseQuantity(size); ok && err == nil && !slices.ContainsFunc(sizes, func(o resource.Quantity) bool { return o.Cmp(q) == 0 }) {
					sizes = append(sizes, q)
				}
			}
		}
	}
	for _, c := range x.containers {
		add(&c.Resources)
	}
	if x.spec.Resources != nil {
		add(x.spec.Resources)
	}
	return sizes
}

// memory says nothing of a volume that nobody writes.
// upstream: kubernetes/kubernetes pkg/volume/emptydir/empty_dir.go calculateEmptyDirMemorySize
func (v volumeSite) memory() {
	if v.source != "emptyDir" || v.EmptyDir.Medium != corev1.StorageMediumMemory {
		return
	}
	const field = ".emptyDir.sizeLimit"
	size := v.EmptyDir.SizeLimit
	if size == nil || size.Sign() == 0 {
		v.written(field, required("without it the volume may take all memory of the pod, or of the node", ""))
		return
	}
	limit, limited := v.writersMemory()
	if pod := v.x.spec.Resources; pod != nil {
		if q, ok := pod.Limits[corev1.ResourceMemory]; ok && (!limited || q.Cmp(limit) < 0) {
			limit, limited = q, true
		}
	}
	if limited && limit.Sign() > 0 && limit.Cmp(*size) < 0 {
		v.written(field, invalid(text(*size), "is more than the "+text(limit)+" of memory that the containers may use which write it", ""))
	}
}

// writersMemory adds up the limits of the containers that may write the volume;
// limited: each of them has one.
func (v volumeSite) writersMemory() (sum resource.Quantity, limited bool) {
	limited = true
	var last *corev1.Container
	v.x.mountsOf(v.Name, func(c site, _ int, m *corev1.VolumeMount) {
		if m.ReadOnly || c.Container == last {
			return
		}
		last = c.Container
		q, ok := c.Resources.Limits[corev1.ResourceMemory]
		sum.Add(q)
		limited = limited && ok
	})
	return sum, limited
}

// written reports a finding with the containers that may write the volume; without
// any there is nothing to find.
func (v volumeSite) written(fields string, f Finding) {
	var writers []Party
	if !v.mountable() {
		return
	}
	v.x.mountsOf(v.Name, func(c site, i int, m *corev1.VolumeMount) {
		if !m.ReadOnly {
			writers = append(writers, v.x.party(c, ".volumeMounts"+at(i)+".name"))
		}
	})
	if len(writers) > 0 {
		v.x.reportPod(v.r, "spec.volumes"+at(v.index)+fields, f, writers...)
	}
}

// emptyDirUnbounded: the limits of ephemeral storage are added up for the pod, and
// all that its containers and volumes hold counts.
// upstream: kubernetes/kubernetes pkg/kubelet/eviction/eviction_manager.go podEphemeralStorageLimitEviction
func emptyDirUnbounded(x *index, r *Rule) {
	for _, c := range x.containers {
		if _, ok := c.Resources.Limits[corev1.ResourceEphemeralStorage]; ok {
			return
		}
	}
	x.eachVolume(r, func(v volumeSite) {
		if v.source != "emptyDir" || v.EmptyDir.Medium != corev1.StorageMediumDefault {
			return
		}
		if size := v.EmptyDir.SizeLimit; size != nil && size.Sign() != 0 {
			return
		}
		v.written(".emptyDir.sizeLimit", required("nothing bounds what the containers write", ""))
	})
}
