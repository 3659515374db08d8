package ambassador

import (
	"fmt"
	"slices"

	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/pattern"
)

// TCPOptions changes what [TCP] does; the zero value is the default.
type TCPOptions struct {
	// Upstreams are more servers, each a host:port, that do the same as the first.
	Upstreams []string
	// Backups are servers that are used while none of the others is up, in this
	// order.
	Backups []string
	// Addresses is how many addresses the upstream's name has at most, as that of a
	// headless Service: each is a server of its own, and follows the DNS. Default:
	// haproxy connects to the first address.
	Addresses int
	// Balance is which of several servers a connection goes to. Default:
	// [RandomServer].
	Balance Balance
	// TLS speaks TLS to the servers. It is not for PostgreSQL and MySQL, which ask for
	// TLS in their own protocol: there the app does, or [PgBouncer].
	TLS TCPTLS
	// Check is how a server is asked whether it is up, such as
	// PostgreSQLCheck("haproxy"). Default: by connecting, which is not for MySQL: it
	// blocks who only connects 100 times, so give it a MySQLCheck.
	Check Check
	// CheckSeconds is the time between two checks. Default: 3. Three bad ones in a
	// row take a server down.
	CheckSeconds int
	// ConnectTimeoutSeconds is how long a server may take to accept. Default: 5.
	ConnectTimeoutSeconds int
	// IdleTimeoutSeconds closes a connection on which nothing is said. Default:
	// 1800; more than the pool of the app keeps a connection.
	IdleTimeoutSeconds int
	// MaxConnections bounds how many connections are open at a time. Default: 1000.
	MaxConnections int
	// Port is what the app dials on localhost. Default: the upstream's, with 8000
	// added to one below 1024, or the next one that is free in the pod; a port that
	// is set here does not move.
	Port int
	// StatusPort serves health and metrics. Default: 8404, or the next free one;
	// a port that is set here does not move.
	StatusPort int
	// ClusterDomain completes the name of a Service. Default: cluster.local.
	ClusterDomain string
	// GateOnUpstream takes the pod out of its Services while no server is up, and
	// keeps it out until a check of one was good; an image before haproxy 3.1 can't.
	// By default it stays: one database that is down would else take every pod of
	// every client out of service.
	GateOnUpstream bool
	// Scrape gives the pod the prometheus.io annotations for the metrics. Default: no;
	// one container of a pod can have them.
	Scrape bool
}

// TCPTLS is how [TCP] and [Redis] speak TLS; each field turns it on. The servers'
// certificates are verified.
type TCPTLS struct {
	// On is for what the other fields' defaults are right for.
	On bool
	// CA has the file ca.crt, such as a ConfigMap's volume, with the authorities that
	// may have signed the servers' certificates. Default: those of the image.
	CA pattern.Volume
	// ClientCertificate has the files tls.crt and tls.key, such as the volume of a
	// Secret of type kubernetes.io/tls. Default: none is shown.
	ClientCertificate pattern.Volume
	// ServerName is the name in the certificates. Default: the host as it stands in
	// upstream.
	ServerName string
}

// TCP gives the apps a server, such as a database, on localhost, by haproxy. They
// get NAME_HOST and NAME_PORT, where NAME is that of the ambassador in capitals;
// upstream is the server's host:port.
//
// It adds: a ConfigMap with haproxy.cfg; a port of its own name, on 127.0.0.1
// only; port <name>-status with /healthz, /ready (503 while no server is up) and
// /metrics. It runs as uid 99. The app starts when haproxy is up. The upstream is
// checked every 3 seconds, and its name looked up every 5, so that it need not be
// known at the start. A connection that a server refuses goes to another one, if
// there is one; those that are open break with their server, and the app dials
// again. haproxy knows no search domains: a name of one part is taken for a
// Service of the pod's namespace, one that ends in .svc is completed, and one of
// two parts, such as db.prod, is looked up at the start only, and must be known
// then. When the pod stops, open connections have until shortly before the end of
// the grace period. A certificate or a CA that changes in its volume is read again
// within two minutes.
//
// Defaults: image haproxy, uid 99, 25m CPU, 32Mi memory, at most 128Mi.
//
// Options: the last of several wins as a whole.
//
// upstream: haproxy/haproxy doc/configuration.txt; docker-library/haproxy
// (STOPSIGNAL SIGUSR1, user haproxy has uid 99, @system-ca).
func TCP(name, upstream string, opts ...TCPOptions) pattern.AmbassadorContainer {
	o := opt.Last(opts)
	p := proxy{
		name: name, upstream: upstream, upstreams: slices.Clone(o.Upstreams), backups: slices.Clone(o.Backups),
		addresses: o.Addresses, domain: o.ClusterDomain, port: o.Port, statusPort: o.StatusPort, max: o.MaxConnections,
		check: o.Check, balance: o.Balance, interval: o.CheckSeconds, connect: o.ConnectTimeoutSeconds, idle: o.IdleTimeoutSeconds,
		gate: o.GateOnUpstream, scrape: o.Scrape, tls: o.TLS,
	}
	c, servers := p.start(pattern.Ambassador(name, haproxyImage))
	if p.tls.on() && (o.Check.kind == postgreSQL || o.Check.kind == mySQL) {
		c = c.Reject("TLS", "on", "PostgreSQL and MySQL ask for TLS in their own protocol: leave it to the app, or use PgBouncer")
	}
	if len(servers) == 0 {
		return c
	}
	return c.Late(func(v pattern.View, c pattern.AmbassadorContainer) pattern.AmbassadorContainer {
		return p.config(v, c, haproxyProxy{
			name: name, bind: local(v.Port(portName(name, ""))), balance: o.Balance, check: o.Check,
			interval: p.interval, fall: 3, servers: servers, addresses: o.Addresses, server: p.server(), sni: p.tls.on(),
		})
	})
}

// local gives the address where the apps, and nobody else, can dial a port.
func local(port int) []any { return []any{fmt.Sprintf("127.0.0.1:%d", port)} }
