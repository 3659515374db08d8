package ambassador

import "github.com/podpattern/podpattern/internal/envoy"

// httpRoutes gives the methods that may be repeated a route of their own.
func httpRoutes(cluster string, hosts []envoy.Host, o HTTPOptions) []envoy.Route {
	host := envoy.Auto
	switch {
	case o.KeepHost:
		host = envoy.AsIs
	case len(hosts) == 1:
		host = hosts[0].Header
	}
	to := envoy.Route{Cluster: cluster, Host: host, Timeout: o.Timeout}
	if o.Retries.Off {
		return []envoy.Route{to}
	}
	const neverArrived, failed = "connect-failure,refused-stream,reset-before-request", "connect-failure,refused-stream,reset,gateway-error"
	repeatable := to
	repeatable.Retry = &envoy.Retry{On: failed, Times: o.Retries.Times, PerTry: o.Retries.PerTry}
	if o.Retries.AllMethods {
		repeatable.Retry.On += ",unavailable"
		return []envoy.Route{repeatable}
	}
	repeatable.Methods = []string{"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"}
	to.Retry = &envoy.Retry{On: neverArrived, Times: o.Retries.Times}
	return []envoy.Route{repeatable, to}
}
