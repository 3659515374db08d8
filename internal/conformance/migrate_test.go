package conformance_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/podpattern/podpattern/initc"
	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// takesAll is a database that does nothing.
const takesAll = "stub://"

// migrating is golang-migrate with the arguments of initc.GolangMigrate, into which the
// kubelet writes the variable.
func migrating(t *testing.T, database, folder string, o initc.GolangMigrateOptions) *exec.Cmd {
	t.Helper()
	program, err := exec.LookPath("migrate")
	require.NoError(t, err, "these tests need golang-migrate")
	c := initc.GolangMigrate(pattern.ConfigMap("migrations").Volume("migrations"), pattern.Secret("db"), "url", o).Env("DATABASE_URL", database)
	args := container(t, pattern.Pod("web").WithApp(pattern.App("web", "web:1")).WithInit(c), "migrate").Args
	for i := range args {
		args[i] = strings.ReplaceAll(args[i], "/migrations", folder)
	}
	return exec.Command(program, args...)
}

// migrate runs it, and gives what it says.
func migrate(t *testing.T, database, folder string, o initc.GolangMigrateOptions) (string, error) {
	t.Helper()
	said, err := migrating(t, database, folder, o).CombinedOutput()
	return string(said), err
}

func TestMigrate(t *testing.T) {
	folder := t.TempDir() // as the kubelet mounts a ConfigMap
	writeFiles(t, folder, map[string]string{"..2026/0001_users.up.sql": "create table users ();", "..2026/0002_names.up.sql": "alter table users;"})
	require.NoError(t, os.Symlink("..2026", filepath.Join(folder, "..data")))
	for _, name := range []string{"0001_users.up.sql", "0002_names.up.sql"} {
		require.NoError(t, os.Symlink(filepath.Join("..data", name), filepath.Join(folder, name)))
	}
	for name, tt := range map[string]struct {
		opts   initc.GolangMigrateOptions
		says   string
		saysnt string
	}{
		"all":     {initc.GolangMigrateOptions{}, "2/u names", "Finished"},
		"one":     {initc.GolangMigrateOptions{Steps: 1}, "1/u users", "2/u names"},
		"verbose": {initc.GolangMigrateOptions{Verbose: true, LockTimeoutSeconds: 5}, "Finished", "error"},
	} {
		t.Run(name, func(t *testing.T) {
			said, err := migrate(t, takesAll, folder, tt.opts)
			require.NoError(t, err, said)
			require.Contains(t, said, tt.says)
			require.NotContains(t, said, tt.saysnt)
		})
	}
}

// What is wrong with the migrations ends the container with an error.
func TestMigrateFails(t *testing.T) {
	twice := t.TempDir()
	writeFiles(t, twice, map[string]string{"1_a.up.sql": "select 1", "1_b.up.sql": "select 2"})
	for name, tt := range map[string]struct{ folder, says string }{
		"one version twice": {twice, "duplicate migration"},
		"no folder":         {filepath.Join(twice, "nowhere"), "no such file"},
		"no migrations":     {t.TempDir(), "file does not exist"},
	} {
		t.Run(name, func(t *testing.T) {
			said, err := migrate(t, takesAll, tt.folder, initc.GolangMigrateOptions{})
			require.Error(t, err, said)
			require.Contains(t, said, tt.says)
		})
	}
}

// Pods that start together migrate once, one that starts again not at all, and a
// migration that fails keeps all from starting until somebody has looked.
func TestMigrateAPostgres(t *testing.T) {
	t.Parallel()
	p := newPostgres(t, "host", nil)
	database := "postgres://postgres:" + superPassword + "@" + p.addr + "/postgres?sslmode=disable"
	folder := t.TempDir()
	writeFiles(t, folder, map[string]string{"0001_users.up.sql": "create table users (name text); select pg_sleep(0.5); insert into users values ('root');"})
	var pods sync.WaitGroup
	for range 3 {
		pod := migrating(t, database, folder, initc.GolangMigrateOptions{})
		pods.Go(func() {
			said, err := pod.CombinedOutput()
			assert.NoError(t, err, string(said))
		})
	}
	pods.Wait()
	said, err := migrate(t, database, folder, initc.GolangMigrateOptions{})
	require.NoError(t, err, said)
	require.Equal(t, "root", p.super(t, "select name from users"))

	writeFiles(t, folder, map[string]string{"0002_names.up.sql": "alter table nowhere add column name text"})
	for _, want := range []string{"does not exist", "Dirty database version 2"} {
		said, err = migrate(t, database, folder, initc.GolangMigrateOptions{})
		require.Error(t, err)
		require.Contains(t, said, want)
	}
}
