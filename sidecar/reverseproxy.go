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
	// X-Forwarded-Proto are believed, such as those of the ingress. Default: everybody
	// is believed, and the client's address is that of who connects.
	TrustedProxies []string
	// Workers is how many processes serve requests. Default: 1, as nginx' own, one
	// for each core of the node, is of no use in a container with few.
	Workers int
	// AccessLog is a line for each request on standard output: combined, json or
	// off. Default: combined.
	AccessLog string
	// IPv6 listens on IPv6 too, which the nodes must have. Default: IPv4 only.
	IPv6 bool
}

// ReverseProxy puts nginx before a port of the app: it bounds and compresses, keeps
// answers, sets headers, and limits the requests of a client.
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
// the pod out of its Service. To stop, it goes on for 5 seconds, and, as a native
// sidecar, until the app has ended; then it finishes the requests that it has. So the
// app must do its part: give it PreStop(pattern.Sleep(5)) too, or it is gone while
// clients still come.
//
// The cache neither serves nor keeps what was asked for with an Authorization or a
// Cookie, and keeps no answer that sets a cookie; Vary and Cache-Control are obeyed.
// X-Cache-Status in the answer says what the cache did. It is this pod's alone, and
// it is empty after a restart of the pod.
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
	c := pattern.Sidecar("nginx", nginxImage)
	for _, r := range f.Rejections() {
		c = c.Reject(r.Field, r.Value, r.Why)
	}
	cache := nginx.Bytes(opt.Or(o.CacheSize, "0"))
	if cache < 0 || o.CacheSize != "" && cache == 0 {
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

func gzip() []nginx.Directive {
	return []nginx.Directive{
		nginx.D("gzip", "on"),
		nginx.D("gzip_vary", "on"),
		nginx.D("gzip_proxied", "any"),
		nginx.D("gzip_min_length", "1024"),
		nginx.D("gzip_types", "text/plain", "text/css", "text/xml", "text/csv", "text/javascript", "application/javascript",
			"application/json", "application/ld+json", "application/problem+json", "application/xml", "application/atom+xml",
			"application/rss+xml", "application/manifest+json", "image/svg+xml"),
	}
}

// caching keeps answers. An old one is given while the app makes a new one, and
// while it fails. There is no lock on what is asked for first: requests for what
// can't be kept would wait for each other.
func (o ReverseProxyOptions) caching(size int64) (http, server []nginx.Directive) {
	http = []nginx.Directive{
		nginx.D("proxy_cache_path", nginx.CacheFolder+"/answers", "levels=1:2", "keys_zone=answers:10m",
			"max_size="+nginx.Number(int(size)), "inactive=60m", "use_temp_path=off"),
	}
	own := []nginx.Arg{"$http_authorization", "$http_cookie", "$http_upgrade"}
	if o.CacheIgnoresCookies {
		own = []nginx.Arg{"$http_authorization", "$http_upgrade"}
	}
	server = []nginx.Directive{
		nginx.D("proxy_cache", "answers"),
		nginx.D("proxy_cache_key", `"$forwarded_proto $http_host $http_x_forwarded_host $request_uri"`),
		nginx.D("proxy_cache_bypass", own...),
		nginx.D("proxy_no_cache", own...),
		nginx.D("proxy_cache_revalidate", "on"),
		nginx.D("proxy_cache_background_update", "on"),
		nginx.D("proxy_cache_use_stale", "error", "timeout", "updating", "http_500", "http_502", "http_503", "http_504"),
		nginx.D("add_header", "X-Cache-Status", "$upstream_cache_status", "always"),
	}
	if o.CacheSeconds > 0 {
		server = append(server, nginx.D("proxy_cache_valid", nginx.Number(o.CacheSeconds)+"s"))
	}
	return http, server
}

func limiting(rate, burst int) (http nginx.Directive, server []nginx.Directive) {
	http = nginx.D("limit_req_zone", "$binary_remote_addr", "zone=clients:10m", "rate="+nginx.Number(rate)+"r/s")
	return http, []nginx.Directive{
		nginx.D("limit_req", "zone=clients", "burst="+nginx.Number(burst), "nodelay"),
		nginx.D("limit_req_status", "429"),
	}
}
