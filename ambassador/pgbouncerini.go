package ambassador

import (
	"fmt"
	"strings"
)

// pgBouncerINI gives pgbouncer.ini. A value goes to the end of its line, and nothing
// in it is quoted: what can't stand there was rejected. Without a log file it logs to
// standard error, and without a socket's folder and a pid file it writes nothing.
func pgBouncerINI(o PgBouncerOptions, host string, upstreamPort, port int) string {
	var b strings.Builder
	set := func(key string, value any) {
		b.WriteString(strings.TrimSpace(fmt.Sprintf("%s = %v", key, value)) + "\n")
	}
	list := func(key string, values []string) {
		if len(values) > 0 {
			set(key, strings.Join(values, ","))
		}
	}
	b.WriteString("[databases]\n")
	set("*", fmt.Sprintf("host=%s port=%d", host, upstreamPort))
	b.WriteString("\n[pgbouncer]\n")
	set("listen_addr", "127.0.0.1")
	set("listen_port", port)
	set("unix_socket_dir", "")
	set("auth_type", o.authType())
	set("auth_file", usersFolder+"/"+usersFile)
	if o.AuthUser != "" {
		set("auth_user", o.AuthUser)
	}
	if o.AuthQuery != "" {
		set("auth_query", o.AuthQuery)
	}
	set("pool_mode", o.PoolMode)
	set("default_pool_size", o.PoolSize)
	set("reserve_pool_size", o.ReservePoolSize)
	if o.MaxServerConnections > 0 {
		set("max_db_connections", o.MaxServerConnections)
	}
	set("max_client_conn", o.MaxClients)
	set("max_prepared_statements", max(o.MaxPreparedStatements, 0))
	set("query_wait_timeout", o.QueryWaitTimeoutSeconds)
	list("ignore_startup_parameters", o.IgnoreStartupParameters)
	list("admin_users", o.AdminUsers)
	list("stats_users", o.StatsUsers)
	set("server_tls_sslmode", o.sslMode())
	if o.verifies() {
		set("server_tls_ca_file", caFolder+"/ca.crt")
	}
	return b.String()
}
