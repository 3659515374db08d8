package ambassador

import (
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/podpattern/podpattern/internal/endpoint"
	"github.com/podpattern/podpattern/internal/envoy"
	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/pattern"
)

// HTTPOptions changes what [HTTP] does; the zero value is the default.
type HTTPOptions struct {
	// More are further servers of the same API; requests go to all in turn. They
	// have the scheme of the first, http or https.
	More []Upstream
	// Weight is the share of the first server where there are More. Default: 1.
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
	// Streams is for requests that stay open, as gRPC streams, server-sent events
	// and WebSockets: they have no Timeout, and end after 5 minutes of silence.
	Streams bool
	// Retries says what is tried again.
	Retries HTTPRetries
	// MaxRequests bounds how many requests, and how many connections, are open at a
	// time; the app gets a 503 for more. Default: 1024.
	MaxRequests int
	// RequestsPerSecond bounds what this pod asks of the upstream; the app gets a
	// 429 for more. Default: no limit.
	RequestsPerSecond int
	// EjectAfter is after how many failures in a row, a 502 to 504 or no answer, a
	// server gets no requests for 30 seconds; never more than half of them at a
	// time. Default: 5.
	EjectAfter int
	// HealthPath is asked of every server every 5 seconds; one that doesn't answer
	// 200 three times gets no requests. Default: none is asked.
	HealthPath string
	// Traces sends a span for each request.
	Traces Traces
	// AccessLog writes a line of JSON for each request to the standard output.
	AccessLog bool
	// Scrape gives the pod the annotations by which a Prometheus reads the metrics.
	Scrape bool
}

// Upstream is one more server of an [HTTP].
type Upstream struct {
	// URL is such as http://api.prod.svc:8080, without a path.
	URL string
	// Weight is its share of the requests. Default: 1.
	Weight int
}

// HTTPTLS is how [HTTP] speaks TLS; without it too the certificate of the upstream
// is verified.
type HTTPTLS struct {
	// CA has the file ca.crt, such as a ConfigMap's volume. Default: the public
	// authorities that the image knows.
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
// port <name>-status with /ready and /stats/prometheus; port <name>-admin, on
// 127.0.0.1 only, for kubectl port-forward. It runs as uid 65532 with two threads.
// The app starts when envoy is up, whether the upstream is or not: while it is down
// the app gets a 503. By default a request has 15 seconds, one that may be repeated is
// tried again twice, and a server gets no requests for 30 seconds after 5 failures in a
// row. A request with a body of more than 128 KiB isn't tried again.
//
// The upstream's name is looked up again every 5 seconds, and each connection lasts 5
// minutes at most, so that requests move with it. Of a Service envoy sees the one
// address that it has; give the name of a headless one, and envoy balances over the
// pods, which HTTP2 needs. As a native sidecar envoy ends after the app; a classic one
// ends when the pod is told to stop.
//
// Options: the last of several wins as a whole.
//
// upstream: envoyproxy/envoy api/envoy/config and api/envoy/extensions (v1.39),
// distribution/docker/Dockerfile-envoy (distroless: uid 65532).
func HTTP(name, upstream string, opts ...HTTPOptions) pattern.AmbassadorContainer {
	o := opt.Last(opts)
	o.More = slices.Clone(o.More)
	h := httpPorts(name)
	c, o := httpDefaults(pattern.Ambassador(name, envoyImage), o)
	hosts, tls, c := httpHosts(c, upstream, o)
	if len(hosts) == 0 {
		return c // what is wrong is said already
	}
	port := hosts[0].Port
	if port < 1024 { // not every runtime lets a user other than root have it
		port += 8000
	}
	c = envoy.Run(envoy.Port(c, h.serves, o.Port, port), h.status, h.admin, o.StatusPort).Endpoint(name, h.serves)
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
			Name: name, Service: v.PodName(), Admin: v.Port(h.admin), Status: v.Port(h.status), MaxConnections: envoy.Connections(o.MaxRequests),
			Listeners: []envoy.Listener{{
				Name: name, Port: v.Port(h.serves), Routes: httpRoutes(name, hosts, o),
				Filters: rateLimit(o.RequestsPerSecond), Log: o.AccessLog, Trace: trace, Websocket: o.Streams && !o.HTTP2, Buffer: 128 << 10,
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

// httpDefaults fills the options in, and refuses what can't be meant.
func httpDefaults(c pattern.AmbassadorContainer, o HTTPOptions) (pattern.AmbassadorContainer, HTTPOptions) {
	for _, n := range []struct {
		field string
		value int
	}{
		{"MaxRequests", o.MaxRequests}, {"RequestsPerSecond", o.RequestsPerSecond}, {"EjectAfter", o.EjectAfter},
		{"Weight", o.Weight},
	} {
		if n.value < 0 {
			c = c.Reject(n.field, n.value, "want a positive number")
		}
	}
	if o.HealthPath != "" && !isPath(o.HealthPath) {
		c = c.Reject("HealthPath", o.HealthPath, "want a path, such as /healthz")
	}
	if o.Streams && (o.Timeout != 0 || o.Retries.PerTry != 0) {
		c = c.Reject("Streams", o.Streams, "requests that stay open have no Timeout, and no Retries.PerTry")
	}
	o.MaxRequests, o.EjectAfter = opt.Or(o.MaxRequests, 1024), opt.Or(o.EjectAfter, 5)
	o.Retries.Times = opt.Or(o.Retries.Times, 2)
	if o.Retries.Times < 0 || o.Retries.Times > 10 {
		return c.Reject("Retries.Times", o.Retries.Times, "want a number from 1 to 10"), o
	}
	if o.Streams {
		return c, o
	}
	o.Timeout = opt.Or(o.Timeout, 15*time.Second)
	c = positive(c, "Timeout", o.Timeout)
	tries := time.Duration(o.Retries.Times) + 1
	o.Retries.PerTry = opt.Or(o.Retries.PerTry, (o.Timeout / tries).Truncate(time.Millisecond))
	c = positive(c, "Retries.PerTry", o.Retries.PerTry)
	if !o.Retries.Off && tries*o.Retries.PerTry > o.Timeout {
		c = c.Reject("Retries.PerTry", o.Retries.PerTry.String(), strconv.Itoa(int(tries))+" tries of that don't fit into the Timeout of "+o.Timeout.String())
	}
	return c, o
}

// positive refuses a time that is none, or shorter than envoy can count.
func positive(c pattern.AmbassadorContainer, field string, d time.Duration) pattern.AmbassadorContainer {
	if d < time.Millisecond {
		return c.Reject(field, d.String(), "want a time, such as 5*time.Second")
	}
	return c
}

// isPath says whether a text can stand in a request as its path.
func isPath(path string) bool {
	return strings.HasPrefix(path, "/") && !strings.ContainsFunc(path, func(r rune) bool { return r <= ' ' || r == '#' || r > '~' })
}

// httpHosts reads the upstreams; none are given where one can't be used.
func httpHosts(c pattern.AmbassadorContainer, upstream string, o HTTPOptions) ([]envoy.Host, *envoy.ClientTLS, pattern.AmbassadorContainer) {
	var hosts []envoy.Host
	var scheme string
	var wrong bool
	refuse := func(field, value, why string) { wrong, c = true, c.Reject(field, value, why) }
	for i, u := range append([]Upstream{{upstream, o.Weight}}, o.More...) {
		field := "upstream"
		if i > 0 {
			field = "More[" + strconv.Itoa(i-1) + "]"
		}
		parsed, port, err := endpoint.URL(u.URL, 0, "http", "https")
		if err != nil {
			refuse(field, u.URL, err.Error())
			continue
		}
		switch host := parsed.Hostname(); {
		case strings.Trim(parsed.Path, "/") != "" || parsed.RawQuery != "" || parsed.Fragment != "":
			refuse(field, u.URL, "has a path: the app's requests bring theirs")
		case scheme != "" && parsed.Scheme != scheme:
			refuse(field, u.URL, "want "+scheme+"://, as the first")
		case u.Weight < 0:
			refuse(field, u.URL, "want a Weight of at least 1")
		case parsed.Scheme == "https" && o.TLS.ServerName == "" && net.ParseIP(host) != nil:
			refuse(field, u.URL, "has an address and no name that could be verified: set TLS.ServerName")
		}
		scheme = opt.Or(scheme, parsed.Scheme)
		hosts = append(hosts, envoy.Host{Name: parsed.Hostname(), Port: port, Weight: opt.Or(u.Weight, 1), Header: hostHeader(parsed, port, o)})
	}
	none := pattern.Volume{}
	switch t := o.TLS; {
	case t.ServerName != "" && (!endpoint.IsHost(t.ServerName) || net.ParseIP(t.ServerName) != nil):
		refuse("TLS.ServerName", t.ServerName, "want a name, such as api.example.com")
	case scheme == "http" && (t.ServerName != "" || t.CA != none || t.ClientCertificate != none):
		refuse("TLS", "", "the upstream is not https://")
	}
	if wrong {
		return nil, nil, c
	}
	if scheme != "https" {
		return hosts, nil, c
	}
	tls := &envoy.ClientTLS{ServerName: o.TLS.ServerName, CA: envoy.SystemCA, Certificate: o.TLS.ClientCertificate != none}
	if len(hosts) == 1 {
		tls.ServerName = opt.Or(tls.ServerName, strings.TrimSuffix(hosts[0].Name, "."))
	}
	if o.TLS.CA != none {
		tls.CA = envoy.CAFile
	}
	return hosts, tls, c
}

// hostHeader gives what a server sees as its name. With TLS and several servers it
// is also what the certificate must have, and so goes without a port.
func hostHeader(u *url.URL, port int, o HTTPOptions) string {
	host := strings.TrimSuffix(opt.Or(o.TLS.ServerName, u.Hostname()), ".")
	byDefault := map[string]int{"http": 80, "https": 443}[u.Scheme]
	if port == byDefault || u.Scheme == "https" && len(o.More) > 0 {
		if strings.Contains(host, ":") {
			return "[" + host + "]"
		}
		return host
	}
	return net.JoinHostPort(host, strconv.Itoa(port))
}

// httpRoutes gives the methods that may be repeated a route of their own.
func httpRoutes(cluster string, hosts []envoy.Host, o HTTPOptions) []envoy.Route {
	host := envoy.Auto
	switch {
	case o.KeepHost:
		host = envoy.AsIs
	case len(hosts) == 1:
		host = hosts[0].Header
	}
	to := envoy.Route{Cluster: cluster, Host: host, Timeout: o.Timeout}
	if o.Retries.Off {
		return []envoy.Route{to}
	}
	const neverArrived, failed = "connect-failure,refused-stream,reset-before-request", "connect-failure,refused-stream,reset,gateway-error"
	repeatable := to
	repeatable.Retry = &envoy.Retry{On: failed, Times: o.Retries.Times, PerTry: o.Retries.PerTry}
	if o.Retries.AllMethods {
		repeatable.Retry.On += ",unavailable"
		return []envoy.Route{repeatable}
	}
	repeatable.Methods = []string{"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"}
	to.Retry = &envoy.Retry{On: neverArrived, Times: o.Retries.Times}
	return []envoy.Route{repeatable, to}
}
