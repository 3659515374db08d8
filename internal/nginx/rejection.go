package nginx

import (
	"maps"
	"net/netip"
	"slices"
	"strings"

	"github.com/podpattern/podpattern/internal/header"
	"github.com/podpattern/podpattern/internal/opt"
	"k8s.io/apimachinery/pkg/api/resource"
)

// Rejections gives what is wrong with the options that all fronts have.
func (f Front) Rejections() (bad opt.Rejections) {
	reject := bad.Add
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
	if !header.IsName(name) {
		return "want the name of a header, such as X-Frame-Options"
	}
	if slices.Contains(reserved, canonical(name)) {
		return "nginx sets this header itself"
	}
	return Fault(value, false)
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
