package envoy

import "time"

// Listener takes HTTP requests, of version 1 and 2, and sends them to clusters.
type Listener struct {
	Name      string
	Port      int
	Inbound   bool // it is reached from outside the pod
	IPv6      bool // where it is Inbound, over IPv6 too
	Routes    []Route
	Filters   []any // what a request passes before it is sent on, in that order
	Log       bool
	Trace     *Trace
	Websocket bool
	TLS       *ServerTLS
	Idle      time.Duration // ends a request on which nothing is said
}

// Idle is how long a request may be silent, where the whole of it may last so long:
// Envoy's default is shorter than a long timeout, which would never be reached.
func Idle(set, timeout time.Duration) time.Duration {
	if set != 0 {
		return set
	}
	return max(5*time.Minute, timeout)
}

// Trace sends spans by OTLP over gRPC.
type Trace struct {
	Host    string
	Port    int
	Percent float64
}

func (l Listener) object(service string) object {
	at, direction := address("127.0.0.1", l.Port), "OUTBOUND"
	if l.Inbound {
		at, direction = everywhere(l.Port, l.IPv6), "INBOUND"
	}
	chain := object{"filters": []any{l.manager(service)}}
	if l.TLS != nil {
		chain["transport_socket"] = l.TLS.object()
	}
	return object{
		"name": l.Name, "address": at, "traffic_direction": direction,
		// The default of 1 MiB, for each of many connections, is more than the container's memory.
		"per_connection_buffer_limit_bytes": buffer,
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
		"request_id_extension":         requestID(),
		"http_protocol_options":        object{"accept_http_10": true}, // or who speaks that, as some proxies do, gets a 426
		"stream_idle_timeout":          seconds(l.Idle),
	}
	if l.Inbound {
		// A hop of its own, which adds its peer to X-Forwarded-For, and leaves what the
		// one proxy before it says of the client, as of its https, and of the request, as it is.
		m["use_remote_address"], m["xff_num_trusted_hops"], m["preserve_external_request_id"] = true, 1, true
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

// requestID leaves an x-request-id that comes with a request as it is; by default
// Envoy writes what it traces into it, and the logs before and behind it differ.
func requestID() object {
	return object{"typed_config": object{
		"@type": "type.googleapis.com/envoy.extensions.request_id.uuid.v3.UuidRequestIdConfig", "pack_trace_reason": false,
	}}
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
