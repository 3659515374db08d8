package pattern

import (
	"slices"

	"github.com/podpattern/podpattern/pattern/check"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// ApplyTo adds the helpers to a pod template, or brings those that an earlier call added
// up to date: what is as it should be is left untouched, what has been changed by hand
// is repaired, and what the bundle doesn't have any more is taken out. A second call
// changes nothing. On an error the template is as it was.
//
// Findings that the template has without the bundle are no errors; see
// [Injection.Findings] for warnings.
func (b Injection) ApplyTo(t *corev1.PodTemplateSpec) error { return b.change(t, false) }

// RemoveFrom takes out what ApplyTo added, and leaves the template as it was before. What
// the bundle's record claims and isn't as the bundle wrote it is an error. A template
// without the bundle stays as it is.
func (b Injection) RemoveFrom(t *corev1.PodTemplateSpec) error { return b.change(t, true) }

func (b Injection) change(t *corev1.PodTemplateSpec, remove bool) error {
	if t == nil {
		return noTemplate().Err()
	}
	in := b.inject(carried{PodTemplateSpec: t, kind: templateKind(&t.Spec)}, remove)
	if err := in.found.Err(); err != nil {
		return err
	}
	*t = in.t
	in.release()
	return nil
}

// ApplyToPod is [Injection.ApplyTo] for a pod, which must not have been created yet: the
// API server takes no new containers for one that runs.
func (b Injection) ApplyToPod(p *corev1.Pod) error { return b.changePod(p, false) }

// RemoveFromPod is [Injection.RemoveFrom] for a pod.
func (b Injection) RemoveFromPod(p *corev1.Pod) error { return b.changePod(p, true) }

func (b Injection) changePod(p *corev1.Pod, remove bool) error {
	if p == nil {
		return noTemplate().Err()
	}
	t := templateOf(p)
	in := b.inject(carried{PodTemplateSpec: &t, kind: podKind(p.OwnerReferences)}, remove)
	if err := in.found.Err(); err != nil {
		return err
	}
	p.ObjectMeta, p.Spec = in.t.ObjectMeta, in.t.Spec
	in.release()
	return nil
}

// Findings gives all findings, the warnings too, that ApplyTo would bring to a template.
func (b Injection) Findings(t *corev1.PodTemplateSpec) check.Findings {
	if t == nil {
		return noTemplate()
	}
	return b.inject(carried{PodTemplateSpec: t, kind: templateKind(&t.Spec)}, false).found
}

func noTemplate() check.Findings {
	return check.Findings{missing("nil-argument", "", "give a pod or a template").finding("")}
}

func templateOf(p *corev1.Pod) corev1.PodTemplateSpec {
	return corev1.PodTemplateSpec{ObjectMeta: p.ObjectMeta, Spec: p.Spec}
}

// templateKind says what carries a template of which nothing more is known: only Jobs
// carry pods that end.
func templateKind(s *corev1.PodSpec) workload {
	if s.RestartPolicy == corev1.RestartPolicyNever || s.RestartPolicy == corev1.RestartPolicyOnFailure {
		return workload{name: "Job", path: "template."}
	}
	return workload{name: "PodTemplate", path: "template."}
}

// podKind is that of a pod, which a Job may have made.
func podKind(owners []metav1.OwnerReference) workload {
	if slices.ContainsFunc(owners, func(o metav1.OwnerReference) bool { return o.Kind == "Job" }) {
		return workload{name: "Job"}
	}
	return asPod
}
