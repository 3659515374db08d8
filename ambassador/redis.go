package ambassador

import (
	"slices"

	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/pattern"
)

// RedisOptions changes what [Redis] does; the zero value is the default.
type RedisOptions struct {
	// Upstreams are the other servers, each a host:port; one of all of them is the
	// primary.
	Upstreams []string
	// Addresses is how many addresses the upstream's name has at most, as that of a
	// headless Service in front of all servers. Default: one.
	Addresses int
	// Password is a Secret whose key password is that of the servers. Default: none is
	// asked for. The app, too, logs in by itself.
	Password pattern.SecretBuilder
	// Username is whom the password is of. Default: the user default.
	Username string
	// ReadReplicas opens a second port for the apps, which they get as
	// NAME_READ_HOST and NAME_READ_PORT: it goes to the replicas whose link to the
	// primary is up, and while there are none to the primary.
	ReadReplicas bool
	// ReadPort is that port. Default: the one after Port, or the next free one; a
	// port that is set here does not move.
	ReadPort int
	// TLS speaks TLS to the servers. By default they ask for a ClientCertificate too
	// (tls-auth-clients).
	TLS TCPTLS
	// CheckSeconds is the time between two looks at each server. Default: 1. Two bad
	// ones in a row take a server down, one good one brings it up.
	CheckSeconds int
	// IdleTimeoutSeconds closes a connection on which nothing is said, also one that
	// waits for messages. Default: 1800.
	IdleTimeoutSeconds int
	// MaxConnections bounds how many connections are open at a time. Default: 1000.
	MaxConnections int
	// Port is what the app dials on localhost. Default: the upstream's, or the next
	// one that is free in the pod; a port that is set here does not move.
	Port int
	// StatusPort serves health and metrics. Default: 8404, or the next free one;
	// a port that is set here does not move.
	StatusPort int
	// ClusterDomain completes the name of a Service. Default: cluster.local.
	ClusterDomain string
	// GateOnUpstream takes the pod out of its Services while there is no primary.
	GateOnUpstream bool
	// Scrape gives the pod the prometheus.io annotations for the metrics. Default: no;
	// one container of a pod can have them.
	Scrape bool
}

// Redis gives the apps the primary of a few Redis servers on localhost, by haproxy,
// which asks each of them for its role. They get NAME_HOST and NAME_PORT, where NAME
// is that of the ambassador in capitals; upstream is a server's host:port.
//
// It adds what [TCP] adds; /ready is 503 while there is no primary. A server that is
// the primary no more loses its connections after two checks, so that the app dials
// again and gets the new one. Who the primary is, Sentinel or an operator says: while
// two servers say they are, the first in the list wins. It is not for Redis Cluster,
// whose clients talk to all servers. A password is in the environment of haproxy,
// where the checks read it, and not in its configuration.
//
// Defaults: image haproxy, uid 99, 25m CPU, 32Mi memory, at most 128Mi.
//
// Options: the last of several wins as a whole.
//
// upstream: haproxy/haproxy doc/configuration.txt (tcp-check); docs: redis.io
// commands/info, commands/auth.
func Redis(name, upstream string, opts ...RedisOptions) pattern.AmbassadorContainer {
	o := opt.Last(opts)
	p := proxy{
		name: name, upstream: upstream, upstreams: slices.Clone(o.Upstreams), addresses: o.Addresses, domain: o.ClusterDomain,
		port: o.Port, statusPort: o.StatusPort, max: o.MaxConnections, interval: opt.Or(o.CheckSeconds, 1), idle: o.IdleTimeoutSeconds,
		gate: o.GateOnUpstream, scrape: o.Scrape, tls: o.TLS,
	}
	c, servers := p.start(pattern.Ambassador(name, haproxyImage))
	none := pattern.SecretBuilder{}
	switch {
	case o.Password != none:
		c = c.EnvSecret(redisPassword, o.Password, "password")
	case o.Username != "":
		c = c.Reject("Username", o.Username, "needs a Password")
	}
	if o.Username != "" && !isWord(o.Username) {
		c = c.Reject("Username", o.Username, "want the name of a user")
	}
	if o.ReadPort != 0 && !o.ReadReplicas {
		c = c.Reject("ReadPort", o.ReadPort, "needs ReadReplicas")
	}
	if len(servers) == 0 {
		return c
	}
	read := portName(name, "-read")
	if o.ReadReplicas {
		c = opt.Port(c, read, o.ReadPort, opt.Or(o.Port, unprivileged(servers[0].port))+1).Endpoint(name+"-read", read)
	}
	return c.Late(func(v pattern.View, c pattern.AmbassadorContainer) pattern.AmbassadorContainer {
		primary := haproxyProxy{
			name: name, bind: local(v.Port(portName(name, ""))), balance: FirstServer,
			check:    Check{kind: redisPrimary, arg: o.Username, auth: o.Password != none},
			interval: p.interval, fall: 2, startDown: true, cut: true, servers: servers, addresses: o.Addresses, server: p.server(), sni: p.tls.on(),
		}
		if !o.ReadReplicas {
			return p.config(v, c, primary)
		}
		replicas := primary
		replicas.name, replicas.bind, replicas.balance, replicas.check.kind = name+"_read", local(v.Port(read)), RandomServer, redisReplica
		replicas.rules = [][]any{{"use_backend", name, "if", raw("{ nbsrv(" + replicas.name + ") lt 1 }")}}
		return p.config(v, c, primary, replicas)
	})
}

// redisPassword is the variable that the checks read.
const redisPassword = "REDIS_PASSWORD"
