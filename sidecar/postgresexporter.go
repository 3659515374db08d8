package sidecar

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/podpattern/podpattern/internal/endpoint"
	"github.com/podpattern/podpattern/internal/expansion"
	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/pattern"
)

// PostgresExporterOptions changes what [PostgresExporter] does; the zero value is the
// default.
type PostgresExporterOptions struct {
	// Database is the one that the exporter logs in to. Default: postgres.
	Database string
	// SSLMode is disable, require, verify-ca or verify-full. Default: disable for a
	// server in the pod, require for another, and verify-full with a CA.
	SSLMode string
	// CA has the file ca.crt, such as a ConfigMap's volume, with the authorities that
	// may have signed the server's certificate. Default: those of the image.
	CA pattern.Volume
	// Port serves the metrics. Default: 9187, or the next one that is free in the
	// pod; a port that is set here does not move.
	Port int
	// Scrape gives the pod the prometheus.io annotations for the metrics. Default: no;
	// one container of a pod can have them.
	Scrape bool
	// Collectors are turned on beside the default ones, such as stat_statements.
	Collectors []string
	// NoCollectors are default ones that are turned off, such as settings.
	NoCollectors []string
	// TimeoutSeconds bounds how long the server may take for a scrape. Default: 60.
	TimeoutSeconds int
}

// PostgresExporter serves the statistics of a PostgreSQL server as metrics for
// Prometheus. addr is its host:port, such as 127.0.0.1:5432; the keys username and
// password of the Secret are those of a role with the rights of pg_monitor:
//
//	CREATE ROLE exporter LOGIN PASSWORD '…' IN ROLE pg_monitor;
//
// It adds: port metrics with /metrics. While the server is down the metric pg_up is
// 0, and the exporter goes on; a dead exporter leaves the pod serving. The password
// needs no quoting. The exporter warns at its start that it has no
// postgres_exporter.yml, which it needs for other servers only. It runs as uid 65534.
//
// Defaults: image postgres-exporter, uid 65534, 10m CPU, 32Mi memory, at most 64Mi.
//
// Options: the last of several wins as a whole.
//
// upstream: prometheus-community/postgres_exporter README.md, collector (v0.20.1).
func PostgresExporter(addr string, login pattern.SecretBuilder, opts ...PostgresExporterOptions) pattern.SidecarContainer {
	o := opt.Last(opts)
	e := exporter{uid: 65534, port: 9187, set: o.Port, health: "/", listen: "--web.listen-address", scrape: o.Scrape}
	c := e.in(pattern.Sidecar("postgres-exporter", postgresExporterImage)).
		EnvSecret("DATA_SOURCE_USER", login, "username").
		EnvSecret("DATA_SOURCE_PASS", login, "password")
	c, args := collectors(c, "collector.", postgresCollectors, o.Collectors, o.NoCollectors)
	if o.TimeoutSeconds < 0 {
		c = c.Reject("TimeoutSeconds", o.TimeoutSeconds, "want a positive number of seconds")
	}
	if o.TimeoutSeconds > 0 {
		args = append(args, fmt.Sprintf("--collection-timeout=%ds", o.TimeoutSeconds))
	}
	modes := []string{"disable", "require", "verify-ca", "verify-full"}
	if o.SSLMode != "" && !slices.Contains(modes, o.SSLMode) {
		c = c.Reject("SSLMode", o.SSLMode, "want one of "+strings.Join(modes, ", "))
	}
	host, port, err := endpoint.HostPort(addr)
	if err != nil {
		return c.Reject("addr", addr, err.Error())
	}
	mode := "require"
	if inPod(host) {
		mode = "disable"
	}
	roots := ""
	if o.CA != (pattern.Volume{}) {
		if o.SSLMode == "disable" {
			c = c.Reject("CA", o.SSLMode, "want an SSLMode with certificates, such as verify-full")
		}
		c, mode, roots = c.Reads(o.CA, caFolder), "verify-full", "&sslrootcert="+caFolder+"/ca.crt"
	}
	source := url.URL{Host: addr, Path: "/" + opt.Or(o.Database, "postgres"), RawQuery: "sslmode=" + opt.Or(o.SSLMode, mode) + roots}
	c = c.Env("DATA_SOURCE_URI", expansion.Literal(strings.TrimPrefix(source.String(), "//"))).Dials(host, port)
	return e.run(c, args...)
}

// postgresCollectors are those of v0.20.1.
var postgresCollectors = []string{
	"buffercache_summary", "database", "database_wraparound", "locks", "long_running_transactions", "postmaster",
	"process_idle", "replication", "replication_slots", "roles", "settings", "stat_activity", "stat_activity_autovacuum",
	"stat_archiver", "stat_bgwriter", "stat_checkpointer", "stat_database", "stat_progress_vacuum", "stat_replication",
	"stat_statements", "stat_user_tables", "stat_wal_receiver", "statio_user_indexes", "statio_user_tables", "wal", "xlog_location",
}
