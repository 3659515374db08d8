package initc

import (
	"path"
	"strings"

	"github.com/podpattern/podpattern/internal/expansion"
	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/pattern"
)

// LiquibaseOptions changes how [Liquibase] migrates; the zero value is the default.
type LiquibaseOptions struct {
	// Drivers is a volume with the JDBC driver of the database, as a jar: one that
	// [Download] or [CopyFrom] fills. The image of Liquibase 5 has none.
	Drivers pattern.Volume
	// OwnDrivers says in place of Drivers that the image, which Image in the chain
	// replaces, has them.
	OwnDrivers bool
	// Contexts is which change sets apply, such as "prod and !test". Default: all.
	Contexts string
	// Labels is which change sets apply, by their labels. Default: all.
	Labels string
	// Schema is where objects without one are made. Default: that of the connection.
	Schema string
}

// Liquibase brings the schema of a database up to date with Liquibase before the app
// starts. The changelogs are files in a volume: a ConfigMap's, or one that [CopyFrom]
// fills from the app's own image; file is the first of them, relative to it. url is
// the database's JDBC URL; login is a Secret with the keys username and password.
// Where they are called otherwise, EnvSecret in the chain replaces
// LIQUIBASE_COMMAND_URL, _USERNAME or _PASSWORD.
//
//	drivers := pattern.EmptyDir("drivers").SizeLimit("16Mi")
//	pod.WithInit(
//		initc.Download("https://repo1.maven.org/maven2/org/postgresql/postgresql/42.7.7/postgresql-42.7.7.jar", sum, drivers),
//		initc.Liquibase(changelogs, "changelog.yaml", "jdbc:postgresql://db.prod.svc:5432/web", pattern.Secret("db"),
//			initc.LiquibaseOptions{Drivers: drivers}))
//
// It adds a container liquibase, as user 1001 and with 512 MiB, that mounts the
// changelogs at /liquibase/changelog and the drivers at /liquibase/lib, and runs
// liquibase update, with a scratch /tmp. Where the database is down it fails at once,
// and the kubelet starts it again, with growing pauses: a [WaitForTCP] before it keeps
// the log quiet. It reports nothing to its maker.
//
// Each pod migrates, each time that it starts; with several replicas one does and the
// others wait for its lock, a row in DATABASECHANGELOGLOCK. A pod that is killed
// meanwhile leaves the lock behind: no pod starts until liquibase release-locks has
// been run by hand. In a rollout the old pods go on with the new schema: each change
// must suit both. Where that is too much for a start, run the pod as a Job of its own.
//
// Defaults: image liquibase, uid 1001, 100m CPU, 256Mi memory, at most 512Mi.
//
// Options: the last of several wins as a whole.
//
// upstream: liquibase/docker Dockerfile, docker-entrypoint.sh;
// docs: docs.liquibase.com, update.
func Liquibase(changelogs pattern.Volume, file, url string, login pattern.SecretBuilder, opts ...LiquibaseOptions) pattern.InitContainer {
	o := opt.Last(opts)
	args := []string{"update", "--changelog-file=" + expansion.Literal(file)}
	if o.Contexts != "" {
		args = append(args, "--context-filter="+expansion.Literal(o.Contexts))
	}
	if o.Labels != "" {
		args = append(args, "--label-filter="+expansion.Literal(o.Labels))
	}
	if o.Schema != "" {
		args = append(args, "--default-schema-name="+expansion.Literal(o.Schema))
	}
	c := overJDBC(pattern.Init("liquibase", liquibaseImage), 1001, url).
		Args(args...).
		Reads(changelogs, "/liquibase/changelog").
		Env("LIQUIBASE_SEARCH_PATH", "/liquibase/changelog").
		Env("LIQUIBASE_COMMAND_URL", expansion.Literal(url)).
		EnvSecret("LIQUIBASE_COMMAND_USERNAME", login, "username").
		EnvSecret("LIQUIBASE_COMMAND_PASSWORD", login, "password").
		Env("LIQUIBASE_ANALYTICS_ENABLED", "false")
	none := pattern.Volume{}
	if o.Drivers != none {
		c = c.Reads(o.Drivers, "/liquibase/lib")
	}
	if (o.Drivers != none) == o.OwnDrivers {
		c = c.Reject("Drivers", "", "Liquibase's image has no JDBC drivers: give a volume with one, or say OwnDrivers of an image that has them")
	}
	if file == "" || path.IsAbs(file) || path.Clean(file) != file || strings.HasPrefix(file, "..") {
		c = c.Reject("file", file, "want a file of the volume, such as db/changelog.yaml")
	}
	return c
}
