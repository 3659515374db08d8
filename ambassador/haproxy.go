package ambassador

import (
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"
)

// haproxyConfig is what a configuration file of haproxy is made of.
type haproxyConfig struct {
	name          string // of the helper, and of the proxy that /ready asks about
	max           int    // connections
	stopAfter     int64  // seconds; 0 leaves it to the one that stops haproxy
	connect, idle int    // seconds
	status        int    // port
	certificates  bool   // whose keys are in tls.key
	proxies       []haproxyProxy
}

// haproxyProxy is a listener and its servers.
type haproxyProxy struct {
	name      string
	bind      []any
	rules     [][]any
	balance   Balance
	check     Check
	interval  int  // seconds between two checks; 0 checks nothing
	fall      int  // bad checks in a row that take a server down
	startDown bool // a server is down until a check was good
	cut       bool // connections end with their server
	servers   []haproxyServer
	addresses int   // addresses of the one server's name; 0 for a server of its own each
	server    []any // what is said of each server
	sni       bool  // each server must be the one that its name says
}

// haproxyServer is where a proxy connects to.
type haproxyServer struct {
	host     string
	complete bool // the host's name needs no search domain
	port     int
	backup   bool
	name     string // in its certificate
}

// String gives the configuration file. The last line must end in a newline, and
// monitor fail stand before every http-request.
func (h haproxyConfig) String() string {
	t := &haproxyText{}
	t.section("global")
	t.line("log", "stdout", "format", "raw", "local0")
	t.line("maxconn", h.max)
	t.line("nbthread", 2) // by default one for each CPU of the node, each with its memory
	if h.certificates {
		t.line("ssl-load-extra-del-ext")
	}
	if h.stopAfter > 0 {
		t.line("hard-stop-after", seconds(h.stopAfter))
	}
	t.section("defaults")
	t.line("mode", "tcp")
	t.line("log", "global")
	t.line("option", "tcplog")
	t.line("option", "dontlognull")
	t.line("timeout", "connect", duration(h.connect))
	t.line("timeout", "client", duration(h.idle))
	t.line("timeout", "server", duration(h.idle))
	if slices.ContainsFunc(h.proxies, func(p haproxyProxy) bool { return slices.ContainsFunc(p.servers, haproxyServer.watched) }) {
		watchDNS(t)
	}
	for _, p := range h.proxies {
		p.write(t)
	}
	h.writeStatus(t)
	return t.b.String()
}

func (h haproxyConfig) writeStatus(t *haproxyText) {
	t.section("frontend", "status_of_"+h.name)
	t.line("mode", "http")
	t.line("option", "httplog")
	t.line("option", "dontlog-normal")
	t.line("bind", ":"+strconv.Itoa(h.status))
	t.line("timeout", "client", "10s")
	t.line("monitor-uri", "/ready")
	t.line("acl", "down", "nbsrv("+h.name+")", "lt", 1)
	t.line("monitor", "fail", "if", "down")
	t.line("http-request", "return", "status", 200, "content-type", "text/plain", "string", "ok", "if", raw("{ path /healthz }"))
	t.line("http-request", "use-service", "prometheus-exporter", "if", raw("{ path /metrics }"))
}

func (p haproxyProxy) write(t *haproxyText) {
	t.section("listen", p.name)
	t.line(append([]any{"bind"}, p.bind...)...)
	for _, r := range p.rules {
		t.line(r...)
	}
	if len(p.servers) > 1 || p.addresses > 0 {
		t.line("balance", p.balance.String())
		t.line("option", "redispatch", 1)
	}
	p.check.write(t)
	byDefault := []any{"default-server"}
	if p.interval > 0 {
		byDefault = append(byDefault, "inter", duration(p.interval), "fall", p.fall, "rise", max(p.fall-1, 1))
	}
	if p.startDown { // in haproxy since 3.1
		t.line("option", "log-health-checks") // a server that was never up has no change to log
		byDefault = append(byDefault, "init-state", "down")
	}
	if p.cut {
		byDefault = append(byDefault, "on-marked-down", "shutdown-sessions")
	}
	if byDefault = append(byDefault, p.server...); len(byDefault) > 1 {
		t.line(byDefault...)
	}
	for i, s := range p.servers {
		line := []any{"server", serverName(i, len(p.servers)), s.address()}
		if p.addresses > 0 {
			line = []any{"server-template", "upstream-", p.addresses, s.address()}
		}
		if p.interval > 0 {
			line = append(line, "check")
		}
		line = append(line, s.lookup()...)
		if p.sni {
			line = append(line, "sni", "str("+s.name+")", "check-sni", s.name, "verifyhost", s.name)
		}
		if s.backup {
			line = append(line, "backup")
		}
		t.line(line...)
	}
}

func serverName(i, n int) string {
	if n == 1 {
		return "upstream"
	}
	return fmt.Sprintf("upstream-%d", i+1)
}

// address gives host and port as haproxy reads them; quoted, for the variable that
// may be in the host.
func (s haproxyServer) address() any {
	address := net.JoinHostPort(s.host, strconv.Itoa(s.port))
	if strings.Contains(address, "$") {
		return raw(`"` + address + `"`)
	}
	return address
}

func seconds(n int64) string { return strconv.FormatInt(n, 10) + "s" }

// duration writes whole minutes as such.
func duration(s int) string {
	if s >= 60 && s%60 == 0 {
		return strconv.Itoa(s/60) + "m"
	}
	return strconv.Itoa(s) + "s"
}
