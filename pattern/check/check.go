package check

import (
	"slices"
	"strings"

	"github.com/podpattern/podpattern/internal/release"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Pod checks a pod. Paths start at its root: spec.containers[0].name.
func Pod(p *corev1.Pod, opts ...Option) Findings {
	if p == nil {
		return missing("pod")
	}
	return finish(run(&p.ObjectMeta, &p.Spec, nil, false, newOptions(opts)))
}

// Template checks the pod template of a workload. Paths start at its root;
// [Under] puts them where the template stands in the workload, and [CarriedBy]
// says what that is.
func Template(t *corev1.PodTemplateSpec, opts ...Option) Findings {
	if t == nil {
		return missing("template")
	}
	return finish(run(&t.ObjectMeta, &t.Spec, nil, true, newOptions(opts)))
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
func finish(x *index) Findings {
	found := x.found
	if len(x.badly) > 0 {
		found = slices.Concat(x.badly, found)
	}
	found = slices.DeleteFunc(found, func(f Finding) bool { return !x.wants(&f) })
	Sort(found)
	return found
}

// Sort orders findings by object, path and rule; findings that are equal in all
// keep their order.
func Sort(fs Findings) {
	slices.SortStableFunc(fs, func(a, b Finding) int {
		if c := strings.Compare(a.Object, b.Object); c != 0 {
			return c
		}
		if c := comparePaths(a.Path, b.Path); c != 0 {
			return c
		}
		return strings.Compare(a.Rule, b.Rule)
	})
}

// comparePaths compares numbers as numbers: containers[9] stands before
// containers[10].
func comparePaths(a, b string) int {
	for a != "" && b != "" {
		if digit(a[0]) && digit(b[0]) {
			na, nb := number(a), number(b)
			if c := len(na) - len(nb); c != 0 {
				return c
			}
			if c := strings.Compare(na, nb); c != 0 {
				return c
			}
			a, b = a[len(na):], b[len(nb):]
			continue
		}
		if a[0] != b[0] {
			return int(a[0]) - int(b[0])
		}
		a, b = a[1:], b[1:]
	}
	return len(a) - len(b)
}

func digit(c byte) bool { return '0' <= c && c <= '9' }

func number(s string) string {
	i := 0
	for i < len(s) && digit(s[i]) {
		i++
	}
	return s[:i]
}
