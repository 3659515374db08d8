package ambassador

import (
	"strconv"

	"github.com/podpattern/podpattern/internal/expansion"
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
	// to https on port 443 of the same name. Say for the Service that it has both:
	// PortTo("https", 443, "https").PortTo("http", 80, "http-redirect"). Default: none.
	RedirectPort int
	// MinVersion is the oldest TLS that is spoken: 1.2 or 1.3. Default: 1.2.
	MinVersion string
	// HSTS is the value of Strict-Transport-Security, such as
	// "max-age=31536000; includeSubDomains". Default: the header is the app's.
	HSTS string
	// ClientCA has the file ca.crt, such as a ConfigMap's volume, with the authorities
	// that must have signed the client's certificate; who has none gets 400. Default:
	// nobody is asked for one.
	ClientCA pattern.Volume
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

// TLS ends TLS before a port of the app, by nginx, and can ask clients for a
// certificate; its own is in a volume with the files tls.crt and tls.key, such as that
// of a Secret of type kubernetes.io/tls.
//
// The pod's Service sends clients to it in place of the app's port appPort, which
// it dials on 127.0.0.1, in clear. It speaks TLS 1.2 and 1.3, HTTP/1.1 and HTTP/2.
// The app gets HTTP/1.1, so that gRPC doesn't pass, with the client's Host, X-Real-IP,
// X-Forwarded-For and X-Forwarded-Proto: https. WebSockets pass, and bodies and
// answers are handed on as they come.
//
// It adds: a ConfigMap with nginx.conf; port https, on which clients come; port
// status with /healthz, which doesn't ask the app, and /stub_status, for this pod
// only; a mount of the volume; a scratch /tmp.
// It runs as uid 101 with a read-only root. Every minute it looks whether the
// certificates are still the same, as cert-manager changes them some weeks before
// they expire, and reloads; what is open then has as long as at a stop. A new
// certificate that doesn't go with its key is left alone, and the log says so. To
// stop, it goes on for 5 seconds, as the app does, unless that has a PreStop of its
// own, and, as a native sidecar, until the app has ended; then it finishes the
// requests that it has. Headers with an underscore in their name are dropped.
//
// Who can reach the pod can still dial the app's port: let the app listen on
// 127.0.0.1, with probes that are exec, or add the pod's NetworkPolicy.
//
// Defaults: image nginx-unprivileged, uid 101, 25m CPU, 32Mi memory, at most 128Mi.
//
// Options: the last of several wins as a whole.
//
// upstream: nginxinc/docker-nginx-unprivileged Dockerfile. docs:
// nginx.org/en/docs/http/ngx_http_ssl_module, nginx.org/en/docs/control (HUP);
// the ciphers are those of wiki.mozilla.org/Security/Server_Side_TLS, intermediate,
// without DHE.
func TLS(appPort int, certificate pattern.Volume, opts ...TLSOptions) pattern.AmbassadorContainer {
	o := opt.Last(opts)
	o.MinVersion, o.ReloadSeconds = opt.Or(o.MinVersion, "1.2"), opt.Or(o.ReloadSeconds, 60)
	f := nginx.Front{
		App: appPort, Name: "https", IPv6: o.IPv6, Workers: o.Workers,
		AccessLog: opt.Or(o.AccessLog, "combined"), TimeoutSeconds: opt.Or(o.TimeoutSeconds, 60), MaxBody: opt.Or(o.MaxBody, "1Mi"),
		TrustedProxies: o.TrustedProxies,
	}
	c := opt.Reject(pattern.Ambassador("tls", nginxImage), append(f.Rejections(), o.rejections()...))
	f.Server = o.server()
	if o.RedirectPort != 0 {
		c = c.Port("http-redirect", o.RedirectPort).Published("http-redirect")
		f.Others = redirectToTLS(o.RedirectPort, f)
	}
	c = nginx.Container(c, f, o.Port, 8443, o.StatusPort)
	if !o.NoReload {
		c = c.Command(append([]string{"sh", "-c", expansion.Literal(reloadingNginx), "nginx", strconv.Itoa(o.ReloadSeconds)}, nginx.Command()...)...)
	}
	if o.asks() {
		c = c.Reads(o.ClientCA, authorities)
	}
	return c.Reads(certificate, certs)
}
