package sidecar

import (
	"strings"

	"github.com/podpattern/podpattern/internal/endpoint"
	"github.com/podpattern/podpattern/internal/expansion"
	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/pattern"
)

// RedisExporterOptions changes what [RedisExporter] does; the zero value is the
// default.
type RedisExporterOptions struct {
	// Password has the key password. Default: the server asks for none.
	Password pattern.SecretBuilder
	// Username is the ACL user. Default: Redis' own default user.
	Username string
	// Port serves the metrics. Default: 9121, or the next one that is free in the
	// pod; a port that is set here does not move.
	Port int
	// Scrape gives the pod the prometheus.io annotations for the metrics. Default: no;
	// one container of a pod can have them.
	Scrape bool
	// CheckKeys are patterns, such as db0=cart:*, of keys whose value and size become
	// metrics. Every scrape looks for them with SCAN. Default: none.
	CheckKeys []string
	// CountKeys are patterns of keys that are counted. Default: none.
	CountKeys []string
	// Cluster says that the server is a node of a Redis Cluster, which CheckKeys needs
	// to know.
	Cluster bool
	// CA has the file ca.crt, such as a ConfigMap's volume, with the authorities that
	// may have signed the certificate of a rediss server. Default: those of the image.
	CA pattern.Volume
	// SkipTLSVerify doesn't verify the certificate of a rediss server.
	SkipTLSVerify bool
}

// RedisExporter serves the statistics of a Redis or Valkey server as metrics for
// Prometheus. server is its URL, such as redis://127.0.0.1:6379, or rediss with TLS;
// without a port, 6379.
//
// It adds: port metrics with /metrics and /health. While the server is down the
// metric redis_up is 0, and the exporter goes on; a dead exporter leaves the pod
// serving. The password comes from the Secret by a variable: the exporter's password
// file is no file with a password, but JSON with one for each server. The image has
// nothing but the exporter: no shell. It runs as uid 59000.
//
// Defaults: image redis_exporter, uid 59000, 10m CPU, 32Mi memory, at most 64Mi.
//
// Options: the last of several wins as a whole.
//
// upstream: oliver006/redis_exporter main.go, exporter/pwd_file.go, Dockerfile.
func RedisExporter(server string, opts ...RedisExporterOptions) pattern.SidecarContainer {
	o := opt.Last(opts)
	e := exporter{uid: 59000, port: 9121, set: o.Port, health: "/health", listen: "-web.listen-address", scrape: o.Scrape}
	c := e.in(pattern.Sidecar("redis-exporter", redisExporterImage))
	args := []string{"-redis.addr=" + server}
	if o.Username != "" {
		args = append(args, "-redis.user="+expansion.Literal(o.Username))
	}
	if o.Password != (pattern.SecretBuilder{}) {
		c = c.EnvSecret("REDIS_PASSWORD", o.Password, "password")
	} else if o.Username != "" {
		c = c.Reject("Username", o.Username, "needs a Password")
	}
	c, args = keyPatterns(c, args, "CheckKeys", "-check-keys=", o.CheckKeys)
	c, args = keyPatterns(c, args, "CountKeys", "-count-keys=", o.CountKeys)
	if o.Cluster {
		args = append(args, "-is-cluster")
	}
	if o.SkipTLSVerify {
		args = append(args, "-skip-tls-verification")
	}
	u, port, err := endpoint.URL(server, 6379, "redis", "rediss")
	switch {
	case err != nil:
		return c.Reject("server", server, err.Error()+", such as redis://127.0.0.1:6379")
	case u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.Fragment != "":
		return c.Reject("server", server, "want a server only: the exporter reads all databases")
	}
	if o.CA != (pattern.Volume{}) {
		if u.Scheme != "rediss" || o.SkipTLSVerify {
			c = c.Reject("CA", server, "want a rediss URL, and no SkipTLSVerify")
		}
		c, args = c.Reads(o.CA, caFolder), append(args, "-tls-ca-cert-file="+caFolder+"/ca.crt")
	}
	return e.run(c.Dials(u.Hostname(), port), args...)
}

// keyPatterns adds a flag with patterns, which can't have a comma or a space in them.
func keyPatterns(c pattern.SidecarContainer, args []string, field, flag string, patterns []string) (pattern.SidecarContainer, []string) {
	for _, p := range patterns {
		if p == "" || strings.ContainsAny(p, ", \t\r\n") {
			c = c.Reject(field, p, "want patterns without commas and spaces, such as cart:* or db0=cart:*")
		}
	}
	if len(patterns) > 0 {
		args = append(args, flag+expansion.Literal(strings.Join(patterns, ",")))
	}
	return c, args
}
