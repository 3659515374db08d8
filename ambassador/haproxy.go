package ambassador

import (
	"fmt"
	"regexp"
)

// haproxyTCP is what a configuration of haproxy is made of.
type haproxyTCP struct {
	name, upstream    string
	port, status, max int
	stopAfter         int64 // seconds
}

// haproxy gives the configuration file. The last line must end in a newline, and
// monitor fail stand before every http-request.
func haproxy(h haproxyTCP) string {
	name := regexp.MustCompile(`[^A-Za-z0-9_.-]`).ReplaceAllString(h.name, "_")
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

resolvers cluster
  parse-resolv-conf
  hold valid 10s

frontend %[1]s
  bind 127.0.0.1:%[2]d
  default_backend %[1]s

backend %[1]s
  default-server inter 3s fall 3 rise 2 init-addr last,libc,none resolvers cluster
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
`, name, h.port, h.upstream, h.status, h.max, h.stopAfter)
}
