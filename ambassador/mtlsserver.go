package ambassador

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/podpattern/podpattern/internal/endpoint"
	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/pattern"
)

// MTLSServerOptions says which clients [MTLSServer] lets in; they need a certificate of
// the ClientCA in any case. One of the first four must be set.
type MTLSServerOptions struct {
	// AllowAll lets in every client that has a certificate of the ClientCA.
	AllowAll bool
	// AllowCommonNames are those of the certificates' subjects.
	AllowCommonNames []string
	// AllowURIs are URIs, such as the SPIFFE ID spiffe://example.com/ns/prod/sa/web. A
	// certificate must have that one subject alternative name and no other.
	AllowURIs []string
	// AllowDNSNames are DNS names. A certificate must have that one subject
	// alternative name and no other.
	AllowDNSNames []string
	// ClientCA has the file ca.crt, such as a ConfigMap's volume, which verifies the clients'
	// certificates. Default: the one beside the certificate.
	ClientCA pattern.Volume
	// ProxyProtocol tells the app the client's address and the common name of its
	// certificate, by PROXY protocol v2, which the app must expect.
	ProxyProtocol bool
	// ALPN are the protocols that the app speaks, the best first, such as h2, without
	// which many clients do no gRPC. Default: none.
	ALPN []string
	// IdleTimeoutSeconds closes a connection on which nothing is said. Default: 1800.
	IdleTimeoutSeconds int
	// MaxConnections bounds how many connections are open at a time. Default: 1000.
	MaxConnections int
	// Port is what clients dial. Default: 8443, or the next one that is free in the
	// pod; a port that is set here does not move.
	Port int
	// StatusPort serves health and metrics. Default: 8404, or the next free one;
	// a port that is set here does not move.
	StatusPort int
	// Scrape gives the pod the prometheus.io annotations for the metrics. Default: no;
	// one container of a pod can have them.
	Scrape bool
}

// MTLSServer takes the TLS connections of clients that show a certificate, by haproxy,
// and passes what they say on to appPort in plain text; certificate is a volume with
// the files tls.crt, tls.key and ca.crt, such as that of a Secret of cert-manager.
//
// It adds: a ConfigMap with haproxy.cfg; the mount /certs; port https, which the pod's
// Service then targets in place of the app's; port mtls-status with /healthz and
// /metrics. It runs as uid 99. A certificate that changes in its volume is shown to
// new clients within two minutes; connections that are open stay. The pod is ready when
// haproxy and the app are, each by its own probe. When the pod stops both go on for 5
// seconds (preStop), while clients still come, and open connections then have until
// shortly before the end of the grace period.
//
// Let the app listen on 127.0.0.1 only, or clients go around it by the pod's address;
// its probes then need an exec or a port of their own.
//
// It is haproxy, and not ghostunnel: TCP and [MTLS] are, and it is one image less. A
// certificate with several names is where ghostunnel can do more: haproxy has the names
// of a certificate as one text, in which a name could pretend to be two.
//
// Defaults: image haproxy, uid 99, 25m CPU, 32Mi memory, at most 128Mi.
//
// Options: the last of several wins as a whole.
//
// upstream: haproxy/haproxy doc/configuration.txt (5.1 verify required, ssl_c_s_dn,
// ssl_c_san since 3.1, send-proxy-v2-ssl-cn).
func MTLSServer(appPort int, certificate pattern.Volume, opts ...MTLSServerOptions) pattern.AmbassadorContainer {
	o := opt.Last(opts)
	p := proxy{
		name: "mtls", statusPort: o.StatusPort, max: o.MaxConnections, idle: o.IdleTimeoutSeconds,
		tls: TCPTLS{CA: opt.Or(o.ClientCA, certificate), ClientCertificate: certificate}, alpn: slices.Clone(o.ALPN), scrape: o.Scrape, preStop: 5,
	}
	c := opt.Port(o.refuse(p.container(needsCertificate(pattern.Ambassador(p.name, haproxyImage), certificate))), "https", o.Port, 8443)
	c = p.serveStatus(c).Fronts("https", appPort).PreStop(pattern.Sleep(int(p.preStop)))
	rules := o.rules()
	return c.Late(func(v pattern.View, c pattern.AmbassadorContainer) pattern.AmbassadorContainer {
		front := haproxyProxy{
			name: p.name, rules: rules, servers: []haproxyServer{{host: "127.0.0.1", port: appPort}},
			bind: []any{":" + strconv.Itoa(v.Port("https")), "ssl", "crt", certFile, "ca-file", p.tls.caFile(), "verify", "required"},
		}
		if len(p.alpn) > 0 {
			front.bind = append(front.bind, "alpn", strings.Join(p.alpn, ","))
		}
		if o.ProxyProtocol {
			front.server = []any{"send-proxy-v2-ssl-cn"}
		}
		return p.config(v, c, front)
	})
}

func (o MTLSServerOptions) refuse(c pattern.AmbassadorContainer) pattern.AmbassadorContainer {
	n := len(o.AllowCommonNames) + len(o.AllowURIs) + len(o.AllowDNSNames)
	switch {
	case !o.AllowAll && n == 0:
		c = c.Reject("options", "", "say which clients may come: AllowCommonNames, AllowURIs or AllowDNSNames, or AllowAll for all that the ClientCA knows")
	case o.AllowAll && n > 0:
		c = c.Reject("AllowAll", true, "lets in all, and goes without names")
	}
	for _, name := range o.AllowCommonNames {
		if !isWord(name) {
			c = c.Reject("AllowCommonNames", name, "want the common name of a certificate")
		}
	}
	for _, uri := range o.AllowURIs {
		if u, err := url.Parse(uri); err != nil || u.Scheme == "" || !isWord(uri) || strings.ContainsAny(uri, ", ") {
			c = c.Reject("AllowURIs", uri, "want a URI, such as spiffe://example.com/ns/prod/sa/web")
		}
	}
	for _, name := range o.AllowDNSNames {
		if !endpoint.IsHost(name) {
			c = c.Reject("AllowDNSNames", name, "want a DNS name, such as web.prod.svc")
		}
	}
	return c
}

// rules let nobody in but the allowed, who have 10 seconds for the TLS handshake; it is
// over when the rules for connections are asked.
// haproxy gives the names of a certificate in one text: "DNS:a, URI:b". Only as a whole
// is it sure to be what it says.
func (o MTLSServerOptions) rules() [][]any {
	rules := [][]any{{"timeout", "client-hs", "10s"}}
	if o.AllowAll {
		return rules
	}
	allow := func(sample, kind string, names []string) {
		for _, name := range slices.Compact(slices.Sorted(slices.Values(names))) {
			rules = append(rules, []any{"acl", "allowed", sample, "-m", "str", "--", kind + name})
		}
	}
	allow("ssl_c_s_dn(CN)", "", o.AllowCommonNames)
	allow("ssl_c_san", "URI:", o.AllowURIs)
	allow("ssl_c_san", "DNS:", o.AllowDNSNames)
	return append(rules, []any{"tcp-request", "session", "reject", "unless", "allowed"})
}
