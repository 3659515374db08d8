package sidecar_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/sidecar"
	"github.com/stretchr/testify/require"
)

// flags are those of a program that reads them with kingpin: a flag without a check
// takes no value, and can be negated.
type flags map[string]func(value string) error

func anyText(string) error { return nil }

func duration(value string) error {
	_, err := time.ParseDuration(value)
	return err
}

func (f flags) take(args []string) error {
	for _, arg := range args {
		name, value, valued := strings.Cut(strings.TrimPrefix(arg, "--"), "=")
		check, known := f[name]
		if !known && !valued {
			check, known = f[strings.TrimPrefix(name, "no-")]
		}
		switch {
		case !strings.HasPrefix(arg, "--") || !known:
			return fmt.Errorf("unknown flag %s", arg)
		case valued != (check != nil):
			return fmt.Errorf("flag %s takes a value, or none", arg)
		case check == nil:
			continue
		}
		if err := check(value); err != nil {
			return fmt.Errorf("flag %s: %w", arg, err)
		}
	}
	return nil
}

// with adds one flag without a value for each name.
func (f flags) with(prefix, names string) flags {
	f = maps.Clone(f)
	for _, name := range strings.Fields(names) {
		f[prefix+name] = nil
	}
	return f
}

var (
	// upstream: nginx/nginx-prometheus-exporter v1.5.3 exporter.go.
	nginxFlags = flags{
		"web.listen-address": anyText, "web.telemetry-path": anyText, "nginx.plus": nil, "nginx.scrape-uri": anyText, "nginx.ssl-verify": nil,
		"nginx.ssl-ca-cert": anyText, "nginx.ssl-client-cert": anyText, "nginx.ssl-client-key": anyText, "nginx.timeout": duration,
	}
	// upstream: prometheus-community/postgres_exporter v0.20.1 cmd/postgres_exporter/main.go,
	// and the calls of registerCollector in collector.
	postgresFlags = flags{
		"web.listen-address": anyText, "web.telemetry-path": anyText, "config.file": anyText, "collection-timeout": duration, "disable-default-metrics": nil,
	}.with("collector.", `buffercache_summary database database_wraparound locks long_running_transactions postmaster process_idle replication
		replication_slots roles settings stat_activity stat_activity_autovacuum stat_archiver stat_bgwriter stat_checkpointer stat_database
		stat_progress_vacuum stat_replication stat_statements stat_user_tables stat_wal_receiver statio_user_indexes statio_user_tables wal xlog_location`)
	// upstream: prometheus/mysqld_exporter v0.20.0 mysqld_exporter.go, and the Name of
	// each scraper in collector.
	mysqlFlags = flags{
		"web.listen-address": anyText, "web.telemetry-path": anyText, "config.my-cnf": anyText, "mysqld.address": anyText, "mysqld.username": anyText,
		"tls.insecure-skip-verify": nil,
	}.with("collect.", `auto_increment.columns binlog_size engine_innodb_status engine_tokudb_status global_status global_variables heartbeat
		info_schema.clientstats info_schema.innodb_cmp info_schema.innodb_cmpmem info_schema.innodb_metrics info_schema.innodb_tablespaces
		info_schema.processlist info_schema.query_response_time info_schema.replica_host info_schema.rocksdb_perf_context info_schema.schemastats
		info_schema.tables info_schema.tablestats info_schema.userstats mysql.user perf_schema.eventsstatements perf_schema.eventsstatementssum
		perf_schema.eventswaits perf_schema.file_events perf_schema.file_instances perf_schema.indexiowaits perf_schema.memory_events
		perf_schema.replication_applier_status_by_worker perf_schema.replication_group_member_stats perf_schema.replication_group_members
		perf_schema.tableiowaits perf_schema.tablelocks slave_hosts slave_status sys.user_summary`)
)

// names gives the flags with a prefix, without it.
func (f flags) names(prefix string) []string {
	var names []string
	for name := range f {
		if name, found := strings.CutPrefix(name, prefix); found {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// Every flag that an exporter can be given, all collectors turned on and off
// included, is one that its program has.
func TestExporterFlags(t *testing.T) {
	login := pattern.Secret("exporter")
	on, off := postgresFlags.names("collector."), mysqlFlags.names("collect.")
	for name, tt := range map[string]struct {
		flags flags
		c     pattern.SidecarContainer
		args  int
	}{
		"nginx": {nginxFlags, sidecar.NginxExporter("https://127.0.0.1/stub_status", sidecar.NginxExporterOptions{TimeoutSeconds: 1, Plus: true, CA: ca}), 6},
		"postgres": {postgresFlags, sidecar.PostgresExporter("127.0.0.1:5432", login, sidecar.PostgresExporterOptions{
			Collectors: on, NoCollectors: on, TimeoutSeconds: 90}), 2 + 2*26},
		"mysql": {mysqlFlags, sidecar.MySQLExporter("127.0.0.1:3306", login, sidecar.MySQLExporterOptions{
			TLSMode: "preferred", Collectors: off, NoCollectors: off}), 4 + 2*36},
	} {
		t.Run(name, func(t *testing.T) {
			pod, err := pattern.Pod("web").WithApp(pattern.App("web", "web:1")).WithSidecar(tt.c).Build()
			require.NoError(t, err)
			args := pod.Spec.InitContainers[0].Args
			require.NoError(t, tt.flags.take(args))
			require.Len(t, args, tt.args)
		})
	}
}

// The test above can fail.
func TestExporterFlagsRefuse(t *testing.T) {
	for want, tt := range map[string]struct {
		flags flags
		arg   string
	}{
		"unknown flag -nginx":                 {nginxFlags, "-nginx.plus"},
		"unknown flag --nginx.scrap":          {nginxFlags, "--nginx.scrap-uri=http://a"},
		"unknown flag --collector.repl":       {postgresFlags, "--collector.replication_slot"},
		"unknown flag --no-mysqld.address=a":  {mysqlFlags, "--no-mysqld.address=a"},
		"flag --nginx.plus=1 takes a value":   {nginxFlags, "--nginx.plus=1"},
		"flag --nginx.timeout takes a value":  {nginxFlags, "--nginx.timeout"},
		"flag --nginx.timeout=5: time: missi": {nginxFlags, "--nginx.timeout=5"},
	} {
		require.ErrorContains(t, tt.flags.take([]string{tt.arg}), want)
	}
}
