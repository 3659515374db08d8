package pattern

import (
	"slices"

	"github.com/podpattern/podpattern/pattern/check"
	corev1 "k8s.io/api/core/v1"
)

// front is a port of a container that clients dial in place of another's.
type front struct {
	port   string
	behind int32
	at     stack
}

// Fronts says that clients dial this container's port of that name in place of
// the TCP port behind, which another container of the pod listens on: an app's, or
// that of a front before it. In the pod's Service, and in its NetworkPolicy, it
// takes that port's place; the Service keeps the number where both ports have one
// name, as clients then go on as before. An app that is [Container.Published]
// keeps its own port in the Service too. Where this container sleeps before it
// stops, as clients still come, so does the container behind, unless it has a
// [Container.PreStop] of its own. A port that isn't there, and two fronts of one
// port, are errors.
func (c Container[R]) Fronts(port string, behind int) Container[R] {
	if behind < 1 || behind > 65535 {
		return c.reject(invalid("port-number", "", behind, "must be between 1 and 65535, inclusive", "the number of the app's port"))
	}
	f := front{port, int32(behind), here(ofConstructor)}
	return c.add(func(d *draft) { d.own().fronts = append(d.fronts, f) })
}

// settleFronts reports a container's fronts that lead nowhere.
func (r *resolver) settleFronts(d *draft) {
	for i, f := range d.fronts {
		p := d.port(f.port)
		if p == nil {
			d.report(flaw{rule: "fronts", level: check.Broken, field: ".ports", value: f.port, at: f.at, detail: "Fronts names a port that the container doesn't have", fix: "give it the port with Port"})
			continue
		}
		if !r.listens(f.behind, d) {
			d.report(flaw{rule: "fronts", level: check.Broken, field: ".ports", value: f.behind, at: f.at, detail: "no other container of the pod has the TCP port that this one stands before", fix: "declare the port on the app with Port, or name the one that it has"})
		}
		for _, o := range r.drafts {
			if o == d {
				break
			}
			if slices.ContainsFunc(o.fronts, func(g front) bool { return g.behind == f.behind }) {
				d.report(flaw{rule: "fronts", level: check.Broken, field: ".ports", value: f.behind, at: f.at, others: []party{{d: o}}, detail: "container " + o.c.Name + " stands before this port already", fix: "let one of the two stand before the port of the other"})
			}
		}
		if slices.ContainsFunc(d.fronts[:i], func(g front) bool { return g.behind == f.behind }) {
			d.report(flaw{rule: "fronts", level: check.Broken, field: ".ports", value: f.behind, at: f.at, detail: "this container stands before the port twice", fix: "remove one of the two"})
		}
	}
}

// listens says whether a container other than d has a TCP port of that number.
func (r *resolver) listens(number int32, d *draft) bool {
	return slices.ContainsFunc(r.drafts, func(o *draft) bool { return o != d && listensOn(&o.c, number) }) ||
		slices.ContainsFunc(r.base.Spec.Containers, func(c corev1.Container) bool { return listensOn(&c, number) })
}

func listensOn(c *corev1.Container, number int32) bool {
	return slices.ContainsFunc(c.Ports, func(p corev1.ContainerPort) bool {
		return socketOf(&p) == socket{number, corev1.ProtocolTCP}
	})
}

// wireSleep lets the containers that d stands before sleep as long as d does before
// they stop: all are told to stop at once, and a front without its app is none.
func (d *draft) wireSleep(sites []*site) {
	if len(d.fronts) == 0 || d.c.Lifecycle == nil || d.c.Lifecycle.PreStop == nil || d.c.Lifecycle.PreStop.Sleep == nil {
		return
	}
	for _, s := range sites {
		if s.d != d && (s.d == nil || !s.d.noPreStop) && slices.ContainsFunc(d.fronts, func(f front) bool { return listensOn(s.c, f.behind) }) {
			s.preStop = d.c.Lifecycle.PreStop
		}
	}
}

// frontOf gives the last of the fronts before a port, and its port by the name that
// it gave it; nil: the port has none.
func (r *resolver) frontOf(p *corev1.ContainerPort) (by *draft, port string) {
	for range r.drafts { // no more fronts than containers, even in a circle
		if socketOf(p).protocol != corev1.ProtocolTCP {
			break
		}
		next, name := r.nextFront(p.ContainerPort)
		if next == nil {
			break
		}
		by, port, p = next, name, next.port(name)
	}
	return by, port
}

func (r *resolver) nextFront(number int32) (by *draft, port string) {
	for _, d := range r.drafts {
		for _, f := range d.fronts {
			if f.behind == number && d.port(f.port) != nil {
				return d, f.port
			}
		}
	}
	return nil, ""
}
