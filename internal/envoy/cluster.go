package envoy

import (
	"net"
	"time"

	"github.com/podpattern/podpattern/internal/opt"
)

// Cluster is servers that a request can go to, each as good as the others.
type Cluster struct {
	Name        string
	Hosts       []Host
	HTTP2       bool
	MaxRequests int           // at a time, and waiting; 0 is Envoy's default of 1024
	EjectAfter  int           // failures in a row; 0 is never
	HealthPath  string        // what is asked every 5 seconds; "" is nothing
	Idle        time.Duration // closes a connection that is idle; 0 is 30 seconds
	MaxAge      time.Duration // of a connection; 0 is any
	TLS         *ClientTLS
}

// Host is a server.
type Host struct {
	Name   string // or address
	Port   int
	Weight int    // its share, where there are several
	Header string // the Host header for it; "" is its name
}

func (c Cluster) object() object {
	kind := "STATIC"
	for _, h := range c.Hosts {
		if net.ParseIP(h.Name) == nil {
			kind = "STRICT_DNS"
		}
	}
	o := object{
		"name": c.Name, "type": kind, "connect_timeout": "2s", "load_assignment": assignment(c.Name, c.Hosts, c.HealthPath != ""),
		"per_connection_buffer_limit_bytes": buffer,
		// Load balancers and firewalls forget a connection that is silent, and don't say so.
		"upstream_connection_options": object{"tcp_keepalive": object{"keepalive_time": 60, "keepalive_interval": 10, "keepalive_probes": 3}},
		"typed_extension_protocol_options": object{
			"envoy.extensions.upstreams.http.v3.HttpProtocolOptions": c.protocol(),
		},
	}
	if kind == "STRICT_DNS" {
		o["dns_lookup_family"] = "V4_PREFERRED" // by default a name with an IPv6 address has no other, whether the pod has IPv6 or not
	}
	if c.MaxRequests > 0 {
		o["circuit_breakers"] = c.breakers()
	}
	if c.EjectAfter > 0 {
		o["outlier_detection"] = outliers(c.EjectAfter)
	}
	if c.HealthPath != "" {
		o["health_checks"] = []any{c.health()}
	}
	if c.TLS != nil {
		o["transport_socket"] = c.TLS.object()
	}
	return o
}

// buffer is how many bytes a connection may hold; a request with a longer body
// can't be tried again.
const buffer = 128 << 10

func (c Cluster) protocol() object {
	// Before most servers do it, who would fail the next request.
	common := object{"idle_timeout": seconds(opt.Or(c.Idle, 30*time.Second))}
	if c.MaxAge > 0 {
		common["max_connection_duration"] = seconds(c.MaxAge)
	}
	o := object{
		"@type":                        "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
		"common_http_protocol_options": common,
		"explicit_http_config":         object{"http_protocol_options": object{}},
	}
	if c.HTTP2 {
		o["explicit_http_config"] = object{"http2_protocol_options": http2()}
	}
	return o
}

// http2 bounds what one connection makes the proxy hold, which by default is 24 MiB.
func http2() object {
	return object{"max_concurrent_streams": 100, "initial_stream_window_size": 256 << 10, "initial_connection_window_size": 1 << 20}
}

func (c Cluster) breakers() object {
	return object{"thresholds": []any{object{
		"max_connections": c.MaxRequests, "max_pending_requests": c.MaxRequests, "max_requests": c.MaxRequests,
		// By default no more than 3 requests are tried again at a time.
		"retry_budget":    object{"budget_percent": object{"value": 20}, "min_retry_concurrency": 5},
		"track_remaining": true,
	}}}
}

// outliers leaves out a server that doesn't work. An answer of 500 is of the program,
// and may be the request's fault; 502 to 504, and none, are not.
func outliers(after int) object {
	return object{
		"consecutive_gateway_failure": after, "enforcing_consecutive_gateway_failure": 100,
		"enforcing_consecutive_5xx": 0, "enforcing_success_rate": 0,
		"interval": "5s", "base_ejection_time": "30s",
		"max_ejection_percent": 50, // by default 10, which is none of less than 10 servers
	}
}

func (c Cluster) health() object {
	check := object{"path": c.HealthPath}
	if c.HTTP2 {
		check["codec_client_type"] = "HTTP2"
	}
	health := object{
		"timeout": "2s", "interval": "5s", "unhealthy_threshold": 3, "healthy_threshold": 1,
		"no_traffic_interval": "5s", // by default a minute: the first requests would go to a dead server
		"http_health_check":   check,
	}
	if c.HTTP2 && c.TLS != nil { // the requests ask for h2 by themselves, the checks don't
		health["tls_options"] = object{"alpn_protocols": []any{"h2"}}
	}
	return health
}

// assignment lists the servers; their names, as they know themselves, are for the
// requests of which it is still open who gets them, and for the health checks.
func assignment(cluster string, hosts []Host, checked bool) object {
	var all []any
	for _, h := range hosts {
		end := object{"address": address(h.Name, h.Port)}
		if h.Header != "" && len(hosts) > 1 {
			end["hostname"] = h.Header
		}
		if h.Header != "" && checked {
			end["health_check_config"] = object{"hostname": h.Header}
		}
		one := object{"endpoint": end}
		if len(hosts) > 1 {
			one["load_balancing_weight"] = h.Weight
		}
		all = append(all, one)
	}
	return object{"cluster_name": cluster, "endpoints": []any{object{"lb_endpoints": all}}}
}

// App is the program beside the proxy. A new connection to it costs nothing, and
// some close an idle one after 5 seconds.
func App(name string, port int, http2 bool, maxRequests int) Cluster {
	return Cluster{Name: name, Hosts: []Host{{Name: "127.0.0.1", Port: port}}, HTTP2: http2, MaxRequests: maxRequests, Idle: 4 * time.Second}
}
