package pattern

import (
	"fmt"
	"slices"
	"strings"

	"github.com/podpattern/podpattern/internal/names"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/apimachinery/pkg/util/validation"
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
// its apps, or of what [Container.Fronts] them, and of helpers that are
// [Container.Published]; or for those of the named containers. A named port becomes the target by its name; one without a
// name is called as its container. A name that the pod doesn't have, and a
// Service without a port, are errors.
func (p PodBuilder) Service(containers ...string) ServiceBuilder {
	from := serviceSource{pod: p, containers: slices.Clone(containers), at: here(ofConstructor)}
	return ServiceBuilder{Manifest[*corev1.Service]{pod: p.last, make: from.make, verify: from.verify}, from}
}

func (v serviceSource) make(s *session) (*corev1.Service, []runtime.Object) {
	b := s.read(v.pod)
	ports := slices.Clone(v.ports)
	if ports == nil {
		ports = b.servicePorts(v.containers)
	}
	for _, name := range v.containers {
		if !slices.ContainsFunc(b.containers(), func(c placed) bool { return c.Name == name }) {
			s.report(&flaw{rule: "service-container", field: "spec.ports", value: name, at: v.at, detail: "the pod has no container of this name", fix: "name a container of the pod"})
		}
	}
	s.selects(v.pod, b, "Service", v.at)
	return &corev1.Service{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Service"},
		ObjectMeta: b.workloadMeta(nil),
		Spec:       corev1.ServiceSpec{Selector: b.selectorLabels(), Ports: ports},
	}, nil
}

// verify looks at what the API server would refuse once all edits are done.
func (v serviceSource) verify(s *session, o *corev1.Service) {
	if len(o.Spec.Ports) == 0 && o.Spec.ClusterIP != corev1.ClusterIPNone && o.Spec.Type != corev1.ServiceTypeExternalName {
		s.report(&flaw{rule: "service-ports", kind: field.ErrorTypeRequired, field: "spec.ports", at: v.at, fix: "declare a port on the app, publish one of a helper, or use Port"})
	}
	for i, p := range o.Spec.Ports {
		again := func(q corev1.ServicePort) bool {
			return q.Name == p.Name || q.Port == p.Port && q.Protocol == p.Protocol
		}
		if slices.ContainsFunc(o.Spec.Ports[:i], again) {
			s.report(&flaw{rule: "service-port-dup", kind: field.ErrorTypeDuplicate, field: "spec.ports" + index(i), value: fmt.Sprintf("%s %d", p.Name, p.Port), at: v.at, fix: "give each port of the Service a name and a number of its own"})
		}
	}
	if o.Spec.ClusterIP == corev1.ClusterIPNone && (o.Spec.Type == corev1.ServiceTypeNodePort || o.Spec.Type == corev1.ServiceTypeLoadBalancer) {
		s.report(&flaw{rule: "service-headless", field: "spec.clusterIP", value: o.Spec.ClusterIP, at: v.at, detail: "a headless Service can't be a " + string(o.Spec.Type), fix: "drop Headless or Type"})
	}
	if msgs := validation.IsDNS1035Label(o.Name); len(msgs) > 0 && o.Name != "" {
		s.report(&flaw{rule: "object-name", field: "metadata.name", value: o.Name, at: v.at, detail: strings.Join(msgs, "; "), fix: "give the Service another name with Name"})
	}
}

// servicePorts are the ports that the containers declare. One name may stand in
// several containers; a Service has each name once, and would find the first
// container by it, so those ports are told apart by container and number.
func (b *built) servicePorts(containers []string) []corev1.ServicePort {
	from := b.exposedBy(containers)
	if len(containers) == 0 {
		from = b.exposed()
	}
	targets, uses := make(map[string]int), make(map[string]int)
	for _, e := range from {
		targets[e.port.Name]++
		uses[e.name]++
	}
	var out []corev1.ServicePort
	for _, e := range from {
		sp := corev1.ServicePort{Name: e.name, Protocol: e.port.Protocol, Port: e.number, TargetPort: intstr.FromInt32(e.port.ContainerPort)}
		if e.port.Name != "" && targets[e.port.Name] == 1 {
			sp.TargetPort = intstr.FromString(e.port.Name)
		}
		switch {
		case e.name != "" && uses[e.name] == 1:
		case e.name != "":
			sp.Name = names.Join(names.Label, e.container, e.name)
		case e.place == 0:
			sp.Name = e.container
		default:
			sp.Name = fmt.Sprintf("%s-%d", e.container, e.place+1)
		}
		out = append(out, sp)
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
	if port < 1 || port > 65535 {
		return v.rejected(invalid("port-number", "spec.ports.port", port, "must be between 1 and 65535, inclusive", "a number from 1 to 65535"))
	}
	if !good {
		return v.rejected(invalid("port-number", "spec.ports.targetPort", target.String(), "is neither a number between 1 and 65535 nor a name", "the number or the name of a port of the pod"))
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

// Name replaces the name, by default the pod's: for a second Service in front of
// one pod. A name that is no DNS label is an error.
func (v ServiceBuilder) Name(name string) ServiceBuilder {
	if msgs := validation.IsDNS1035Label(name); len(msgs) > 0 {
		return v.rejected(invalid("object-name", "metadata.name", name, strings.Join(msgs, "; "), "at most 63 of a-z, 0-9 and -, a letter first"))
	}
	v.Manifest = v.changed(func(o *corev1.Service) { o.Name = name })
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
