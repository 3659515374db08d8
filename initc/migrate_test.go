package initc_test

import (
	"strings"
	"testing"

	"github.com/podpattern/podpattern/initc"
	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/patterntest"
	"github.com/stretchr/testify/require"
)

var (
	migrations = pattern.ConfigMap("migrations").Volume("migrations")
	login      = pattern.Secret("db")
)

const database = "jdbc:postgresql://db.prod.svc/web"

func TestGolangMigrate(t *testing.T) {
	tests := map[string]pattern.InitContainer{
		"default": initc.GolangMigrate(migrations, login, "url"),
		"options": initc.GolangMigrate(migrations, login, "url", initc.GolangMigrateOptions{Steps: 1, LockTimeoutSeconds: 300, Verbose: true}).Dials("db.prod.svc", 5432),
	}
	for name, c := range tests {
		t.Run(name, func(t *testing.T) { patterntest.Helper(t, "golangmigrate-"+name, hardened, c) })
	}
}

func TestFlyway(t *testing.T) {
	tests := map[string]pattern.InitContainer{
		"default": initc.Flyway(migrations, database, login),
		"options": initc.Flyway(migrations, "jdbc:sqlserver://a.prod.svc,b.prod.svc:1434;databaseName=web;encrypt=true", login, initc.FlywayOptions{
			Schemas: []string{"web", "audit"}, Placeholders: map[string]string{"owner": "web app", "b": "$(X) ${y} $$"},
			BaselineOnMigrate: true, OutOfOrder: true, Target: "2.1", ConnectRetries: 3,
		}),
	}
	for name, c := range tests {
		t.Run(name, func(t *testing.T) { patterntest.Helper(t, "flyway-"+name, hardened, c) })
	}
}

func TestLiquibase(t *testing.T) {
	drivers := pattern.EmptyDir("drivers").SizeLimit("16Mi")
	pod := hardened.WithInit(initc.CopyFrom("registry.example.com/drivers:42.7.7", "/drivers/.", drivers))
	patterntest.Helper(t, "liquibase-default", pod, initc.Liquibase(migrations, "changelog.yaml", database, login, initc.LiquibaseOptions{Drivers: drivers}))
	own := initc.LiquibaseOptions{OwnDrivers: true, Contexts: "prod and !test", Labels: "v2", Schema: "web"}
	patterntest.Helper(t, "liquibase-options", hardened, initc.Liquibase(migrations, "db/changelog.xml", "jdbc:oracle:thin:@db.prod.svc:1521:web", login, own).
		Image("registry.example.com/liquibase:5.0.2").Dials("db.prod.svc", 1521))
}

// What Flyway and Liquibase are told is what they know.
// upstream: flyway/flyway documentation of the parameters; docs.liquibase.com, update
// and the environment variables.
func TestMigrationsSayWhatTheirProgramsKnow(t *testing.T) {
	known := []string{
		"FLYWAY_URL", "-locations", "-connectRetries", "-connectRetriesInterval", "-validateMigrationNaming", "-schemas", "-placeholders.owner",
		"-baselineOnMigrate", "-outOfOrder", "-target", "migrate", "FLYWAY_USER", "FLYWAY_PASSWORD", "REDGATE_DISABLE_TELEMETRY",
		"update", "--changelog-file", "--context-filter", "--label-filter", "--default-schema-name", "LIQUIBASE_SEARCH_PATH",
		"LIQUIBASE_COMMAND_URL", "LIQUIBASE_COMMAND_USERNAME", "LIQUIBASE_COMMAND_PASSWORD", "LIQUIBASE_ANALYTICS_ENABLED", "HOME",
	}
	pod, err := hardened.WithInit(
		initc.Flyway(migrations, database, login, initc.FlywayOptions{
			Schemas: []string{"web"}, Placeholders: map[string]string{"owner": "web"}, BaselineOnMigrate: true, OutOfOrder: true, Target: "2.1",
		}),
		initc.Liquibase(migrations, "a.yaml", database, login, initc.LiquibaseOptions{OwnDrivers: true, Contexts: "prod", Labels: "v2", Schema: "web"}),
	).Build()
	require.NoError(t, err)
	var said []string
	for _, c := range pod.Spec.InitContainers {
		for _, arg := range c.Args {
			flag, _, _ := strings.Cut(arg, "=")
			said = append(said, flag)
		}
		for _, v := range c.Env {
			said = append(said, v.Name)
		}
	}
	require.Subset(t, known, said)
	require.Subset(t, said, known)
}

func TestMigrationsRefuse(t *testing.T) {
	own := initc.LiquibaseOptions{OwnDrivers: true}
	flyway := func(o initc.FlywayOptions) pattern.InitContainer { return initc.Flyway(migrations, database, login, o) }
	for name, tt := range map[string]struct {
		c    pattern.InitContainer
		want string
	}{
		"migrate: no volume":     {initc.GolangMigrate(pattern.Volume{}, login, "url"), "volume"},
		"migrate: no Secret":     {initc.GolangMigrate(migrations, pattern.SecretBuilder{}, "url"), "Secret"},
		"migrate: no key":        {initc.GolangMigrate(migrations, login, ""), "key"},
		"migrate: steps":         {initc.GolangMigrate(migrations, login, "url", initc.GolangMigrateOptions{Steps: -1}), "migrate down"},
		"migrate: lock":          {initc.GolangMigrate(migrations, login, "url", initc.GolangMigrateOptions{LockTimeoutSeconds: -1}), "LockTimeoutSeconds"},
		"flyway: no volume":      {initc.Flyway(pattern.Volume{}, database, login), "volume"},
		"flyway: no Secret":      {initc.Flyway(migrations, database, pattern.SecretBuilder{}), "Secret"},
		"flyway: no JDBC":        {initc.Flyway(migrations, "postgres://db/web", login), "want a JDBC URL"},
		"flyway: two lines":      {initc.Flyway(migrations, database+"\n", login), "want a JDBC URL"},
		"flyway: a password":     {initc.Flyway(migrations, database+"?user=web&password=x", login), "belongs in the Secret"},
		"flyway: a user":         {initc.Flyway(migrations, "jdbc:mysql://web:x@db/web", login), "belongs in the Secret"},
		"flyway: Oracle's user":  {initc.Flyway(migrations, "jdbc:oracle:thin:web/x@//db:1521/web", login), "belongs in the Secret"},
		"flyway: schemas":        {flyway(initc.FlywayOptions{Schemas: []string{"a,b"}}), "one schema"},
		"flyway: placeholder":    {flyway(initc.FlywayOptions{Placeholders: map[string]string{"a=b": "c"}}), "name of a placeholder"},
		"flyway: retries":        {flyway(initc.FlywayOptions{ConnectRetries: -1}), "ConnectRetries"},
		"liquibase: no volume":   {initc.Liquibase(pattern.Volume{}, "a.yaml", database, login, own), "volume"},
		"liquibase: no file":     {initc.Liquibase(migrations, "", database, login, own), "want a file of the volume"},
		"liquibase: a full path": {initc.Liquibase(migrations, "/a.yaml", database, login, own), "want a file of the volume"},
		"liquibase: a parent":    {initc.Liquibase(migrations, "../a.yaml", database, login, own), "want a file of the volume"},
		"liquibase: no JDBC":     {initc.Liquibase(migrations, "a.yaml", "db", login, own), "want a JDBC URL"},
		"liquibase: no Secret":   {initc.Liquibase(migrations, "a.yaml", database, pattern.SecretBuilder{}, own), "Secret"},
		"liquibase: no drivers":  {initc.Liquibase(migrations, "a.yaml", database, login), "no JDBC drivers"},
		"liquibase: two drivers": {initc.Liquibase(migrations, "a.yaml", database, login, initc.LiquibaseOptions{OwnDrivers: true, Drivers: data}), "no JDBC drivers"},
	} {
		t.Run(name, func(t *testing.T) { patterntest.Refuses(t, filled, tt.c, tt.want) })
	}
}
