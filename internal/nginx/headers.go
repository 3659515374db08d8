package nginx

import (
	"maps"
	"net/netip"
	"net/textproto"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"
)

// forwarded says which X-Forwarded-For and X-Forwarded-Proto the app gets. Without TrustedProxies whoever sent the request is believed, as before the front
// was there. With them only they are: the address of anybody else is its own, and
// what it says of a scheme is dropped.
func (f Front) forwarded() []Directive {
	if f.tls() && len(f.TrustedProxies) == 0 {
		return nil
	}
	proto := []Directive{D("default", "$scheme"), D("http", "http"), D("https", "https")}
	if len(f.TrustedProxies) == 0 {
		return []Directive{Block("map", []Arg{"$http_x_forwarded_proto", "$forwarded_proto"}, proto...)}
	}
	trusted := []Directive{D("default", "0")}
	for _, p := range f.proxies() {
		trusted = append(trusted, D(p, "1"))
	}
	return []Directive{
		Block("geo", []Arg{"$realip_remote_addr", "$trusted"}, trusted...),
		Block("map", []Arg{`"$trusted$http_x_forwarded_proto"`, "$forwarded_proto"}, D("default", "$scheme"), D("1http", "http"), D("1https", "https")),
		Block("map", []Arg{`"$trusted$http_x_forwarded_for"`, "$forwarded_for"}, D("default", "$realip_remote_addr"),
			D("~^1.", `"$http_x_forwarded_for, $realip_remote_addr"`)),
	}
}

// proxies gives the networks once each: nginx warns of one that is there twice.
func (f Front) proxies() []string {
	return slices.Compact(slices.Sorted(slices.Values(f.TrustedProxies)))
}

// headers are set in the server, and hold in all its locations as none sets any.
func (f Front) headers() []Directive {
	forwardedFor, proto := Arg("$proxy_add_x_forwarded_for"), Arg("$forwarded_proto")
	if len(f.TrustedProxies) > 0 {
		forwardedFor = "$forwarded_for"
	}
	if f.tls() {
		proto = "$scheme"
	}
	set := map[string]Arg{
		"Host":              "$http_host",
		"Upgrade":           "$http_upgrade",
		"Connection":        "$connection_upgrade",
		"X-Real-Ip":         "$remote_addr",
		"X-Forwarded-For":   forwardedFor,
		"X-Forwarded-Proto": proto,
	}
	for name, value := range f.RequestHeaders {
		set[canonical(name)] = Value(value)
	}
	var ds []Directive
	for _, name := range slices.Sorted(maps.Keys(set)) {
		ds = append(ds, D("proxy_set_header", Text(name), set[name]))
	}
	for _, name := range slices.SortedFunc(maps.Keys(f.ResponseHeaders), func(a, b string) int {
		return strings.Compare(canonical(a), canonical(b))
	}) {
		ds = append(ds, Header(name, f.ResponseHeaders[name])...)
	}
	return ds
}

// Header replaces a header of the answers, those of nginx itself too. Without a
// value it is removed.
func Header(name, value string) []Directive {
	ds := []Directive{D("proxy_hide_header", Text(canonical(name)))}
	if value != "" {
		ds = append(ds, D("add_header", Text(canonical(name)), Value(value), "always"))
	}
	return ds
}

func canonical(name string) string { return textproto.CanonicalMIMEHeaderKey(name) }

// Rejection is an option with a value that can't be used.
type Rejection struct {
	Field string
	Value any
	Why   string
}

// Rejections gives what is wrong with the options that all fronts have.
func (f Front) Rejections() []Rejection {
	var bad []Rejection
	reject := func(field string, value any, why string) { bad = append(bad, Rejection{field, value, why}) }
	if f.Workers < 0 {
		reject("Workers", f.Workers, "want a positive number")
	}
	if !slices.Contains([]string{"combined", "json", "off"}, f.AccessLog) {
		reject("AccessLog", f.AccessLog, "want combined, json or off")
	}
	if f.TimeoutSeconds < 1 {
		reject("TimeoutSeconds", f.TimeoutSeconds, "want a positive number of seconds")
	}
	if f.maxBody() < 0 {
		reject("MaxBody", f.MaxBody, "want a size such as 10Mi, or 0 for no limit")
	}
	for _, p := range f.TrustedProxies {
		if why := networkFault(p); why != "" {
			reject("TrustedProxies", p, why)
		}
	}
	for _, h := range []struct {
		field    string
		headers  map[string]string
		reserved []string
	}{{"RequestHeaders", f.RequestHeaders, ofRequests}, {"ResponseHeaders", f.ResponseHeaders, ofAnswers}} {
		seen := make(map[string]bool)
		for _, name := range slices.Sorted(maps.Keys(h.headers)) {
			if why := headerFault(name, h.headers[name], h.reserved); why != "" {
				reject(h.field, name, why)
			}
			if seen[canonical(name)] {
				reject(h.field, name, "the header is there twice: upper and lower case make no difference")
			}
			seen[canonical(name)] = true
		}
	}
	return bad
}

// Headers of a connection, not of what it carries, are nginx' own, and some of
// answers are its own too.
var (
	ofRequests = []string{"Connection", "Upgrade", "Content-Length", "Transfer-Encoding", "Te", "Trailer", "Keep-Alive"}
	ofAnswers  = append([]string{"Server", "Date"}, ofRequests...)
)

// RequestHeaderFault says why a header of requests can't be set; "" is that it can.
func RequestHeaderFault(name string) string {
	return headerFault(name, "", append([]string{"Host", "X-Real-Ip", "X-Forwarded-For", "X-Forwarded-Proto"}, ofRequests...))
}

func headerFault(name, value string, reserved []string) string {
	if !IsToken(name) {
		return "want the name of a header, such as X-Frame-Options"
	}
	if slices.Contains(reserved, canonical(name)) {
		return "nginx sets this header itself"
	}
	return Fault(value, false)
}

// IsToken says whether a text can be the name of a header, or a method: RFC 9110,
// section 5.6.2.
func IsToken(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool {
		return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("!#$%&'*+-.^_`|~", r))
	}) < 0
}

// networkFault says what is wrong with an address or network.
func networkFault(s string) string {
	if _, err := netip.ParseAddr(s); err == nil && !strings.Contains(s, "%") {
		return ""
	}
	p, err := netip.ParsePrefix(s)
	switch {
	case err != nil:
		return "want an address or a network, such as 10.0.0.0/8"
	case p != p.Masked():
		return "the address has bits beyond the network: want " + p.Masked().String()
	}
	return ""
}

// maxBody is in bytes, and negative where it is no size.
func (f Front) maxBody() int64 { return Bytes(f.MaxBody) }

// Bytes reads a size of at least 0; what is none is -1. In a quantity an m is a
// thousandth, and no megabyte as in nginx' own sizes.
func Bytes(size string) int64 {
	q, err := resource.ParseQuantity(size)
	if err != nil || q.Sign() < 0 || q.Cmp(*resource.NewQuantity(q.Value(), q.Format)) != 0 {
		return -1
	}
	return q.Value()
}
