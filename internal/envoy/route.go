package envoy

import (
	"strings"
	"time"
)

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
