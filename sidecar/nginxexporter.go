package sidecar

import (
	"fmt"

	"github.com/podpattern/podpattern/internal/endpoint"
	"github.com/podpattern/podpattern/internal/expansion"
	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/pattern"
)

// NginxExporterOptions changes what [NginxExporter] does; the zero value is the
// default.
type NginxExporterOptions struct {
	// Port serves the metrics. Default: 9113, or the next one that is free in the
	// pod; a port that is set here does not move.
	Port int
	// Scrape gives the pod the prometheus.io annotations for the metrics. Default: no;
	// one container of a pod can have them.
	Scrape bool
	// TimeoutSeconds bounds how long nginx may take to answer. Default: 5.
	TimeoutSeconds int
	// Plus reads the API of NGINX Plus in place of stub_status.
	Plus bool
	// CA has the file ca.crt, such as a ConfigMap's volume, with the authorities that
	// may have signed the certificate of an https URI. Default: those of the image.
	CA pattern.Volume
	// SkipTLSVerify doesn't verify the certificate behind an https URI, such as one
	// that is not for localhost.
	SkipTLSVerify bool
}

// NginxExporter serves the connections and requests of an nginx as metrics for
// Prometheus. scrapeURI is where that nginx serves stub_status, such as
// http://127.0.0.1:8080/stub_status; its configuration needs
//
//	location = /stub_status { stub_status; allow 127.0.0.1; deny all; }
//
// It adds: port metrics with /metrics. While nginx is down the metric nginx_up is 0,
// and the exporter goes on; a dead exporter leaves the pod serving. The image has
// nothing but the exporter: no shell. It runs as uid 1001.
//
// Defaults: image nginx-prometheus-exporter, uid 1001, 10m CPU, 32Mi memory, at most
// 64Mi.
//
// Options: the last of several wins as a whole.
//
// upstream: nginx/nginx-prometheus-exporter exporter.go, build/Dockerfile.
func NginxExporter(scrapeURI string, opts ...NginxExporterOptions) pattern.SidecarContainer {
	o := opt.Last(opts)
	e := exporter{uid: 1001, port: 9113, set: o.Port, health: "/", listen: "--web.listen-address", scrape: o.Scrape}
	c := e.in(pattern.Sidecar("nginx-exporter", nginxExporterImage))
	if o.TimeoutSeconds < 0 {
		c = c.Reject("TimeoutSeconds", o.TimeoutSeconds, "want a positive number of seconds")
	}
	u, port, err := endpoint.URL(scrapeURI, 0, "http", "https")
	if err != nil {
		return c.Reject("scrapeURI", scrapeURI, err.Error()+", such as http://127.0.0.1:8080/stub_status")
	}
	args := []string{"--nginx.scrape-uri=" + expansion.Literal(u.String())}
	if o.TimeoutSeconds > 0 {
		args = append(args, fmt.Sprintf("--nginx.timeout=%ds", o.TimeoutSeconds))
	}
	if o.Plus {
		args = append(args, "--nginx.plus")
	}
	// The exporter's own default is not to verify.
	if u.Scheme == "https" && !o.SkipTLSVerify {
		args = append(args, "--nginx.ssl-verify")
	}
	if o.CA != (pattern.Volume{}) {
		if u.Scheme != "https" || o.SkipTLSVerify {
			c = c.Reject("CA", scrapeURI, "want an https URI, and no SkipTLSVerify")
		}
		c, args = c.Reads(o.CA, caFolder), append(args, "--nginx.ssl-ca-cert="+caFolder+"/ca.crt")
	}
	return e.run(c.Dials(u.Hostname(), port), args...)
}
