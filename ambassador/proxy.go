package ambassador

import (
	"net"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/podpattern/podpattern/internal/endpoint"
	"github.com/podpattern/podpattern/internal/names"
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
	gate               bool
	tls                bool
	ca, cert           pattern.SecretBuilder
	serverName         string
}

// start gives the container as far as it doesn't depend on the pod, and what haproxy
// connects to. What is wrong is rejected, and then nothing of it is used.
func (p *proxy) start() (pattern.AmbassadorContainer, []haproxyServer) {
	p.max, p.interval = opt.Or(p.max, 1000), opt.Or(p.interval, 3)
	p.connect, p.idle = opt.Or(p.connect, 5), opt.Or(p.idle, 1800)
	p.domain = opt.Or(p.domain, "cluster.local")
	c := p.refuse(haproxyContainer(p.name))
	servers, c := p.servers(c)
	if len(servers) == 0 {
		return c, nil
	}
	serves, status := portName(p.name, ""), portName(p.name, "-status")
	c = openPort(c, serves, p.port, unprivileged(servers[0].port))
	c = openPort(c, status, p.statusPort, 8404)
	c = c.Endpoint(p.name, serves).Health(pattern.HTTPGet("/healthz", status))
	if p.gate {
		c = c.ReadinessProbe(pattern.HTTPGet("/ready", status))
	}
	return p.certificates(c), servers
}

// haproxyContainer is the program, with all that no option changes.
func haproxyContainer(name string) pattern.AmbassadorContainer {
	return pattern.Ambassador(name, haproxyImage).
		Requests("25m", "32Mi").Limits("", "128Mi").
		Restricted().RunAsUser(99).RunAsGroup(99).ReadOnlyRootFilesystem(true)
}

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
	switch {
	case p.serverName == "":
	case !p.tls:
		c = c.Reject("ServerName", p.serverName, "is for TLS only")
	case !endpoint.IsHost(p.serverName) || net.ParseIP(p.serverName) != nil:
		c = c.Reject("ServerName", p.serverName, "want the name in the server's certificate, such as db.example.com")
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
		if p.tls && p.serverName == "" && net.ParseIP(host) != nil {
			c = c.Reject(field, upstream, "of an address haproxy can't verify the certificate: set ServerName")
		}
		s := haproxyServer{port: port, backup: backup, name: opt.Or(p.serverName, strings.TrimSuffix(host, "."))}
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

// certificates mounts what TLS needs. haproxy looks for the key of tls.pem in
// tls.pem.key.
func (p *proxy) certificates(c pattern.AmbassadorContainer) pattern.AmbassadorContainer {
	none := pattern.SecretBuilder{}
	if p.cert != none {
		certs := p.cert.Volume(names.Join(names.Label, p.name, "certs")).Key("tls.crt", "tls.pem").Key("tls.key", "tls.pem.key")
		if p.ca == none {
			certs = certs.Key("ca.crt", "ca.crt")
		}
		c = c.Reads(certs, certFolder)
	}
	if p.ca != none {
		c = c.Reads(p.ca.Volume(names.Join(names.Label, p.name, "ca")).Key("ca.crt", "ca.crt"), caFolder)
	}
	return c
}

// folders are those with certificates.
func (p *proxy) folders() []string {
	none := pattern.SecretBuilder{}
	var folders []string
	if p.cert != none {
		folders = append(folders, certFolder)
	}
	if p.ca != none {
		folders = append(folders, caFolder)
	}
	return folders
}

// server gives what is said of each server.
func (p *proxy) server() []any {
	if !p.tls {
		return nil
	}
	ca := "@system-ca"
	if f := p.folders(); len(f) > 0 {
		ca = f[len(f)-1] + "/ca.crt"
	}
	words := []any{"ssl", "ca-file", ca, "verify", "required"}
	if p.cert != (pattern.SecretBuilder{}) {
		words = append(words, "crt", certFolder+"/tls.pem")
	}
	return words
}

// config adds the configuration. haproxy must end before the kubelet kills it. Where
// it has certificates, its first process (-W) starts another one at USR2, which reads
// them; the old one keeps its connections, or all if the new files are bad. A
// hard-stop-after would end these then, and so the stop has its own end.
func (p *proxy) config(v pattern.View, c pattern.AmbassadorContainer, proxies ...haproxyProxy) pattern.AmbassadorContainer {
	h := haproxyConfig{
		name: p.name, max: p.max, connect: p.connect, idle: p.idle, status: v.Port(portName(p.name, "-status")),
		stopAfter: max(v.GracePeriodSeconds()-5, 1), proxies: proxies,
	}
	if folders := p.folders(); len(folders) > 0 {
		program := []string{"haproxy", "-W", "-db", "-f", haproxyFile}
		c = reloading{program: program, reload: "USR2", stop: "USR1", seconds: h.stopAfter, folders: folders}.command(c)
		h.stopAfter = 0
	}
	return c.Config(haproxyFile, h.String())
}

// openPort gives the container a port: one that is set doesn't move.
func openPort(c pattern.AmbassadorContainer, name string, set, byDefault int) pattern.AmbassadorContainer {
	if set != 0 {
		return c.Port(name, set)
	}
	return c.Port(name, byDefault).MovePorts(name)
}

// unprivileged gives the upstream's port or, because not every runtime lets a user
// other than root have one below 1024, another.
func unprivileged(port int) int {
	if port < 1024 {
		return port + 8000
	}
	return port
}

// portName cuts a port's name to the 15 characters that it can have.
func portName(name, suffix string) string {
	return strings.TrimRight(name[:min(len(name), names.Port-len(suffix))], "-") + suffix
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
