// Package envoy writes configurations of Envoy, from what a helper knows to the
// file that the program reads. What it leaves out has Envoy's default; what it sets
// against the default is said where it is set.
//
// upstream: envoyproxy/envoy api/envoy (v1.39), docs/root/configuration/best_practices/edge.rst.
package envoy

import (
	"strconv"
	"time"

	"sigs.k8s.io/yaml"
)

// object is a message, in the names of Envoy's API.
type object = map[string]any

// Bootstrap is a whole configuration.
type Bootstrap struct {
	Name           string // of this proxy, in traces
	Service        string // what it is a part of: the pod or its workload
	Admin, Status  int    // ports
	IPv6           bool   // the status is served over IPv6 too
	MaxConnections int    // that are open to all listeners together
	Listeners      []Listener
	Clusters       []Cluster
}

const (
	adminCluster = "envoy_admin" // a helper's own names can't have a _
	traceCluster = "otlp_collector"
)

// Connections is how many connections may be open where so many requests may: clients
// keep some that are idle.
func Connections(requests int) int { return max(2*requests, 1024) }

// YAML gives the file. The admin interface listens on localhost only, since it can
// end the program; two of its pages, the health and the metrics, are on a listener
// that the kubelet reaches.
func (b Bootstrap) YAML() string {
	listeners := make([]any, 0, len(b.Listeners)+1)
	clusters := make([]any, 0, len(b.Clusters)+2)
	var trace *Trace
	for _, l := range b.Listeners {
		listeners = append(listeners, l.object(b.Service))
		if l.Trace != nil {
			trace = l.Trace
		}
	}
	for _, c := range b.Clusters {
		clusters = append(clusters, c.object())
	}
	if trace != nil {
		clusters = append(clusters, Cluster{Name: traceCluster, Hosts: []Host{{Name: trace.Host, Port: trace.Port}}, HTTP2: true}.object())
	}
	listeners = append(listeners, statusListener(b.Status, b.IPv6))
	clusters = append(clusters, object{
		"name": adminCluster, "type": "STATIC", "connect_timeout": "1s",
		"load_assignment": assignment(adminCluster, []Host{{Name: "127.0.0.1", Port: b.Admin}}, false),
	})
	return write(object{
		// Files with certificates are read like what a control plane sends, and for that Envoy wants to have a name.
		"node": object{"id": b.Name, "cluster": b.Service},
		// Neither answers less because the app has many connections.
		"admin":            object{"address": address("127.0.0.1", b.Admin), "ignore_global_conn_limit": true},
		"static_resources": object{"listeners": listeners, "clusters": clusters},
		"overload_manager": object{"resource_monitors": []any{
			extension("envoy.resource_monitors.global_downstream_max_connections",
				"envoy.extensions.resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig",
				object{"max_active_downstream_connections": b.MaxConnections}),
		}},
	})
}

// statusListener gives two pages of the admin interface to everybody.
func statusListener(port int, ipv6 bool) object {
	page := func(path string) any {
		return object{"match": object{"path": path}, "route": object{"cluster": adminCluster, "timeout": "5s"}}
	}
	return object{
		"name": "status", "address": everywhere(port, ipv6), "ignore_global_conn_limit": true,
		"filter_chains": []any{object{"filters": []any{manager(object{
			"stat_prefix":                  "status",
			"common_http_protocol_options": object{"idle_timeout": "60s"},
			"request_headers_timeout":      "5s",
			"route_config":                 routes("status", []any{page("/ready"), page("/stats/prometheus")}),
			"http_filters":                 []any{router()},
		})}}},
	}
}

// extension is a named extension with its configuration.
func extension(name, kind string, config object) object {
	config["@type"] = "type.googleapis.com/" + kind
	return object{"name": name, "typed_config": config}
}

func address(host string, port int) object {
	return object{"socket_address": object{"address": host, "port_value": port}}
}

// everywhere is all addresses; on a node without IPv6 Envoy couldn't listen on ::.
func everywhere(port int, ipv6 bool) object {
	if ipv6 {
		return object{"socket_address": object{"address": "::", "ipv4_compat": true, "port_value": port}}
	}
	return address("0.0.0.0", port)
}

// seconds writes a duration as the API reads it, such as 0.25s.
func seconds(d time.Duration) string {
	return strconv.FormatFloat(d.Seconds(), 'f', -1, 64) + "s"
}

func write(o object) string {
	text, err := yaml.Marshal(o)
	if err != nil { // texts and numbers only: they can always be written
		return ""
	}
	return string(text)
}
