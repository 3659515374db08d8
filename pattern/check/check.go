package check

import (
	"slices"
	"sync"

	"github.com/podpattern/podpattern/internal/release"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Pod checks a pod. Paths start at its root: spec.containers[0].name.
func Pod(p *corev1.Pod, opts ...Option) Findings {
	if p == nil {
		return missing("pod")
	}
	return one(&p.ObjectMeta, &p.Spec, false, opts)
}

// Template checks the pod template of a workload. Paths start at its root;
// [Under] puts them where the template stands in the workload, and [CarriedBy]
// says what that is.
func Template(t *corev1.PodTemplateSpec, opts ...Option) Findings {
	if t == nil {
		return missing("template")
	}
	return one(&t.ObjectMeta, &t.Spec, true, opts)
}

func missing(what string) Findings {
	return Findings{{Rule: "no-app-container", Level: Rejected, Detail: "there is no " + what + ": it is nil"}}
}

// kept are indexes for the next check: one that finds nothing allocates nothing.
var kept = sync.Pool{New: func() any { return new(index) }}

// one checks a pod by itself.
func one(meta *metav1.ObjectMeta, spec *corev1.PodSpec, template bool, opts []Option) Findings {
	x := kept.Get().(*index)
	x.options.take(opts)
	x.template = template
	x.of(meta, spec).run()
	found := x.finish(x.found)
	clear(x.containers) // nothing of the pod is kept
	*x = index{containers: x.containers[:0]}
	kept.Put(x)
	return found
}

func newOptions(opts []Option) (o options) {
	o.take(opts)
	return o
}

func (o *options) take(opts []Option) {
	o.target, o.least = release.Default, Warning
	for _, opt := range opts {
		if opt != nil {
			opt(o)
		}
	}
}

// run puts the pod to every rule about pods.
func (x *index) run() {
	for g := range groups {
		for i := range groups[g] {
			if r := &groups[g][i]; r.pod != nil {
				r.pod(x, r)
			}
		}
	}
}

// finish gives the findings as a check returns them.
func (o *options) finish(found Findings) Findings {
	if len(o.badly) > 0 {
		found = slices.Concat(o.badly, found)
	}
	found = slices.DeleteFunc(found, func(f Finding) bool { return !o.wants(&f) })
	Sort(found)
	return found
}
