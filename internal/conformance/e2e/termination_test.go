package e2e_test

import (
	"testing"
	"time"

	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
)

// tells is a program that says when it is told to stop, works on for a number of
// seconds, and says when it ends.
func tells[R pattern.Role](c pattern.Container[R], seconds string) pattern.Container[R] {
	return c.Command("sh", "-c", `trap 'echo TERM; sleep "$0"; echo end; exit 0' TERM
echo up; while true; do sleep 1 & wait $!; done`, seconds)
}

// hookPrints is a hook whose words come out with those of its container.
func hookPrints(script string) pattern.Hook {
	return pattern.Exec("sh", "-c", `exec >/proc/1/fd/1; `+script)
}

// All containers share one grace period: the app is told first, then the native helpers,
// the last one first, each when the one before it has ended.
func TestAppsStopBeforeNativeHelpersAndThoseInReverse(t *testing.T) {
	s, start := newSpace(t), time.Now()
	s.apply(pattern.Pod("web").TerminationGracePeriodSeconds(20).
		WithApp(tells(pattern.App("web", busybox), "2"), tells(pattern.App("worker", busybox), "1")).
		WithSidecar(tells(pattern.Sidecar("first", busybox), "1"), tells(pattern.Sidecar("second", busybox), "1"), tells(pattern.Sidecar("third", busybox), "1")))
	s.ready("web")
	got := s.stop("web", "first", "second", "third", "web", "worker")
	require.Equal(t, []string{
		"worker: end", "web: end",
		"third: TERM", "third: end",
		"second: TERM", "second: end",
		"first: TERM", "first: end",
	}, got.order("TERM", "end")[2:])
	require.ElementsMatch(t, []string{"web: TERM", "worker: TERM"}, got.order("TERM")[:2])
	for _, c := range []string{"first", "second", "third", "web", "worker"} {
		require.Zero(t, got.exit(s, c), c)
	}
	require.Less(t, got.took, 20*time.Second)
	s.observed(start, "two apps that took 2 s and 1 s got TERM %s apart, then third, second and first in turn; all ended by themselves, %s after the request, in a grace period of 20 s",
		got.at(s, "worker", "TERM").Sub(got.at(s, "web", "TERM")).Abs().Round(10*time.Millisecond), got.took.Round(100*time.Millisecond))
}

// A classic helper is told to stop together with the app.
func TestAClassicHelperStopsWithTheApp(t *testing.T) {
	s, start := newSpace(t), time.Now()
	s.apply(pattern.Pod("web").TerminationGracePeriodSeconds(20).
		WithApp(tells(pattern.App("web", busybox), "3")).
		WithSidecar(tells(pattern.Sidecar("helper", busybox), "0").Classic()))
	s.ready("web")
	got := s.stop("web", "web", "helper")
	require.True(t, got.at(s, "helper", "end").Before(got.at(s, "web", "end")), "the app outlives its helper")
	s.observed(start, "the classic helper had ended %s before the app", got.at(s, "web", "end").Sub(got.at(s, "helper", "end")).Round(100*time.Millisecond))
}

// All preStop hooks begin at once, those of native helpers too: only TERM is in order.
// That of a helper which ends it takes it from the app, as check says.
func TestPreStopHooksAllBeginAtOnce(t *testing.T) {
	s, start := newSpace(t), time.Now()
	s.apply(pattern.Pod("web").TerminationGracePeriodSeconds(20).
		WithApp(tells(pattern.App("web", busybox), "1").PreStop(hookPrints("echo hook; sleep 3; echo hooked"))).
		WithSidecar(tells(pattern.Sidecar("helper", busybox), "1").PreStop(hookPrints("echo hook; sleep 1; echo hooked"))))
	s.ready("web")
	got := s.stop("web", "web", "helper")
	require.Equal(t, []string{"helper: hooked", "web: hooked", "web: TERM", "web: end", "helper: TERM", "helper: end"}, got.order("hooked", "TERM", "end"))
	apart := got.at(s, "helper", "hook").Sub(got.at(s, "web", "hook")).Abs()
	require.Less(t, apart, 2*time.Second)
	require.GreaterOrEqual(t, got.at(s, "web", "TERM").Sub(got.at(s, "web", "hook")), 3*time.Second, "TERM comes after the hook")
	s.observed(start, "the hooks of app and native helper began %s apart; TERM came to the app after its hook of 3 s, and to the helper when the app had ended", apart.Round(10*time.Millisecond))
}

func TestAPreStopHookThatEndsANativeHelperTakesItFromTheApp(t *testing.T) {
	s, start := newSpace(t), time.Now()
	pod := pattern.Pod("web").TerminationGracePeriodSeconds(20).
		WithApp(tells(pattern.App("web", busybox), "4")).
		WithSidecar(tells(pattern.Sidecar("helper", busybox), "0").PreStop(pattern.Exec("sh", "-c", "kill 1")))
	require.Contains(t, rules(pod.Findings()), "native-prestop-unordered")
	s.apply(pod)
	s.ready("web")
	got := s.stop("web", "web", "helper")
	early := got.at(s, "web", "end").Sub(got.at(s, "helper", "end"))
	require.Positive(t, early)
	s.observed(start, "check said native-prestop-unordered; the helper had ended %s before the app", early.Round(100*time.Millisecond))
}

// A hook that takes most of the grace period leaves the app and the helper next to nothing,
// as check says: both are killed.
func TestAHookThatTakesMostOfTheGracePeriodGetsAllKilled(t *testing.T) {
	s, start := newSpace(t), time.Now()
	pod := pattern.Pod("web").TerminationGracePeriodSeconds(4).
		WithApp(tells(pattern.App("web", busybox), "8").PreStop(pattern.Sleep(3))).
		WithSidecar(tells(pattern.Sidecar("helper", busybox), "8"))
	require.Contains(t, rules(pod.Findings()), "grace-budget")
	s.apply(pod)
	s.ready("web")
	got := s.stop("web", "web", "helper")
	require.EqualValues(t, 137, got.exit(s, "web"))
	require.EqualValues(t, 137, got.exit(s, "helper"))
	require.Equal(t, []string{"web: TERM", "helper: TERM"}, got.order("TERM"))
	s.observed(start, "check said grace-budget; app and helper, which want 8 s, were killed with 137, %s after the request: a grace period of 4 s, 3 s of it for the hook, and at least 2 s for each",
		got.took.Round(100*time.Millisecond))
}

// The same pod with time enough ends in good order, and check says nothing.
func TestAHookThatLeavesTimeGetsNobodyKilled(t *testing.T) {
	s, start := newSpace(t), time.Now()
	pod := pattern.Pod("web").TerminationGracePeriodSeconds(30).
		WithApp(tells(pattern.App("web", busybox), "1").PreStop(pattern.Sleep(4))).
		WithSidecar(tells(pattern.Sidecar("helper", busybox), "1"))
	require.NotContains(t, rules(pod.Findings()), "grace-budget")
	s.apply(pod)
	s.ready("web")
	got := s.stop("web", "web", "helper")
	require.Zero(t, got.exit(s, "web"))
	require.Zero(t, got.exit(s, "helper"))
	s.observed(start, "with 30 s the same hook left time: all ended with 0 after %s", got.took.Round(100*time.Millisecond))
}
