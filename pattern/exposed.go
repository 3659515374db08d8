package pattern

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
)

// exposedPort is a port of a container that clients of the pod dial.
type exposedPort struct {
	port      corev1.ContainerPort
	container string
	place     int    // among the container's ports
	name      string // in a Service; by default the port's
	number    int32  // in a Service; by default the port's
}

func newExposed(container string, place int, p corev1.ContainerPort) exposedPort {
	return exposedPort{port: p, container: container, place: place, name: p.Name, number: p.ContainerPort}
}

// exposed gives the ports that clients of the pod dial: those of the apps, or of
// the fronts before them, and of published helpers; those of the containers that
// start before the apps come last.
func (b *built) exposed() []exposedPort {
	var out []exposedPort
	add := func(e exposedPort) {
		if !slices.ContainsFunc(out, func(o exposedPort) bool { return o.container == e.container && o.place == e.place }) {
			out = append(out, e)
		}
	}
	for _, c := range b.containers() {
		for i, p := range c.Ports {
			published := c.d != nil && c.d.publishesPort(p.Name)
			if !published && (!c.regular || c.d != nil && c.d.role != appRole) {
				continue
			}
			by, name := b.frontOf(&p)
			if by != nil {
				front := by.port(name)
				e := newExposed(by.c.Name, slices.IndexFunc(by.c.Ports, func(o corev1.ContainerPort) bool { return o.Name == front.Name }), *front)
				if e.name = name; name == p.Name && !published {
					e.number = p.ContainerPort
				}
				add(e)
			}
			if by == nil || published {
				add(newExposed(c.Name, i, p))
			}
		}
	}
	return out
}

// exposedBy gives the ports of the containers of those names.
func (b *built) exposedBy(containers []string) []exposedPort {
	var out []exposedPort
	for _, c := range b.containers() {
		if slices.Contains(containers, c.Name) {
			for i, p := range c.Ports {
				out = append(out, newExposed(c.Name, i, p))
			}
		}
	}
	return out
}
