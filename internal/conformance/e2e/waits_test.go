package e2e_test

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/podpattern/podpattern/initc"
	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
)

// Init containers run in their order, before the app, which finds what they wrote; some
// wait for a server that comes later.
func TestAnAppStartsAfterConfigAndServer(t *testing.T) {
	s, start := newSpace(t), time.Now()
	config := pattern.EmptyDir("config").SizeLimit("1Mi")
	s.apply(pattern.Pod("web").TerminationGracePeriodSeconds(1).
		WithInit(
			initc.WriteConfig(map[string]string{"app.ini": "[server]\nport = 8080 # $(HOSTNAME) $HOME\n"}, config),
			initc.WaitForDNS("api"),
			initc.WaitForTCP("api:8080"),
			initc.WaitForHTTP("http://api:8080/").Name("wait-for-answer"),
		).
		WithApp(pattern.App("app", "busybox:1.36").Mount(config, "/etc/app").RunAsUser(10001).
			Shell(`cat /etc/app/app.ini; echo changed >>/etc/app/app.ini && echo "may change it"; trap 'exit 0' TERM; sleep 100000 & wait`)))
	p := s.pod("web", "waiting", waitLong, func(p *corev1.Pod) bool {
		c := status(p, "wait-for-api-dns")
		return c != nil && c.State.Running != nil
	})
	require.Nil(t, status(p, "app").State.Running)
	require.Equal(t, int32(0), status(p, "write-config").State.Terminated.ExitCode)
	server, service := says("api")
	s.apply(service)
	s.prints("web", "wait-for-api-8080", `^waiting for`)
	s.apply(server)
	log := s.prints("web", "app", `^may change it`)
	require.Contains(t, log, "[server]\nport = 8080 # $(HOSTNAME) $HOME\n")
	s.observed(start, "the app started after write-config, wait-for-api-dns and two waits for api:8080, in that order, and could read and change the file")
}

// A wait that gives up says so in the pod's status, the app does not start, and the wait
// begins again.
func TestAWaitGivesUp(t *testing.T) {
	s, start := newSpace(t), time.Now()
	const message = "gave up: nowhere:5432 accepted no connection within 3 seconds"
	s.apply(pattern.Pod("web").TerminationGracePeriodSeconds(1).
		WithInit(initc.WaitForTCP("nowhere:5432", initc.WaitOptions{TimeoutSeconds: 3, MaxIntervalSeconds: 1})).
		WithApp(pattern.App("app", "busybox:1.36").Shell(`trap 'exit 0' TERM; sleep 100000 & wait`)))
	var first *corev1.ContainerStateTerminated
	p := s.pod("web", "trying again", waitLong, func(p *corev1.Pod) bool {
		c := status(p, "wait-for-nowhere-5432")
		if c == nil {
			return false
		}
		if first == nil {
			first = endSaying(c, message+"\n")
		}
		return c.RestartCount > 0 && c.LastTerminationState.Terminated != nil && first != nil
	})
	require.Equal(t, "Error", first.Reason)
	require.Equal(t, int32(1), first.ExitCode)
	require.True(t, strings.HasSuffix(first.Message, message+"\n"), first.Message)
	require.Nil(t, status(p, "app").State.Running)
	require.Zero(t, status(p, "app").RestartCount)
	s.observed(start, "a wait of 3 s ended with 1 after %.0f s and %q in the pod's status; the pod was Init:Error, the wait began again, and the app never started", first.FinishedAt.Sub(first.StartedAt.Time).Seconds(), message)
}

// endSaying gives an end of the container of which the pod's status says the text; nil: there
// is none. The text is that of the log, which the kubelet removes when it starts an init
// container again: of an earlier end it may have lost it.
func endSaying(c *corev1.ContainerStatus, text string) *corev1.ContainerStateTerminated {
	for _, end := range [...]*corev1.ContainerStateTerminated{c.State.Terminated, c.LastTerminationState.Terminated} {
		if end != nil && strings.Contains(end.Message, text) {
			return end
		}
	}
	return nil
}

// A file of the web is there when the app starts; one with another checksum is refused, by
// name, and the app does not start.
func TestADownloadIsChecked(t *testing.T) {
	s, start := newSpace(t), time.Now()
	server, service := says("api")
	s.apply(server, service)
	s.ready("api")
	sum := strings.Repeat("0", 64)
	right := fmt.Sprintf("%x", sha256.Sum256([]byte("api\n")))
	files := pattern.EmptyDir("files").SizeLimit("1Mi")
	pod := func(name, sum string) pattern.PodBuilder {
		return pattern.Pod(name).TerminationGracePeriodSeconds(1).
			WithInit(initc.Download("http://api:8080/index.html", sum, files, initc.DownloadOptions{AllowHTTP: true})).
			WithApp(pattern.App("app", "busybox:1.36").Reads(files, "/files").Shell(`cat /files/index.html; trap 'exit 0' TERM; sleep 100000 & wait`))
	}
	s.apply(pod("right", right), pod("wrong", sum))
	s.prints("right", "app", `^api$`)
	var ended *corev1.ContainerStateTerminated
	p := s.pod("wrong", "refusing it", waitLong, func(p *corev1.Pod) bool {
		c := status(p, "download-index-html")
		if c != nil && ended == nil {
			ended = endSaying(c, "refused http://api:8080/index.html: its SHA-256 is "+right+", not "+sum)
		}
		return ended != nil
	})
	require.Equal(t, int32(1), ended.ExitCode)
	require.Nil(t, status(p, "app").State.Running)
	s.observed(start, "a file was there when the app started; one with another checksum was refused, and the pod's status said which one it had")
}

// The schema is there when the app starts, and a second pod that migrates changes nothing.
func TestTheSchemaIsMigrated(t *testing.T) {
	s, start := newSpace(t), time.Now()
	migrations := pattern.ConfigMap("migrations").Data("0001_users.up.sql", "CREATE TABLE users (name text);").Data("0002_seed.up.sql", "INSERT INTO users VALUES ('ada');")
	login := pattern.Secret("db").Data("url", "postgres://postgres:super@db:5432/postgres?sslmode=disable")
	s.apply(newDatabase("")...)
	s.apply(migrations, login)
	for _, name := range []string{"first", "second"} {
		s.apply(pattern.Pod(name).TerminationGracePeriodSeconds(1).
			WithInit(initc.WaitForTCP("db:5432"), initc.GolangMigrate(migrations.Volume("migrations"), login, "url").Dials("db", 5432)).
			WithApp(pattern.App("app", postgresImage).RunAsUser(999).Env("PGPASSWORD", "super").
				Shell(`echo "users: $(psql -X -At -h db -U postgres -d postgres -c 'SELECT name FROM users')"; trap 'exit 0' TERM; sleep 100000 & wait`)))
		require.Contains(t, s.prints(name, "app", `^users:`), "users: ada\n")
	}
	s.observed(start, "two pods one after the other migrated PostgreSQL before their apps started: the second found nothing to do")
}
