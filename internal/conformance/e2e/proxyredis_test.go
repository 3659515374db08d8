package e2e_test

import (
	"testing"
	"time"

	"github.com/podpattern/podpattern/ambassador"
	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
)

// Of two Redis the app reaches the primary on one port and a replica on another, and when
// the two change their roles it reaches the new primary.
func TestRedisFollowsThePrimary(t *testing.T) {
	s, start := newSpace(t), time.Now()
	for _, name := range []string{"one", "two"} {
		pod := pattern.Pod(name).Label("app", name).TerminationGracePeriodSeconds(2).
			WithApp(pattern.App("redis", "docker.io/library/redis:7").Port("redis", 6379).ReadinessProbe(pattern.TCPSocket("redis").PeriodSeconds(1)))
		s.apply(pod, pod.Service())
	}
	s.apply(pattern.Pod("web").TerminationGracePeriodSeconds(6).
		WithApp(pattern.App("app", "docker.io/library/redis:7").RunAsUser(10001).Command("sh", "-c", `trap 'exit 0' TERM; sleep 100000 & wait`)).
		WithAmbassador(ambassador.Redis("cache", "one:6379", ambassador.RedisOptions{Upstreams: []string{"two:6379"}, ReadReplicas: true})))
	s.ready("one")
	s.ready("two")
	s.run("two", "redis", "redis-cli", "replicaof", "one", "6379")
	s.ready("web")
	ask := func(port, command string) []string {
		return []string{"sh", "-c", `redis-cli -h "$CACHE_HOST" -p "$` + port + `" ` + command + ` 2>&1`}
	}
	s.yields("web", "app", `role:master`, ask("CACHE_PORT", "info replication")...)
	s.yields("web", "app", `role:slave`, ask("CACHE_READ_PORT", "info replication")...)
	s.yields("web", "app", `^OK`, ask("CACHE_PORT", "set at one")...)

	s.run("two", "redis", "redis-cli", "replicaof", "no", "one")
	s.run("one", "redis", "redis-cli", "replicaof", "two", "6379")
	s.run("two", "redis", "redis-cli", "set", "at", "two")
	swapped := time.Now()
	s.yields("web", "app", `^OK\ntwo`, "sh", "-c", `redis-cli -h "$CACHE_HOST" -p "$CACHE_PORT" set now ok; redis-cli -h "$CACHE_HOST" -p "$CACHE_PORT" get at`)
	took := time.Since(swapped)
	s.yields("web", "app", `role:slave`, ask("CACHE_READ_PORT", "info replication")...)
	require.Zero(t, status(s.ready("web"), "cache").RestartCount)
	s.observed(start, "the app wrote to the primary of two Redis and read from the replica; %.1f s after they had changed roles its writes went to the new primary", took.Seconds())
}
