package ambassador

import (
	"regexp"
	"slices"

	"github.com/podpattern/podpattern/internal/nginx"
	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/pattern"
)

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
func (o TLSOptions) asks() bool { return o.ClientCA != pattern.Volume{} }

func (o TLSOptions) rejections() (bad opt.Rejections) {
	reject := bad.Add
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
