package sidecar

import (
	"net/netip"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"

	"github.com/podpattern/podpattern/internal/endpoint"
	"github.com/podpattern/podpattern/pattern"
)

// letsIn refuses what would let in nobody, or everybody by mistake.
func letsIn(c pattern.SidecarContainer, o OAuth2ProxyOptions) pattern.SidecarContainer {
	if len(o.EmailDomains)+len(o.AllowedGroups) == 0 {
		c = c.Reject("EmailDomains", "", `who may come in? give domains such as example.com, or AllowedGroups; "*" is whoever the issuer lets log in`)
	}
	for _, domain := range o.EmailDomains {
		if domain != "*" && !endpoint.IsHost(strings.TrimPrefix(strings.TrimPrefix(domain, "*."), ".")) {
			c = c.Reject("EmailDomains", domain, "want a domain, such as example.com")
		}
	}
	for _, group := range o.AllowedGroups {
		if strings.TrimSpace(group) == "" || strings.ContainsAny(group, "\r\n") {
			c = c.Reject("AllowedGroups", group, "want a group's name")
		}
	}
	for _, route := range o.SkipAuthRoutes {
		if why := skipRoute(route); why != "" {
			c = c.Reject("SkipAuthRoutes", route, why)
		}
	}
	for _, from := range o.TrustedProxies {
		addr, errAddr := netip.ParseAddr(from)
		prefix, errPrefix := netip.ParsePrefix(from)
		if (errAddr != nil || addr.Zone() != "") && (errPrefix != nil || prefix != prefix.Masked()) {
			c = c.Reject("TrustedProxies", from, "want an address or a range, such as 10.0.0.0/8")
		}
	}
	return c
}

// routeMethod is what may stand before the path of a route.
var routeMethod = regexp.MustCompile(`^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$`)

// skipRoute says what is wrong with a route that needs no login.
func skipRoute(route string) string {
	if strings.Contains(route, "!=") { // wherever it stands
		return "has a !=, by which oauth2-proxy opens every path but that one: name those to open, such as GET=^/healthz$"
	}
	path := route
	if before, after, some := strings.Cut(route, "="); some && !strings.HasPrefix(route, "^") {
		if path = after; !routeMethod.MatchString(before) {
			return "want a method before the =, such as GET=^/healthz$"
		}
	} else if some {
		return "has a = in it, before which oauth2-proxy takes all for a method: write \\x3d in its place"
	}
	if !strings.HasPrefix(path, "^/") {
		return "want a path from its start on, such as ^/static/: without the ^ it is found anywhere in a path, as in /admin/static/"
	}
	re, err := syntax.Parse(path, syntax.Perl)
	if err != nil {
		return "is no regular expression: " + err.Error()
	}
	if !anchored(re) {
		return "has a | whose other side is found anywhere in a path: write ^/(a|b)$"
	}
	return ""
}

// anchored says whether an expression can match at the start only.
func anchored(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpBeginText:
		return true
	case syntax.OpConcat:
		return anchored(re.Sub[0])
	case syntax.OpAlternate:
		return !slices.ContainsFunc(re.Sub, func(one *syntax.Regexp) bool { return !anchored(one) })
	}
	return false
}
