package pattern

import (
	"math"

	"github.com/podpattern/podpattern/internal/names"
	"github.com/podpattern/podpattern/internal/release"
	corev1 "k8s.io/api/core/v1"
)

// spec records an edit of the pod's spec.
func (p PodBuilder) spec(change func(*corev1.PodSpec)) PodBuilder {
	return p.add(func(s *podDraft) { change(&s.t.Spec) })
}

// RestartPolicy replaces what happens when a container ends; by default Always,
// and OnFailure in a Job or CronJob. One that the API doesn't have, or that doesn't
// go with the workload, is an error.
func (p PodBuilder) RestartPolicy(policy corev1.RestartPolicy) PodBuilder {
	if bad := oneOf("spec.restartPolicy", policy, corev1.RestartPolicyAlways, corev1.RestartPolicyOnFailure, corev1.RestartPolicyNever); bad != nil {
		return p.reject(bad)
	}
	return p.spec(func(s *corev1.PodSpec) { s.RestartPolicy = policy })
}

// TerminationGracePeriodSeconds replaces how long all containers together may
// take to stop; by default 30 seconds. A negative one is an error.
func (p PodBuilder) TerminationGracePeriodSeconds(seconds int64) PodBuilder {
	if seconds < 0 {
		return p.reject(invalid("grace-period", "spec.terminationGracePeriodSeconds", seconds, "must be greater than or equal to 0", "a number of seconds"))
	}
	return p.spec(func(s *corev1.PodSpec) { n := seconds; s.TerminationGracePeriodSeconds = &n })
}

// ActiveDeadlineSeconds replaces after how long the pod is ended; by default
// never. Less than 1 is an error.
func (p PodBuilder) ActiveDeadlineSeconds(seconds int64) PodBuilder {
	if seconds < 1 || seconds > math.MaxInt32 {
		return p.reject(invalid("active-deadline", "spec.activeDeadlineSeconds", seconds, "must be between 1 and 2147483647, inclusive", "a number of seconds"))
	}
	return p.spec(func(s *corev1.PodSpec) { n := seconds; s.ActiveDeadlineSeconds = &n })
}

// ServiceAccount replaces the service account, by default that named default. A
// name that no object can have is an error.
func (p PodBuilder) ServiceAccount(name string) PodBuilder {
	p = p.references("ServiceAccount", "spec.serviceAccountName", name)
	return p.spec(func(s *corev1.PodSpec) { s.ServiceAccountName = name })
}

// references reports a name that no object can have.
func (p PodBuilder) references(kind, field, name string) PodBuilder {
	if f := newObjectRef(kind, name).flaws; f != nil {
		f.field = field
		return p.reject(f)
	}
	return p
}

// AutomountServiceAccountToken says whether all containers get a token for the
// API server; by default the service account says it.
func (p PodBuilder) AutomountServiceAccountToken(on bool) PodBuilder {
	return p.spec(func(s *corev1.PodSpec) { v := on; s.AutomountServiceAccountToken = &v })
}

// PullSecret appends Secrets to pull the images with.
func (p PodBuilder) PullSecret(names ...string) PodBuilder {
	if len(names) == 0 {
		return p.reject(missing("no-arguments", "spec.imagePullSecrets", "name the Secrets"))
	}
	for _, n := range names {
		bad := newObjectRef("Secret", n).flaws
		p = p.add(func(s *podDraft) {
			s.reportUnder(bad, "spec.imagePullSecrets", len(s.t.Spec.ImagePullSecrets))
			s.t.Spec.ImagePullSecrets = append(s.t.Spec.ImagePullSecrets, corev1.LocalObjectReference{Name: n})
		})
	}
	return p
}

// ShareProcessNamespace lets the containers see and signal each other's
// processes. PID 1 is then the pause container, and kubectl exec sees them all.
func (p PodBuilder) ShareProcessNamespace() PodBuilder {
	return p.spec(func(s *corev1.PodSpec) { yes := true; s.ShareProcessNamespace = &yes })
}

// RuntimeClass replaces the runtime class, by default the node's own runtime.
func (p PodBuilder) RuntimeClass(name string) PodBuilder {
	p = p.references("RuntimeClass", "spec.runtimeClassName", name)
	return p.spec(func(s *corev1.PodSpec) { n := name; s.RuntimeClassName = &n })
}

// OS says on which operating system the pod runs: linux or windows. By default
// none is said. Any other is an error.
func (p PodBuilder) OS(name corev1.OSName) PodBuilder {
	if name != corev1.Linux && name != corev1.Windows {
		return p.reject(invalid("os-name", "spec.os.name", string(name), "is neither linux nor windows", "use corev1.Linux or corev1.Windows"))
	}
	return p.spec(func(s *corev1.PodSpec) { s.OS = &corev1.PodOS{Name: name} })
}

// ReadinessGate appends a condition that something outside the pod must set
// before the pod is Ready.
func (p PodBuilder) ReadinessGate(condition corev1.PodConditionType) PodBuilder {
	if bad := keyFlaw("spec.readinessGates", string(condition)); bad != nil {
		return p.reject(bad)
	}
	return p.spec(func(s *corev1.PodSpec) {
		s.ReadinessGates = append(s.ReadinessGates, corev1.PodReadinessGate{ConditionType: condition})
	})
}

// Requests sets what the scheduler keeps for the pod as a whole, whatever its
// containers ask for; an empty string leaves one as it is, and what is no quantity
// is an error. Needs Kubernetes 1.34.
// docs: concepts/configuration/manage-resources-containers, pod-level resources.
func (p PodBuilder) Requests(cpu, memory string) PodBuilder {
	return p.resources("spec.resources.requests", requestsOf, amounts(cpu, memory), need{release.PodResources, "pod-level resources", "spec.resources", here(ofConstructor)})
}

// Limits sets what the containers of the pod may use together; otherwise as
// [PodBuilder.Requests].
func (p PodBuilder) Limits(cpu, memory string) PodBuilder {
	return p.resources("spec.resources.limits", limitsOf, amounts(cpu, memory), need{release.PodResources, "pod-level resources", "spec.resources", here(ofConstructor)})
}

func (p PodBuilder) resources(field string, of func(*corev1.ResourceRequirements) *corev1.ResourceList, as [2]amount, n need) PodBuilder {
	return p.add(func(s *podDraft) {
		if s.t.Spec.Resources == nil {
			s.t.Spec.Resources = &corev1.ResourceRequirements{}
		}
		for i := range as {
			a := &as[i]
			if a.bad != nil {
				s.flaws = append(s.flaws, a.bad.under(field))
			}
			setAmount(of(s.t.Spec.Resources), a.name, a.q)
		}
		s.needs = append(s.needs, n)
	})
}

// ResourceClaim appends a claim for devices, made from a claim template that
// exists; containers use it by [Container.ResourceClaim].
func (p PodBuilder) ResourceClaim(name, template string) PodBuilder {
	p = p.references("ResourceClaimTemplate", "spec.resourceClaims", template)
	if !names.IsLabel(name) {
		return p.reject(notLabel("spec.resourceClaims", name, "at most 63 of a-z, 0-9 and -"))
	}
	return p.spec(func(s *corev1.PodSpec) {
		t := template
		s.ResourceClaims = append(s.ResourceClaims, corev1.PodResourceClaim{Name: name, ResourceClaimTemplateName: &t})
	})
}
