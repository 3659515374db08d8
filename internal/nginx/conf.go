package nginx

import (
	"fmt"
	"strconv"
)

// config gives the whole file. Nothing in it is the image's default: paths that
// are written lie below /tmp, since the root is read-only.
func (f Front) config(port, statusPort int, grace int64) string {
	http := []Directive{
		D("client_body_temp_path", tmp+"/client_body"),
		D("proxy_temp_path", tmp+"/proxy"),
		D("fastcgi_temp_path", tmp+"/fastcgi"),
		D("uwsgi_temp_path", tmp+"/uwsgi"),
		D("scgi_temp_path", tmp+"/scgi"),
		D("server_tokens", "off"),
		D("absolute_redirect", "off"), // clients don't know this host's port
	}
	http = append(http, f.accessLog()...)
	http = append(http,
		Block("geo", []Arg{"$dollar"}, D("default", `"$"`)),
		Block("map", []Arg{"$http_upgrade", "$connection_upgrade"}, D("default", "upgrade"), D(`""`, `""`)),
		// A client of HTTP/1.0 need not say the host that the app's HTTP/1.1 must have.
		Block("map", []Arg{"$http_host", "$client_host"}, D("default", "$http_host"), D(`""`, "localhost")),
	)
	http = append(http, f.forwarded()...)
	http = append(http, f.HTTP...)
	http = append(http,
		// The app is the only one there is: it is never taken for down. Some apps
		// close an idle connection after 2 seconds; one that is used as it closes
		// would fail the request.
		Block("upstream", []Arg{"app"}, D("server", number("127.0.0.1:", f.App), "max_fails=0"),
			D("keepalive", "32"), D("keepalive_timeout", "1s")),
		Block("server", nil, f.server(port)...),
		Block("server", nil, f.status(statusPort)...),
	)
	http = append(http, f.Others...)
	return Write(
		D("daemon", "off"),
		D("worker_processes", number("", max(f.Workers, 1))),
		D("worker_shutdown_timeout", Arg(fmt.Sprintf("%ds", max(grace-preStop-3, 1)))),
		D("pid", tmp+"/nginx.pid"),
		D("error_log", "stderr", "warn"),
		Block("events", nil, D("worker_connections", "1024")),
		Block("http", nil, http...),
	)
}

// ToApp hands a request on.
func ToApp() Directive { return D("proxy_pass", "http://app") }

// server is what clients dial. Bodies and answers are handed on as they come: on
// disk they would count against the pod's ephemeral storage.
func (f Front) server(port int) []Directive {
	timeout := number("", f.TimeoutSeconds) + "s"
	s := f.listen(port)
	for _, p := range f.proxies() {
		s = append(s, D("set_real_ip_from", Arg(p)))
	}
	if len(f.TrustedProxies) > 0 {
		s = append(s, D("real_ip_header", "X-Forwarded-For"), D("real_ip_recursive", "on"))
	}
	s = append(s, D("client_max_body_size", Arg(strconv.FormatInt(f.maxBody(), 10))))
	s = append(s, f.Server...)
	s = append(s,
		D("proxy_http_version", "1.1"),
		D("proxy_connect_timeout", "5s"),
		D("proxy_send_timeout", timeout),
		D("proxy_read_timeout", timeout),
		D("proxy_request_buffering", "off"),
		D("proxy_max_temp_file_size", "0"),
		// By default a head of more than 4 kilobytes is a 502.
		D("proxy_buffer_size", "16k"),
		D("proxy_buffers", "4", "16k"),
	)
	s = append(s, f.headers()...)
	s = append(s, f.Locations...)
	return append(s, Block("location", []Arg{"/"}, ToApp()))
}

// status is what the kubelet and an exporter ask.
func (f Front) status(port int) []Directive {
	plain := f
	plain.Name = ""
	return append(plain.listen(port),
		D("access_log", "off"),
		Block("location", []Arg{"=", "/healthz"}, D("default_type", "text/plain"), D("return", "200", `"ok\n"`)),
		Block("location", []Arg{"=", "/stub_status"}, D("allow", "127.0.0.1"), D("deny", "all"), D("stub_status")),
		Block("location", []Arg{"/"}, D("return", "404")),
	)
}

// listen has IPv6 only where it was asked for: on a node without it nginx would
// not start.
func (f Front) listen(port int) []Directive {
	args := []Arg{number("", port)}
	if f.tls() {
		args = append(args, "ssl")
	}
	ds := []Directive{D("listen", args...)}
	if f.IPv6 {
		ds = append(ds, D("listen", append([]Arg{number("[::]:", port)}, args[1:]...)...))
	}
	return ds
}

// Listen is a further port, which speaks HTTP.
func (f Front) Listen(port int) []Directive {
	f.Name = ""
	return f.listen(port)
}

// number is an argument with a number at its end.
func number(before Arg, n int) Arg { return before + Arg(strconv.Itoa(n)) }

// Number is an argument that is a number.
func Number(n int) Arg { return number("", n) }

func (f Front) accessLog() []Directive {
	switch f.AccessLog {
	case "off":
		return []Directive{D("access_log", "off")}
	case "json":
		return []Directive{
			D("log_format", "json", "escape=json", `'{"time":"$time_iso8601","client":"$remote_addr","method":"$request_method","uri":"$request_uri",'`,
				`'"protocol":"$server_protocol","status":$status,"bytes":$body_bytes_sent,"seconds":$request_time,'`,
				`'"app_seconds":"$upstream_response_time","host":"$http_host","referer":"$http_referer","user_agent":"$http_user_agent"}'`),
			D("access_log", "/dev/stdout", "json"),
		}
	}
	return []Directive{D("access_log", "/dev/stdout", "combined")}
}
