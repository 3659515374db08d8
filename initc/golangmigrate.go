package initc

import (
	"strconv"

	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/pattern"
)

// GolangMigrateOptions changes how [GolangMigrate] migrates; the zero value is the default.
type GolangMigrateOptions struct {
	// Steps is how many migrations are applied at most. Default: all that are new.
	Steps int
	// LockTimeoutSeconds is how long it waits for another pod that migrates.
	// Default: 60.
	LockTimeoutSeconds int
	// Verbose logs each statement's file and time.
	Verbose bool
}

// GolangMigrate brings the schema of a database up to date with golang-migrate before the
// app starts. The migrations are files such as 0001_users.up.sql at the top of a
// volume: a ConfigMap's, or one that [CopyFrom] fills from the app's own image. The
// database is the URL in a key of a Secret, such as
// postgres://web:p%40ss@db:5432/web?sslmode=require: its password is escaped as in
// any URL.
//
//	initc.GolangMigrate(pattern.ConfigMap("migrations").Volume("migrations"), pattern.Secret("db"), "url").
//		Dials("db.prod.svc", 5432)
//
// It adds a container migrate, as user 65534 and with 128 MiB, that mounts the volume
// at /migrations and runs migrate up. Where the database is down it fails at once, and
// the kubelet starts it again, with growing pauses: a [WaitForTCP] before it keeps
// the log quiet. The URL is an argument of the program, which other containers see
// where the pod shares its processes (SharePID).
//
// Each pod migrates, each time that it starts; with several replicas one does and
// the others wait for its lock, which the connection must keep: dial the database and
// not a PgBouncer in transaction mode. In a rollout the old pods go on with the new
// schema: each migration must suit both. A migration that fails leaves the schema
// marked dirty: no pod starts until migrate force has been run by hand. Where that
// is too much for a start, run the pod as a Job of its own.
//
// Defaults: image migrate, uid 65534, 10m CPU, 32Mi memory, at most 128Mi.
//
// Options: the last of several wins as a whole.
//
// upstream: golang-migrate/migrate internal/cli/main.go, source/file.
func GolangMigrate(migrations pattern.Volume, database pattern.SecretBuilder, key string, opts ...GolangMigrateOptions) pattern.InitContainer {
	o := opt.Last(opts)
	args := []string{"-path=/migrations", "-database=$(DATABASE_URL)", "-lock-timeout=" + strconv.Itoa(opt.Or(o.LockTimeoutSeconds, 60))}
	if o.Verbose {
		args = append(args, "-verbose")
	}
	args = append(args, "up")
	if o.Steps > 0 {
		args = append(args, strconv.Itoa(o.Steps))
	}
	c := tells(confined(pattern.Init("migrate", migrateImage), nobody)).Args(args...).
		Reads(migrations, "/migrations").
		EnvSecret("DATABASE_URL", database, key).
		Requests("10m", "32Mi").Limits("", "128Mi")
	if o.Steps < 0 {
		c = c.Reject("Steps", o.Steps, "want how many to apply; migrate down is not for a start")
	}
	if o.LockTimeoutSeconds < 0 {
		c = c.Reject("LockTimeoutSeconds", o.LockTimeoutSeconds, "want a positive number of seconds, such as 60")
	}
	return c
}
