package ambassador

import (
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/podpattern/podpattern/internal/endpoint"
	"github.com/podpattern/podpattern/internal/envoy"
	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/pattern"
)

// httpHosts reads the upstreams; none are given where one can't be used.
func httpHosts(c pattern.AmbassadorContainer, upstream string, o HTTPOptions) ([]envoy.Host, *envoy.ClientTLS, pattern.AmbassadorContainer) {
	var hosts []envoy.Host
	var scheme string
	wrong := false
	for i, u := range append([]HTTPUpstream{{upstream, o.Weight}}, o.Upstreams...) {
		field := "upstream"
		if i > 0 {
			field = "Upstreams[" + strconv.Itoa(i-1) + "]"
		}
		parsed, host, why := httpHost(u, o)
		switch {
		case why != "":
		case scheme != "" && parsed.Scheme != scheme:
			why = "want " + scheme + "://, as the first"
		case slices.ContainsFunc(hosts, func(h envoy.Host) bool { return h.Name == host.Name && h.Port == host.Port }):
			why = "is there already: its Weight gives a server more requests"
		}
		if why != "" {
			wrong, c = true, c.Reject(field, u.URL, why)
			continue
		}
		scheme, hosts = parsed.Scheme, append(hosts, host)
	}
	tls, field, why := httpTLS(scheme, hosts, o.TLS)
	if why != "" {
		wrong, c = true, c.Reject(field, o.TLS.ServerName, why)
	}
	if wrong {
		return nil, nil, c
	}
	return hosts, tls, c
}

// httpHost reads one upstream, and says what is wrong with it.
func httpHost(u HTTPUpstream, o HTTPOptions) (parsed *url.URL, host envoy.Host, why string) {
	parsed, port, err := endpoint.URL(u.URL, 0, "http", "https")
	switch {
	case err != nil:
		why = err.Error()
	case strings.Trim(parsed.Path, "/") != "" || parsed.RawQuery != "" || parsed.Fragment != "":
		why = "has a path: the app's requests bring theirs"
	case u.Weight < 0:
		why = "want a Weight of at least 1"
	case parsed.Scheme == "https" && o.TLS.ServerName == "" && net.ParseIP(parsed.Hostname()) != nil:
		why = "has an address and no name that could be verified: set TLS.ServerName"
	default:
		host = envoy.Host{Name: parsed.Hostname(), Port: port, Weight: opt.Or(u.Weight, 1), Header: hostHeader(parsed, port, o)}
	}
	return parsed, host, why
}

// httpTLS reads how TLS is spoken, nil is not at all, and says what is wrong with it.
func httpTLS(scheme string, hosts []envoy.Host, o HTTPTLS) (tls *envoy.ClientTLS, field, why string) {
	none := pattern.Volume{}
	switch {
	case o.ServerName != "" && (!endpoint.IsHost(o.ServerName) || net.ParseIP(o.ServerName) != nil):
		return nil, "TLS.ServerName", "want a name, such as api.example.com"
	case scheme == "http" && o != HTTPTLS{}:
		return nil, "TLS", "the upstream is not https://"
	case scheme != "https":
		return nil, "", ""
	}
	tls = &envoy.ClientTLS{ServerName: o.ServerName, CA: envoy.SystemCA, Certificate: o.ClientCertificate != none}
	if len(hosts) == 1 {
		tls.ServerName = opt.Or(tls.ServerName, strings.TrimSuffix(hosts[0].Name, "."))
	}
	if o.CA != none {
		tls.CA = envoy.CAFile
	}
	return tls, "", ""
}

// hostHeader gives what a server sees as its name. With TLS and several servers it
// is also what the certificate must have, and so goes without a port.
func hostHeader(u *url.URL, port int, o HTTPOptions) string {
	host := strings.TrimSuffix(opt.Or(o.TLS.ServerName, u.Hostname()), ".")
	byDefault := map[string]int{"http": 80, "https": 443}[u.Scheme]
	if port == byDefault || u.Scheme == "https" && len(o.Upstreams) > 0 {
		if strings.Contains(host, ":") {
			return "[" + host + "]"
		}
		return host
	}
	return net.JoinHostPort(host, strconv.Itoa(port))
}
