package e2e_test

import (
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/sidecar"
	"github.com/stretchr/testify/require"
)

// writer is an app that appends so many numbered lines to /var/log/app/app.log, some
// hundred a second, and then says so. At a third of them it fails once, and goes on where it
// was when it is restarted.
func writer(logs pattern.Volume, lines int) pattern.AppContainer {
	return pattern.App("app", "busybox:1.36").RunAsUser(10001).Writes(logs, "/var/log/app").
		Shell(`cd /var/log/app; n=0; [ ! -e at ] || n=$(cat at)
while [ $n -lt ` + strconv.Itoa(lines) + ` ]; do n=$((n+1)); echo "line $n of the app" >>app.log; echo $n >at; [ $((n % 20)) != 0 ] || sleep 0.1
  [ $n != ` + strconv.Itoa(lines/3) + ` ] || [ -e failed ] || { touch failed; exit 1; }; done
echo done; trap 'exit 0' TERM; sleep 100000 & wait`)
}

// numbers gives the lines of writer in a log: how many, and those that are there twice or
// not at all of so many.
func numbers(log string, of int) (lines int, twice, lost []int) {
	n := make([]int, of+1)
	for _, m := range regexp.MustCompile(`(?m)^line (\d+) of the app$`).FindAllStringSubmatch(log, -1) {
		i, _ := strconv.Atoi(m[1])
		n[i]++
		lines++
	}
	for i := 1; i <= of; i++ {
		switch {
		case n[i] == 0:
			lost = append(lost, i)
		case n[i] > 1:
			twice = append(twice, i)
		}
	}
	return lines, twice, lost
}

// The sidecar prints each line that the app wrote, once, also where the app is restarted
// in the middle.
func TestLogTailPrintsWhatTheAppWrites(t *testing.T) {
	s, start := newSpace(t), time.Now()
	const lines = 2000
	logs := pattern.EmptyDir("logs").SizeLimit("16Mi")
	s.apply(pattern.Pod("web").TerminationGracePeriodSeconds(4).WithApp(writer(logs, lines)).WithSidecar(sidecar.LogTail("log", logs, "app.log")))
	log := s.prints("web", "log", `^line `+strconv.Itoa(lines)+` of`)
	n, twice, lost := numbers(log, lines)
	require.Equal(t, lines, n)
	require.Empty(t, twice)
	require.Empty(t, lost)
	p := s.ready("web")
	require.Equal(t, int32(1), status(p, "app").RestartCount)
	require.Zero(t, status(p, "log").RestartCount)
	s.observed(start, "LogTail printed %d lines of the app, none twice and none lost, though the app failed in the middle and was restarted", n)
}

// When the log is rotated by renaming, as an app does it itself, no line is lost.
func TestLogTailFollowsARename(t *testing.T) {
	s, start := newSpace(t), time.Now()
	const lines = 1500
	logs := pattern.EmptyDir("logs").SizeLimit("16Mi")
	app := pattern.App("app", "busybox:1.36").Writes(logs, "/var/log/app").
		Shell(`cd /var/log/app; n=0
while [ $n -lt ` + strconv.Itoa(lines) + ` ]; do n=$((n+1)); echo "line $n of the app" >>app.log
  [ $((n % 20)) != 0 ] || sleep 0.1
  [ $((n % 500)) != 0 ] || { sleep 3; mv app.log app.log.1; }
done; trap 'exit 0' TERM; sleep 100000 & wait`)
	s.apply(pattern.Pod("web").TerminationGracePeriodSeconds(4).WithApp(app).WithSidecar(sidecar.LogTail("log", logs, "app.log")))
	log := s.prints("web", "log", `^line `+strconv.Itoa(lines)+` of`)
	n, twice, lost := numbers(log, lines)
	require.Equal(t, lines, n)
	require.Empty(t, twice)
	require.Empty(t, lost)
	s.observed(start, "LogTail printed all %d lines once over 2 rotations by renaming", n)
}

// LogRotate keeps the files small while the app writes; what is lost is what was written
// between copy and emptying, which the files together show.
func TestLogRotateKeepsFilesSmall(t *testing.T) {
	s, start := newSpace(t), time.Now()
	const lines = 3000
	logs := pattern.EmptyDir("logs").SizeLimit("16Mi")
	s.apply(pattern.Pod("web").TerminationGracePeriodSeconds(4).FSGroup(10001).WithApp(writer(logs, lines)).WithSidecar(
		sidecar.LogRotate(logs, 10001, sidecar.LogRotateOptions{MaxSize: "16Ki", PeriodSeconds: 2, Keep: 9}),
		sidecar.LogTail("log", logs, "app.log")))
	s.prints("web", "app", `^done`)
	s.until("a rotation after the last line", waitLong, func() (bool, string) {
		size := strings.TrimSpace(s.run("web", "app", "stat", "-c", "%s", "/var/log/app/app.log"))
		n, err := strconv.Atoi(size)
		return err == nil && n <= 16<<10, size
	})
	files := s.run("web", "app", "sh", "-c", `cd /var/log/app; ls -1 app.log* | grep -v copy`)
	n, twice, lost := numbers(s.run("web", "app", "sh", "-c", `cat /var/log/app/app.log*`), lines)
	rotated := strings.Count(files, "\n") - 1
	require.GreaterOrEqual(t, rotated, 2, files)
	require.Empty(t, twice)
	// Some lines at each rotation at most: copytruncate loses what is written in between.
	require.LessOrEqual(t, len(lost), 20*rotated, "%v", lost)
	_, _, unread := numbers(s.logs("web", "log"), lines)
	s.observed(start, "LogRotate emptied a file 16 KiB large %d times while the app wrote: of %d lines %d were in the files, %d lost between copy and emptying; LogTail, which looks once a second, missed %d", rotated, lines, n, len(lost), len(unread))
}
