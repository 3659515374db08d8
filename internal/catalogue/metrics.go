package catalogue

import (
	"github.com/podpattern/podpattern/adapter"
	"github.com/podpattern/podpattern/initc"
	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/sidecar"
)

func metrics() []Use {
	login := pattern.Secret("exporter")
	flags := Verified{"allow-list of options", "TestExporterFlags"}
	stats := empty("stats")
	statsd := Verified{"statsd_exporter: check and traffic", "TestStatsDReceives"}
	logs := empty("logs")
	mtail := Verified{"mtail: check, and metrics of a log", "TestMetricsFromLogs"}
	fromFile := Verified{"busybox: scrapes, by promtool", "TestMetricsFromFile"}
	return []Use{
		use("sidecar.NginxExporter", "stub_status", flags, sidecar.NginxExporter("http://127.0.0.1:8080/stub_status")),
		use("sidecar.RedisExporter", "a server in the pod", Verified{"redis_exporter: metrics of a server", "TestRedisExporter"},
			sidecar.RedisExporter("redis://127.0.0.1:6379"), serves("redis", 6379)),
		use("sidecar.RedisExporter", "with a password", Verified{"redis_exporter: metrics of a server", "TestRedisExporter"},
			sidecar.RedisExporter("rediss://redis.prod.svc", sidecar.RedisExporterOptions{Password: login, Scrape: true})),
		use("sidecar.PostgresExporter", "a server in the pod", flags, sidecar.PostgresExporter("127.0.0.1:5432", login), serves("postgres", 5432)),
		use("sidecar.MySQLExporter", "a server in the pod", flags, sidecar.MySQLExporter("127.0.0.1:3306", login), serves("mysql", 3306)),
		use("sidecar.MySQLExporter", "with TLS", flags, sidecar.MySQLExporter("mysql.prod.svc:3306", login, sidecar.MySQLExporterOptions{TLSMode: "true"})),
		use("sidecar.StatsDExporter", "a mapping file", statsd, sidecar.StatsDExporter(sidecar.StatsDExporterOptions{
			Endpoint: "legacy-statsd", Mapping: "mappings: [{match: app.*.requests, name: app_requests_total, labels: {service: $1}}]"})),
		use("sidecar.StatsDExporter", "no mapping", statsd, sidecar.StatsDExporter(sidecar.StatsDExporterOptions{TCP: true, Scrape: true})),
		use("adapter.StatsD", "mappings", statsd, adapter.StatsD([]adapter.StatsDMapping{
			{Match: "app.*.requests", Name: "app_requests_total", Labels: map[string]string{"service": "$1"}}})),
		use("initc.JMXAgent", "all MBeans", Verified{"allow-list of options", "TestJMXAgentConfig"},
			initc.JMXAgent("registry.example.com/jmx-agent:1.6.0", "/jmx_prometheus_javaagent-1.6.0.jar")),
		use("adapter.MetricsFromLogs", "a counter", mtail, adapter.MetricsFromLogs(logs, []adapter.LogMetric{
			{Name: "app_requests_total", Regex: `^REQ\|(?P<route>[^|]+)\|(?P<code>\d+)$`, Labels: []string{"route", "code"}}}), writes("logs", logs)),
		use("adapter.JSONMetrics", "values and objects", Verified{"JSONPath of client-go, on a document", "TestJSONMetricsReadsADocument"},
			adapter.JSONMetrics("http://127.0.0.1:8080/stats", []adapter.JSONMetric{
				{Name: "app_workers", Path: "{.workers}"},
				{Name: "app_queue_depth", Each: "{.queues[*]}", Path: "{.depth}", Labels: map[string]string{"queue": "{.name}"}}})),
		use("adapter.MetricsFromFile", "names and values", fromFile, adapter.MetricsFromFile(stats, "stats.raw"), writes("stats", stats)),
		use("adapter.MetricsFromFile", "columns", fromFile, adapter.MetricsFromFile(stats, "queues.csv", adapter.MetricsFromFileOptions{
			Delimiter: ",", HeaderLines: 1, Scrape: true, Metrics: []adapter.FileMetric{{Name: "app_queue_depth", Value: 2, Labels: map[string]int{"queue": 1}}}}), writes("stats", stats)),
		use("adapter.MetricsFromFile", "a regular expression", Verified{"busybox: scrapes, by promtool", "TestMetricsFromFileByRegex"},
			adapter.MetricsFromFile(stats, "stats.raw", adapter.MetricsFromFileOptions{Regex: `^([a-z_]+) has ([0-9.]+)`}), writes("stats", stats)),
	}
}
