package ambassador

import (
	"net"
	"strings"
)

// watchDNS looks names up while haproxy runs. haproxy knows no search domains, so a
// name that only they complete is NXDOMAIN to it, and by default it would take the
// server down for that; held, the address that libc found at the start stays, and
// the health check says whether it is good. An answer with many addresses, as that
// of a headless Service, needs more than the 512 bytes of old DNS. By default each
// name is looked up every second.
func watchDNS(t *haproxyText) {
	t.section("resolvers", "cluster")
	t.line("parse-resolv-conf")
	t.line("accepted_payload_size", 8192)
	t.line("timeout", "resolve", "5s")
	for _, answer := range []string{"nx", "refused", "timeout", "other"} {
		t.line("hold", answer, "20d")
	}
}

// watched says whether haproxy itself can look the host up.
func (s haproxyServer) watched() bool {
	return net.ParseIP(s.host) == nil && (s.complete || s.parts() > 2)
}

func (s haproxyServer) parts() int {
	return strings.Count(strings.TrimSuffix(s.host, "."), ".") + 1
}

// lookup says how the server's address is found. By default haproxy asks libc, which
// knows the search domains, but at the start only, and ends where the name is unknown.
func (s haproxyServer) lookup() []any {
	switch {
	case !s.watched():
		return nil
	case s.complete:
		return []any{"init-addr", "none", "resolvers", "cluster"}
	}
	return []any{"init-addr", "libc,none", "resolvers", "cluster"}
}

// fullName completes the name of a Service, and says whether the name is complete.
func fullName(host, domain string) (name string, complete bool) {
	switch {
	case strings.HasSuffix(host, ".svc"):
		return host + "." + domain, true
	case strings.HasSuffix(host, ".svc."+domain) || strings.HasSuffix(host, "."):
		return host, true
	case !strings.ContainsAny(host, ".:"):
		return host + ".${POD_NAMESPACE}.svc." + domain, true
	}
	return host, false
}
