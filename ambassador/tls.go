package ambassador

import (
	"regexp"
	"slices"
	"strconv"

	"github.com/podpattern/podpattern/internal/names"
	"github.com/podpattern/podpattern/internal/nginx"
	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/pattern"
)

// TLSOptions changes what [TLS] does; the zero value is the default.
type TLSOptions struct {
	// Port is what clients dial. Default: 8443, or the next one that is free in the
	// pod; a port that is set here does not move.
	Port int
	// StatusPort serves /healthz, and to this pod only /stub_status, as
	// sidecar.NginxExporter reads it. Default: 8081, or the next one that is free; a
	// port that is set here does not move.
	StatusPort int
	// RedirectPort listens for plain HTTP, as port http-redirect, and sends clients
	// to https on port 443 of the same name. For the Service to have it, say
	// PortTo("http", 80, "http-redirect"). Default: none.
	RedirectPort int
	// MinVersion is the oldest TLS that is spoken: 1.2 or 1.3. Default: 1.2.
	MinVersion string
	// HSTS is the value of Strict-Transport-Security, such as
	// "max-age=31536000; includeSubDomains". Default: the header is the app's.
	HSTS string
	// ClientCA is a Secret whose key ca.crt has the authorities that must have signed
	// the client's certificate; who has none gets 400. Default: nobody is asked for one.
	ClientCA pattern.SecretBuilder
	// ClientCertOptional lets in clients without a certificate too; one that the
	// ClientCA didn't sign still gets 400.
	ClientCertOptional bool
	// SubjectHeader is the header in which the app gets the subject of the client's
	// certificate, such as X-Client-Subject: CN=billing,O=Example. What the client
	// itself says in it is dropped. Default: none.
	SubjectHeader string
	// ReloadSeconds is how often the certificates are looked at; after a change nginx
	// loads them. Default: 60, about as often as the kubelet does.
	ReloadSeconds int
	// NoReload starts nginx without a shell before it: a new certificate is then used
	// after a restart only.
	NoReload bool
	// MaxBody bounds the body of a request; a larger one gets 413. "0" is no limit.
	// Default: 1Mi, as nginx has it.
	MaxBody string
	// TimeoutSeconds is how long the app may take between two parts of an answer, and
	// how long a WebSocket may be silent; then the client gets 504. Default: 60.
	TimeoutSeconds int
	// TrustedProxies are the addresses and networks whose X-Forwarded-For is believed.
	// Default: everybody is, and the client's address is that of who connects.
	TrustedProxies []string
	// Workers is how many processes serve requests. Default: 1.
	Workers int
	// AccessLog is a line for each request on standard output: combined, json or
	// off. Default: combined.
	AccessLog string
	// IPv6 listens on IPv6 too, which the nodes must have. Default: IPv4 only.
	IPv6 bool
}

// TLS ends TLS before a port of the app, by nginx, with the certificate of a Secret
// of type kubernetes.io/tls, and can ask clients for theirs.
//
// The pod's Service sends clients to it in place of the app's port appPort, which
// it dials on 127.0.0.1, in clear. It speaks TLS 1.2 and 1.3, HTTP/1.1 and HTTP/2.
// The app gets HTTP/1.1, so that gRPC doesn't pass, with the client's Host, X-Real-IP,
// X-Forwarded-For and X-Forwarded-Proto: https. WebSockets pass, and bodies and
// answers are handed on as they come.
//
// It adds: a ConfigMap with nginx.conf; port https, on which clients come; port
// status with /healthz, which doesn't ask the app, and /stub_status, for this pod
// only; the Secret's tls.crt and tls.key, in this container alone; a scratch /tmp.
// It runs as uid 101 with a read-only root. Every minute it looks whether the
// certificates are still the same, as cert-manager changes them some weeks before
// they expire, and reloads; what is open then has as long as at a stop. A new
// certificate that doesn't go with its key is left alone, and the log says so. To stop, it goes on for 5
// seconds, and, as a native sidecar, until the app has ended; then it finishes the
// requests that it has. So the app must do its part: give it
// PreStop(pattern.Sleep(5)) too, or it is gone while clients still come.
//
// Who can reach the pod can still dial the app's port: let the app listen on
// 127.0.0.1, with probes that are exec, or add the pod's NetworkPolicy.
//
// Options: the last of several wins as a whole.
//
// upstream: nginxinc/docker-nginx-unprivileged Dockerfile. docs:
// nginx.org/en/docs/http/ngx_http_ssl_module, nginx.org/en/docs/control (HUP);
// the ciphers are those of wiki.mozilla.org/Security/Server_Side_TLS, intermediate,
// without DHE.
func TLS(appPort int, cert pattern.SecretBuilder, opts ...TLSOptions) pattern.AmbassadorContainer {
	o := opt.Last(opts)
	o.MinVersion, o.ReloadSeconds = opt.Or(o.MinVersion, "1.2"), opt.Or(o.ReloadSeconds, 60)
	f := nginx.Front{
		App: appPort, Name: "https", IPv6: o.IPv6, Workers: o.Workers,
		AccessLog: opt.Or(o.AccessLog, "combined"), TimeoutSeconds: opt.Or(o.TimeoutSeconds, 60), MaxBody: opt.Or(o.MaxBody, "1Mi"),
		TrustedProxies: o.TrustedProxies,
	}
	c := pattern.Ambassador("tls", nginxImage)
	for _, r := range append(f.Rejections(), o.rejections()...) {
		c = c.Reject(r.Field, r.Value, r.Why)
	}
	f.Server = o.server()
	if o.RedirectPort != 0 {
		c = c.Port("http-redirect", o.RedirectPort)
		f.Others = redirectToTLS(o.RedirectPort, f)
	}
	c = nginx.Container(c, f, o.Port, 8443, o.StatusPort)
	if !o.NoReload {
		c = c.Command(append([]string{"sh", "-c", reloadingNginx, "nginx", strconv.Itoa(o.ReloadSeconds)}, nginx.Command()...)...)
	}
	return c.Late(func(v pattern.View, c pattern.AmbassadorContainer) pattern.AmbassadorContainer {
		// Of the Secrets of two TLS in one pod each has a volume of its own.
		c = c.Reads(cert.Volume(names.Join(names.Label, v.Name(), "cert")).Key("tls.crt", "tls.crt").Key("tls.key", "tls.key"), certs)
		if o.asks() {
			c = c.Reads(o.ClientCA.Volume(names.Join(names.Label, v.Name(), "client-ca")).Key("ca.crt", "ca.crt"), authorities)
		}
		return c
	})
}

const (
	certs       = "/etc/nginx/tls"
	authorities = "/etc/nginx/client-ca"
)

// reloadingNginx has the seconds and then nginx' command as its arguments. nginx takes
// the place of the shell, and so of PID 1: it gets the signals itself. What looks
// at the certificates is its child, and ends with it.
const reloadingNginx = `every=$1; shift
state() { cat ` + certs + `/* ` + authorities + `/* 2>/dev/null | md5sum; }
loaded=$(state)
while sleep "$every"; do
  now=$(state)
  [ "$now" = "$loaded" ] || { loaded=$now; kill -HUP $$ || exit; }
done &
exec "$@"`

// asks says whether clients are asked for a certificate.
func (o TLSOptions) asks() bool { return o.ClientCA != pattern.SecretBuilder{} }

func (o TLSOptions) rejections() (bad []nginx.Rejection) {
	reject := func(field string, value any, why string) {
		bad = append(bad, nginx.Rejection{Field: field, Value: value, Why: why})
	}
	if o.MinVersion != "1.2" && o.MinVersion != "1.3" {
		reject("MinVersion", o.MinVersion, "want 1.2 or 1.3")
	}
	if o.HSTS != "" && !hsts.MatchString(o.HSTS) {
		reject("HSTS", o.HSTS, "want a max-age in seconds, such as max-age=31536000; includeSubDomains")
	}
	if o.ReloadSeconds < 1 {
		reject("ReloadSeconds", o.ReloadSeconds, "want a positive number of seconds; NoReload never looks")
	}
	if o.ClientCertOptional && !o.asks() {
		reject("ClientCertOptional", o.ClientCertOptional, "needs a ClientCA")
	}
	switch {
	case o.SubjectHeader == "":
	case !o.asks():
		reject("SubjectHeader", o.SubjectHeader, "needs a ClientCA")
	default:
		if why := nginx.RequestHeaderFault(o.SubjectHeader); why != "" {
			reject("SubjectHeader", o.SubjectHeader, why)
		}
	}
	return bad
}

var hsts = regexp.MustCompile(`^max-age=[0-9]+(; ?(includeSubDomains|preload))*$`)

// server is what the server that speaks TLS has beside the rest. There are no
// session tickets: their key would be as old as the process.
func (o TLSOptions) server() []nginx.Directive {
	versions := []nginx.Arg{"TLSv1.2", "TLSv1.3"}
	if o.MinVersion == "1.3" {
		versions = versions[1:]
	}
	ds := []nginx.Directive{
		nginx.D("http2", "on"),
		nginx.D("ssl_certificate", certs+"/tls.crt"),
		nginx.D("ssl_certificate_key", certs+"/tls.key"),
		nginx.D("ssl_protocols", versions...),
		nginx.D("ssl_ciphers", "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"+
			"ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305"),
		nginx.D("ssl_prefer_server_ciphers", "off"),
		nginx.D("ssl_session_cache", "shared:TLS:10m"),
		nginx.D("ssl_session_timeout", "1d"),
		nginx.D("ssl_session_tickets", "off"),
		nginx.D("proxy_buffering", "off"),
	}
	if o.asks() {
		verify := nginx.Arg("on")
		if o.ClientCertOptional {
			verify = "optional"
		}
		ds = append(ds, nginx.D("ssl_client_certificate", authorities+"/ca.crt"), nginx.D("ssl_verify_client", verify), nginx.D("ssl_verify_depth", "3"))
	}
	if o.SubjectHeader != "" {
		ds = append(ds, nginx.D("proxy_set_header", nginx.Text(o.SubjectHeader), "$ssl_client_s_dn"))
	}
	if o.HSTS != "" {
		ds = slices.Concat(ds, nginx.Header("Strict-Transport-Security", o.HSTS))
	}
	return ds
}

// redirectToTLS keeps the method, as 301 doesn't.
func redirectToTLS(port int, f nginx.Front) []nginx.Directive {
	return []nginx.Directive{nginx.Block("server", nil, append(f.Listen(port), nginx.D("return", "308", `"https://$host$request_uri"`))...)}
}
