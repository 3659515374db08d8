package sidecar

import (
	"slices"

	"github.com/podpattern/podpattern/internal/nginx"
	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/pattern"
	"k8s.io/apimachinery/pkg/api/resource"
)

// ReverseProxyOptions changes what [ReverseProxy] does; the zero value is the default.
type ReverseProxyOptions struct {
	// Port is what clients dial. Default: 8000, or the next one that is free in the
	// pod; a port that is set here does not move.
	Port int
	// StatusPort serves /healthz, and to this pod only /stub_status, as NginxExporter
	// reads it. Default: 8081, or the next one that is free; a port that is set here
	// does not move.
	StatusPort int
	// RequestHeaders are set in what the app gets, and replace those of the client;
	// one with the value "" is removed.
	RequestHeaders map[string]string
	// ResponseHeaders are set in the answers, those of nginx itself too, and replace
	// those of the app; one with the value "" is removed.
	ResponseHeaders map[string]string
	// Gzip compresses texts of a kilobyte and more, for clients that take it.
	Gzip bool
	// CacheSize lets nginx keep answers, on a volume a quarter larger than this, in a
	// quantity such as 256Mi. Default: nothing is kept.
	CacheSize string
	// CacheSeconds is for how long an answer of status 200, 301 or 302 is kept that
	// has no Cache-Control or Expires. Default: such an answer is not kept.
	CacheSeconds int
	// CacheIgnoresCookies lets the cache serve requests with a Cookie too: for an app
	// whose answers don't depend on it, or say so with Vary or Cache-Control.
	CacheIgnoresCookies bool
	// RatePerSecond is how many requests a second one client may send; more get 429.
	// A client is an address: without TrustedProxies all that come through one
	// ingress are the same. Each pod counts for itself. Default: any number.
	RatePerSecond int
	// Burst is how many requests beyond the rate a client may send at once. Default:
	// as many as in a second.
	Burst int
	// MaxBody bounds the body of a request; a larger one gets 413. "0" is no limit.
	// Default: 1Mi, as nginx has it.
	MaxBody string
	// TimeoutSeconds is how long the app may take between two parts of an answer, and
	// how long a WebSocket may be silent; then the client gets 504. Default: 60.
	TimeoutSeconds int
	// TrustedProxies are the addresses and networks whose X-Forwarded-For and
	// X-Forwarded-Proto are believed, such as those of the ingress, or 127.0.0.1 for an
	// ambassador.TLS before this one. Default: everybody is believed, and the client's
	// address is that of who connects.
	TrustedProxies []string
	// Workers is how many processes serve requests, each with up to 1024 connections,
	// of which a request takes two. Default: 1, as nginx' own, one for each core of the
	// node, is of no use in a container with few.
	Workers int
	// AccessLog is a line for each request on standard output: combined, json or
	// off. Default: combined.
	AccessLog string
	// IPv6 listens on IPv6 too, which the nodes must have. Default: IPv4 only.
	IPv6 bool
}

// ReverseProxy puts nginx before a port of the app: it caches and compresses answers,
// sets headers, and limits the size and the rate of requests.
//
// The pod's Service sends clients to it in place of the app's port appPort, which
// it dials on 127.0.0.1. The app gets the client's Host, X-Real-IP, X-Forwarded-For
// and X-Forwarded-Proto, by HTTP/1.1, so that gRPC doesn't pass; WebSockets do.
// Nothing waits on disk: bodies are handed on as they come, and answers as the client
// takes them; an app that streams, such as server-sent events, says
// X-Accel-Buffering: no.
//
// It adds: a ConfigMap with nginx.conf; port http, on which clients come; port
// status with /healthz, which doesn't ask the app, and /stub_status, for this pod
// only; a scratch /tmp, and one for the cache. It runs as uid 101 with a read-only
// root. While the app is down clients get 502, and the app's own readiness takes
// the pod out of its Service. To stop, it goes on for 5 seconds, as the app does,
// unless that has a PreStop of its own, and, as a native sidecar, until the app has
// ended; then it finishes the requests that it has. Headers with an underscore in
// their name are dropped.
//
// The cache neither serves nor keeps what was asked for with an Authorization or a
// Cookie, and keeps no answer that sets a cookie; Vary and Cache-Control are obeyed.
// While the app makes a new answer, fails or is down, clients get the old one.
// X-Cache-Status in the answer says what the cache did. It is this pod's alone, and
// a new pod's is empty.
//
// Defaults: image nginx-unprivileged, uid 101, 25m CPU, 32Mi memory, at most 128Mi.
//
// Options: the last of several wins as a whole.
//
// upstream: nginx/nginx; nginxinc/docker-nginx-unprivileged Dockerfile. docs:
// nginx.org/en/docs/http/ngx_http_proxy_module, ngx_http_limit_req_module.
func ReverseProxy(appPort int, opts ...ReverseProxyOptions) pattern.SidecarContainer {
	o := opt.Last(opts)
	f := nginx.Front{
		App: appPort, Name: "http", IPv6: o.IPv6, Workers: o.Workers,
		AccessLog: opt.Or(o.AccessLog, "combined"), TimeoutSeconds: opt.Or(o.TimeoutSeconds, 60), MaxBody: opt.Or(o.MaxBody, "1Mi"),
		TrustedProxies: o.TrustedProxies, RequestHeaders: o.RequestHeaders, ResponseHeaders: o.ResponseHeaders,
	}
	c := opt.Reject(pattern.Sidecar("nginx", nginxImage), f.Rejections())
	cache := nginx.Bytes(opt.Or(o.CacheSize, "0"))
	if cache < 0 || cache > 1<<50 || o.CacheSize != "" && cache == 0 {
		c = c.Reject("CacheSize", o.CacheSize, "want a size such as 256Mi")
	}
	if o.CacheSeconds < 0 || o.CacheSeconds > 0 && o.CacheSize == "" {
		c = c.Reject("CacheSeconds", o.CacheSeconds, "want a positive number of seconds, and a CacheSize")
	}
	if o.CacheIgnoresCookies && o.CacheSize == "" {
		c = c.Reject("CacheIgnoresCookies", true, "needs a CacheSize")
	}
	if o.RatePerSecond < 0 {
		c = c.Reject("RatePerSecond", o.RatePerSecond, "want a positive number of requests")
	}
	if o.Burst < 0 || o.Burst > 0 && o.RatePerSecond == 0 {
		c = c.Reject("Burst", o.Burst, "want a positive number of requests, and a RatePerSecond")
	}
	if o.Gzip {
		f.HTTP = slices.Concat(f.HTTP, gzip())
	}
	if cache > 0 {
		http, server := o.caching(cache)
		f.HTTP, f.Server = slices.Concat(f.HTTP, http), slices.Concat(f.Server, server)
		// nginx looks at the size only now and then.
		room := resource.NewQuantity(cache+cache/4+16<<20, resource.BinarySI)
		c = c.Scratch(nginx.CacheFolder, room.String())
	}
	if o.RatePerSecond > 0 {
		http, server := limiting(o.RatePerSecond, opt.Or(o.Burst, o.RatePerSecond))
		f.HTTP, f.Server = append(f.HTTP, http), slices.Concat(f.Server, server)
	}
	return nginx.Container(c, f, o.Port, 8000, o.StatusPort)
}
