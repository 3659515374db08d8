package nginx

import (
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/podpattern/podpattern/pattern"
)

const (
	// Folder holds the generated file. It is none of the image's, whose other files
	// stay where they are.
	Folder = "/etc/nginx/podpattern"
	// File is the generated configuration.
	File = Folder + "/nginx.conf"
	// CacheFolder is where cached answers are.
	CacheFolder = "/var/cache/nginx"

	tmp    = "/tmp"
	status = "status" // the port's name
)

// Front is an nginx that stands before a port of the app.
type Front struct {
	App  int    // the app's port
	Name string // of the port that clients dial in its place: http or https

	IPv6           bool
	Workers        int
	AccessLog      string
	TimeoutSeconds int
	MaxBody        string
	TrustedProxies []string
	// RequestHeaders and ResponseHeaders are set; one without a value is removed.
	RequestHeaders, ResponseHeaders map[string]string

	// HTTP, Server and Locations are what one kind of front adds to these blocks, and
	// Others are servers. A location that hands on needs [ToApp].
	HTTP, Server, Locations, Others []Directive
}

// TLS says whether clients speak TLS.
func (f Front) tls() bool { return f.Name == "https" }

// Command is how nginx is started in the image: not by its entrypoint, which wants
// to write into /etc/nginx. Before it reads its file it would log to one.
func Command() []string { return []string{"nginx", "-e", "stderr", "-c", File} }

// Container gives a container what every front has: its ports, each free to move
// where no number is set for it, its health, its limits and its configuration. The
// uid is that of the image's user.
// upstream: nginxinc/docker-nginx-unprivileged Dockerfile (uid 101, SIGQUIT).
func Container[R pattern.Role](c pattern.Container[R], f Front, port, byDefault, statusPort int) pattern.Container[R] {
	f = f.clone()
	if port == 0 {
		port, c = byDefault, c.MovePorts(f.Name)
	}
	if statusPort == 0 {
		statusPort, c = 8081, c.MovePorts(status)
	}
	return c.Command(Command()...).
		Port(f.Name, port).Port(status, statusPort).Fronts(f.Name, f.App).
		Scratch(tmp, "64Mi").
		Requests("25m", "32Mi").Limits("", "128Mi").
		Restricted().RunAsUser(101).RunAsGroup(101).ReadOnlyRootFilesystem(true).
		Health(pattern.HTTPGet("/healthz", status)).
		PreStop(pattern.Sleep(preStop)).
		Late(func(v pattern.View, c pattern.Container[R]) pattern.Container[R] {
			return c.Config(File, f.config(v.Port(f.Name), v.Port(status), v.GracePeriodSeconds()))
		})
}

// preStop is for how many seconds it goes on taking connections when the pod is to
// stop: as long as it may take until nobody sends any more.
const preStop = 5

// clone keeps what the caller changes later out.
func (f Front) clone() Front {
	f.TrustedProxies = slices.Clone(f.TrustedProxies)
	f.RequestHeaders, f.ResponseHeaders = maps.Clone(f.RequestHeaders), maps.Clone(f.ResponseHeaders)
	return f
}

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
