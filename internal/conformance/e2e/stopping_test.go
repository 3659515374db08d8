package e2e_test

import (
	"bufio"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/podpattern/podpattern/pattern/check"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/watch"
)

// line is what a container printed, and when.
type line struct {
	at              time.Time
	container, text string
}

// stopped is how a pod ended: all that its containers printed after they were told to,
// in order, their last states, and the time from the request to the end.
type stopped struct {
	lines []line
	last  *corev1.Pod
	took  time.Duration
}

// stop deletes a pod and sees how it ends.
func (s *space) stop(pod string, containers ...string) stopped {
	s.Helper()
	var out stopped
	var mu sync.Mutex
	var readers sync.WaitGroup
	from := metav1.Now()
	for _, c := range containers {
		r, err := s.CoreV1().Pods(s.name).GetLogs(pod, &corev1.PodLogOptions{Container: c, Follow: true, Timestamps: true, SinceTime: &from}).Stream(s.ctx)
		require.NoError(s, err)
		readers.Go(func() {
			defer r.Close()
			for lines := bufio.NewScanner(r); lines.Scan(); {
				stamp, text, _ := strings.Cut(lines.Text(), " ")
				if at, err := time.Parse(time.RFC3339Nano, stamp); err == nil {
					mu.Lock()
					out.lines = append(out.lines, line{at, c, text})
					mu.Unlock()
				}
			}
		})
	}
	w, err := s.CoreV1().Pods(s.name).Watch(s.ctx, metav1.ListOptions{FieldSelector: "metadata.name=" + pod})
	require.NoError(s, err)
	defer w.Stop()
	began := time.Now()
	s.delete(pod)
	for deadline := time.After(waitLong); ; {
		select {
		case e, open := <-w.ResultChan():
			require.True(s, open, "the watch ended")
			out.last, _ = e.Object.(*corev1.Pod)
			if e.Type != watch.Deleted {
				continue
			}
		case <-deadline:
			require.Fail(s, "the pod doesn't end", told(out.last))
		}
		break
	}
	out.took = time.Since(began)
	readers.Wait()
	slices.SortStableFunc(out.lines, func(a, b line) int { return a.at.Compare(b.at) })
	return out
}

// order gives the lines that have a prefix, each as container: text, in the order in
// which they were printed.
func (e stopped) order(prefixes ...string) (out []string) {
	for _, l := range e.lines {
		if slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(l.text, p) }) {
			out = append(out, l.container+": "+l.text)
		}
	}
	return out
}

// at gives when a container printed a line.
func (e stopped) at(s *space, container, text string) time.Time {
	s.Helper()
	i := slices.IndexFunc(e.lines, func(l line) bool { return l.container == container && l.text == text })
	require.GreaterOrEqual(s, i, 0, "%s didn't print %s: %v", container, text, e.lines)
	return e.lines[i].at
}

// exit gives the exit code of a container that has ended.
func (e stopped) exit(s *space, container string) int32 {
	s.Helper()
	c := status(e.last, container)
	require.NotNil(s, c.State.Terminated, told(e.last))
	return c.State.Terminated.ExitCode
}

// firstLine gives when a container printed its first line, in a form that sorts.
func (s *space) firstLine(pod, container string) string {
	s.Helper()
	s.prints(pod, container, ".")
	raw, err := s.CoreV1().Pods(s.name).GetLogs(pod, &corev1.PodLogOptions{Container: container, Timestamps: true}).DoRaw(s.ctx)
	require.NoError(s, err)
	stamp, _, _ := strings.Cut(string(raw), " ")
	return stamp
}

// untouched says that a container of a pod is still the one that it was.
func (s *space) untouched(before *corev1.Pod, container string) {
	s.Helper()
	now, err := s.CoreV1().Pods(s.name).Get(s.ctx, before.Name, metav1.GetOptions{})
	require.NoError(s, err)
	was, is := status(before, container), status(now, container)
	require.NotNil(s, is.State.Running, told(now))
	require.Equal(s, was.ContainerID, is.ContainerID, told(now))
	require.Equal(s, was.RestartCount, is.RestartCount)
}

// runs says whether a container runs.
func runs(p *corev1.Pod, container string) bool {
	c := status(p, container)
	return c != nil && c.State.Running != nil
}

func names(lists ...[]corev1.Container) (out []string) {
	for _, list := range lists {
		for _, c := range list {
			out = append(out, c.Name)
		}
	}
	return out
}

func rules(fs check.Findings) (out []string) {
	for _, f := range fs {
		out = append(out, f.Rule)
	}
	return out
}

// signal sends a signal to a container's first process. The command itself ends with the
// container where that ends by it.
func (s *space) signal(pod, container, signal string) {
	s.Helper()
	out, err := s.exec(pod, container, "kill", signal, "1")
	require.True(s, err == nil || strings.Contains(err.Error(), "137"), "%s: %s", err, out)
}
