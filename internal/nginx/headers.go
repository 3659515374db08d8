package nginx

import (
	"maps"
	"net/textproto"
	"slices"
	"strings"
)

// forwarded says which X-Forwarded-For and X-Forwarded-Proto the app gets. Without
// TrustedProxies whoever sent the request is believed, as before the front was there.
// With them only they are: the address of anybody else is its own, and
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
		"Host":              "$client_host",
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
