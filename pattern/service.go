package pattern

import (
	"fmt"
	"slices"

	"github.com/podpattern/podpattern/internal/names"
	"github.com/podpattern/podpattern/pattern/check"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// ServiceBuilder is an immutable builder of a Service; see also [Manifest].
type ServiceBuilder struct {
	Manifest[*corev1.Service]
	from serviceSource
}

// serviceSource is what a Service is made from.
type serviceSource struct {
	pod        PodBuilder
	containers []string
	ports      []corev1.ServicePort // in place of the containers' own
	at         stack
}

// Service is a Service of the pod's name in front of the pod: for the ports of
// its apps and of helpers that are [Container.Published], or for those of the
// named containers. A named port becomes the target by its name; one without a
// name is called as its container. A name that the pod doesn't have, and a
// Service without a port, are errors.
func (p PodBuilder) Service(containers ...string) ServiceBuilder {
	from := serviceSource{pod: p, containers: slices.Clone(containers), at: here(ofConstructor)}
	return ServiceBuilder{Manifest[*corev1.Service]{make: from.make, verify: from.verify}, from}
}

func (v serviceSource) make(s *session) (*corev1.Service, []runtime.Object) {
	b := s.read(v.pod)
	ports := slices.Clone(v.ports)
	if ports == nil {
		ports = b.servicePorts(v.containers)
	}
	for _, name := range v.containers {
		if !slices.ContainsFunc(b.containers(), func(c exposed) bool { return c.Name == name }) {
			s.report(&flaw{rule: "service-container", field: "spec.ports", value: name, at: v.at, detail: "the pod has no container of this name", fix: "name a container of the pod"})
		}
	}
	s.selects(v.pod, b, v.at)
	return &corev1.Service{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Service"},
		ObjectMeta: b.workloadMeta(nil),
		Spec:       corev1.ServiceSpec{Selector: b.selectorLabels(), Ports: ports},
	}, nil
}

func (v serviceSource) verify(s *session, o *corev1.Service) {
	if len(o.Spec.Ports) == 0 && o.Spec.ClusterIP != corev1.ClusterIPNone && o.Spec.Type != corev1.ServiceTypeExternalName {
		s.report(&flaw{rule: "service-ports", kind: field.ErrorTypeRequired, field: "spec.ports", at: v.at, fix: "declare a port on the app, publish one of a helper, or use Port"})
	}
}

// selects notes which labels a Service asks of the pod: one that is printed bare
// must have them itself.
func (s *session) selects(p PodBuilder, b *built, at stack) {
	for k := range b.selectorLabels() {
		if _, there := b.t.Labels[k]; there {
			continue
		}
		i, _ := s.place(p)
		s.pods[i].selects = &flaw{rule: "service-selects-nothing", level: check.Broken, field: "spec.selector", value: k, at: at,
			detail: "the Service looks for a label that pod " + b.t.Name + " doesn't have", fix: fmt.Sprintf("give the pod Label(%q, %q)", k, b.t.Name)}
	}
}

// exposed is a container and whether a Service has its ports by default.
type exposed struct {
	*corev1.Container
	byDefault bool
}

// containers gives all containers in start order.
func (b *built) containers() []exposed {
	out := make([]exposed, 0, len(b.t.Spec.InitContainers)+len(b.t.Spec.Containers))
	regular := len(b.t.Spec.Containers) - len(b.plan.regular)
	for i := range b.t.Spec.Containers {
		byDefault := true
		if i >= regular {
			d := b.plan.regular[i-regular]
			byDefault = d.role == appRole || d.published
		}
		out = append(out, exposed{&b.t.Spec.Containers[i], byDefault})
	}
	for i := range b.t.Spec.InitContainers {
		d := b.plan.starters[i].d
		out = append(out, exposed{&b.t.Spec.InitContainers[i], d != nil && d.published})
	}
	return out
}

func (b *built) servicePorts(containers []string) []corev1.ServicePort {
	var out []corev1.ServicePort
	for _, c := range b.containers() {
		if len(containers) == 0 && !c.byDefault || len(containers) > 0 && !slices.Contains(containers, c.Name) {
			continue
		}
		for i, p := range c.Ports {
			sp := corev1.ServicePort{Name: p.Name, Protocol: p.Protocol, Port: p.ContainerPort, TargetPort: intstr.FromInt32(p.ContainerPort)}
			switch {
			case p.Name != "":
				sp.TargetPort = intstr.FromString(p.Name)
			case i == 0:
				sp.Name = c.Name
			default:
				sp.Name = fmt.Sprintf("%s-%d", c.Name, i+1)
			}
			out = append(out, sp)
		}
	}
	return out
}

// Port publishes a port of the pod, target by its number, as port. Ports given so
// replace those that the containers declare; further calls append.
func (v ServiceBuilder) Port(name string, port, target int) ServiceBuilder {
	return v.port(name, port, intstr.FromInt32(clamp32(target)), target >= 1 && target <= 65535)
}

// PortTo is [ServiceBuilder.Port] with the target by its name.
func (v ServiceBuilder) PortTo(name string, port int, target string) ServiceBuilder {
	return v.port(name, port, intstr.FromString(target), target != "")
}

func (v ServiceBuilder) port(name string, port int, target intstr.IntOrString, good bool) ServiceBuilder {
	if !good || port < 1 || port > 65535 {
		return v.rejected(invalid("port-number", "spec.ports", port, "the port and its target must be between 1 and 65535, inclusive", "numbers from 1 to 65535"))
	}
	if name != "" && !names.IsLabel(name) {
		return v.rejected(invalid("port-name", "spec.ports", name, "is no DNS label", "at most 63 of a-z, 0-9 and -"))
	}
	v.from.ports = append(slices.Clip(v.from.ports), corev1.ServicePort{Name: name, Port: int32(port), TargetPort: target})
	v.make = v.from.make
	return v
}

func (v ServiceBuilder) rejected(f *flaw) ServiceBuilder {
	v.Manifest = v.flawed(f)
	return v
}

// Headless makes the Service one that has no address of its own: its DNS name
// gives the pods' addresses.
func (v ServiceBuilder) Headless() ServiceBuilder {
	v.Manifest = v.changed(func(o *corev1.Service) { o.Spec.ClusterIP = corev1.ClusterIPNone })
	return v
}

// Type replaces how the Service is reached; by default ClusterIP.
func (v ServiceBuilder) Type(t corev1.ServiceType) ServiceBuilder {
	if bad := oneOf("spec.type", t, corev1.ServiceTypeClusterIP, corev1.ServiceTypeNodePort, corev1.ServiceTypeLoadBalancer, corev1.ServiceTypeExternalName); bad != nil {
		return v.rejected(bad)
	}
	v.Manifest = v.changed(func(o *corev1.Service) { o.Spec.Type = t })
	return v
}

// Edit changes the finished Service. It must be a pure function; a nil one is an
// error.
func (v ServiceBuilder) Edit(f func(*corev1.Service)) ServiceBuilder {
	v.Manifest = v.edited(f)
	return v
}
