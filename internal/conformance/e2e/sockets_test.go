package e2e_test

import (
	"testing"
	"time"

	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
)

// A helper listens on a Unix socket in a shared volume, and the app, which has its path
// in a variable, says something and hears it back.
func TestAUnixSocketJoinsContainers(t *testing.T) {
	s, start := newSpace(t), time.Now()
	run := pattern.EmptyDir("run").Memory().SizeLimit("1Mi")
	s.apply(pattern.Pod("web").TerminationGracePeriodSeconds(1).
		WithSidecar(pattern.Sidecar("redis", "docker.io/library/redis:7").Args("--port", "0", "--unixsocket", "/run/run/redis.sock", "--unixsocketperm", "777", "--save", "").
			Socket(run, "redis.sock").Health(pattern.Exec("redis-cli", "-s", "/run/run/redis.sock", "ping").TimeoutSeconds(5))).
		WithApp(pattern.App("app", "docker.io/library/redis:7").RunAsUser(10001).
			Shell(`echo "at $REDIS_SOCKET"; redis-cli -s "$REDIS_SOCKET" set greeting hello; redis-cli -s "$REDIS_SOCKET" get greeting; trap 'exit 0' TERM; sleep 100000 & wait`)))
	log := s.prints("web", "app", `^hello`)
	require.Contains(t, log, "at /run/run/redis.sock\nOK\nhello")
	s.observed(start, "an app of another user wrote to and read from a Redis of another container over a Unix socket, whose path it had in REDIS_SOCKET")
}

// Two containers see each other's writes in /dev/shm, and no more than the volume's size
// fits into it.
func TestSharedMemoryJoinsContainers(t *testing.T) {
	s, start := newSpace(t), time.Now()
	memory := pattern.SharedMemory("8Mi")
	s.apply(pattern.Pod("web").TerminationGracePeriodSeconds(1).
		WithApp(pattern.App("app", "busybox:1.36").Limits("", "64Mi").Writes(memory, "/dev/shm").
			Shell(`echo 42 >/dev/shm/answer; trap 'exit 0' TERM; sleep 100000 & wait`)).
		WithSidecar(pattern.Sidecar("reader", "busybox:1.36").Limits("", "64Mi").Reads(memory, "/dev/shm").
			Shell(`until [ -e /dev/shm/answer ]; do sleep 0.2; done; cat /dev/shm/answer; trap 'exit 0' TERM; sleep 100000 & wait`)))
	s.prints("web", "reader", `^42$`)
	require.Contains(t, s.run("web", "reader", "grep", " /dev/shm ", "/proc/mounts"), "tmpfs")
	out, err := s.exec("web", "reader", "sh", "-c", "echo 43 >/dev/shm/answer")
	require.Error(t, err, "one that reads only: %s", out)
	out, err = s.exec("web", "app", "dd", "if=/dev/zero", "of=/dev/shm/large", "bs=1M", "count=16")
	require.Error(t, err)
	require.Contains(t, out, "No space left")
	s.observed(start, "a container read what another wrote to /dev/shm, a tmpfs of 8 MiB that took no 16, and could not write it")
}
