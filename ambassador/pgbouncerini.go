package ambassador

import (
	"fmt"
	"strings"

	"github.com/podpattern/podpattern/pattern"
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
	// By default a login ends after a minute, also where it waits for the server only.
	set("client_login_timeout", o.QueryWaitTimeoutSeconds)
	list("ignore_startup_parameters", o.IgnoreStartupParameters)
	list("admin_users", o.AdminUsers)
	list("stats_users", o.StatsUsers)
	set("server_tls_sslmode", o.sslMode())
	if o.verifies() {
		set("server_tls_ca_file", caFolder+"/ca.crt")
	}
	return b.String()
}

func (o PgBouncerOptions) refuse(c pattern.AmbassadorContainer) pattern.AmbassadorContainer {
	if int(o.PoolMode) >= len(poolModes) {
		c = c.Reject("PoolMode", o.PoolMode, "want one of the constants, such as SessionPooling")
	}
	c = atLeastOne(c, "PoolSize", o.PoolSize)
	c = atLeastOne(c, "MaxClients", o.MaxClients)
	c = atLeastOne(c, "QueryWaitTimeoutSeconds", o.QueryWaitTimeoutSeconds)
	if o.ReservePoolSize < 0 {
		c = c.Reject("ReservePoolSize", o.ReservePoolSize, "want a number, or 0 for none")
	}
	if o.MaxServerConnections < 0 {
		c = c.Reject("MaxServerConnections", o.MaxServerConnections, "want a number, or 0 for no bound")
	}
	if o.MaxPreparedStatements < -1 {
		c = c.Reject("MaxPreparedStatements", o.MaxPreparedStatements, "want a number, or -1 for off")
	}
	if o.AuthUser != "" && !isLine(o.AuthUser) {
		c = c.Reject("AuthUser", o.AuthUser, "want the name of a user")
	}
	switch {
	case o.AuthQuery == "":
	case o.AuthUser == "":
		c = c.Reject("AuthQuery", o.AuthQuery, "needs AuthUser, who asks")
	case !isLine(o.AuthQuery):
		c = c.Reject("AuthQuery", o.AuthQuery, "want a query in one line, such as SELECT username, password FROM get_auth($1)")
	}
	names := func(field string, entries []string) {
		for _, e := range entries {
			if !isLine(e) || strings.Contains(e, ",") {
				c = c.Reject(field, e, "want a name without a comma")
			}
		}
	}
	names("IgnoreStartupParameters", o.IgnoreStartupParameters)
	names("AdminUsers", o.AdminUsers)
	names("StatsUsers", o.StatsUsers)
	return c
}

// isLine says whether a text can be the rest of a line, whose ends are trimmed.
func isLine(s string) bool { return isWord(s) && strings.TrimSpace(s) == s }
