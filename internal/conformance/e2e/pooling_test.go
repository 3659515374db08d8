package e2e_test

import (
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/podpattern/podpattern/ambassador"
	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
)

const postgresImage = "docker.io/library/postgres:15"

// newDatabase is a pod db with a PostgreSQL that takes 30 connections, and its Service. The
// SQL is run before the first start.
func newDatabase(sql string) []pattern.Object {
	data := pattern.EmptyDir("data").SizeLimit("1Gi")
	init := pattern.ConfigMap("init").Data("init.sql", sql)
	db := pattern.Pod("db").Label("app", "db").TerminationGracePeriodSeconds(5).FSGroup(999).
		WithApp(pattern.App("postgres", postgresImage).RunAsUser(999).Port("postgres", 5432).Args("-c", "max_connections=30").
			Env("POSTGRES_PASSWORD", "super").Env("PGDATA", "/var/lib/postgresql/data/pg").
			Writes(data, "/var/lib/postgresql/data").Reads(init.Volume("init"), "/docker-entrypoint-initdb.d").
			ReadinessProbe(pattern.Exec("pg_isready", "-h", "127.0.0.1").PeriodSeconds(2).TimeoutSeconds(5)))
	return []pattern.Object{init, db, db.Service()}
}

// sql runs SQL in the server's pod, past every pool.
func (s *space) sql(query string) string {
	s.Helper()
	return strings.TrimSpace(s.run("db", "postgres", "sh", "-c", `PGPASSWORD=super exec psql -X -At -h 127.0.0.1 -U postgres -d postgres -c "$0"`, query))
}

// A hundred clients are five connections to the server, which would refuse a hundred;
// and while the server is away they wait.
func TestPgBouncerPools(t *testing.T) {
	s, start := newSpace(t), time.Now()
	server := newDatabase(`CREATE USER app PASSWORD 'secret';`)
	users := pattern.Secret("users").Data("userlist.txt", "\"app\" \"secret\"\n")
	s.apply(server...)
	s.apply(users, pattern.Pod("web").TerminationGracePeriodSeconds(6).
		WithApp(pattern.App("app", postgresImage).RunAsUser(999).Env("PGUSER", "app").Env("PGPASSWORD", "secret").Env("PGDATABASE", "postgres").
			Shell(`trap 'exit 0' TERM; sleep 100000 & wait`)).
		WithAmbassador(ambassador.PgBouncer("db", "db:5432", users, ambassador.PgBouncerOptions{PoolSize: 5})))
	s.ready("web")
	s.ready("db")
	s.yields("web", "app", "accepting connections", "pg_isready", "-h", "db") // the node knows the Service
	bench := func(host, port string) (string, error) {
		return s.exec("web", "app", "sh", "-c", `echo 'SELECT pg_sleep(0.02);' >/tmp/sleep.sql
exec pgbench -n -c 100 -j 1 -t 10 -f /tmp/sleep.sql -h `+host+` -p `+port)
	}
	out, err := bench("db", "5432")
	require.Error(t, err, "the server takes 100 connections by itself: %s", out)
	require.Regexp(t, `connection slots|too many clients`, out)

	type result struct {
		out string
		err error
	}
	done := make(chan result, 1)
	go func() {
		out, err := bench(`"$DB_HOST"`, `"$DB_PORT"`)
		done <- result{out, err}
	}()
	most, looks := 0, 0
	var r result
	for running := true; running; {
		select {
		case r = <-done:
			running = false
		default:
			n, err := strconv.Atoi(s.sql("SELECT count(*) FROM pg_stat_activity WHERE usename = 'app'"))
			require.NoError(t, err)
			most, looks = max(most, n), looks+1
		}
	}
	require.NoError(t, r.err, r.out)
	require.Contains(t, r.out, "number of transactions actually processed: 1000/1000")
	require.Equal(t, 5, most, "connections to the server, of %d looks", looks)
	tps := regexp.MustCompile(`tps = ([0-9]+)`).FindStringSubmatch(r.out)
	require.NotNil(t, tps, r.out)
	s.observed(start, "100 clients of pgbench did 1000 transactions (%s a second) over 5 connections to PostgreSQL 15 in pg_stat_activity; without the pool it refused them", tps[1])
}

// An app starts with its pool while there is no server: its query waits, and is answered
// when the server is there. Clients in turn have one connection, and a wrong password is
// refused.
func TestPgBouncerWaitsForTheServer(t *testing.T) {
	s, start := newSpace(t), time.Now()
	server := newDatabase(`CREATE USER app PASSWORD 'secret';`)
	users := pattern.Secret("users").Data("userlist.txt", "\"app\" \"secret\"\n")
	query := func(password string) string {
		return `PGPASSWORD=` + password + ` psql -X -At -h "$DB_HOST" -p "$DB_PORT" -U app -d postgres -c "SELECT 'answer ' || pg_backend_pid()"`
	}
	s.apply(server[2], users, pattern.Pod("web").TerminationGracePeriodSeconds(6).
		WithApp(pattern.App("app", postgresImage).RunAsUser(999).
			Shell(`trap 'exit 0' TERM; `+query("secret")+`; sleep 100000 & wait`)).
		WithAmbassador(ambassador.PgBouncer("db", "db:5432", users, ambassador.PgBouncerOptions{QueryWaitTimeoutSeconds: 200})))
	s.ready("web")
	s.prints("web", "db", `connect failed`)
	asked := time.Now()
	s.apply(server[:2]...)
	s.ready("db")
	log := s.prints("web", "app", `answer \d+`)
	waited := time.Since(asked)
	require.NotContains(t, log, "rror", "the query that waited")
	out, err := s.exec("web", "app", "sh", "-c", query("wrong"))
	require.Error(t, err)
	require.Contains(t, out, "authentication failed")
	first, second := s.run("web", "app", "sh", "-c", query("secret")), s.run("web", "app", "sh", "-c", query("secret"))
	require.Equal(t, first, second, "two clients in turn have two connections to the server")
	require.Zero(t, status(s.ready("web"), "db").RestartCount)
	s.observed(start, "with no server the app started with its pool, and its query waited for PostgreSQL %.0f s and was answered; a wrong password was refused", waited.Seconds())
}
