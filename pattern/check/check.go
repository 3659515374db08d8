package check

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Pod checks a pod. Paths start at its root: spec.containers[0].name.
func Pod(p *corev1.Pod, opts ...Option) Findings {
	if p == nil {
		return missing("pod")
	}
	return run(&p.ObjectMeta, &p.Spec, false, opts)
}

// Template checks the pod template of a workload. Paths start at its root;
// [Under] puts them where the template stands in the workload.
func Template(t *corev1.PodTemplateSpec, opts ...Option) Findings {
	if t == nil {
		return missing("template")
	}
	return run(&t.ObjectMeta, &t.Spec, true, opts)
}

func missing(what string) Findings {
	return Findings{{Rule: "nil-object", Level: Rejected, Detail: "there is no " + what + ": it is nil"}}
}

// Option tells a check what the object alone doesn't say.
type Option func(*options)

type options struct {
	template bool // of a workload, not a pod
	under    string
	flows    []Flow
	claims   []string
}

// Under puts path, such as "spec.template", before the path of every finding.
func Under(path string) Option {
	if path != "" {
		path += "."
	}
	return func(o *options) { o.under = path }
}

// Flow says what a container does with a volume that it mounts.
type Flow struct {
	Container, Volume string
	Writes            bool // it puts data there; otherwise it only reads
}

// Flows adds what containers do with volumes: a mount by itself says neither
// who writes nor who reads, unless it is read-only.
func Flows(flows ...Flow) Option {
	return func(o *options) {
		if o.flows == nil {
			o.flows = flows // only read
		} else {
			o.flows = slices.Concat(o.flows, flows)
		}
	}
}

// Claims names the claim templates of a StatefulSet, which containers mount as if
// they were volumes of the pod.
func Claims(names ...string) Option {
	return func(o *options) { o.claims = append(o.claims, names...) }
}

// rule is one check, run over the index of a pod.
type rule struct {
	id    string
	level Level
	run   func(x *index, r rule)
}

func run(meta *metav1.ObjectMeta, spec *corev1.PodSpec, template bool, opts []Option) Findings {
	x := newIndex(meta, spec)
	x.template = template
	for _, opt := range opts {
		if opt != nil {
			opt(&x.options)
		}
	}
	for _, group := range [...][]rule{metadataRules, nameRules, portRules, volumeRules, dataflowRules, envRules, probeRules, lifecycleRules, restartRules, securityRules, resourceRules} {
		for _, r := range group {
			r.run(x, r)
		}
	}
	Sort(x.found)
	return x.found
}

// Sort orders findings by path and rule; findings that are equal in both keep
// their order.
func Sort(fs Findings) {
	slices.SortStableFunc(fs, func(a, b Finding) int {
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
