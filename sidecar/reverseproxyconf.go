package sidecar

import "github.com/podpattern/podpattern/internal/nginx"

func gzip() []nginx.Directive {
	return []nginx.Directive{
		nginx.D("gzip", "on"),
		nginx.D("gzip_vary", "on"),
		nginx.D("gzip_proxied", "any"),
		nginx.D("gzip_min_length", "1024"),
		nginx.D("gzip_types", "text/plain", "text/css", "text/xml", "text/csv", "text/javascript", "application/javascript",
			"application/json", "application/ld+json", "application/problem+json", "application/xml", "application/atom+xml",
			"application/rss+xml", "application/manifest+json", "image/svg+xml"),
	}
}

// caching keeps answers. An old one is given while the app makes a new one, and
// while it fails. There is no lock on what is asked for first: requests for what
// can't be kept would wait for each other.
func (o ReverseProxyOptions) caching(size int64) (http, server []nginx.Directive) {
	http = []nginx.Directive{
		nginx.D("proxy_cache_path", nginx.CacheFolder+"/answers", "levels=1:2", "keys_zone=answers:10m",
			"max_size="+nginx.Number(int(size)), "inactive=60m", "use_temp_path=off"),
	}
	own := []nginx.Arg{"$http_authorization", "$http_cookie", "$http_upgrade"}
	if o.CacheIgnoresCookies {
		own = []nginx.Arg{"$http_authorization", "$http_upgrade"}
	}
	server = []nginx.Directive{
		nginx.D("proxy_cache", "answers"),
		nginx.D("proxy_cache_key", `"$forwarded_proto $http_host $http_x_forwarded_host $request_uri"`),
		nginx.D("proxy_cache_bypass", own...),
		nginx.D("proxy_no_cache", own...),
		nginx.D("proxy_cache_revalidate", "on"),
		nginx.D("proxy_cache_background_update", "on"),
		nginx.D("proxy_cache_use_stale", "error", "timeout", "updating", "http_500", "http_502", "http_503", "http_504"),
		nginx.D("add_header", "X-Cache-Status", "$upstream_cache_status", "always"),
	}
	if o.CacheSeconds > 0 {
		server = append(server, nginx.D("proxy_cache_valid", nginx.Number(o.CacheSeconds)+"s"))
	}
	return http, server
}

func limiting(rate, burst int) (http nginx.Directive, server []nginx.Directive) {
	http = nginx.D("limit_req_zone", "$binary_remote_addr", "zone=clients:10m", "rate="+nginx.Number(rate)+"r/s")
	return http, []nginx.Directive{
		nginx.D("limit_req", "zone=clients", "burst="+nginx.Number(burst), "nodelay"),
		nginx.D("limit_req_status", "429"),
	}
}
