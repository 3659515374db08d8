package catalogue

// UseCase is something that tutorials of the patterns show, with the helpers for it.
type UseCase struct {
	Pattern, What string
	Helpers       []string // constructors
}

// UseCases are sorted as tutorials are: by pattern, the plain cases first.
func UseCases() []UseCase {
	return []UseCase{
		{"sidecar", "ship log files to a server", []string{"sidecar.LogShipper", "sidecar.FluentBit", "sidecar.Vector", "sidecar.Fluentd", "sidecar.Filebeat", "sidecar.Alloy"}},
		{"sidecar", "show a log file as the container's own log", []string{"sidecar.LogTail"}},
		{"sidecar", "rotate log files", []string{"sidecar.LogRotate"}},
		{"sidecar", "export the metrics of a server", []string{"sidecar.NginxExporter", "sidecar.RedisExporter", "sidecar.PostgresExporter", "sidecar.MySQLExporter", "sidecar.StatsDExporter", "initc.JMXAgent"}},
		{"sidecar", "collect traces, metrics and logs of the app", []string{"sidecar.OTelCollector"}},
		{"sidecar", "proxy in front of the app: headers, cache, rate limit", []string{"sidecar.ReverseProxy"}},
		{"sidecar", "log users in before they reach the app", []string{"sidecar.OAuth2Proxy"}},
		{"sidecar", "keep files in step with a git repository", []string{"sidecar.GitSync"}},
		{"sidecar", "keep files in step with ConfigMaps and Secrets", []string{"sidecar.ConfigSync"}},
		{"sidecar", "reload the app when its configuration changes", []string{"sidecar.ConfigReloader"}},
		{"sidecar", "fetch secrets and renew them", []string{"sidecar.VaultAgent"}},
		{"sidecar", "fetch certificates and renew them", []string{"sidecar.SPIFFEHelper"}},
		{"sidecar", "make content that the app serves", []string{"sidecar.Content"}},
		{"ambassador", "reach a database on localhost", []string{"ambassador.TCP", "ambassador.PgBouncer", "ambassador.CloudSQL"}},
		{"ambassador", "pool the connections to a database", []string{"ambassador.PgBouncer"}},
		{"ambassador", "reach the primary of a Redis", []string{"ambassador.Redis"}},
		{"ambassador", "spread requests over several servers, and fail over", []string{"ambassador.TCP", "ambassador.HTTP"}},
		{"ambassador", "retry, time out and break circuits", []string{"ambassador.HTTP"}},
		{"ambassador", "terminate TLS before the app", []string{"ambassador.TLS"}},
		{"ambassador", "mutual TLS between services", []string{"ambassador.MTLS", "ambassador.MTLSServer"}},
		{"ambassador", "a proxy as in a service mesh, or the mesh's own", []string{"ambassador.Mesh", "ambassador.Injected"}},
		{"adapter", "convert log lines", []string{"adapter.LogsToJSON"}},
		{"adapter", "convert a file, or a command's output, into metrics", []string{"adapter.MetricsFromFile", "adapter.Script"}},
		{"adapter", "count log lines as metrics", []string{"adapter.MetricsFromLogs"}},
		{"adapter", "convert StatsD into metrics", []string{"adapter.StatsD"}},
		{"adapter", "convert JSON into metrics", []string{"adapter.JSONMetrics"}},
		{"adapter", "convert traces and metrics into OTLP", []string{"adapter.OTelTranslate"}},
		{"adapter", "speak HTTP and JSON for a gRPC app", []string{"adapter.GRPCJSON"}},
		{"adapter", "give an old HTTP API new paths, headers and bodies", []string{"adapter.HTTPRewrite"}},
		{"init container", "wait for a server", []string{"initc.WaitForTCP", "initc.WaitForHTTP", "initc.WaitForDNS"}},
		{"init container", "migrate a database", []string{"initc.GolangMigrate", "initc.Flyway", "initc.Liquibase"}},
		{"init container", "write or render configuration", []string{"initc.WriteConfig", "initc.RenderTemplate"}},
		{"init container", "clone a repository", []string{"initc.GitClone"}},
		{"init container", "download and unpack a file", []string{"initc.Download"}},
		{"init container", "fetch secrets once", []string{"initc.VaultInit"}},
		{"init container", "copy files out of another image", []string{"initc.CopyFrom"}},
		{"init container", "set the permissions of a volume", []string{"initc.Permissions"}},
		{"init container", "set kernel parameters", []string{"initc.Sysctl"}},
		{"init container", "let a check decide whether the app starts", []string{"initc.Gate"}},
	}
}
