package conformance_test

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/sidecar"
	"github.com/stretchr/testify/require"
)

// produce starts what sidecar.Content runs, with folders of this machine for the
// volume and for /tmp, which stand in its script.
func produce(t *testing.T, script string, o sidecar.ContentOptions) (p *process, pages, tmp string) {
	t.Helper()
	pages, tmp = t.TempDir(), t.TempDir()
	to := pattern.EmptyDir("pages")
	c := container(t, pattern.Pod("web").WithApp(pattern.App("web", "web:1")).WithSidecar(sidecar.Content(to, "busybox:1.38", script, o)), "content")
	require.Contains(t, c.Command[2], "to=/content;")
	c.Command[2] = strings.ReplaceAll(strings.ReplaceAll(c.Command[2], "to=/content;", "to="+pages+";"), "/tmp/published", tmp+"/published")
	return start(t, c, nil), pages, tmp
}

// publishedFiles gives the published files and what is in them.
func publishedFiles(t *testing.T, dir string) map[string]string {
	t.Helper()
	found := make(map[string]string)
	require.NoError(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, gone error) error {
		if gone != nil || d.Name() == ".new" {
			return fs.SkipDir
		}
		name, _ := filepath.Rel(dir, path)
		if d.IsDir() {
			found[name+"/"] = ""
			return nil
		}
		text, err := os.ReadFile(path)
		if os.IsNotExist(err) {
			return nil // removed as we look
		}
		found[name] = string(text)
		return err
	}))
	delete(found, "./")
	return found
}

// Each run publishes all that it made, replaces what was there, whatever it was, and
// takes away what it no longer made.
func TestContentPublishes(t *testing.T) {
	t.Parallel()
	runs := []map[string]string{
		{"index.html": "1", "assets/": "", "assets/a b'\".js": "1", "assets/old.js": "1", "gone/": "", "gone/deep/": "", "gone/deep/x": "1", "shape": "1", ".hidden": "1"},
		{"index.html": "2", "assets/": "", "assets/a b'\".js": "2", "shape/": "", "shape/y": "2"},
		{"index.html": "3", "shape": "3"},
	}
	counter := filepath.Join(t.TempDir(), "n")
	script := `n=$(($(cat ` + counter + ` 2>/dev/null) + 1)); echo $n >` + counter + `
printf $n >index.html
case $n in
1) mkdir -p assets gone/deep; printf 1 >"assets/a b'\".js"; printf 1 >assets/old.js; printf 1 >gone/deep/x; printf 1 >shape; printf 1 >.hidden ;;
2) mkdir assets shape; printf 2 >"assets/a b'\".js"; printf 2 >shape/y ;;
*) printf 3 >shape; sleep 60 & [ $n = 3 ] || wait ;;
esac`
	_, pages, tmp := produce(t, script, sidecar.ContentOptions{PeriodSeconds: 1})
	for _, want := range runs {
		require.Eventually(t, func() bool {
			got := publishedFiles(t, pages)
			return got["index.html"] == want["index.html"] && len(got) == len(want)
		}, 10*time.Second, 20*time.Millisecond)
		require.Equal(t, want, publishedFiles(t, pages))
		require.Eventually(t, func() bool { _, err := os.Stat(tmp + "/published"); return err == nil }, 10*time.Second, 20*time.Millisecond)
	}
}

// The script is the shell's: the kubelet takes nothing of it for its own.
func TestContentIsTheShells(t *testing.T) {
	t.Parallel()
	_, pages, _ := produce(t, `NAME=shell; [ $$ != \$ ] && echo "$(echo of $NAME)" >index.html`, sidecar.ContentOptions{})
	require.Eventually(t, func() bool { return publishedFiles(t, pages)["index.html"] == "of shell\n" }, 10*time.Second, 20*time.Millisecond)
}

// With KeepOld what a run didn't make stays.
func TestContentKeepsOld(t *testing.T) {
	t.Parallel()
	_, pages, _ := produce(t, `date +%N >"$(date +%s)"`, sidecar.ContentOptions{PeriodSeconds: 1, KeepOld: true})
	require.Eventually(t, func() bool { return len(publishedFiles(t, pages)) >= 2 }, 10*time.Second, 50*time.Millisecond)
}

// More files than one call of mv takes are all published, and none of them is empty.
func TestContentOfManyFiles(t *testing.T) {
	t.Parallel()
	_, pages, tmp := produce(t, `i=0; while [ $i -lt 800 ]; do echo $i >a-name-that-is-long-enough-to-need-several-calls-of-the-program-that-moves-a-file-$i; i=$((i+1)); done`, sidecar.ContentOptions{})
	require.Eventually(t, func() bool { _, err := os.Stat(tmp + "/published"); return err == nil }, 30*time.Second, 50*time.Millisecond)
	got := publishedFiles(t, pages)
	require.Len(t, got, 800)
	for name, text := range got {
		require.True(t, strings.HasSuffix(name, "-"+strings.TrimSpace(text)), name)
	}
}

// A first run that fails is the container's failure; a later one leaves what there is.
func TestContentThatFails(t *testing.T) {
	t.Parallel()
	p, pages, tmp := produce(t, `echo half >index.html; exit 7`, sidecar.ContentOptions{})
	require.Equal(t, 7, p.end(t))
	require.Empty(t, publishedFiles(t, pages))
	require.NoFileExists(t, tmp+"/published")

	flag := filepath.Join(t.TempDir(), "ran")
	p, pages, _ = produce(t, `[ -e `+flag+` ] && echo half >index.html && exit 7; echo whole >index.html; echo >`+flag, sidecar.ContentOptions{PeriodSeconds: 1})
	require.Eventually(t, func() bool { return strings.Contains(p.said(t), "content: exit code 7") }, 10*time.Second, 50*time.Millisecond)
	require.Equal(t, map[string]string{"index.html": "whole\n"}, publishedFiles(t, pages))

	p, _, _ = produce(t, `sleep 30`, sidecar.ContentOptions{TimeoutSeconds: 1})
	require.NotZero(t, p.end(t), "a run that takes too long has failed")
	require.Less(t, time.Since(p.started), 10*time.Second)
}

// A stopped pod doesn't wait, and half of a run is not published.
func TestContentStops(t *testing.T) {
	t.Parallel()
	p, pages, _ := produce(t, `echo half >index.html; sleep 30; echo whole >index.html`, sidecar.ContentOptions{})
	require.Eventually(t, func() bool { _, err := os.Stat(pages + "/.new/files/index.html"); return err == nil }, 10*time.Second, 20*time.Millisecond)
	told := time.Now()
	require.NoError(t, p.cmd.Process.Signal(syscall.SIGTERM))
	require.Zero(t, p.end(t))
	require.Less(t, time.Since(told), atOnce)
	require.Empty(t, publishedFiles(t, pages))
	info, err := os.Stat(pages + "/.new")
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o700), info.Mode().Perm())
}

// The script reads in the other shells that images have too.
func TestContentInAnotherShell(t *testing.T) {
	t.Parallel()
	sh, err := exec.LookPath("dash")
	require.NoError(t, err, "Debian's sh")
	c := container(t, pattern.Pod("web").WithApp(pattern.App("web", "web:1")).WithSidecar(sidecar.Content(pattern.EmptyDir("pages"), "debian:13", "true")), "content")
	pages, tmp := t.TempDir(), t.TempDir()
	script := strings.ReplaceAll(strings.ReplaceAll(c.Command[2], "to=/content;", "to="+pages+";"), "/tmp/published", tmp+"/published")
	cmd := exec.Command(sh, "-c", script, "content", "mkdir a; echo x >a/b; ln -s b a/c", "60", "60", "remove")
	cmd.Stderr = t.Output()
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	require.NoError(t, cmd.Start())
	t.Cleanup(func() { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL); _ = cmd.Wait() })
	require.Eventually(t, func() bool { _, err := os.Stat(tmp + "/published"); return err == nil }, 10*time.Second, 20*time.Millisecond)
	require.Equal(t, map[string]string{"a/": "", "a/b": "x\n", "a/c": "x\n"}, publishedFiles(t, pages))
}
