package pattern

import (
	"slices"

	"github.com/podpattern/podpattern/internal/release"
	corev1 "k8s.io/api/core/v1"
)

// draft is a container while its edits are replayed.
type draft struct {
	c       corev1.Container
	role    role
	origin  stack // of the constructor
	history *edit[draft]
	view    *View     // set in the second replay, see Late
	memo    *lateMemo // and the bundle's; nil: none
	hasLate bool

	classic   bool
	noPreStop bool
	published bool
	moveAll   bool // all ports may get other numbers
	mounts    []mount
	renamed   map[string]string // ports that got another name
	moved     map[int]int       // and those that got another number
	edits     []func(*corev1.Container)
	flaws     []flaw
	health
	*extras
	owns  bool    // the extras are this container's own
	spare *extras // of zeros, for when it needs them
}

// extras is what few containers have. Those that have none share noExtras, which
// saves half of a draft; own gives a container its own to write to.
type extras struct {
	wiring
	order
	moves       []string // ports that may get other numbers
	movesAt     stack
	publishes   []string // ports that the Service has too
	publishedAt stack
	configs     []configFile
	configFroms []configFrom
	brings      []spec
	objects     []*generated
}

// noExtras is never written to.
var noExtras extras

func (d *draft) own() *extras {
	if !d.owns {
		if d.spare == nil {
			d.spare = &extras{}
		}
		d.extras, d.owns = d.spare, true
	}
	return d.extras
}

func (d *draft) report(f flaw) { d.flaws = append(d.flaws, f) }

// reportAll reports the flaws of a value, such as a volume, that the container
// was given, below the field that it was given for.
func (d *draft) reportAll(f *flaw, prefix string) {
	for ; f != nil; f = f.prev {
		d.report(f.under(prefix))
	}
}

// spec is a container as a pod or another container carries it.
type spec struct {
	last *edit[draft]
	role role
	bad  *flaw // set in place of last where the container was never started
}

// Helper is any container that another one brings along; see [Container.Brings].
type Helper interface{ spec() spec }

func (c Container[R]) spec() spec {
	if c.last == nil {
		return spec{role: roleOf[R](), bad: zeroContainer[R]()}
	}
	return spec{last: c.last, role: roleOf[R]()}
}

// replayed runs the edits of a container.
func (s spec) replayed(d *draft, v *View) *draft {
	d.role, d.history, d.view, d.extras = s.role, s.last, v, &noExtras
	if s.bad != nil {
		d.origin = s.bad.at
		d.report(*s.bad)
	}
	replay(s.last, d)
	return d
}

// native says whether the container is a native sidecar at this target.
func (d *draft) native(v release.Minor) bool {
	return d.role.helper() && !d.classic && v.Has(release.NativeSidecars)
}

// regular says whether the container stands in spec.containers.
func (d *draft) regular(v release.Minor) bool {
	return d.role != initRole && !d.native(v)
}

// port finds a port by the name that the container gave it.
func (d *draft) port(name string) *corev1.ContainerPort { return portNamed(d.c.Ports, d.renamed, name) }

func portNamed(ports []corev1.ContainerPort, renamed map[string]string, name string) *corev1.ContainerPort {
	if to, ok := renamed[name]; ok {
		name = to
	}
	i := slices.IndexFunc(ports, func(p corev1.ContainerPort) bool { return p.Name == name })
	if i < 0 {
		return nil
	}
	return &ports[i]
}
