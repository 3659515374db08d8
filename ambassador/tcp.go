package ambassador

import (
	"fmt"
	"net"
	"strconv"
	"strings"

	"github.com/podpattern/podpattern/pattern"
)

// TCPOptions changes what [TCP] does; the zero value is the default.
type TCPOptions struct {
	// Port is what the app dials on localhost. Default: the upstream's, with 8000
	// added to one below 1024, or the next one that is free in the pod; a port that
	// is set here does not move.
	Port int
	// StatusPort serves health and metrics. Default: 8404, or the next free one;
	// a port that is set here does not move.
	StatusPort int
	// MaxConnections bounds how many connections are open at a time. Default: 1000.
	MaxConnections int
	// ClusterDomain completes the name of a Service. Default: cluster.local.
	ClusterDomain string
	// GateOnUpstream takes the pod out of its Services while the upstream is down.
	// By default it stays: one database that is down would else take every pod of
	// every client out of service.
	GateOnUpstream bool
}

// TCP gives the apps a server, such as a database, on localhost, by haproxy. They
// get NAME_HOST and NAME_PORT, where NAME is that of the ambassador in capitals;
// upstream is the server's host:port.
//
// It adds: a ConfigMap with haproxy.cfg; a port of its own name, on 127.0.0.1
// only; port <name>-status with /healthz, /ready (503 while the upstream is down)
// and /metrics. The app starts when haproxy is up. The upstream is checked every
// 3 seconds, and its name looked up again, so that it need not be known at the
// start. haproxy knows no search domains: a name of one part is taken for a Service
// of the pod's namespace, one that ends in .svc is completed, and one of two parts,
// such as db.prod, is looked up at the start only, and must be known then. When the
// pod stops, open connections have until shortly before the end of the grace
// period.
//
// Options: the last of several wins as a whole.
//
// upstream: haproxy/haproxy doc/configuration.txt; docker-library/haproxy
// (STOPSIGNAL SIGUSR1, user haproxy has uid 99).
func TCP(name, upstream string, opts ...TCPOptions) pattern.AmbassadorContainer {
	o := TCPOptions{}
	if len(opts) > 0 {
		o = opts[len(opts)-1]
	}
	c := pattern.Ambassador(name, "docker.io/library/haproxy:3.4.3-alpine").
		Requests("25m", "32Mi").Limits("", "128Mi").
		Restricted().RunAsUser(99).RunAsGroup(99).ReadOnlyRootFilesystem(true)
	host, port, err := splitUpstream(upstream)
	if err != nil {
		return c.Reject("upstream", upstream, err.Error())
	}
	if o.MaxConnections == 0 {
		o.MaxConnections = 1000
	}
	if strings.ContainsAny(o.ClusterDomain, " \t\r\n") {
		c = c.Reject("ClusterDomain", o.ClusterDomain, "want a domain, such as cluster.local")
	}
	if o.MaxConnections < 0 {
		c = c.Reject("MaxConnections", o.MaxConnections, "want a positive number")
	}
	full, complete := fullName(host, o.ClusterDomain)
	if strings.Contains(full, "$") {
		c = c.EnvField("POD_NAMESPACE", "metadata.namespace")
	}
	serves, status := portName(name, ""), portName(name, "-status")
	if o.Port == 0 {
		o.Port, c = port, c.MovePorts(serves)
		if port < 1024 { // not every runtime lets a user other than root have it
			o.Port = port + 8000
		}
	}
	if o.StatusPort == 0 {
		o.StatusPort, c = 8404, c.MovePorts(status)
	}
	c = c.Port(serves, o.Port).Port(status, o.StatusPort).
		Endpoint(name, serves).Dials(host, port).
		Health(pattern.HTTPGet("/healthz", status))
	if o.GateOnUpstream {
		c = c.ReadinessProbe(pattern.HTTPGet("/ready", status))
	}
	return c.Late(func(v pattern.View, c pattern.AmbassadorContainer) pattern.AmbassadorContainer {
		return c.Config("/usr/local/etc/haproxy/haproxy.cfg", haproxy(haproxyTCP{
			name: name, host: full, complete: complete, upstreamPort: port, max: o.MaxConnections,
			port: v.Port(serves), status: v.Port(status),
			stopAfter: max(v.GracePeriodSeconds()-5, 1),
		}))
	})
}

// portName cuts a port's name to the 15 characters that it can have.
func portName(name, suffix string) string {
	return strings.TrimRight(name[:min(len(name), 15-len(suffix))], "-") + suffix
}

// fullName completes the name of a Service, and says whether the name is complete.
func fullName(host, domain string) (name string, complete bool) {
	if domain == "" {
		domain = "cluster.local"
	}
	switch {
	case strings.HasSuffix(host, ".svc"):
		return host + "." + domain, true
	case strings.HasSuffix(host, ".svc."+domain) || strings.HasSuffix(host, "."):
		return host, true
	case !strings.ContainsAny(host, ".:"):
		return host + ".${POD_NAMESPACE}.svc." + domain, true
	}
	return host, false
}

func splitUpstream(upstream string) (host string, port int, err error) {
	host, digits, err := net.SplitHostPort(upstream)
	if err != nil {
		return "", 0, fmt.Errorf("want host:port, such as db:5432")
	}
	port, err = strconv.Atoi(digits)
	if err != nil || port < 1 || port > 65535 || strconv.Itoa(port) != digits {
		return "", 0, fmt.Errorf("the port must be between 1 and 65535")
	}
	if host == "" || strings.ContainsAny(host, " \t\r\n#\"'\\$/") {
		return "", 0, fmt.Errorf("that is no name of a host")
	}
	return host, port, nil
}
