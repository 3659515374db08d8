package check_test

import (
	"testing"

	"github.com/podpattern/podpattern/pattern/check"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

func sleepHook(seconds int64) *corev1.Lifecycle {
	return &corev1.Lifecycle{PreStop: &corev1.LifecycleHandler{Sleep: &corev1.SleepAction{Seconds: seconds}}}
}

func execHook(command ...string) *corev1.Lifecycle {
	return &corev1.Lifecycle{PreStop: &corev1.LifecycleHandler{Exec: &corev1.ExecAction{Command: command}}}
}

func TestHooks(t *testing.T) {
	tcp := &corev1.LifecycleHandler{TCPSocket: &corev1.TCPSocketAction{Port: intstr.FromInt32(80)}}
	try(t,
		example{"prestop-sleep", "negative", func(p *corev1.Pod) {
			webOf(p).Lifecycle = &corev1.Lifecycle{PreStop: &corev1.LifecycleHandler{Sleep: &corev1.SleepAction{Seconds: -1}}}
		}, []string{"A spec.containers[0].lifecycle.preStop.sleep: Invalid value: -1: must be non-negative and less than terminationGracePeriodSeconds (30)"}},

		example{"hook-shape", "no handler", func(p *corev1.Pod) { webOf(p).Lifecycle = &corev1.Lifecycle{PostStart: &corev1.LifecycleHandler{}} }, []string{"A spec.containers[0].lifecycle.postStart: Required value: must specify a handler type"}},
		example{"hook-shape", "two handlers", func(p *corev1.Pod) {
			sideOf(p).Lifecycle = execHook("true")
			sideOf(p).Lifecycle.PreStop.Sleep = &corev1.SleepAction{Seconds: -1}
		}, []string{"A spec.initContainers[1].lifecycle.preStop.sleep: Forbidden: may not specify more than 1 handler type"}},
		example{"hook-shape", "of an init container, which can't have any", func(p *corev1.Pod) { initOf(p).Lifecycle = &corev1.Lifecycle{PostStart: &corev1.LifecycleHandler{}} }, nil},
		example{"hook-tcp", "each hook", func(p *corev1.Pod) { webOf(p).Lifecycle = &corev1.Lifecycle{PostStart: tcp, PreStop: tcp} }, []string{
			"E spec.containers[0].lifecycle.postStart.tcpSocket: Forbidden: the kubelet has no such hook",
			"W spec.containers[0].lifecycle.preStop.tcpSocket: Forbidden: the kubelet has no such hook"}},

		example{"prestop-sleep", "as long as the pod may take", func(p *corev1.Pod) { webOf(p).Lifecycle = sleepHook(30) }, []string{"W spec.containers[0].lifecycle.preStop.sleep: Invalid value: 30: takes all of terminationGracePeriodSeconds, and the program is killed 2 seconds later"}},
		example{"prestop-sleep", "none", func(p *corev1.Pod) { webOf(p).Lifecycle = sleepHook(0) }, nil},
		example{"prestop-sleep", "none in a pod that is killed at once", func(p *corev1.Pod) {
			p.Spec.TerminationGracePeriodSeconds, webOf(p).Lifecycle = new(int64(0)), sleepHook(0)
		}, nil},
		example{"prestop-sleep", "a negative grace period is 1", func(p *corev1.Pod) {
			p.Spec.TerminationGracePeriodSeconds, webOf(p).Lifecycle = new(int64(-7)), sleepHook(2)
		}, []string{"A spec.containers[0].lifecycle.preStop.sleep: Invalid value: 2: must be non-negative and less than terminationGracePeriodSeconds (1)"}},
		example{"prestop-sleep", "when it starts, as long as the pod may take to stop", func(p *corev1.Pod) {
			webOf(p).Lifecycle = &corev1.Lifecycle{PostStart: &corev1.LifecycleHandler{Sleep: &corev1.SleepAction{Seconds: 30}}}
		}, nil},
		example{"prestop-sleep", "of the second handler, where nobody looks", func(p *corev1.Pod) {
			webOf(p).Lifecycle = execHook("true")
			webOf(p).Lifecycle.PreStop.Sleep = &corev1.SleepAction{Seconds: -1}
		}, nil},
		example{"prestop-sleep", "of an init container, which can't have any", func(p *corev1.Pod) { initOf(p).Lifecycle = sleepHook(-1) }, nil},
	)
}

// What a hook may do depends on the version, and what a grace period is on
// whether it stands in a template.
func TestSleepByVersion(t *testing.T) {
	p := goodPod()
	webOf(p).Lifecycle = sleepHook(0)
	text := func(opts ...check.Option) string {
		return check.Pod(p, append(opts, check.AtLeast(check.Broken))...).String()
	}
	require.Empty(t, text(check.Target("1.33")))
	require.Contains(t, text(check.Target("1.32")), "must be greater than 0 and less than terminationGracePeriodSeconds (30). Enable AllowPodLifecycleSleepActionZeroValue feature gate for zero sleep.")
	require.Contains(t, text(check.Target("1.29")), "lifecycle.preStop.sleep: Forbidden: Kubernetes 1.29 drops it")
	require.NotContains(t, text(check.Target("1.29")), "prestop-sleep")
	require.NotContains(t, text(check.Target("1.30")), "sleep-min-version")

	p.Spec.TerminationGracePeriodSeconds = new(int64(-7))
	require.Empty(t, of(check.Pod(p), "prestop-sleep"))
	require.Contains(t, check.Template(&corev1.PodTemplateSpec{Spec: p.Spec}).String(), "terminationGracePeriodSeconds (-7)")
}

func TestGraceBudget(t *testing.T) {
	web := func(l *corev1.Lifecycle) func(*corev1.Pod) { return func(p *corev1.Pod) { webOf(p).Lifecycle = l } }
	left := func(field, taken, rest string) []string {
		return []string{"W spec.containers[0].lifecycle.preStop." + field + ": Invalid value: " + taken + ": leaves " + rest + " of 30 seconds to stop it and the native sidecars in"}
	}
	script := func(s string) *corev1.Lifecycle { return execHook("sh", "-c", s) }
	try(t,
		example{"grace-budget", "the program sleep", web(execHook("/bin/sleep", "45s")), left("exec", "45", "0")},
		example{"grace-budget", "a script", web(script("echo bye; sleep 20 && nginx -s quit; sleep 9")), left("exec", "29", "1")},
		example{"grace-budget", "minutes", web(script("sleep 1m")), left("exec", "60", "0")},
		example{"grace-budget", "room for the app alone", web(sleepHook(27)), left("sleep", "27", "3")},
		example{"grace-budget", "room for each", web(sleepHook(26)), nil},
		example{"grace-budget", "without native sidecars", func(p *corev1.Pod) { webOf(p).Lifecycle, p.Spec.InitContainers = sleepHook(28), nil }, nil},
		example{"grace-budget", "without native sidecars, one second", func(p *corev1.Pod) { webOf(p).Lifecycle, p.Spec.InitContainers = sleepHook(29), nil },
			[]string{"W spec.containers[0].lifecycle.preStop.sleep: Invalid value: 29: leaves 1 of 30 seconds to stop it in"}},
		example{"grace-budget", "of the sidecar, which sleeps meanwhile", func(p *corev1.Pod) { sideOf(p).Lifecycle = sleepHook(28) }, nil},
		example{"grace-budget", "of the sidecar, too long", func(p *corev1.Pod) { sideOf(p).Lifecycle = execHook("sleep", "30") },
			[]string{"W spec.initContainers[1].lifecycle.preStop.exec: Invalid value: 30: leaves 0 of 30 seconds to stop it in"}},
		example{"grace-budget", "all of it is another rule's", web(sleepHook(30)), nil},
		example{"grace-budget", "a loop that may end sooner", web(script("while pgrep worker; do sleep 60; done")), nil},
		example{"grace-budget", "a word that only ends so", web(script("nosleep 90")), nil},
		example{"grace-budget", "killed at once on purpose", func(p *corev1.Pod) {
			p.Spec.TerminationGracePeriodSeconds, webOf(p).Lifecycle = new(int64(0)), execHook("sleep", "5")
		}, nil},
		example{"grace-budget", "a program that says no time", web(execHook("nginx", "-s", "quit")), nil},
	)
}
