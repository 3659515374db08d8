package check

import (
	"slices"

	"github.com/podpattern/podpattern/internal/release"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Pod checks a pod. Paths start at its root: spec.containers[0].name.
func Pod(p *corev1.Pod, opts ...Option) Findings {
	if p == nil {
		return missing("pod")
	}
	x := run(&p.ObjectMeta, &p.Spec, nil, false, newOptions(opts))
	return x.finish(x.found)
}

// Template checks the pod template of a workload. Paths start at its root;
// [Under] puts them where the template stands in the workload, and [CarriedBy]
// says what that is.
func Template(t *corev1.PodTemplateSpec, opts ...Option) Findings {
	if t == nil {
		return missing("template")
	}
	x := run(&t.ObjectMeta, &t.Spec, nil, true, newOptions(opts))
	return x.finish(x.found)
}

func missing(what string) Findings {
	return Findings{{Rule: "no-app-container", Level: Rejected, Detail: "there is no " + what + ": it is nil"}}
}

func newOptions(opts []Option) options {
	o := options{target: release.Default, least: Warning}
	for _, opt := range opts {
		if opt != nil {
			opt(&o)
		}
	}
	return o
}

// run puts a pod to every rule about pods.
func run(meta *metav1.ObjectMeta, spec *corev1.PodSpec, w *workload, template bool, o options) *index {
	x := newIndex(meta, spec, o)
	x.template, x.workload = template, w
	for g := range groups {
		for i := range groups[g] {
			if r := &groups[g][i]; r.pod != nil {
				r.pod(x, r)
			}
		}
	}
	return x
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
