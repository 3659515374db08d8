package pattern

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/podpattern/podpattern/internal/names"
	"github.com/podpattern/podpattern/pattern/check"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation"
)

// Port appends a named TCP port. The name has at most 15 characters; number is
// from 1 to 65535. In a helper, a name that another container of the pod has
// already becomes "<helper>-<name>", and the helper's own probes follow it.
// An empty name or a number out of range is an error.
func (c Container[R]) Port(name string, number int) Container[R] {
	return c.port(corev1.ContainerPort{Name: name, ContainerPort: clamp32(number)}, true)
}

// UDPPort appends a named UDP port; otherwise as [Container.Port].
func (c Container[R]) UDPPort(name string, number int) Container[R] {
	return c.port(corev1.ContainerPort{Name: name, ContainerPort: clamp32(number), Protocol: corev1.ProtocolUDP}, true)
}

// Ports appends TCP ports without names. A number out of range, and none at all,
// are errors.
func (c Container[R]) Ports(numbers ...int) Container[R] {
	if len(numbers) == 0 {
		return c.reject(missing("no-arguments", ".ports", "name the ports: Ports(8080)"))
	}
	for _, n := range numbers {
		c = c.port(corev1.ContainerPort{ContainerPort: clamp32(n)}, false)
	}
	return c
}

// ContainerPort appends a port with everything that the API has for it, such as
// a host port.
func (c Container[R]) ContainerPort(p corev1.ContainerPort) Container[R] {
	return c.port(p, false)
}

func (c Container[R]) port(p corev1.ContainerPort, named bool) Container[R] {
	var bad *flaw
	if p.ContainerPort < 1 || p.ContainerPort > 65535 {
		bad = invalid("port-number", ".containerPort", p.ContainerPort, "must be between 1 and 65535, inclusive", "a number from 1 to 65535")
	}
	if p.HostPort < 0 || p.HostPort > 65535 {
		bad = bad.and(invalid("port-number", ".hostPort", p.HostPort, "must be between 1 and 65535, inclusive", "a number from 1 to 65535"))
	}
	switch {
	case named && p.Name == "":
		bad = bad.and(missing("port-name", ".name", "name the port, or use Ports for one without a name"))
	case p.Name != "" && !names.IsPort(p.Name) && len(validation.IsValidPortName(p.Name)) > 0:
		bad = bad.and(invalid("port-name", ".name", p.Name, "is no port name", "at most 15 of a-z, 0-9 and -, with a letter among them"))
	}
	return c.add(func(d *draft) {
		d.reportAll(bad, ".ports"+at(len(d.c.Ports), bad))
		if d.c.Ports == nil {
			d.c.Ports = make([]corev1.ContainerPort, 0, 2)
		}
		d.c.Ports = append(d.c.Ports, p)
	})
}

// MovePorts lets the library give the ports of those names, without names all of
// this container's, other numbers where another container of the pod has them;
// the next free one is taken. Without it that is an error. What needs the number
// asks for it: see [Container.Late]. It appends to what an earlier call said. A
// name that the container has no port of is an error. On an app or an init container it
// changes nothing.
func (c Container[R]) MovePorts(ports ...string) Container[R] {
	ports = slices.Clone(ports)
	at := here(ofConstructor)
	return c.add(func(d *draft) {
		if len(ports) == 0 {
			d.moveAll = true
			return
		}
		d.own().moves = append(d.moves, ports...)
		d.own().movesAt = at
	})
}

// Published puts the ports of those names, without names all of this container's,
// into the pod's Service too, which by default has those of the apps only. It
// appends to what an earlier call said. A name that the container has no port of is
// an error.
func (c Container[R]) Published(ports ...string) Container[R] {
	ports = slices.Clone(ports)
	at := here(ofConstructor)
	return c.add(func(d *draft) {
		if len(ports) == 0 {
			d.published = true
			return
		}
		d.own().publishes = append(d.publishes, ports...)
		d.own().publishedAt = at
	})
}

// publishesPort says whether a port was named to Published, or all were.
func (d *draft) publishesPort(name string) bool {
	return d.published || slices.ContainsFunc(d.publishes, func(n string) bool {
		p := d.port(n)
		return p != nil && p.Name == name
	})
}

// clamp32 keeps a number that is out of range out of range.
func clamp32(n int) int32 { return int32(max(math.MinInt32, min(math.MaxInt32, n))) }

// at gives "[i]" where there is a flaw to report, and costs nothing where not.
func at(i int, bad *flaw) string {
	if bad == nil {
		return ""
	}
	return index(i)
}

func index(i int) string { return "[" + strconv.Itoa(i) + "]" }

// usedPorts are the ports of a pod that are spoken for.
type usedPorts struct {
	numbers []socket // a pod has few: they need no map
	names   []string
}

type socket struct {
	number   int32
	protocol corev1.Protocol
}

func socketOf(p *corev1.ContainerPort) socket {
	if p.Protocol == "" {
		return socket{p.ContainerPort, corev1.ProtocolTCP}
	}
	return socket{p.ContainerPort, p.Protocol}
}

func (u *usedPorts) take(p *corev1.ContainerPort) {
	u.numbers = append(u.numbers, socketOf(p))
	if p.Name != "" {
		u.names = append(u.names, p.Name)
	}
}

func (u *usedPorts) takeAll(containers []corev1.Container) {
	for i := range containers {
		for k := range containers[i].Ports {
			u.take(&containers[i].Ports[k])
		}
	}
}

// settlePorts gives the ports of the helpers names that nobody has and, where
// they may move, numbers that nobody has. The apps' own come first, wherever
// they were added: an app is what a Service and its clients know. A port that
// may not move goes before all that may.
func (r *resolver) settlePorts() {
	n := 0
	for _, d := range r.drafts {
		n += len(d.c.Ports) + len(d.moves)
	}
	if n == 0 {
		return
	}
	if r.bundle != "" {
		r.bundlePorts()
		return
	}
	used := usedPorts{make([]socket, 0, 2*n), make([]string, 0, n)}
	used.takeAll(r.base.Spec.InitContainers)
	used.takeAll(r.base.Spec.Containers)
	for _, d := range r.drafts {
		for i := range d.c.Ports {
			switch p := &d.c.Ports[i]; {
			case d.role == appRole:
				used.take(p)
			case d.role.helper() && !d.mayMove(p):
				used.numbers = append(used.numbers, socketOf(p))
			}
		}
	}
	for _, d := range r.drafts {
		if d.role.helper() {
			d.settlePorts(&used)
		}
	}
}

func (d *draft) mayMove(p *corev1.ContainerPort) bool {
	return d.moveAll || slices.Contains(d.moves, p.Name)
}

// knownPorts reports ports that may move, or are published, and aren't there.
func (d *draft) knownPorts() {
	for _, verb := range [...]struct {
		name  string
		ports []string
		at    stack
	}{{"MovePorts", d.moves, d.movesAt}, {"Published", d.publishes, d.publishedAt}} {
		for _, port := range verb.ports {
			if d.port(port) == nil {
				d.report(flaw{rule: "port-unknown", level: check.Broken, field: ".ports", value: port, at: verb.at, detail: verb.name + " names a port that the container doesn't have", fix: "name one of its ports"})
			}
		}
	}
}

func (d *draft) settlePorts(used *usedPorts) {
	for i := range d.c.Ports {
		p := &d.c.Ports[i]
		number := p.ContainerPort
		for d.mayMove(p) && slices.Contains(used.numbers, socketOf(p)) && p.ContainerPort < 65535 {
			p.ContainerPort++
		}
		used.numbers = append(used.numbers, socketOf(p))
		if p.ContainerPort != number {
			d.move(int(number), int(p.ContainerPort))
		}
		if p.Name != "" && slices.Contains(used.names, p.Name) && (names.IsPort(p.Name) || len(validation.IsValidPortName(p.Name)) == 0) {
			name := portName(d.c.Name, p.Name, used.names)
			d.rename(p.Name, name)
			p.Name = name
		}
	}
	for i := range d.c.Ports { // one name twice in one container is its own mistake
		used.take(&d.c.Ports[i])
	}
}

func (d *draft) rename(from, to string) {
	if d.renamed == nil {
		d.renamed = make(map[string]string)
	}
	d.renamed[from] = to
}

func (d *draft) move(from, to int) {
	if d.moved == nil {
		d.moved = make(map[int]int)
	}
	d.moved[from] = to
}

// portName gives a helper's port a name that is free: that of the helper, cut as
// far as it must be, before its own.
func portName(container, port string, used []string) string {
	for i := 1; ; i++ {
		end := port
		if i > 1 {
			end += "-" + strconv.Itoa(i)
		}
		var name string
		if room := names.Port - len(end) - 1; room > 0 {
			name = strings.Trim(container[:min(len(container), room)], "-") + "-" + end
		} else { // nothing can be cut
			name = names.Join(names.Port, container, end)
		}
		if name = strings.Trim(name, "-"); !slices.Contains(used, name) {
			return name
		}
	}
}
