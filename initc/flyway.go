package initc

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/podpattern/podpattern/internal/expansion"
	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/pattern"
)

// FlywayOptions changes how [Flyway] migrates; the zero value is the default.
type FlywayOptions struct {
	// Schemas are those that Flyway manages; the first has its history.
	// Default: that of the connection.
	Schemas []string
	// Placeholders replace ${name} in the migrations. They are printed in clear.
	Placeholders map[string]string
	// BaselineOnMigrate takes a database that has tables and no history as it is.
	BaselineOnMigrate bool
	// OutOfOrder applies migrations that are older than the newest that was applied.
	OutOfOrder bool
	// Target is the version up to which is migrated, such as 2.1. Default: the newest.
	Target string
	// ConnectRetries is how often it tries to reach the database, with pauses that
	// grow to 8 seconds. Default: 15, which is about 100 seconds.
	ConnectRetries int
}

// Flyway brings the schema of a database up to date with Flyway before the app
// starts. The migrations are files such as V1__users.sql in a volume: a ConfigMap's,
// or one that [CopyFrom] fills from the app's own image. url is the database's JDBC
// URL; login is a Secret with the keys username and password. Where they are called
// otherwise, EnvSecret in the chain replaces FLYWAY_URL, FLYWAY_USER or
// FLYWAY_PASSWORD.
//
//	initc.Flyway(pattern.ConfigMap("migrations").Volume("migrations"), "jdbc:postgresql://db.prod.svc:5432/web", pattern.Secret("db"))
//
// It adds a container flyway, as user 65534 and with 512 MiB, that mounts the volume
// at /flyway/sql and runs flyway migrate, with a scratch /tmp. It waits for the
// database. A file that isn't named as a migration is, is an error, where Flyway by
// itself passes over it in silence. It reports nothing to its maker.
//
// Each pod migrates, each time that it starts; with several replicas one does and the
// others wait for its lock. In a rollout the old pods go on with the new schema: each
// migration must suit both. A migration that fails keeps every new pod from starting,
// until flyway repair has been run by hand where the database can't roll it back.
// Where that is too much for a start, run the pod as a Job of its own.
//
// Defaults: image flyway, uid 65534, 100m CPU, 256Mi memory, at most 512Mi.
//
// Options: the last of several wins as a whole.
//
// upstream: flyway/flyway-docker, flyway/flyway documentation of the parameters;
// docs: documentation.red-gate.com/flyway.
func Flyway(migrations pattern.Volume, url string, login pattern.SecretBuilder, opts ...FlywayOptions) pattern.InitContainer {
	o := opt.Last(opts)
	args := []string{
		"-locations=filesystem:/flyway/sql",
		"-connectRetries=" + strconv.Itoa(opt.Or(o.ConnectRetries, 15)),
		"-connectRetriesInterval=8",
		"-validateMigrationNaming=true",
	}
	if len(o.Schemas) > 0 {
		args = append(args, "-schemas="+expansion.Literal(strings.Join(o.Schemas, ",")))
	}
	for _, name := range slices.Sorted(maps.Keys(o.Placeholders)) {
		args = append(args, expansion.Literal("-placeholders."+name+"="+o.Placeholders[name]))
	}
	if o.BaselineOnMigrate {
		args = append(args, "-baselineOnMigrate=true")
	}
	if o.OutOfOrder {
		args = append(args, "-outOfOrder=true")
	}
	if o.Target != "" {
		args = append(args, "-target="+expansion.Literal(o.Target))
	}
	c := overJDBC(pattern.Init("flyway", flywayImage), nobody, url).
		Args(append(args, "migrate")...).
		Reads(migrations, "/flyway/sql").
		Env("FLYWAY_URL", expansion.Literal(url)).
		EnvSecret("FLYWAY_USER", login, "username").
		EnvSecret("FLYWAY_PASSWORD", login, "password").
		Env("REDGATE_DISABLE_TELEMETRY", "true")
	for _, schema := range o.Schemas {
		if schema == "" || strings.Contains(schema, ",") {
			c = c.Reject("Schemas", schema, "want the name of one schema")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(o.Placeholders)) {
		if name == "" || strings.ContainsAny(name, "= \t\n{}") {
			c = c.Reject("Placeholders", name, "want the name of a placeholder, such as owner")
		}
	}
	if o.ConnectRetries < 0 {
		c = c.Reject("ConnectRetries", o.ConnectRetries, "want how often to try, such as 15")
	}
	return c
}
