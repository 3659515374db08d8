package ambassador

import (
	"time"

	"github.com/podpattern/podpattern/internal/envoy"
	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/pattern"
)

// MeshOptions changes what [Mesh] does; the zero value is the default.
type MeshOptions struct {
	// Certificate has the files tls.crt and tls.key, such as the volume of a Secret of
	// type kubernetes.io/tls: clients then speak TLS, to a port called https. A renewed
	// certificate is used without a restart. Default: plain HTTP.
	Certificate pattern.Volume
	// ClientCA has the file ca.crt: clients must show a certificate of that authority.
	// It needs a Certificate. Default: clients show none.
	ClientCA pattern.Volume
	// HTTP2 speaks HTTP/2 without TLS to the app, as gRPC needs. Default: HTTP/1.1.
	// Clients may speak either.
	HTTP2 bool
	// Port is what clients dial. Default: 10000, with a Certificate 8443, or the next
	// one that is free in the pod; a port that is set here does not move.
	Port int
	// StatusPort serves health and metrics. Default: 9902, or the next free one;
	// a port that is set here does not move.
	StatusPort int
	// Timeout is for the app's whole answer; then the client gets a 504. Default:
	// none.
	Timeout time.Duration
	// IdleTimeout ends a request or WebSocket on which nothing is said; without an
	// answer the client gets a 408. Default: 5 minutes, or the Timeout if that is
	// longer.
	IdleTimeout time.Duration
	// MaxRequests bounds how many requests, and how many connections, the app has at
	// a time; clients get a 503 for more. Default: 1024.
	MaxRequests int
	// RequestsPerSecond bounds what this pod takes; clients get a 429 for more.
	// Default: no limit.
	RequestsPerSecond int
	// Traces sends a span for each request.
	Traces Traces
	// NoAccessLog leaves out the line of JSON, on the standard output, for each
	// request.
	NoAccessLog bool
	// Scrape gives the pod the prometheus.io annotations for the metrics. Default: no;
	// one container of a pod can have them.
	Scrape bool
	// IPv6 listens on IPv6 too, which the nodes must have. Default: IPv4 only.
	IPv6 bool
}

// Mesh stands in front of the app as the proxy of a service mesh does, but without a
// control plane: clients reach envoy, and envoy the app, on localhost at appPort. With
// it the app has an access log, metrics and traces of its requests, bounds, and TLS.
// What the app dials goes through [HTTP] and [TCP]; in a cluster with a mesh use
// [Injected].
//
// It adds: a ConfigMap with envoy.yaml; port http, or https, in the place of the app's
// in the pod's Service; port envoy-status with /ready and /stats/prometheus; port
// envoy-admin (9901), on 127.0.0.1 only, for kubectl port-forward. It runs as uid 65532 with
// two threads. It adds its peer to X-Forwarded-For, believes the one proxy before it,
// such as an ingress, and passes WebSockets on. While the app doesn't listen clients
// get a 503.
//
// Who knows the app's own port goes past envoy: the pod's NetworkPolicy closes it, or
// let the app listen on 127.0.0.1, where the kubelet asks it by an Exec only.
//
// When the pod stops, envoy takes requests for 5 seconds, and as a native sidecar until
// the app has ended; a classic one then breaks what is open, and needs a longer PreStop
// where answers take longer. The app sleeps those 5 seconds too. A client that keeps its
// connection gets a 503 on it once the app listens no more: it isn't told to close it.
//
// Defaults: image envoy, uid 65532, 50m CPU, 64Mi memory, at most 256Mi.
//
// Options: the last of several wins as a whole.
//
// upstream: as [HTTP]; envoyproxy/envoy docs/root/configuration/http/http_conn_man/headers.rst.
func Mesh(appPort int, opts ...MeshOptions) pattern.AmbassadorContainer {
	o := opt.Last(opts)
	c := pattern.Ambassador("envoy", envoyImage)
	if o.MaxRequests < 0 {
		c = c.Reject("MaxRequests", o.MaxRequests, "want a positive number")
	}
	if o.RequestsPerSecond < 0 {
		c = c.Reject("RequestsPerSecond", o.RequestsPerSecond, "want a positive number")
	}
	if o.Timeout != 0 {
		c = envoy.Positive(c, "Timeout", o.Timeout)
	}
	if o.IdleTimeout != 0 {
		c = envoy.Positive(c, "IdleTimeout", o.IdleTimeout)
	}
	o.MaxRequests = opt.Or(o.MaxRequests, 1024)
	serves, port, tls, none := "http", 10000, (*envoy.ServerTLS)(nil), pattern.Volume{}
	if o.Certificate != none {
		serves, port, tls = "https", 8443, &envoy.ServerTLS{ClientCA: o.ClientCA != none}
		c = certificates(c, o.ClientCA, o.Certificate)
	} else if o.ClientCA != none {
		c = c.Reject("ClientCA", "", "needs a Certificate: without TLS clients show none")
	}
	const status, admin = "envoy-status", "envoy-admin"
	c = envoy.Run(opt.Port(c, serves, o.Port, port), status, admin, o.StatusPort).
		Fronts(serves, appPort).Dials("127.0.0.1", appPort).PreStop(pattern.Sleep(5))
	c, trace := traces(c, o.Traces)
	if o.Scrape {
		c = c.Scrape(status, "/stats/prometheus")
	}
	return c.Late(func(v pattern.View, c pattern.AmbassadorContainer) pattern.AmbassadorContainer {
		return c.Config(envoy.ConfigFile, envoy.Bootstrap{
			Name: v.Name(), Service: v.PodName(), Admin: v.Port(admin), Status: v.Port(status), IPv6: o.IPv6, MaxConnections: envoy.Connections(o.MaxRequests),
			Listeners: []envoy.Listener{{
				Name: "inbound", Port: v.Port(serves), Inbound: true, IPv6: o.IPv6, TLS: tls,
				Routes:  []envoy.Route{{Cluster: "app", Host: envoy.AsIs, Timeout: o.Timeout}},
				Filters: rateLimit(o.RequestsPerSecond), Log: !o.NoAccessLog, Trace: trace, Websocket: !o.HTTP2,
				Idle: envoy.Idle(o.IdleTimeout, o.Timeout),
			}},
			Clusters: []envoy.Cluster{envoy.App("app", appPort, o.HTTP2, o.MaxRequests)},
		}.YAML())
	})
}
