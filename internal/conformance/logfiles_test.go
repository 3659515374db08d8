package conformance_test

import (
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/sidecar"
	"github.com/stretchr/testify/require"
)

// runOn starts a helper that has a volume at /logs, with a folder in its place.
func runOn(t *testing.T, dir string, helper func(logs pattern.Volume) pattern.SidecarContainer) *process {
	t.Helper()
	logs := pattern.EmptyDir("logs")
	c := container(t, pattern.Pod("web").WithApp(pattern.App("web", "web:1").Writes(logs, "/log")).WithSidecar(helper(logs).Name("helper")), "helper")
	for i, arg := range c.Args {
		if rest, ok := strings.CutPrefix(arg, "/logs/"); ok {
			c.Args[i] = filepath.Join(dir, rest)
		}
	}
	return start(t, c, nil)
}

func (p *process) stop(t *testing.T) {
	t.Helper()
	require.NoError(t, p.cmd.Process.Signal(syscall.SIGTERM))
	require.Zero(t, p.end(t), p.said(t))
}

func rotateLogs(t *testing.T, dir string, o sidecar.LogRotateOptions) *process {
	return runOn(t, dir, func(logs pattern.Volume) pattern.SidecarContainer { return sidecar.LogRotate(logs, 10001, o) })
}

// add appends to a file, as a logger does.
func add(t *testing.T, file, text string) {
	t.Helper()
	f, err := os.OpenFile(file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	require.NoError(t, err)
	_, err = f.WriteString(text)
	require.NoError(t, err)
	require.NoError(t, f.Close())
}

func eventually(t *testing.T, why string, ok func() bool) {
	t.Helper()
	require.Eventually(t, ok, 20*time.Second, 20*time.Millisecond, why)
}

func holds(file, want string) func() bool {
	return func() bool {
		got, err := os.ReadFile(file)
		return err == nil && string(got) == want
	}
}

// The file need not be there yet; what comes after its deletion, its renaming and its
// truncation is printed too, and so are the lines that come while the pod stops.
func TestLogTail(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "the $(id) log.txt")
	p := runOn(t, dir, func(logs pattern.Volume) pattern.SidecarContainer {
		return sidecar.LogTail("log", logs, "the $(id) log.txt")
	})
	shows := func(line string) {
		t.Helper()
		add(t, file, line+"\n")
		eventually(t, line, func() bool { return p.lastLine(t) == line })
	}
	eventually(t, "no such file", func() bool { return strings.Contains(p.said(t), "No such file") })
	shows("created")
	require.NoError(t, os.Rename(file, file+".1"))
	shows("after renaming")
	require.NoError(t, os.Truncate(file, 0))
	shows("truncated")
	require.NoError(t, p.cmd.Process.Signal(syscall.SIGTERM))
	add(t, file, "last\n")
	require.Zero(t, p.end(t))
	require.Equal(t, "last", p.lastLine(t))
}

func TestLogTailOnlyNew(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "a.log")
	add(t, file, "old\n")
	p := runOn(t, dir, func(logs pattern.Volume) pattern.SidecarContainer {
		return sidecar.LogTail("log", logs, "a.log", sidecar.LogTailOptions{OnlyNew: true})
	})
	time.Sleep(200 * time.Millisecond)
	add(t, file, "new\n")
	eventually(t, "new", func() bool { return p.said(t) == "new" })
}

// A reader sees every line that it could read before each rotation, and goes on after
// it; the oldest goes.
func TestLogRotateUnderATail(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "a.log")
	tail := runOn(t, dir, func(logs pattern.Volume) pattern.SidecarContainer { return sidecar.LogTail("log", logs, "a.log") })
	want := ""
	for round := range 4 {
		text := fmt.Sprintf("round %d %s\n", round, strings.Repeat("x", 100*(4-round)))
		want += text
		add(t, file, text)
		eventually(t, "printed", func() bool { return strings.HasSuffix(tail.said(t), strings.TrimSpace(text)) })
		p := rotateLogs(t, dir, sidecar.LogRotateOptions{MaxSize: "50", Keep: 2})
		eventually(t, "rotated", holds(file+".1", text))
		p.stop(t)
	}
	said := tail.said(t) + "\n"
	require.Equal(t, want, said[strings.Index(said, "round 0"):])
	require.True(t, holds(file, "")())
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	require.NoError(t, err)
	require.Equal(t, []string{file, file + ".1", file + ".2"}, files)
}

// The app writes all the time: lines are lost between a copy and the emptying only,
// none is there twice or cut, and the old files bound the volume.
func TestLogRotateWhileTheAppWrites(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "a.log")
	p := rotateLogs(t, dir, sidecar.LogRotateOptions{MaxSize: "2k", Keep: 99, PeriodSeconds: 1})
	app, err := os.OpenFile(file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	require.NoError(t, err)
	written := 0
	for begun := time.Now(); time.Since(begun) < 3500*time.Millisecond; written++ {
		_, err := fmt.Fprintf(app, "line %d\n", written)
		require.NoError(t, err)
		time.Sleep(time.Millisecond)
	}
	p.stop(t)
	all := ""
	for i := 99; i > 0; i-- {
		old, _ := os.ReadFile(fmt.Sprintf("%s.%d", file, i))
		all += string(old)
	}
	require.NotEmpty(t, all)
	now, err := os.ReadFile(file)
	require.NoError(t, err)
	all += string(now)
	seen, before := 0, -1
	for _, line := range strings.Split(strings.TrimSuffix(all, "\n"), "\n") {
		number := 0
		n, _ := fmt.Sscanf(line, "line %d", &number)
		require.Equal(t, 1, n, "%q", line)
		require.Greater(t, number, before)
		before = number
		seen++
	}
	require.Equal(t, written-1, before)
	require.Greater(t, seen, written*8/10, "of %d", written)
}

func TestLogRotateChooses(t *testing.T) {
	dir := t.TempDir()
	large := strings.Repeat("0123456789\n", 20)
	for _, name := range []string{"a.log", "b b.log", "-n.log", "c.txt", "a.log.3", "d.log.gz", "link"} {
		add(t, filepath.Join(dir, name), large)
	}
	require.NoError(t, os.Remove(filepath.Join(dir, "link")))
	require.NoError(t, os.Symlink("c.txt", filepath.Join(dir, "link")))
	add(t, filepath.Join(dir, "small.log"), strings.Repeat("x", 100))
	p := rotateLogs(t, dir, sidecar.LogRotateOptions{Files: "*", MaxSize: "100", Keep: 9, Gzip: true})
	for _, name := range []string{"a.log", "b b.log", "-n.log", "c.txt"} {
		file := filepath.Join(dir, name)
		eventually(t, name, holds(file, ""))
		eventually(t, name, func() bool { _, err := os.Stat(file + ".1.gz"); return err == nil })
		require.Equal(t, large, gunzip(t, file+".1.gz"))
	}
	told := time.Now()
	p.stop(t)
	require.Less(t, time.Since(told), atOnce)
	for _, name := range []string{"a.log.3", "d.log.gz"} {
		require.True(t, holds(filepath.Join(dir, name), large)(), name)
	}
	require.True(t, holds(filepath.Join(dir, "small.log"), strings.Repeat("x", 100))())
	_, err := os.Lstat(filepath.Join(dir, "link.1.gz"))
	require.ErrorIs(t, err, os.ErrNotExist)
	require.Empty(t, p.said(t))
}

// A file that it can't copy or empty stays as it is, and it says so.
func TestLogRotateTellsItsFailure(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "a.log")
	add(t, file, "0123456789")
	require.NoError(t, os.Mkdir(file+".copy", 0o755)) // root, which these tests may be, may write all else
	require.NoError(t, os.Mkdir(filepath.Join(file+".copy", "a.log"), 0o755))
	p := rotateLogs(t, dir, sidecar.LogRotateOptions{MaxSize: "5"})
	eventually(t, "an error", func() bool { return strings.Contains(p.said(t), "must run as the user of the app") })
	p.stop(t)
	require.True(t, holds(file, "0123456789")())
}

func gunzip(t *testing.T, file string) string {
	t.Helper()
	f, err := os.Open(file)
	require.NoError(t, err)
	defer f.Close()
	r, err := gzip.NewReader(f)
	require.NoError(t, err)
	text, err := io.ReadAll(r)
	require.NoError(t, err)
	return string(text)
}
