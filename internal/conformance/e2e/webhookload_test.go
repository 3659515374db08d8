package e2e_test

import (
	"fmt"
	"regexp"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// gated is a pod that is only admitted: it never gets a node.
func gated(name string) *corev1.Pod {
	return &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: name},
		Spec: corev1.PodSpec{
			SchedulingGates: []corev1.PodSchedulingGate{{Name: "podpattern.dev/never"}},
			Containers:      []corev1.Container{{Name: "web", Image: "busybox:1.36"}},
		},
	}
}

// injected is how many helpers the webhook has added.
func injected(p *corev1.Pod) int {
	n := 0
	for _, c := range p.Spec.InitContainers {
		if c.Name == "statsd" {
			n++
		}
	}
	return n
}

// admitted is what became of the pods of a load.
type admitted struct {
	created int
	wrong   []string      // the pods that haven't one helper
	refused []string      // why a create failed; it was tried again
	longest time.Duration // of a pod, with what failed before
}

// load has eight clients create pods, dozens a second, until stop is called.
func (s *space) load() (stop func() admitted) {
	var (
		all   sync.WaitGroup
		mu    sync.Mutex
		out   admitted
		ended atomic.Bool
		began = time.Now().UnixNano()
	)
	for client := range 8 {
		all.Go(func() {
			for n := 0; !ended.Load() && s.ctx.Err() == nil; n++ {
				start := time.Now()
				p, refused := s.createGated(gated(fmt.Sprintf("pod-%x-%d-%d", began, client, n)))
				took := time.Since(start)
				mu.Lock()
				out.refused = append(out.refused, refused...)
				if p != nil {
					out.created++
					out.longest = max(out.longest, took)
					if injected(p) != 1 {
						out.wrong = append(out.wrong, fmt.Sprintf("%s: %d helpers", p.Name, injected(p)))
					}
				}
				mu.Unlock()
				time.Sleep(50*time.Millisecond - took)
			}
		})
	}
	return func() admitted {
		ended.Store(true)
		all.Wait()
		return out
	}
}

// createGated creates a pod, again until that succeeds, and deletes it. It gives the pod as it
// was admitted, and why it was refused before.
func (s *space) createGated(p *corev1.Pod) (stored *corev1.Pod, refused []string) {
	client := s.CoreV1().Pods(s.name)
	for s.ctx.Err() == nil {
		stored, err := client.Create(s.ctx, p, metav1.CreateOptions{})
		if err == nil {
			_ = client.Delete(s.ctx, p.Name, metav1.DeleteOptions{GracePeriodSeconds: new(int64(0))})
			return stored, refused
		}
		refused = append(refused, err.Error())
		time.Sleep(200 * time.Millisecond)
	}
	return nil, refused
}

// busiest gives the place of the replica that answers, once it has answered some: an API
// server keeps its connections, so the others may have nothing to do.
func (s *space) busiest(pods []corev1.Pod) int {
	s.Helper()
	at, most := 0, 0
	s.until("a replica to answer", waitLong, func() (bool, string) {
		for i, p := range pods {
			text, err := s.CoreV1().Pods(s.name).ProxyGet("http", p.Name, "8080", "/metrics", nil).DoRaw(s.ctx)
			require.NoError(s, err)
			n := 0
			for _, m := range regexp.MustCompile(`(?m)^podpattern_webhook_request_duration_seconds_count\{.*\} (\d+)$`).FindAllSubmatch(text, -1) {
				count, err := strconv.Atoi(string(m[1]))
				require.NoError(s, err)
				n += count
			}
			if n > most {
				at, most = i, n
			}
		}
		return most > 20, fmt.Sprint(most)
	})
	return at
}

// requireAll holds each pod to have its helper, once.
func (a admitted) requireAll(s *space) {
	s.Helper()
	require.Empty(s, a.wrong, "pods of %d that weren't admitted with one helper", a.created)
	require.Greater(s, a.created, 50)
}
