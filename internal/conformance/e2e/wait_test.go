package e2e_test

import (
	"context"
	"fmt"
	"time"

	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/tools/cache"
	watchtools "k8s.io/client-go/tools/watch"
)

// waitLong is how long a pod of few containers may take on a machine of two cores that runs
// several tests at once.
const waitLong = 90 * time.Second

// until asks again until the answer is yes; for what can't be watched.
func (s *space) until(what string, atMost time.Duration, ask func() (ok bool, state string)) {
	s.Helper()
	deadline := time.Now().Add(atMost)
	for {
		ok, state := ask()
		if ok {
			return
		}
		require.True(s, time.Now().Before(deadline), "%s: not within %s: %s", what, atMost, state)
		time.Sleep(100 * time.Millisecond)
	}
}

// pod watches a pod until it is as it is to be; state tells what it waits for.
func (s *space) pod(name, state string, atMost time.Duration, is func(*corev1.Pod) bool) *corev1.Pod {
	s.Helper()
	ctx, cancel := context.WithTimeout(s.ctx, atMost)
	defer cancel()
	byName := fields.OneTermEqualSelector("metadata.name", name).String()
	client := s.CoreV1().Pods(s.name)
	lw := &cache.ListWatch{
		ListWithContextFunc: func(ctx context.Context, o metav1.ListOptions) (runtime.Object, error) {
			o.FieldSelector = byName
			return client.List(ctx, o)
		},
		WatchFuncWithContext: func(ctx context.Context, o metav1.ListOptions) (watch.Interface, error) {
			o.FieldSelector = byName
			return client.Watch(ctx, o)
		},
	}
	var last *corev1.Pod
	_, err := watchtools.UntilWithSync(ctx, lw, &corev1.Pod{}, nil, func(e watch.Event) (bool, error) {
		p, ok := e.Object.(*corev1.Pod)
		if !ok || e.Type == watch.Deleted {
			return false, nil
		}
		last = p
		return is(p), nil
	})
	require.NoError(s, err, "pod %s is never %s, but %s", name, state, told(last))
	return last
}

// ready waits for a pod to be Ready.
func (s *space) ready(name string) *corev1.Pod {
	s.Helper()
	return s.pod(name, "Ready", waitLong, isReady)
}

// gone waits for a pod to be deleted, and gives the time that took.
func (s *space) gone(name string) time.Duration {
	s.Helper()
	start := time.Now()
	s.until("pod "+name+" to go", waitLong, func() (bool, string) {
		_, err := s.CoreV1().Pods(s.name).Get(s.ctx, name, metav1.GetOptions{})
		return err != nil, "it is there"
	})
	return time.Since(start)
}

// podOf waits for a workload's pod to be as it is to be, and gives it; selector is that of
// its labels, such as app=web.
func (s *space) podOf(selector, state string, atMost time.Duration, is func(*corev1.Pod) bool) *corev1.Pod {
	s.Helper()
	var found *corev1.Pod
	s.until("a pod of "+selector+" to be "+state, atMost, func() (bool, string) {
		pods, err := s.CoreV1().Pods(s.name).List(s.ctx, metav1.ListOptions{LabelSelector: selector})
		if err != nil {
			return false, err.Error()
		}
		text := "there is none"
		for i := range pods.Items {
			if found = &pods.Items[i]; is(found) {
				return true, ""
			}
			text = told(found)
		}
		return false, text
	})
	return found
}

func isReady(p *corev1.Pod) bool {
	for _, c := range p.Status.Conditions {
		if c.Type == corev1.PodReady {
			return c.Status == corev1.ConditionTrue
		}
	}
	return false
}

// status gives the state of a container, init containers included; nil: not yet known.
func status(p *corev1.Pod, container string) *corev1.ContainerStatus {
	for _, list := range [...][]corev1.ContainerStatus{p.Status.InitContainerStatuses, p.Status.ContainerStatuses} {
		for i := range list {
			if list[i].Name == container {
				return &list[i]
			}
		}
	}
	return nil
}

// told gives a pod's state in a line.
func told(p *corev1.Pod) string {
	if p == nil {
		return "not there"
	}
	text := string(p.Status.Phase) + " " + p.Status.Reason
	for _, list := range [...][]corev1.ContainerStatus{p.Status.InitContainerStatuses, p.Status.ContainerStatuses} {
		for _, c := range list {
			state := "running"
			switch {
			case c.State.Waiting != nil:
				state = "waiting: " + c.State.Waiting.Reason + " " + c.State.Waiting.Message
			case c.State.Terminated != nil:
				state = fmt.Sprintf("ended: %d %s", c.State.Terminated.ExitCode, c.State.Terminated.Reason)
			}
			text += fmt.Sprintf("; %s %s, ready %t, %d restarts", c.Name, state, c.Ready, c.RestartCount)
		}
	}
	for _, c := range p.Status.Conditions {
		if c.Status != corev1.ConditionTrue && c.Message != "" {
			text += "; " + string(c.Type) + ": " + c.Message
		}
	}
	return text
}
