package pattern

import (
	"net"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/podpattern/podpattern/internal/names"
	"github.com/podpattern/podpattern/pattern/check"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation"
)

// upstream is a host that a container connects to.
type upstream struct {
	host string
	port int
}

func (u upstream) String() string { return net.JoinHostPort(u.host, strconv.Itoa(u.port)) }

// local says whether the upstream is in the pod itself.
func (u upstream) local() bool {
	ip := net.ParseIP(u.host)
	return u.host == "localhost" || ip != nil && ip.IsLoopback()
}

// Dials says that this container connects to host:port: the tree shows it and
// the NetworkPolicy allows it. An empty host or a port out of range is an error.
func (c Container[R]) Dials(host string, port int) Container[R] {
	if bad := dialsFlaw(host, port); bad != nil {
		return c.reject(bad)
	}
	return c.add(func(d *draft) { d.own().dials = append(d.dials, upstream{host, port}) })
}

// Dials says that something of the pod which is no container here connects to
// host:port, such as a proxy that a mesh injects; otherwise as [Container.Dials].
func (p PodBuilder) Dials(host string, port int) PodBuilder {
	if bad := dialsFlaw(host, port); bad != nil {
		return p.reject(bad)
	}
	return p.add(func(s *podDraft) { s.dials = append(s.dials, upstream{host, port}) })
}

func dialsFlaw(host string, port int) *flaw {
	if net.ParseIP(host) == nil && len(validation.IsDNS1123Subdomain(strings.ToLower(strings.TrimSuffix(host, ".")))) > 0 {
		return invalid("dials", "", host, "is neither an IP address nor a name of a host", "such as db.prod.svc")
	}
	if port < 1 || port > 65535 {
		return invalid("port-number", "", port, "must be between 1 and 65535, inclusive", "a number from 1 to 65535")
	}
	return nil
}

// localDial is a port of the pod that a container connects to.
type localDial struct {
	by   *draft
	port int
}

func (r *resolver) localDials() []localDial {
	var out []localDial
	for _, d := range r.drafts {
		for _, u := range d.dials {
			if u.local() {
				out = append(out, localDial{d, u.port})
			}
		}
	}
	return out
}

// isDialled says whether another container dials a port of this one.
func (d *draft) isDialled(dials []localDial) bool {
	return slices.ContainsFunc(dials, func(l localDial) bool {
		return l.by != d && slices.ContainsFunc(d.c.Ports, func(p corev1.ContainerPort) bool { return int(p.ContainerPort) == l.port })
	})
}

// endpoint is a service that a container has for the apps on localhost.
type endpoint struct{ name, port string }

// Endpoint says that the port of that name serves the apps on localhost: they get
// NAME_HOST (127.0.0.1) and NAME_PORT, both or, where an app sets one of the two
// itself, neither. Later containers wait for this one if it has a
// [Container.Health]. A port that the container doesn't have is an error.
func (c Container[R]) Endpoint(name, port string) Container[R] {
	if names.Env(name) == "" {
		return c.reject(missing("endpoint", "", "name the endpoint, such as db"))
	}
	return c.add(func(d *draft) { d.own().endpoints = append(d.endpoints, endpoint{name, port}) })
}

// settleEndpoints turns endpoints into pairs of variables.
func (d *draft) settleEndpoints() []envPair {
	var out []envPair
	for _, e := range d.endpoints {
		p := d.port(e.port)
		if p == nil {
			d.report(flaw{rule: "endpoint", level: check.Broken, field: ".ports", value: e.port, at: d.origin, detail: "endpoint " + e.name + " names a port that the container doesn't have", fix: "give it the port with Port"})
			continue
		}
		prefix := names.Env(e.name)
		out = append(out, envPair{{Name: prefix + "_HOST", Value: "127.0.0.1"}, {Name: prefix + "_PORT", Value: strconv.Itoa(int(p.ContainerPort))}})
	}
	return out
}

// envPair are two variables of which an app gets both or neither.
type envPair [2]corev1.EnvVar

// Socket says that this container listens on a Unix socket of that name in a
// shared volume: the volume is mounted at /run/<volume> here and in the apps,
// and the apps get NAME_SOCKET with its path. A name with a slash is an error, as
// is a path that is too long for a socket (107 bytes).
func (c Container[R]) Socket(v Volume, name string) Container[R] {
	dir := "/run/" + v.name()
	file := dir + "/" + name
	switch {
	case name == "" || name == "." || name == ".." || strings.Contains(name, "/"):
		return c.reject(invalid("socket", "", name, "is no name of a file", "such as app.sock"))
	case len(file) > 107:
		return c.reject(invalid("socket", "", file, "is longer than 107 bytes, which is all that a socket's address can have", "choose shorter names"))
	}
	env := names.Env(strings.TrimSuffix(name, path.Ext(name))) + "_SOCKET"
	return c.mount(mount{v, dir, writes}).appMount(mount{v, dir, unstated}).AppEnv(env, file)
}

// SharedMemory mounts one memory volume of at most size at /dev/shm here and in
// the apps, which otherwise have 64 MiB each, unshared. On an app it mounts it
// there.
func (c Container[R]) SharedMemory(size string) Container[R] {
	shm := SharedMemory(size)
	shm.v.at = here(ofConstructor)
	c = c.mount(mount{shm, "/dev/shm", writes})
	if roleOf[R]() == appRole {
		return c
	}
	return c.appMount(mount{shm, "/dev/shm", writes})
}

// scrape is a port that serves metrics.
type scrape struct{ port, path string }

// Scrape says that the port of that name serves metrics at path, with the
// prometheus.io annotations that many scrape configurations read. A pod has one
// such annotation: the first container that says it wins, a second one is
// reported as a warning.
func (c Container[R]) Scrape(port, path string) Container[R] {
	if !strings.HasPrefix(path, "/") {
		return c.reject(invalid("scrape-path", "", path, "is no path", "start it with /"))
	}
	return c.add(func(d *draft) { d.own().scrapes = append(d.scrapes, scrape{port, path}) })
}

const scrapeKey = "prometheus.io/scrape"

// settleScrapes turns the first scrape of the pod into annotations.
func (r *resolver) settleScrapes(d *draft) {
	for _, s := range d.scrapes {
		p := d.port(s.port)
		if p == nil {
			d.report(flaw{rule: "scrape-port-unserved", level: check.Broken, field: ".ports", value: s.port, at: d.origin, detail: "Scrape names a port that the container doesn't have", fix: "give it the port with Port"})
			continue
		}
		if _, set := r.base.Annotations[scrapeKey]; set {
			continue // the pod's own annotations win
		}
		if r.scraped != nil {
			d.report(flaw{rule: "scrape-annotation-clash", level: check.Warning, field: ".ports", value: int(p.ContainerPort), at: d.origin,
				detail: "a pod has one prometheus.io/port, and container " + r.scraped.c.Name + " has it", fix: "scrape this one with a PodMonitor", others: []party{{d: r.scraped, at: r.scraped.origin}}})
			continue
		}
		r.scraped = d
		d.own().annotations = slices.Concat(d.annotations, []pair{{scrapeKey, "true"}, {"prometheus.io/port", strconv.Itoa(int(p.ContainerPort))}, {"prometheus.io/path", s.path}})
	}
}
