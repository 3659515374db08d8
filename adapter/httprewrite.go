package adapter

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/podpattern/podpattern/internal/nginx"
	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/pattern"
)

// HTTPReplacement is a text in the bodies of answers and what becomes of it.
type HTTPReplacement struct{ Old, New string }

// HTTPRewriteOptions says what [HTTPRewrite] changes; one that changes nothing is an
// error.
type HTTPRewriteOptions struct {
	// Rules are tried in their order, and the first that fits is the only one. What
	// none fits goes to the app as it is.
	Rules []HTTPRule
	// RequestHeaders are set in what the app gets, and replace those of the client;
	// one with the value "" is removed.
	RequestHeaders map[string]string
	// ResponseHeaders are set in the answers, those of nginx itself too, and replace
	// those of the app; one with the value "" is removed.
	ResponseHeaders map[string]string
	// Replace are texts in the bodies of answers; upper and lower case are the same
	// in Old. The app is then asked for bodies that aren't compressed.
	Replace []HTTPReplacement
	// ReplaceTypes are the types of the bodies in which Replace looks, beside
	// text/html. Default: application/json, application/xml, text/xml and text/plain.
	ReplaceTypes []string
	// Port is what clients dial. Default: 8000, or the next one that is free in the
	// pod; a port that is set here does not move.
	Port int
	// StatusPort serves /healthz, and to this pod only /stub_status, as
	// sidecar.NginxExporter reads it. Default: 8081, or the next one that is free; a
	// port that is set here does not move.
	StatusPort int
	// MaxBody bounds the body of a request; a larger one gets 413. "0" is no limit.
	// Default: 1Mi, as nginx has it.
	MaxBody string
	// TimeoutSeconds is how long the app may take between two parts of an answer;
	// then the client gets 504. Default: 60.
	TimeoutSeconds int
	// TrustedProxies are the addresses and networks whose X-Forwarded-For and
	// X-Forwarded-Proto are believed. Default: everybody is.
	TrustedProxies []string
	// AccessLog is a line for each request on standard output: combined, json or
	// off. Default: combined.
	AccessLog string
	// IPv6 listens on IPv6 too, which the nodes must have. Default: IPv4 only.
	IPv6 bool
}

// HTTPRewrite gives an old HTTP API the form that its clients expect, by nginx: it
// changes paths, methods, headers and texts in the answers.
//
//	adapter.HTTPRewrite(8080, adapter.HTTPRewriteOptions{
//		Rules: []adapter.HTTPRule{{Prefix: "/v2/", To: "/cgi-bin/api/"}},
//		Replace: []adapter.HTTPReplacement{{Old: "http://legacy.internal", New: "https://api.example.com"}},
//	})
//
// The pod's Service sends clients to it in place of the app's port appPort, which
// it dials on 127.0.0.1. Where a rule changes a prefix, the redirects and the paths
// of cookies that the app answers with are changed back. Rules see the path without
// its query, which stays, and decoded: a %2F in it is a slash. The app gets HTTP/1.1;
// one that streams says X-Accel-Buffering: no.
//
// It adds: a ConfigMap with nginx.conf; port http, on which clients come; port
// status with /healthz, which doesn't ask the app, and /stub_status, for this pod
// only; a scratch /tmp. It runs as uid 101 with a read-only root. To stop, it goes
// on for 5 seconds, as the app does, unless that has a PreStop of its own, and, as a
// native sidecar, until the app has ended; then it finishes the requests that it has.
// Headers with an underscore in their name are dropped.
//
// Defaults: image nginx-unprivileged, uid 101, 25m CPU, 32Mi memory, at most 128Mi.
//
// Options: the last of several wins as a whole.
//
// upstream: nginxinc/docker-nginx-unprivileged Dockerfile. docs:
// nginx.org/en/docs/http/ngx_http_rewrite_module, ngx_http_sub_module,
// ngx_http_proxy_module (proxy_method, proxy_redirect, proxy_cookie_path).
func HTTPRewrite(appPort int, opts ...HTTPRewriteOptions) pattern.AdapterContainer {
	o := opt.Last(opts)
	f := nginx.Front{
		App: appPort, Name: "http", IPv6: o.IPv6,
		AccessLog: opt.Or(o.AccessLog, "combined"), TimeoutSeconds: opt.Or(o.TimeoutSeconds, 60), MaxBody: opt.Or(o.MaxBody, "1Mi"),
		TrustedProxies: o.TrustedProxies, RequestHeaders: o.RequestHeaders, ResponseHeaders: o.ResponseHeaders,
	}
	c := opt.Reject(pattern.Adapter("rewrite", nginxImage), append(f.Rejections(), o.rejections()...))
	for _, r := range o.Rules {
		f.Locations = append(f.Locations, r.location())
	}
	f.Server = o.replacing()
	return nginx.Container(c, f, o.Port, 8000, o.StatusPort)
}

func (o HTTPRewriteOptions) rejections() (bad opt.Rejections) {
	reject := bad.Add
	if len(o.Rules)+len(o.RequestHeaders)+len(o.ResponseHeaders)+len(o.Replace) == 0 {
		reject("options", "", "say what changes: Rules, RequestHeaders, ResponseHeaders or Replace")
	}
	for i, r := range o.Rules {
		for _, f := range r.faults() {
			reject("Rules["+strconv.Itoa(i)+"]."+f.Field, f.Value, f.Why)
		}
	}
	for i, r := range o.Replace {
		at := "Replace[" + strconv.Itoa(i) + "]."
		if r.Old == "" {
			reject(at+"Old", r.Old, "want the text that is replaced")
		}
		if why := nginx.Fault(r.Old, true); why != "" {
			reject(at+"Old", r.Old, why)
		}
		if why := nginx.Fault(r.New, true); why != "" {
			reject(at+"New", r.New, why)
		}
	}
	for _, name := range sortedKeys(o.RequestHeaders) {
		if len(o.Replace) > 0 && strings.EqualFold(name, "Accept-Encoding") {
			reject("RequestHeaders", name, "Replace needs bodies that aren't compressed, and sets this header")
		}
	}
	for _, t := range o.ReplaceTypes {
		if !mediaType.MatchString(t) {
			reject("ReplaceTypes", t, "want a media type without parameters, such as text/csv, or * for all")
		}
	}
	if len(o.ReplaceTypes) > 0 && len(o.Replace) == 0 {
		reject("ReplaceTypes", o.ReplaceTypes, "needs a Replace")
	}
	return bad
}

var mediaType = regexp.MustCompile(`^(\*|[a-zA-Z0-9!#$&^_.+-]+/[a-zA-Z0-9!#$&^_.+-]+)$`)

// replacing changes bodies. nginx looks at text/html always, and warns where it is
// named.
func (o HTTPRewriteOptions) replacing() []nginx.Directive {
	if len(o.Replace) == 0 {
		return nil
	}
	types := []nginx.Arg{"application/json", "application/xml", "text/xml", "text/plain"}
	if len(o.ReplaceTypes) > 0 {
		types = nil
	}
	named := slices.Sorted(slices.Values(o.ReplaceTypes))
	for _, t := range slices.Compact(named) {
		if t != "text/html" {
			types = append(types, nginx.Text(t))
		}
	}
	ds := []nginx.Directive{nginx.D("proxy_set_header", "Accept-Encoding", `""`), nginx.D("sub_filter_once", "off")}
	if len(types) > 0 {
		ds = append(ds, nginx.D("sub_filter_types", types...))
	}
	for _, r := range o.Replace {
		ds = append(ds, nginx.D("sub_filter", nginx.Value(r.Old), nginx.Value(r.New)))
	}
	return ds
}
