package ambassador

import (
	"fmt"
	"net"
	"strconv"
	"strings"
)

// haproxyTCP is what a configuration of haproxy is made of.
type haproxyTCP struct {
	name, host        string
	complete          bool // the host's name needs no search domain
	upstreamPort      int
	port, status, max int
	stopAfter         int64 // seconds
}

// haproxy gives the configuration file. The last line must end in a newline, and
// monitor fail stand before every http-request.
func haproxy(h haproxyTCP) string {
	resolvers, address := h.lookup()

	return fmt.Sprintf(`global
  log stdout format raw local0
  maxconn %[5]d
  hard-stop-after %[6]ds

defaults
  mode tcp
  log global
  option tcplog
  option dontlognull
  timeout connect 5s
  timeout client 30m
  timeout server 30m

%[7]slisten %[1]s
  bind 127.0.0.1:%[2]d
  default-server inter 3s fall 3 rise 2 %[8]s
  server upstream %[3]s check

frontend status_of_%[1]s
  mode http
  option httplog
  option dontlog-normal
  bind :%[4]d
  timeout client 10s
  monitor-uri /ready
  acl down nbsrv(%[1]s) lt 1
  monitor fail if down
  http-request return status 200 content-type text/plain string ok if { path /healthz }
  http-request use-service prometheus-exporter if { path /metrics }
`, h.name, h.port, h.address(), h.status, h.max, h.stopAfter, resolvers, address)
}

// watchDNS looks the name up while haproxy runs. haproxy knows no search domains,
// so a name that only they complete is NXDOMAIN to it, and by default it would
// take the server down for that; held, the address that libc found at the start
// stays, and the health check says whether it is good.
const watchDNS = `resolvers cluster
  parse-resolv-conf
  hold valid 10s
  hold nx 20d
  hold refused 20d
  hold timeout 20d
  hold other 20d

`

// lookup says how the upstream's address is found: an address needs no looking
// up, a complete name is left to the resolvers, one of two parts may need the
// search domains, which only libc knows, at the start.
func (h haproxyTCP) lookup() (resolvers, address string) {
	switch {
	case net.ParseIP(h.host) != nil:
		return "", "init-addr none"
	case h.complete:
		return watchDNS, "init-addr none resolvers cluster"
	case strings.Count(strings.TrimSuffix(h.host, "."), ".") < 2:
		return "", "init-addr last,libc"
	}
	return watchDNS, "init-addr last,libc,none resolvers cluster"
}

// address gives the upstream as haproxy reads it; quoted, for the variable that
// may be in it.
func (h haproxyTCP) address() string {
	address := net.JoinHostPort(h.host, strconv.Itoa(h.upstreamPort))
	if strings.Contains(address, "$") {
		return `"` + address + `"`
	}
	return address
}
