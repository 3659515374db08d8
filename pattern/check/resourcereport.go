package check

import (
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

// RunningContainers and PodLevel say where the amount of a pod comes from, unless
// it is an init container; no container can have such a name.
const (
	// RunningContainers are the regular containers and the native sidecars together.
	RunningContainers = "running containers"
	// PodLevel is what the pod itself says.
	PodLevel = "spec.resources"
)

// ResourceReport is what a pod asks of its node, and what it may use there.
type ResourceReport struct {
	// QoS is the class of the pod: who is evicted first when a node is short.
	QoS corev1.PodQOSClass `json:"qosClass"`
	// Requests are what the scheduler keeps free, Limits what the pod may use. Where
	// a container has no limit, the limit of the pod is that of the others together.
	Requests corev1.ResourceList `json:"requests,omitempty"`
	Limits   corev1.ResourceList `json:"limits,omitempty"`
	// RequestFrom and LimitFrom say what sets each amount: RunningContainers,
	// PodLevel or the name of an init container. A RuntimeClass adds its overhead.
	RequestFrom map[corev1.ResourceName]string `json:"requestFrom,omitempty"`
	LimitFrom   map[corev1.ResourceName]string `json:"limitFrom,omitempty"`
	// Containers stand in start order.
	Containers []ContainerResources `json:"containers,omitempty"`
}

// ContainerResources are those of one container.
type ContainerResources struct {
	Name string `json:"name"`
	// Init says that it is an init container, and Native that it is one that stays: a
	// native sidecar.
	Init     bool                `json:"init,omitempty"`
	Native   bool                `json:"native,omitempty"`
	Requests corev1.ResourceList `json:"requests,omitempty"`
	Limits   corev1.ResourceList `json:"limits,omitempty"`
}

// Resources gives what a pod asks for in effect. An init container counts only by
// what it needs beyond all that run later, together with the native sidecars that
// have started before it; so their order counts too.
//
// The pod need not have its defaults: as the API server does for a pod, a request
// that isn't said is taken from the limit, those of the pod as a whole from its
// containers, and fractions below a thousandth are rounded up. It is those of a
// cluster where pods have resources of their own, 1.34 and later. A LimitRange and
// a RuntimeClass in the cluster may add to it.
// upstream: kubernetes/component-helpers resource/helpers.go
func Resources(pod *corev1.Pod) ResourceReport {
	if pod == nil {
		return ResourceReport{}
	}
	spec := admitted(&pod.Spec, true, true)
	out := ResourceReport{QoS: qosClass(spec)}
	out.Requests, out.RequestFrom = effective(spec, requestsOf)
	out.Limits, out.LimitFrom = effective(spec, limitsOf)
	for name, q := range spec.Overhead {
		addQuantity(out.Requests, name, q)
		if limit, limited := out.Limits[name]; limited && !limit.IsZero() {
			addQuantity(out.Limits, name, q)
		}
	}
	for i := range spec.InitContainers {
		c := site{&spec.InitContainers[i], true, i}
		out.Containers = append(out.Containers, ContainerResources{c.Name, true, c.native(), c.Resources.Requests, c.Resources.Limits})
	}
	for i := range spec.Containers {
		c := &spec.Containers[i]
		out.Containers = append(out.Containers, ContainerResources{c.Name, false, false, c.Resources.Requests, c.Resources.Limits})
	}
	return out
}

func requestsOf(r *corev1.ResourceRequirements) corev1.ResourceList { return r.Requests }

func limitsOf(r *corev1.ResourceRequirements) corev1.ResourceList { return r.Limits }

// effective gives what a pod without overhead asks for, and what sets it.
func effective(spec *corev1.PodSpec, of func(*corev1.ResourceRequirements) corev1.ResourceList) (corev1.ResourceList, map[corev1.ResourceName]string) {
	total, from := aggregate(spec, of)
	if spec.Resources == nil {
		return total, from
	}
	for name, q := range of(spec.Resources) {
		if podLevel(name) {
			total[name], from[name] = q.DeepCopy(), PodLevel
		}
	}
	return total, from
}

// aggregate gives what the containers ask for together, and what sets it.
// upstream: kubernetes/component-helpers resource/helpers.go AggregateContainerRequests, AggregateContainerLimits
func aggregate(spec *corev1.PodSpec, of func(*corev1.ResourceRequirements) corev1.ResourceList) (total corev1.ResourceList, from map[corev1.ResourceName]string) {
	total, from = corev1.ResourceList{}, map[corev1.ResourceName]string{}
	for i := range spec.Containers {
		addAll(total, of(&spec.Containers[i].Resources))
	}
	started, peak, peakOf := corev1.ResourceList{}, corev1.ResourceList{}, map[corev1.ResourceName]string{}
	for i := range spec.InitContainers {
		c := site{&spec.InitContainers[i], true, i}
		own := of(&c.Resources)
		phase := corev1.ResourceList{}
		if c.native() {
			addAll(total, own)
			addAll(started, own)
		} else {
			addAll(phase, own)
		}
		addAll(phase, started)
		for name, q := range phase {
			if most, known := peak[name]; !known || q.Cmp(most) > 0 {
				peak[name], peakOf[name] = q, c.Name
			}
		}
	}
	for name := range total {
		from[name] = RunningContainers
	}
	for name, q := range peak {
		if running, known := total[name]; !known || q.Cmp(running) > 0 {
			total[name], from[name] = q, peakOf[name]
		}
	}
	return total, from
}

func addAll(to, list corev1.ResourceList) {
	for name, q := range list {
		addQuantity(to, name, q)
	}
}

func addQuantity(to corev1.ResourceList, name corev1.ResourceName, q resource.Quantity) {
	sum, known := to[name]
	if !known {
		to[name] = q.DeepCopy()
		return
	}
	sum = sum.DeepCopy()
	sum.Add(q)
	to[name] = sum
}
