package ambassador

import (
	"time"

	"github.com/podpattern/podpattern/internal/envoy"
	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/pattern"
)

// HTTPOptions changes what [HTTP] does; the zero value is the default.
type HTTPOptions struct {
	// Upstreams are more servers of the same API, with the scheme of the first, http
	// or https; requests go to all in turn.
	Upstreams []HTTPUpstream
	// Weight is the share of the first server where there are more Upstreams; each
	// address that its name has gets so much. Default: 1.
	Weight int
	// TLS says how an upstream of https is verified, and shown a certificate.
	TLS HTTPTLS
	// HTTP2 speaks HTTP/2 to the upstream, as gRPC needs. Default: HTTP/1.1.
	HTTP2 bool
	// KeepHost sends the headers Host and X-Forwarded-Proto as the app wrote them,
	// for one that is a gateway itself. By default the upstream sees its own name.
	KeepHost bool
	// Port is what the app dials on localhost. Default: the upstream's, with 8000
	// added to one below 1024, or the next one that is free in the pod; a port that
	// is set here does not move.
	Port int
	// StatusPort serves health and metrics. Default: 9902, or the next free one;
	// a port that is set here does not move.
	StatusPort int
	// Timeout is for a request as a whole, its retries included; then the app gets
	// a 504. Default: 15 seconds.
	Timeout time.Duration
	// IdleTimeout ends a request on which nothing is said; without an answer the app
	// gets a 408. Default: 5 minutes, or the Timeout if that is longer.
	IdleTimeout time.Duration
	// Streams is for requests that stay open, as gRPC streams, server-sent events
	// and WebSockets: they have no Timeout, and end by the IdleTimeout.
	Streams bool
	// Retries says what is tried again.
	Retries HTTPRetries
	// MaxRequests bounds how many requests, and how many connections, are open at a
	// time; the app gets a 503 for more. Default: 1024.
	MaxRequests int
	// RequestsPerSecond bounds what this pod asks of the upstream; the app gets a
	// 429 for more. Default: no limit.
	RequestsPerSecond int
	// EjectAfter is after how many failures in a row, a 502 to 504 or no answer, one
	// of several servers gets no requests for 30 seconds, and longer each time; never
	// more than half of them at a time. Default: 5.
	EjectAfter int
	// HealthPath is asked of every server every 5 seconds; one that doesn't answer
	// 200 three times gets no requests, unless that is so of more than half of them.
	// Default: none is asked.
	HealthPath string
	// Traces sends a span for each request.
	Traces Traces
	// AccessLog writes a line of JSON for each request to the standard output.
	AccessLog bool
	// IPv6 has the StatusPort listen on IPv6 too, which the nodes must have, as the
	// kubelet of an IPv6 cluster needs it. Default: IPv4 only.
	IPv6 bool
	// Scrape gives the pod the prometheus.io annotations for the metrics. Default: no;
	// one container of a pod can have them.
	Scrape bool
}

// HTTPUpstream is one more server of an [HTTP].
type HTTPUpstream struct {
	// URL is such as http://api.prod.svc:8080, without a path.
	URL string
	// Weight is its share of the requests, for each address that its name has.
	// Default: 1.
	Weight int
}

// HTTPTLS is how [HTTP] speaks TLS; without it too the certificate of the upstream
// is verified.
type HTTPTLS struct {
	// CA has the file ca.crt, such as a ConfigMap's volume, with the authorities that
	// may have signed the upstream's certificate. Default: those of the image.
	CA pattern.Volume
	// ClientCertificate has the files tls.crt and tls.key, such as the volume of a
	// Secret of type kubernetes.io/tls. A renewed one is used without a restart.
	ClientCertificate pattern.Volume
	// ServerName is the name in the certificate. Default: that of the upstream.
	ServerName string
}

// HTTPRetries is what [HTTP] tries again: a request that surely never arrived,
// whatever its method; and one that failed, a 502 to 504 or no answer, where its
// method may be repeated (RFC 9110, 9.2.2), that is any but POST and PATCH.
type HTTPRetries struct {
	// Off tries nothing again.
	Off bool
	// Times is how often a request is tried again. Default: 2.
	Times int
	// PerTry is the timeout of each try of a method that may be repeated; all tries
	// must fit into the Timeout. Default: the Timeout shared among them.
	PerTry time.Duration
	// AllMethods takes every method, POST and PATCH too, for one that may be
	// repeated, and a gRPC status of UNAVAILABLE for a failure.
	AllMethods bool
}

// HTTP gives the apps an HTTP API on localhost, by envoy: with timeouts, retries,
// load balancing and TLS, none of which the app then needs. They dial plain HTTP, at
// NAME_HOST and NAME_PORT, where NAME is that of the ambassador in capitals; upstream
// is a URL without a path, such as https://api.example.com.
//
// It adds: a ConfigMap with envoy.yaml; a port of its own name, on 127.0.0.1 only;
// port <name>-status with /ready and /stats/prometheus; port <name>-admin (9901), on
// 127.0.0.1 only, for kubectl port-forward. It runs as uid 65532 with two threads.
// The app starts when envoy has looked the upstream's name up, whether anybody answers
// there or not: while it is down the app gets a 503. By default a request has 15
// seconds, one that may be repeated is tried again twice, and of several servers one
// gets no requests for 30 seconds after 5 failures in a row. A request with a body of
// more than 128 KiB isn't tried again. The upstream gets header names in lower case.
//
// The upstream's name is looked up again every 5 seconds, and each connection lasts 5
// minutes at most, so that requests move with it. A name that ends in a dot, as
// https://api.example.com., spares the lookups in the cluster's own domains. Of a
// Service envoy sees the one address that it has; give the name of a headless one, and
// envoy balances over the pods, which HTTP2 needs. As a native sidecar envoy ends after
// the app; a classic one ends when the pod is told to stop, and with it what is open.
//
// Defaults: image envoy, uid 65532, 50m CPU, 64Mi memory, at most 256Mi.
//
// Options: the last of several wins as a whole.
//
// upstream: envoyproxy/envoy api/envoy/config and api/envoy/extensions (v1.39),
// distribution/docker/Dockerfile-envoy (distroless: uid 65532).
func HTTP(name, upstream string, opts ...HTTPOptions) pattern.AmbassadorContainer {
	o := opt.Last(opts)
	h := httpPorts(name)
	c, o := httpDefaults(pattern.Ambassador(name, envoyImage), o)
	hosts, tls, c := httpHosts(c, upstream, o)
	if len(hosts) == 0 {
		return c // what is wrong is said already
	}
	c = envoy.Run(opt.Port(c, h.serves, o.Port, unprivileged(hosts[0].Port)), h.status, h.admin, o.StatusPort).Endpoint(name, h.serves)
	for _, u := range hosts {
		c = c.Dials(u.Name, u.Port)
	}
	c, trace := traces(c, o.Traces)
	if tls != nil {
		c = certificates(c, o.TLS.CA, o.TLS.ClientCertificate)
	}
	if o.Scrape {
		c = c.Scrape(h.status, "/stats/prometheus")
	}
	return c.Late(func(v pattern.View, c pattern.AmbassadorContainer) pattern.AmbassadorContainer {
		return c.Config(envoy.ConfigFile, envoy.Bootstrap{
			Name: name, Service: v.PodName(), Admin: v.Port(h.admin), Status: v.Port(h.status), IPv6: o.IPv6, MaxConnections: envoy.Connections(o.MaxRequests),
			Listeners: []envoy.Listener{{
				Name: name, Port: v.Port(h.serves), Routes: httpRoutes(name, hosts, o),
				Filters: rateLimit(o.RequestsPerSecond), Log: o.AccessLog, Trace: trace, Websocket: o.Streams && !o.HTTP2,
				Idle: o.IdleTimeout,
			}},
			Clusters: []envoy.Cluster{{
				Name: name, Hosts: hosts, HTTP2: o.HTTP2, MaxRequests: o.MaxRequests, EjectAfter: o.EjectAfter,
				HealthPath: o.HealthPath, MaxAge: 5 * time.Minute, TLS: tls,
			}},
		}.YAML())
	})
}

// ports are the names of an envoy's ports.
type ports struct{ serves, status, admin string }

func httpPorts(name string) ports {
	return ports{portName(name, ""), portName(name, "-status"), portName(name, "-admin")}
}
