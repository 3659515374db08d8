package pattern

import (
	"strings"

	"github.com/podpattern/podpattern/internal/names"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/validation"
)

// Requests sets what the scheduler keeps for this container: cpu such as "100m",
// memory such as "64Mi". An empty string leaves one as it is; what is no
// quantity, or negative, is an error.
func (c Container[R]) Requests(cpu, memory string) Container[R] {
	return c.resources(".resources.requests", requestsOf, amounts(cpu, memory))
}

// Limits sets what this container may use at most; otherwise as
// [Container.Requests].
func (c Container[R]) Limits(cpu, memory string) Container[R] {
	return c.resources(".resources.limits", limitsOf, amounts(cpu, memory))
}

// Request sets the request of any resource, such as ephemeral-storage.
func (c Container[R]) Request(name corev1.ResourceName, quantity string) Container[R] {
	return c.resource(".resources.requests", requestsOf, parse(name, quantity))
}

// Limit sets the limit of any resource, such as ephemeral-storage or a device.
func (c Container[R]) Limit(name corev1.ResourceName, quantity string) Container[R] {
	return c.resource(".resources.limits", limitsOf, parse(name, quantity))
}

// ResourceClaim appends a claim that the pod has; see [PodBuilder.ResourceClaim].
func (c Container[R]) ResourceClaim(name string) Container[R] {
	if !names.IsLabel(name) {
		return c.reject(notLabel(".resources.claims", name, "the name of one of the pod's claims"))
	}
	return c.add(func(d *draft) {
		d.c.Resources.Claims = append(d.c.Resources.Claims, corev1.ResourceClaim{Name: name})
	})
}

// ResizePolicy appends what a change of a resource, made while the container
// runs, does to it: NotRequired or RestartContainer.
func (c Container[R]) ResizePolicy(name corev1.ResourceName, policy corev1.ResourceResizeRestartPolicy) Container[R] {
	bad := oneOf(".resizePolicy", policy, corev1.NotRequired, corev1.RestartContainer)
	return c.add(func(d *draft) {
		d.reportAll(bad, "")
		d.c.ResizePolicy = append(d.c.ResizePolicy, corev1.ContainerResizePolicy{ResourceName: name, RestartPolicy: policy})
	})
}

// resources records good amounts of cpu and memory in one edit: no container does
// without, and what a call captures is most of what it costs.
func (c Container[R]) resources(field string, of func(*corev1.ResourceRequirements) *corev1.ResourceList, as [2]amount) Container[R] {
	if as[0].bad != nil || as[1].bad != nil {
		return c.resource(field, of, as[0]).resource(field, of, as[1])
	}
	cpu, memory := as[0].q, as[1].q
	return c.add(func(d *draft) {
		list := of(&d.c.Resources)
		setAmount(list, corev1.ResourceCPU, cpu)
		setAmount(list, corev1.ResourceMemory, memory)
	})
}

func (c Container[R]) resource(field string, of func(*corev1.ResourceRequirements) *corev1.ResourceList, a amount) Container[R] {
	return c.add(func(d *draft) {
		d.reportAll(a.bad, field)
		setAmount(of(&d.c.Resources), a.name, a.q)
	})
}

func requestsOf(r *corev1.ResourceRequirements) *corev1.ResourceList { return &r.Requests }

func limitsOf(r *corev1.ResourceRequirements) *corev1.ResourceList { return &r.Limits }

// amount is a quantity of a resource, parsed when the call is made.
type amount struct {
	name corev1.ResourceName
	q    resource.Quantity
	bad  *flaw
}

// amounts parses cpu and memory; an empty one is left out.
func amounts(cpu, memory string) (as [2]amount) {
	if cpu != "" {
		as[0] = parse(corev1.ResourceCPU, cpu)
	}
	if memory != "" {
		as[1] = parse(corev1.ResourceMemory, memory)
	}
	return as
}

func parse(name corev1.ResourceName, quantity string) amount {
	q, err := resource.ParseQuantity(quantity)
	switch {
	case !resourceName(name):
		return amount{bad: invalid("resource-name", "["+string(name)+"]", string(name), "is no resource of a container", "cpu, memory, ephemeral-storage, hugepages-2Mi, or one such as example.com/gpu")}
	case err != nil:
		return amount{name: name, bad: invalid("quantity", "["+string(name)+"]", quantity, "is no quantity", "a quantity, such as 100m, 0.5 or 64Mi")}
	case q.Sign() < 0:
		return amount{name: name, q: q, bad: invalid("quantity", "["+string(name)+"]", quantity, "must be greater than or equal to 0", "a positive quantity")}
	}
	return amount{name: name, q: q}
}

// resourceName says whether a container can have a resource: one of Kubernetes'
// own, or one with a domain.
func resourceName(name corev1.ResourceName) bool {
	switch name {
	case corev1.ResourceCPU, corev1.ResourceMemory, corev1.ResourceEphemeralStorage:
		return true
	}
	s := string(name)
	return strings.HasPrefix(s, corev1.ResourceHugePagesPrefix) || strings.Contains(s, "/") && len(validation.IsQualifiedName(s)) == 0
}

// setAmount sets what was given: a quantity that was parsed has a format.
func setAmount(list *corev1.ResourceList, name corev1.ResourceName, q resource.Quantity) {
	if q.Format == "" {
		return
	}
	if *list == nil {
		*list = make(corev1.ResourceList, 2)
	}
	(*list)[name] = q.DeepCopy()
}
