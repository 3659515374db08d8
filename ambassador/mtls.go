package ambassador

import (
	"slices"

	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/pattern"
)

// MTLSOptions changes what [MTLS] does; the zero value is the default.
type MTLSOptions struct {
	// Upstreams are more servers, each a host:port, that do the same as the first.
	Upstreams []string
	// Balance is which of several servers a connection goes to. Default:
	// [RandomServer].
	Balance Balance
	// CA has the file ca.crt, such as a ConfigMap's volume, which verifies the servers'
	// certificates. Default: the one beside the certificate.
	CA pattern.Volume
	// ServerName is the name in the servers' certificates. Default: the host as it
	// stands in upstream.
	ServerName string
	// ALPN are the protocols that haproxy offers in the handshake, such as h2, without
	// which many servers take no gRPC. Default: none.
	ALPN []string
	// CheckSeconds is the time between two checks, which are a handshake. Default: 3.
	CheckSeconds int
	// IdleTimeoutSeconds closes a connection on which nothing is said. Default: 1800.
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
	GateOnUpstream bool
	// Scrape gives the pod the prometheus.io annotations for the metrics. Default: no;
	// one container of a pod can have them.
	Scrape bool
}

// MTLS lets the apps talk to a server in plain text on localhost, while haproxy shows
// the server a certificate, and verifies the server's. They get NAME_HOST and
// NAME_PORT, where NAME is that of the ambassador in capitals; upstream is the server's
// host:port, and certificate a volume with the files tls.crt, tls.key and ca.crt, such
// as that of a Secret of cert-manager. The other end is [MTLSServer], or any server with TLS from the
// first byte on.
//
// It adds what [TCP] adds, and the mount /certs. A certificate that changes in its
// volume is used for new connections within two minutes; those that are open stay.
// haproxy verifies the server's name by DNS names, not by a SPIFFE ID or an address.
//
// It is haproxy, as TCP is, and not ghostunnel or stunnel: it checks the servers,
// goes to another one, and looks their names up again, and the image is an official
// one, as stunnel has none.
//
// Defaults: image haproxy, uid 99, 25m CPU, 32Mi memory, at most 128Mi.
//
// Options: the last of several wins as a whole.
//
// upstream: haproxy/haproxy doc/configuration.txt (5.2 crt, ca-file, verifyhost).
func MTLS(name, upstream string, certificate pattern.Volume, opts ...MTLSOptions) pattern.AmbassadorContainer {
	o := opt.Last(opts)
	p := proxy{
		name: name, upstream: upstream, upstreams: slices.Clone(o.Upstreams), domain: o.ClusterDomain,
		port: o.Port, statusPort: o.StatusPort, max: o.MaxConnections, balance: o.Balance, interval: o.CheckSeconds,
		idle: o.IdleTimeoutSeconds, gate: o.GateOnUpstream, scrape: o.Scrape,
		tls: TCPTLS{On: true, CA: opt.Or(o.CA, certificate), ClientCertificate: certificate, ServerName: o.ServerName}, alpn: slices.Clone(o.ALPN),
	}
	c, servers := p.start(needsCertificate(pattern.Ambassador(name, haproxyImage), certificate))
	if len(servers) == 0 {
		return c
	}
	return c.Late(func(v pattern.View, c pattern.AmbassadorContainer) pattern.AmbassadorContainer {
		return p.config(v, c, haproxyProxy{
			name: name, bind: local(v.Port(portName(name, ""))), balance: o.Balance,
			interval: p.interval, fall: 3, servers: servers, server: p.server(), sni: true,
		})
	})
}
