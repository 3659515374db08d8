package sidecar

import (
	"slices"
	"strings"

	"github.com/podpattern/podpattern/internal/endpoint"
	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/pattern"
)

// MySQLExporterOptions changes what [MySQLExporter] does; the zero value is the
// default.
type MySQLExporterOptions struct {
	// TLSMode is true, preferred or skip-verify; the last two don't verify the server's
	// certificate. Default: true with a CA; else preferred, and no TLS to a server
	// in the pod itself, which needs none.
	TLSMode string
	// CA has the file ca.crt, such as a ConfigMap's volume, with the authorities that
	// may have signed the server's certificate. Default: those of the image.
	CA pattern.Volume
	// Port serves the metrics. Default: 9104, or the next one that is free in the
	// pod; a port that is set here does not move.
	Port int
	// Scrape gives the pod the prometheus.io annotations for the metrics. Default: no;
	// one container of a pod can have them.
	Scrape bool
	// Collectors are turned on beside the default ones, such as
	// info_schema.processlist.
	Collectors []string
	// NoCollectors are default ones that are turned off, such as slave_status.
	NoCollectors []string
}

// MySQLExporter serves the status of a MySQL or MariaDB server as metrics for
// Prometheus. addr is its host:port, such as 127.0.0.1:3306; the keys username and
// password of the Secret are those of a user with some rights:
//
//	CREATE USER 'exporter'@'127.0.0.1' IDENTIFIED BY '…' WITH MAX_USER_CONNECTIONS 3;
//	GRANT PROCESS, REPLICATION CLIENT, SELECT ON *.* TO 'exporter'@'127.0.0.1';
//
// It adds: port metrics with /metrics; with a TLSMode or a CA a ConfigMap with my.cnf,
// which has no password in it. While the server is down the metric mysql_up is 0, and
// the exporter goes on; a dead exporter leaves the pod serving. It runs as uid 65534.
//
// Defaults: image mysqld-exporter, uid 65534, 10m CPU, 32Mi memory, at most 64Mi.
//
// Options: the last of several wins as a whole.
//
// upstream: prometheus/mysqld_exporter README.md, mysqld_exporter.go,
// config/config.go (v0.20.0).
func MySQLExporter(addr string, login pattern.SecretBuilder, opts ...MySQLExporterOptions) pattern.SidecarContainer {
	o := opt.Last(opts)
	e := exporter{uid: 65534, port: 9104, set: o.Port, health: "/", listen: "--web.listen-address", scrape: o.Scrape}
	c := e.in(pattern.Sidecar("mysql-exporter", mysqlExporterImage)).
		EnvSecret("MYSQLD_EXPORTER_USER", login, "username").
		EnvSecret("MYSQLD_EXPORTER_PASSWORD", login, "password")
	c, more := collectors(c, "collect.", mysqlCollectors, o.Collectors, o.NoCollectors)
	host, port, err := endpoint.HostPort(addr)
	if o.TLSMode == "" && o.CA == (pattern.Volume{}) && err == nil && !inPod(host) {
		o.TLSMode = "preferred"
	}
	c, client := mysqlClient(c, o)
	// The exporter reads the password from a variable, but the user from a flag only.
	args := slices.Concat([]string{"--mysqld.address=" + addr, "--mysqld.username=$(MYSQLD_EXPORTER_USER)"}, more, client)
	if err != nil {
		return c.Reject("addr", addr, err.Error())
	}
	return e.run(c.Dials(host, port), args...)
}

// mysqlClient gives the exporter my.cnf, which says what no flag does.
func mysqlClient(c pattern.SidecarContainer, o MySQLExporterOptions) (pattern.SidecarContainer, []string) {
	none := pattern.Volume{}
	if o.TLSMode == "" && o.CA == none {
		return c, nil
	}
	tls := opt.Or(o.TLSMode, "true")
	client := "[client]\ntls = " + tls + "\n"
	if modes := []string{"true", "preferred", "skip-verify"}; !slices.Contains(modes, tls) {
		c = c.Reject("TLSMode", tls, "want one of "+strings.Join(modes, ", "))
	}
	if o.CA != none && tls != "true" {
		c = c.Reject("CA", tls, "want TLSMode to be true, as preferred and skip-verify don't verify the certificate")
	}
	if o.CA != none {
		c, client = c.Reads(o.CA, caFolder), client+"ssl-ca = "+caFolder+"/ca.crt\n"
	}
	return c.Config("/etc/mysqld-exporter/my.cnf", client), []string{"--config.my-cnf=/etc/mysqld-exporter/my.cnf"}
}

// mysqlCollectors are those of v0.20.0.
var mysqlCollectors = []string{
	"auto_increment.columns", "binlog_size", "engine_innodb_status", "engine_tokudb_status", "global_status", "global_variables",
	"heartbeat", "info_schema.clientstats", "info_schema.innodb_cmp", "info_schema.innodb_cmpmem", "info_schema.innodb_metrics",
	"info_schema.innodb_tablespaces", "info_schema.processlist", "info_schema.query_response_time", "info_schema.replica_host",
	"info_schema.rocksdb_perf_context", "info_schema.schemastats", "info_schema.tables", "info_schema.tablestats", "info_schema.userstats",
	"mysql.user", "perf_schema.eventsstatements", "perf_schema.eventsstatementssum", "perf_schema.eventswaits", "perf_schema.file_events",
	"perf_schema.file_instances", "perf_schema.indexiowaits", "perf_schema.memory_events", "perf_schema.replication_applier_status_by_worker",
	"perf_schema.replication_group_member_stats", "perf_schema.replication_group_members", "perf_schema.tableiowaits",
	"perf_schema.tablelocks", "slave_hosts", "slave_status", "sys.user_summary",
}
