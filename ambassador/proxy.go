package ambassador

import (
	"net"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/podpattern/podpattern/internal/endpoint"
	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/pattern"
)

const haproxyFile = "/usr/local/etc/haproxy/haproxy.cfg"

// proxy is what the ambassadors that haproxy runs are told, each in its options.
type proxy struct {
	name               string
	upstream           string
	upstreams, backups []string
	addresses          int
	domain             string
	port, statusPort   int
	max                int
	check              Check
	balance            Balance
	interval           int
	connect, idle      int
	gate, scrape       bool
	tls                TCPTLS
	alpn               []string
	preStop            int64 // seconds that the stop waits for before
}

// start gives the container as far as it doesn't depend on the pod, and what haproxy
// connects to. What is wrong is rejected, and then nothing of it is used.
func (p *proxy) start(c pattern.AmbassadorContainer) (pattern.AmbassadorContainer, []haproxyServer) {
	servers, c := p.servers(p.container(c))
	if len(servers) == 0 {
		return c, nil
	}
	serves := portName(p.name, "")
	c = opt.Port(c, serves, p.port, unprivileged(servers[0].port)).Endpoint(p.name, serves)
	c = p.serveStatus(c)
	if p.gate {
		c = c.ReadinessProbe(pattern.HTTPGet("/ready", p.status()))
	}
	return c, servers
}

// container is the program with its certificates.
func (p *proxy) container(c pattern.AmbassadorContainer) pattern.AmbassadorContainer {
	p.max, p.interval = opt.Or(p.max, 1000), opt.Or(p.interval, 3)
	p.connect, p.idle = opt.Or(p.connect, 5), opt.Or(p.idle, 1800)
	p.domain = opt.Or(p.domain, "cluster.local")
	c = c.Requests("25m", "32Mi").Limits("", "128Mi").
		Restricted().RunAsUser(99).RunAsGroup(99).ReadOnlyRootFilesystem(true)
	return p.tls.mount(p.refuse(c))
}

// serveStatus opens the port for health and metrics.
func (p *proxy) serveStatus(c pattern.AmbassadorContainer) pattern.AmbassadorContainer {
	if p.scrape {
		c = c.Scrape(p.status(), "/metrics")
	}
	return opt.Port(c, p.status(), p.statusPort, 8404).Health(pattern.HTTPGet("/healthz", p.status()))
}

// status is the name of the port for health and metrics.
func (p *proxy) status() string { return portName(p.name, "-status") }

func (p *proxy) refuse(c pattern.AmbassadorContainer) pattern.AmbassadorContainer {
	for _, n := range []struct {
		field string
		value int
	}{{"MaxConnections", p.max}, {"CheckSeconds", p.interval}, {"ConnectTimeoutSeconds", p.connect}, {"IdleTimeoutSeconds", p.idle}} {
		c = atLeastOne(c, n.field, n.value)
	}
	if !endpoint.IsHost(p.domain) {
		c = c.Reject("ClusterDomain", p.domain, "want a domain, such as cluster.local")
	}
	if why := p.check.why(); why != "" {
		c = c.Reject("Check", p.check.arg, why)
	}
	if int(p.balance) >= len(balances) {
		c = c.Reject("Balance", p.balance, "want one of the constants, such as LeastConnections")
	}
	if p.addresses < 0 {
		c = c.Reject("Addresses", p.addresses, "want how many addresses the name has at most")
	}
	if p.addresses > 0 && len(p.upstreams)+len(p.backups) > 0 {
		c = c.Reject("Addresses", p.addresses, "is for one name with several addresses, and goes without more servers")
	}
	for _, a := range p.alpn {
		if !isWord(a) || strings.ContainsAny(a, ", ") {
			c = c.Reject("ALPN", a, "want the name of a protocol, such as h2")
		}
	}
	if name := p.tls.ServerName; name != "" && (!endpoint.IsHost(name) || net.ParseIP(name) != nil) {
		c = c.Reject("ServerName", name, "want the name in the server's certificate, such as db.example.com")
	}
	return c
}

// servers reads the upstreams, each of which the container dials.
func (p *proxy) servers(c pattern.AmbassadorContainer) ([]haproxyServer, pattern.AmbassadorContainer) {
	var servers []haproxyServer
	read := func(field, upstream string, backup bool) {
		host, port, err := endpoint.HostPort(upstream)
		if err != nil {
			c = c.Reject(field, upstream, err.Error())
			return
		}
		if p.tls.on() && p.tls.ServerName == "" && net.ParseIP(host) != nil {
			c = c.Reject(field, upstream, "of an address haproxy can't verify the certificate: set ServerName")
		}
		s := haproxyServer{port: port, backup: backup, name: opt.Or(p.tls.ServerName, strings.TrimSuffix(host, "."))}
		s.host, s.complete = fullName(host, p.domain)
		if p.addresses > 0 && !s.watched() {
			c = c.Reject(field, upstream, "to find several addresses haproxy needs the complete name, such as db.prod.svc")
		}
		if strings.Contains(s.host, "$") {
			c = c.EnvField("POD_NAMESPACE", "metadata.namespace")
		}
		c = c.Dials(host, port)
		servers = append(servers, s)
	}
	read("upstream", p.upstream, false)
	for _, u := range p.upstreams {
		read("Upstreams", u, false)
	}
	for _, u := range p.backups {
		read("Backups", u, true)
	}
	return servers, c
}

// config adds the configuration. haproxy must end before the kubelet kills it. Where
// it has certificates, its first process (-W) starts another one at USR2, which reads
// them; the old one keeps its connections, or all if the new files are bad. A
// hard-stop-after would end these then, and so the stop has its own end.
func (p *proxy) config(v pattern.View, c pattern.AmbassadorContainer, proxies ...haproxyProxy) pattern.AmbassadorContainer {
	for i := range proxies {
		proxies[i].startDown = proxies[i].startDown || p.gate
	}
	h := haproxyConfig{
		name: p.name, max: p.max, connect: p.connect, idle: p.idle, status: v.Port(p.status()),
		stopAfter: max(v.GracePeriodSeconds()-5-p.preStop, 1), certificates: p.tls.hasCertificate(), proxies: proxies,
	}
	if folders := p.tls.folders(); len(folders) > 0 {
		program := []string{"haproxy", "-W", "-db", "-f", haproxyFile}
		c = reloading{program: program, reload: "USR2", stop: "USR1", seconds: h.stopAfter, folders: folders}.command(c)
		h.stopAfter = 0
	}
	return c.Config(haproxyFile, h.String())
}

// atLeastOne rejects a number that is none to count with.
func atLeastOne(c pattern.AmbassadorContainer, field string, value int) pattern.AmbassadorContainer {
	if value < 1 {
		return c.Reject(field, value, "want a positive number")
	}
	return c
}

// isWord says whether a text can stand in a configuration at all: it has something
// in it, is UTF-8, and stays on its line.
func isWord(s string) bool {
	return s != "" && utf8.ValidString(s) && !slices.ContainsFunc([]rune(s), unicode.IsControl)
}
