package ambassador_test

import (
	"testing"

	"github.com/podpattern/podpattern/ambassador"
	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/patterntest"
)

func TestPgBouncer(t *testing.T) {
	pod := pattern.Pod("web").Hardened().WithApp(patterntest.App().Env("DSN", "postgres://app@$(DB_HOST):$(DB_PORT)/shop"))
	patterntest.Helper(t, "pgbouncer-default", pod, ambassador.PgBouncer("db", "postgres.prod.svc:5432", pattern.Secret("db-users")))
	patterntest.Helper(t, "pgbouncer-options", pod, ambassador.PgBouncer("db", "postgres.prod.svc:5432", pattern.Secret("db-users"), ambassador.PgBouncerOptions{
		PoolMode: ambassador.SessionPooling, PoolSize: 5, ReservePoolSize: 2, MaxServerConnections: 10, MaxClients: 1000,
		MaxPreparedStatements: -1, QueryWaitTimeoutSeconds: 30, AuthUser: "pgbouncer", AuthQuery: "SELECT username, password FROM pgbouncer.get_auth($1)",
		MD5: true, IgnoreStartupParameters: []string{"extra_float_digits", "search_path"}, AdminUsers: []string{"dba"}, StatsUsers: []string{"stats"},
		CA: pattern.ConfigMap("db-ca").Volume("db-ca"), Port: 5432}))
}

func TestPgBouncerRefuses(t *testing.T) {
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1"))
	type opts = ambassador.PgBouncerOptions
	for name, tt := range map[string]struct {
		upstream string
		opts     opts
		want     string
	}{
		"no upstream":        {"", opts{}, "upstream: want host:port"},
		"a URL":              {"postgres://db:5432", opts{}, "upstream: want host:port"},
		"mode":               {"db:5432", opts{PoolMode: 7}, "PoolMode: want one of the constants"},
		"pool":               {"db:5432", opts{PoolSize: -1}, "PoolSize: want a positive number"},
		"reserve":            {"db:5432", opts{ReservePoolSize: -1}, "ReservePoolSize: want"},
		"server connections": {"db:5432", opts{MaxServerConnections: -1}, "MaxServerConnections: want"},
		"clients":            {"db:5432", opts{MaxClients: -1}, "MaxClients: want a positive number"},
		"statements":         {"db:5432", opts{MaxPreparedStatements: -2}, "MaxPreparedStatements: want"},
		"wait":               {"db:5432", opts{QueryWaitTimeoutSeconds: -1}, "QueryWaitTimeoutSeconds: want"},
		"another setting":    {"db:5432", opts{AuthUser: "a\nauth_type = any"}, "AuthUser: want the name"},
		"spaces are trimmed": {"db:5432", opts{AuthUser: "a "}, "AuthUser: want the name"},
		"query of nobody":    {"db:5432", opts{AuthQuery: "SELECT 1"}, "AuthQuery: needs AuthUser"},
		"query of two lines": {"db:5432", opts{AuthUser: "a", AuthQuery: "SELECT\n1"}, "AuthQuery: want a query in one line"},
		"query, trimmed":     {"db:5432", opts{AuthUser: "a", AuthQuery: " SELECT 1"}, "AuthQuery: want a query in one line"},
		"two admins in one":  {"db:5432", opts{AdminUsers: []string{"a,b"}}, "AdminUsers: want a name without a comma"},
		"no name":            {"db:5432", opts{StatsUsers: []string{""}}, "StatsUsers: want a name"},
	} {
		t.Run(name, func(t *testing.T) {
			patterntest.Refuses(t, pod, ambassador.PgBouncer("db", tt.upstream, pattern.Secret("users"), tt.opts), tt.want)
		})
	}
	patterntest.Refuses(t, pod, ambassador.PgBouncer("db", "db:5432", pattern.SecretBuilder{}), "never started")
}
