package ambassador

import (
	"slices"
	"strconv"

	"github.com/podpattern/podpattern/internal/endpoint"
	"github.com/podpattern/podpattern/internal/names"
	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/pattern"
)

// PoolMode is how long a client of [PgBouncer] keeps a connection to the server.
type PoolMode uint8

const (
	// TransactionPooling keeps it for a transaction. What lives longer than that is
	// lost or somebody else's: LISTEN, advisory locks of the session, SET, and
	// temporary tables.
	TransactionPooling PoolMode = iota
	// SessionPooling keeps it until the client goes.
	SessionPooling
	// StatementPooling keeps it for a statement; transactions of several are refused.
	StatementPooling
)

var poolModes = []string{"transaction", "session", "statement"}

func (m PoolMode) String() string {
	if int(m) >= len(poolModes) {
		return "unknown"
	}
	return poolModes[m]
}

// PgBouncerOptions changes what [PgBouncer] does; the zero value is the default.
type PgBouncerOptions struct {
	// PoolMode is how long a client keeps a connection to the server. Default:
	// [TransactionPooling].
	PoolMode PoolMode
	// PoolSize is how many connections to the server each user has to each database,
	// in each pod. Default: 20.
	PoolSize int
	// ReservePoolSize is how many more a pool may have after a client has waited for
	// 5 seconds. Default: none.
	ReservePoolSize int
	// MaxServerConnections bounds the connections to each database, of all users
	// together. Default: no bound.
	MaxServerConnections int
	// MaxClients is how many connections the apps can have open. Default: 200.
	MaxClients int
	// MaxPreparedStatements is how many prepared statements of the protocol each
	// connection to the server remembers, in transaction and statement pooling.
	// Default: 200; -1 turns that off.
	MaxPreparedStatements int
	// QueryWaitTimeoutSeconds is how long a query, or a login, may wait for a connection
	// to the server before the client is told to go. Default: 120.
	QueryWaitTimeoutSeconds int
	// AuthUser looks up, with its own password from the list, those users that
	// are not in the list.
	AuthUser string
	// AuthQuery is the query of AuthUser, which gives user and password for $1, such
	// as that of a SECURITY DEFINER function. Default: PgBouncer's own, for which
	// AuthUser must be a superuser.
	AuthQuery string
	// MD5 lets passwords be md5 hashes, in the list and of the server.
	MD5 bool
	// IgnoreStartupParameters are those that a client may send although PgBouncer
	// doesn't track them. Default: extra_float_digits, which the JDBC driver sends.
	IgnoreStartupParameters []string
	// AdminUsers may run all commands on the console, the database pgbouncer.
	AdminUsers []string
	// StatsUsers may read the console, as an exporter does.
	StatsUsers []string
	// RequireTLS refuses to talk to the server without TLS. Default: TLS where the
	// server has it.
	RequireTLS bool
	// CA has the file ca.crt, such as a ConfigMap's volume, which verifies the server's
	// certificate; that must be for the host as it stands in upstream. It implies
	// RequireTLS.
	CA pattern.Volume
	// Port is what the app dials on localhost. Default: 6432, or the next one that is
	// free in the pod; a port that is set here does not move.
	Port int
}

func (o PgBouncerOptions) authType() string {
	if o.MD5 {
		return "md5"
	}
	return "scram-sha-256"
}

func (o PgBouncerOptions) verifies() bool { return o.CA != pattern.Volume{} }

func (o PgBouncerOptions) sslMode() string {
	switch {
	case o.verifies():
		return "verify-full"
	case o.RequireTLS:
		return "require"
	}
	return "prefer"
}

// Where the users are.
const (
	usersFolder = "/users"
	usersFile   = "userlist.txt"
)

// PgBouncer gives the apps a pool of connections to a PostgreSQL server, on
// localhost. They get NAME_HOST and NAME_PORT, where NAME is that of the ambassador in
// capitals, and name database, user and password themselves; upstream is the
// server's host:port. users is a Secret whose key userlist.txt has the users, each in
// a line:
//
//	"app" "the password"
//
// It adds: a ConfigMap with pgbouncer.ini; a port of its own name, on 127.0.0.1
// only, with a probe that connects to it from inside (nc); the mount /users. The app
// starts when it is up, also while the server is down: then clients wait, and the server
// is tried every 15 seconds. It runs as uid 70, and skips the entrypoint of the image,
// which would write a configuration.
// A list or a CA that changes in its volume is read again within two minutes. Where the
// server wants SCRAM the list needs the password itself, or the very secret that the
// server has. When the pod stops it takes no new clients and ends with the last one,
// or shortly before the end of the grace period; as a native sidecar it stops after
// the app.
//
// Each pod has a pool of its own: the server needs replicas × PoolSize connections
// for each user and database, twice that during a rollout.
//
// Defaults: image pgbouncer, uid 70, 20m CPU, 16Mi memory, at most 64Mi.
//
// Options: the last of several wins as a whole.
//
// upstream: pgbouncer/pgbouncer doc/config.md, doc/usage.md (signals);
// edoburu/docker-pgbouncer Dockerfile, entrypoint.sh (user postgres has uid 70).
func PgBouncer(name, upstream string, users pattern.SecretBuilder, opts ...PgBouncerOptions) pattern.AmbassadorContainer {
	o := opt.Last(opts)
	o.PoolSize, o.MaxClients = opt.Or(o.PoolSize, 20), opt.Or(o.MaxClients, 200)
	o.MaxPreparedStatements = opt.Or(o.MaxPreparedStatements, 200)
	o.QueryWaitTimeoutSeconds = opt.Or(o.QueryWaitTimeoutSeconds, 120)
	o.AdminUsers, o.StatsUsers = slices.Clone(o.AdminUsers), slices.Clone(o.StatsUsers)
	if o.IgnoreStartupParameters = slices.Clone(o.IgnoreStartupParameters); o.IgnoreStartupParameters == nil {
		o.IgnoreStartupParameters = []string{"extra_float_digits"}
	}
	c := pattern.Ambassador(name, pgbouncerImage).
		Reads(users.Volume(names.Join(names.Label, name, "users")).Key(usersFile, usersFile), usersFolder).
		Requests("20m", "16Mi").Limits("", "64Mi").
		Restricted().RunAsUser(70).RunAsGroup(70).ReadOnlyRootFilesystem(true)
	c = o.refuse(c)
	host, upstreamPort, err := endpoint.HostPort(upstream)
	if err != nil {
		return c.Reject("upstream", upstream, err.Error())
	}
	folders := []string{usersFolder}
	if o.verifies() {
		folders = append(folders, caFolder)
		c = c.Reads(o.CA, caFolder)
	}
	serves := portName(name, "")
	c = opt.Port(c, serves, o.Port, 6432).Endpoint(name, serves).Dials(host, upstreamPort)
	return c.Late(func(v pattern.View, c pattern.AmbassadorContainer) pattern.AmbassadorContainer {
		port := v.Port(serves)
		program := reloading{program: []string{"/usr/bin/pgbouncer", pgBouncerFile}, reload: "HUP", stop: "TERM",
			seconds: max(v.GracePeriodSeconds()-5, 1), folders: folders}
		return program.command(c).Config(pgBouncerFile, pgBouncerINI(o, host, upstreamPort, port)).
			Health(pattern.Exec("nc", "-z", "127.0.0.1", strconv.Itoa(port)).TimeoutSeconds(3))
	})
}

const pgBouncerFile = "/etc/pgbouncer/pgbouncer.ini"
