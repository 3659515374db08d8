package envoy

import (
	"strings"
	"time"
)

// Listener takes HTTP requests, of version 1 and 2, and sends them to clusters.
type Listener struct {
	Name      string
	Port      int
	Inbound   bool // it is reached from outside the pod
	Routes    []Route
	Filters   []any // what a request passes before it is sent on, in that order
	Log       bool
	Trace     *Trace
	Websocket bool
	TLS       *ServerTLS
	Buffer    int // bytes, of each connection
}

// Route sends requests to a cluster; of several the first that matches wins.
type Route struct {
	Cluster string
	Methods []string      // default: all
	Host    string        // what the server gets to see as the name; AsIs and Auto are special
	Timeout time.Duration // of the whole request, its retries included; 0 is none
	Retry   *Retry
}

const (
	AsIs = ""     // the client's own Host header
	Auto = "auto" // the name of the host that the request goes to
)

// Retry tries a request again.
type Retry struct {
	On     string // Envoy's conditions
	Times  int
	PerTry time.Duration // 0 is no limit
}

// Trace sends spans by OTLP over gRPC.
type Trace struct {
	Host    string
	Port    int
	Percent float64
}

func (l Listener) object(service string) object {
	host, direction := "127.0.0.1", "OUTBOUND"
	if l.Inbound {
		host, direction = "0.0.0.0", "INBOUND"
	}
	chain := object{"filters": []any{l.manager(service)}}
	if l.TLS != nil {
		chain["transport_socket"] = l.TLS.object()
	}
	return object{
		"name": l.Name, "address": address(host, l.Port), "traffic_direction": direction,
		// The default of 1 MiB, for each of many connections, is more than the container's memory.
		"per_connection_buffer_limit_bytes": l.Buffer,
		"filter_chains":                     []any{chain},
	}
}

func (l Listener) manager(service string) object {
	var all []any
	for _, r := range l.Routes {
		all = append(all, r.object())
	}
	filters := append(append([]any{}, l.Filters...), router())
	m := object{
		"stat_prefix": l.Name, "codec_type": "AUTO",
		"route_config": routes(l.Name, all), "http_filters": filters,
		// Nobody's x-envoy headers count: a client could change timeouts and retries with them.
		"internal_address_config":      object{},
		"server_header_transformation": "PASS_THROUGH",
		"http2_protocol_options":       http2(),
	}
	if l.Inbound {
		// A hop of its own, which adds its peer to X-Forwarded-For, and leaves what the
		// one proxy before it says of the client, as of its https, as it is.
		m["use_remote_address"], m["xff_num_trusted_hops"] = true, 1
		m["request_headers_timeout"] = "10s" // a slow client can't hold a connection
	} else {
		// The app's plain HTTP ends here, and is none of the server's business: one that
		// believes X-Forwarded-Proto would redirect to https.
		m["scheme_header_transformation"] = object{"match_upstream": true}
		if l.Routes[0].Host != AsIs {
			m["route_config"].(object)["request_headers_to_remove"] = []any{"x-forwarded-proto"}
		}
	}
	if l.Websocket {
		m["upgrade_configs"] = []any{object{"upgrade_type": "websocket"}}
	}
	if l.Log {
		m["access_log"] = []any{accessLog()}
	}
	if l.Trace != nil {
		m["tracing"] = l.Trace.object(service)
	}
	return manager(m)
}

func manager(m object) object {
	return extension("envoy.filters.network.http_connection_manager",
		"envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager", m)
}

// router is the last filter, which sends the request. What it would add for other
// Envoys, such as x-envoy-attempt-count, is nobody else's business.
func router() object {
	return extension("envoy.filters.http.router", "envoy.extensions.filters.http.router.v3.Router", object{"suppress_envoy_headers": true})
}

func routes(name string, all []any) object {
	return object{"name": name, "virtual_hosts": []any{object{"name": name, "domains": []any{"*"}, "routes": all}}}
}

func (r Route) object() object {
	match := object{"prefix": "/"}
	if len(r.Methods) > 0 {
		match["headers"] = []any{object{"name": ":method", "string_match": object{"safe_regex": object{"regex": strings.Join(r.Methods, "|")}}}}
	}
	to := object{"cluster": r.Cluster, "timeout": seconds(r.Timeout)}
	switch r.Host {
	case AsIs:
	case Auto:
		to["auto_host_rewrite"] = true
	default:
		to["host_rewrite_literal"] = r.Host
	}
	if r.Retry != nil {
		to["retry_policy"] = r.Retry.object()
	}
	return object{"match": match, "route": to}
}

func (r Retry) object() object {
	policy := object{
		"retry_on": r.On, "num_retries": r.Times,
		"retry_back_off": object{"base_interval": "0.1s", "max_interval": "1s"},
		// Not the one that has just failed, if there is another.
		"retry_host_predicate":              []any{extension("envoy.retry_host_predicates.previous_hosts", "envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate", object{})},
		"host_selection_retry_max_attempts": 3,
	}
	if r.PerTry > 0 {
		policy["per_try_timeout"] = seconds(r.PerTry)
	}
	return policy
}

func (t Trace) object(service string) object {
	return object{
		"provider": extension("envoy.tracers.opentelemetry", "envoy.config.trace.v3.OpenTelemetryConfig", object{
			"service_name": service,
			"grpc_service": object{"envoy_grpc": object{"cluster_name": traceCluster}, "timeout": "1s"},
		}),
		// Of requests that begin here; those that come with a trace have been decided on.
		"random_sampling":     object{"value": t.Percent},
		"spawn_upstream_span": true,
	}
}

// accessLog writes a line of JSON for each request to the standard output: the path
// without its query, and no header, that could hold a secret.
func accessLog() object {
	return extension("envoy.access_loggers.stdout", "envoy.extensions.access_loggers.stream.v3.StdoutAccessLog", object{
		"log_format": object{"json_format": object{
			"time": "%START_TIME%", "method": "%REQ(:METHOD)%", "path": "%PATH(NQ:ORIG_OR_PATH)%", "authority": "%REQ(:AUTHORITY)%",
			"protocol": "%PROTOCOL%", "status": "%RESPONSE_CODE%", "details": "%RESPONSE_CODE_DETAILS%", "flags": "%RESPONSE_FLAGS%",
			"bytes_in": "%BYTES_RECEIVED%", "bytes_out": "%BYTES_SENT%", "duration_ms": "%DURATION%", "attempts": "%UPSTREAM_REQUEST_ATTEMPT_COUNT%",
			"upstream": "%UPSTREAM_HOST%", "upstream_failure": "%UPSTREAM_TRANSPORT_FAILURE_REASON%",
			"client": "%DOWNSTREAM_REMOTE_ADDRESS%", "forwarded_for": "%REQ(X-FORWARDED-FOR)%",
			"request_id": "%REQ(X-REQUEST-ID)%", "traceparent": "%REQ(TRACEPARENT)%", "user_agent": "%REQ(USER-AGENT)%",
		}},
	})
}

// RateLimit answers 429 to more than so many requests a second. Both of its
// percentages are 0 by default, with which it does nothing.
func RateLimit(perSecond int) any {
	all := object{"default_value": object{"numerator": 100, "denominator": "HUNDRED"}}
	return extension("envoy.filters.http.local_ratelimit", "envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit", object{
		"stat_prefix":    "rate_limit",
		"token_bucket":   object{"max_tokens": perSecond, "tokens_per_fill": perSecond, "fill_interval": "1s"},
		"filter_enabled": all, "filter_enforced": all,
	})
}

// Transcoder lets a request of JSON reach a gRPC service. What no method of the
// services takes is refused; by default it would go on as it is, and break the
// server's connection.
func Transcoder(t Transcoding) any {
	return extension("envoy.filters.http.grpc_json_transcoder", "envoy.extensions.filters.http.grpc_json_transcoder.v3.GrpcJsonTranscoder", object{
		"proto_descriptor": t.Descriptor, "services": t.Services, "auto_mapping": t.EveryMethod,
		"max_request_body_size": 1 << 20, "max_response_body_size": 1 << 20,
		"convert_grpc_status":             true,
		"ignore_unknown_query_parameters": t.AnyQuery,
		"request_validation_options":      object{"reject_unknown_method": true, "reject_unknown_query_parameters": !t.AnyQuery},
		"print_options":                   object{"always_print_primitive_fields": true, "preserve_proto_field_names": t.ProtoNames},
	})
}

// Transcoding says how a [Transcoder] works.
type Transcoding struct {
	Descriptor  string // file
	Services    []string
	EveryMethod bool // those without an annotation too
	AnyQuery    bool // unknown query parameters are ignored
	ProtoNames  bool // snake_case, as the fields are called
}
