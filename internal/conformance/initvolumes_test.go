package conformance_test

import (
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/podpattern/podpattern/initc"
	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
)

// writeFiles makes files, with their folders.
func writeFiles(t *testing.T, folder string, files map[string]string) {
	t.Helper()
	for name, content := range files {
		path := filepath.Join(folder, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(content), 0o644))
	}
}

// requireFile compares a file with what it has to hold.
func requireFile(t *testing.T, content string, mode os.FileMode, path ...string) {
	t.Helper()
	got, err := os.ReadFile(filepath.Join(path...))
	require.NoError(t, err)
	require.Equal(t, content, string(got))
	requireMode(t, mode, path...)
}

func requireMode(t *testing.T, mode os.FileMode, path ...string) {
	t.Helper()
	info, err := os.Stat(filepath.Join(path...))
	require.NoError(t, err)
	require.Equal(t, mode, info.Mode(), path)
}

// A second start of the pod writes what the app has changed again, or keeps it.
func TestWriteConfig(t *testing.T) {
	t.Parallel()
	const ini, changed = "[server]\nname = \"$HOME\" $(date)\n", "changed by the app\n"
	from := t.TempDir() // as the kubelet mounts a ConfigMap
	writeFiles(t, from, map[string]string{"..data/app.ini": ini, "..data/empty": ""})
	for _, name := range []string{"app.ini", "empty"} {
		require.NoError(t, os.Symlink(filepath.Join("..data", name), filepath.Join(from, name)))
	}
	for name, tt := range map[string]struct {
		opts initc.WriteConfigOptions
		mode os.FileMode
		then string
	}{
		"replace": {initc.WriteConfigOptions{}, 0o666, ini},
		"keep":    {initc.WriteConfigOptions{KeepExisting: true, Mode: 0o600}, 0o600, changed},
	} {
		t.Run(name, func(t *testing.T) {
			into := t.TempDir()
			run := func() {
				c := initc.WriteConfig(map[string]string{"app.ini": ini, "empty": ""}, pattern.EmptyDir("config"), tt.opts)
				p := runInit(t, c, map[string]string{"/etc/config": from, "/written": into})
				require.Zero(t, p.end(t), p.said(t))
			}
			run()
			requireFile(t, ini, tt.mode, into, "app.ini")
			requireFile(t, "", tt.mode, into, "empty")
			require.Equal(t, []string{"app.ini", "empty"}, namesIn(t, into))
			require.NoError(t, os.WriteFile(filepath.Join(into, "app.ini"), []byte(changed), 0o666))
			run()
			requireFile(t, tt.then, tt.mode, into, "app.ini")
		})
	}
	c := initc.WriteConfig(map[string]string{"app.ini": ini}, pattern.EmptyDir("config"))
	p := runInit(t, c, map[string]string{"/etc/config": from, "/written": "/nowhere"})
	require.Equal(t, 1, p.end(t), "a volume that can't be written")
}

func TestPermissions(t *testing.T) {
	t.Parallel()
	folder, elsewhere := t.TempDir(), t.TempDir()
	writeFiles(t, elsewhere, map[string]string{"of-another": ""})
	uid, gid := int64(os.Getuid()), int64(os.Getgid()) // what everybody may do
	for name, o := range map[string]initc.PermissionsOptions{
		"mode":  {Mode: "u=rwX,g+rwX,o="},
		"both":  {Mode: "u=rwX,g+rwX,o=", UID: uid, GID: gid},
		"group": {Mode: "u=rwX,g+rwX,o=", GID: gid},
	} {
		t.Run(name, func(t *testing.T) {
			writeFiles(t, folder, map[string]string{"a/b": "", "a/run.sh": ""})
			require.NoError(t, os.Chmod(filepath.Join(folder, "a", "b"), 0o644))
			require.NoError(t, os.Chmod(filepath.Join(folder, "a", "run.sh"), 0o755))
			_ = os.Symlink(filepath.Join(elsewhere, "of-another"), filepath.Join(folder, "link"))
			p := runInit(t, initc.Permissions(pattern.EmptyDir("data"), o), map[string]string{"/volume": folder})
			require.Zero(t, p.end(t), p.said(t))
			requireFile(t, "", 0o660, folder, "a", "b")
			requireFile(t, "", 0o770, folder, "a", "run.sh")
			requireFile(t, "", 0o644, elsewhere, "of-another")
			requireMode(t, os.ModeDir|0o770, folder)
			require.NoError(t, os.Chmod(folder, 0o755))
		})
	}
	p := runInit(t, initc.Permissions(pattern.EmptyDir("data"), initc.PermissionsOptions{UID: uid + 1, GID: gid + 1, Mode: "0750"}), map[string]string{"/volume": folder})
	if uid == 0 {
		require.Zero(t, p.end(t), p.said(t))
		requireFile(t, "", 0o750, folder, "a", "b")
	} else {
		require.Equal(t, 1, p.end(t), p.said(t))
	}
}

// Who owns the files of a claim, and not its root, which has another owner here by a
// program id that says so, can change them; what the file system keeps there is left.
func TestPermissionsOfAClaim(t *testing.T) {
	t.Parallel()
	folder, id := t.TempDir(), filepath.Join(t.TempDir(), "id")
	require.NoError(t, os.WriteFile(id, []byte("#!/bin/sh\necho 4711\n"), 0o755))
	writeFiles(t, folder, map[string]string{"a/b": "", "lost+found/a": ""})
	c := initc.Permissions(pattern.PVC("data", "data"), initc.PermissionsOptions{Mode: "g+rwX"})
	p := runInit(t, c, map[string]string{"/volume": folder}, id)
	require.Zero(t, p.end(t), p.said(t))
	requireMode(t, os.ModeDir|0o755, folder)
	requireMode(t, os.ModeDir|0o775, folder, "a")
	requireFile(t, "", 0o664, folder, "a", "b")
	requireMode(t, os.ModeDir|0o755, folder, "lost+found")
	requireFile(t, "", 0o644, folder, "lost+found", "a")
}

// Both kinds of cp that images have copy the same, and again after a restart.
func TestCopyFrom(t *testing.T) {
	t.Parallel()
	image := t.TempDir()
	writeFiles(t, image, map[string]string{"plugins/a.jar": "jar", "plugins/bin/run": "run"})
	require.NoError(t, os.Chmod(filepath.Join(image, "plugins", "bin", "run"), 0o555))
	require.NoError(t, os.Symlink("a.jar", filepath.Join(image, "plugins", "current.jar")))
	for i, programs := range [][]string{nil, {"cp"}} {
		for from, to := range map[string]string{"/plugins/.": ".", "/plugins": "plugins"} {
			t.Run(strconv.Itoa(i)+from, func(t *testing.T) {
				into := t.TempDir()
				for range 2 {
					p := runInit(t, initc.CopyFrom("plugins:1", from, pattern.EmptyDir("plugins")), map[string]string{"/plugins": filepath.Join(image, "plugins"), "/copied": into}, programs...)
					require.Zero(t, p.end(t), p.said(t))
				}
				requireFile(t, "jar", 0o644, into, to, "a.jar")
				requireFile(t, "run", 0o555, into, to, "bin", "run")
				target, err := os.Readlink(filepath.Join(into, to, "current.jar"))
				require.NoError(t, err)
				require.Equal(t, "a.jar", target)
			})
		}
		into := t.TempDir() // what a link leads to is copied, if it's asked for by the link
		p := runInit(t, initc.CopyFrom("plugins:1", "/plugins/current.jar", pattern.EmptyDir("plugins")), map[string]string{"/plugins": filepath.Join(image, "plugins"), "/copied": into}, programs...)
		require.Zero(t, p.end(t), p.said(t))
		requireFile(t, "jar", 0o644, into, "current.jar")
		link, err := os.Lstat(filepath.Join(into, "current.jar"))
		require.NoError(t, err)
		require.True(t, link.Mode().IsRegular())
	}
}

// A gate gives the exit code of what it runs, and ends it in time.
func TestGate(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		opts initc.GateOptions
		code int
	}{
		"open":    {initc.GateOptions{Command: []string{"true"}, TimeoutSeconds: 60}, 0},
		"closed":  {initc.GateOptions{Command: []string{"sh", "-c", "exit 3"}}, 3},
		"in time": {initc.GateOptions{Command: []string{"sh", "-c", "exit 3"}, TimeoutSeconds: 60}, 3},
		"no such": {initc.GateOptions{Command: []string{"sh", "-c", "no-such-program"}, TimeoutSeconds: 60}, 127},
	} {
		t.Run(name, func(t *testing.T) {
			p := runInit(t, initc.Gate("gate", "scan:1", tt.opts), nil)
			require.Equal(t, tt.code, p.end(t), p.said(t))
			require.Less(t, time.Since(p.started), 10*time.Second)
		})
	}
	late := initc.GateOptions{Command: []string{"sleep", "60"}, TimeoutSeconds: 1}
	for code, programs := range map[int][]string{143: nil, 124: {"timeout"}} {
		p := runInit(t, initc.Gate("gate", "scan:1", late), nil, programs...)
		require.Equal(t, code, p.end(t), p.said(t))
		require.Equal(t, "gave up: sleep took more than 1 seconds", p.lastLine(t))
	}
	late.TimeoutSeconds = 60
	p := runInit(t, initc.Gate("gate", "scan:1", late), nil)
	time.Sleep(300 * time.Millisecond)
	told := time.Now()
	require.NoError(t, p.cmd.Process.Signal(syscall.SIGTERM))
	require.Equal(t, 143, p.end(t), p.said(t))
	require.Less(t, time.Since(told), atOnce)
}

// A parameter that this kernel doesn't have keeps the pod from starting.
func TestSysctl(t *testing.T) {
	p := runInit(t, initc.Sysctl(map[string]string{"vm.no_such_parameter": "1"}), nil)
	require.Equal(t, 1, p.end(t))
	require.Contains(t, p.lastLine(t), "'vm.no_such_parameter' is an unknown key")
}
