package e2e_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/tools/remotecommand"
)

// logs gives what a container has printed, and what the one before it did where it was
// restarted and previous is set.
func (s *space) logs(pod, container string, previous ...bool) string {
	s.Helper()
	text, err := s.logsOf(s.ctx, pod, container, len(previous) > 0 && previous[0])
	require.NoError(s, err)
	return text
}

func (s *space) logsOf(ctx context.Context, pod, container string, previous bool) (string, error) {
	r, err := s.CoreV1().Pods(s.name).GetLogs(pod, &corev1.PodLogOptions{Container: container, Previous: previous}).Stream(ctx)
	if err != nil {
		return "", err
	}
	defer r.Close()
	text, err := io.ReadAll(r)
	return string(text), err
}

// prints waits for a container to print what the expression says, and gives all that it
// printed.
func (s *space) prints(pod, container, expression string) string {
	s.Helper()
	want := regexp.MustCompile("(?m)" + expression)
	var text string
	s.until(container+" to print "+expression, waitLong, func() (bool, string) {
		var err error
		text, err = s.logsOf(s.ctx, pod, container, false)
		return err == nil && want.MatchString(text), fmt.Sprint(err, " ", tail(text))
	})
	return text
}

// exec runs a command in a container.
func (s *space) exec(pod, container string, command ...string) (string, error) {
	r := s.CoreV1().RESTClient().Post().Resource("pods").Name(pod).Namespace(s.name).SubResource("exec").
		VersionedParams(&corev1.PodExecOptions{Container: container, Command: command, Stdout: true, Stderr: true}, scheme.ParameterCodec)
	e, err := remotecommand.NewSPDYExecutor(s.config, "POST", r.URL())
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(s.ctx, waitLong)
	defer cancel()
	var out output
	err = e.StreamWithContext(ctx, remotecommand.StreamOptions{Stdout: &out, Stderr: &out})
	return out.String(), err
}

// output takes what two streams write at the same time. A plain buffer would lose some of
// it: io.Copy has it read from both at once.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// run is exec of what must succeed.
func (s *space) run(pod, container string, command ...string) string {
	s.Helper()
	out, err := s.exec(pod, container, command...)
	require.NoError(s, err, "%s: %s", strings.Join(command, " "), out)
	return out
}

// yields waits for a command in a container to print what the expression says.
func (s *space) yields(pod, container, expression string, command ...string) string {
	s.Helper()
	want := regexp.MustCompile("(?m)" + expression)
	var out string
	s.until(strings.Join(command, " ")+" to print "+expression, waitLong, func() (bool, string) {
		var err error
		out, err = s.exec(pod, container, command...)
		return want.MatchString(out), fmt.Sprint(err, " ", tail(out))
	})
	return out
}

// events gives the reasons and messages of the events about an object.
func (s *space) events(object string) []string {
	s.Helper()
	list, err := s.CoreV1().Events(s.name).List(s.ctx, metav1.ListOptions{FieldSelector: "involvedObject.name=" + object})
	require.NoError(s, err)
	var out []string
	for _, e := range list.Items {
		out = append(out, e.Reason+": "+e.Message)
	}
	return out
}

// hasEvent waits for an event about an object whose text has a part.
func (s *space) hasEvent(object, part string) {
	s.Helper()
	s.until("an event with "+part, waitLong, func() (bool, string) {
		all := s.events(object)
		return slices.ContainsFunc(all, func(e string) bool { return strings.Contains(e, part) }), strings.Join(all, "\n")
	})
}

// dump prints what is in the namespace of a test that failed.
func (s *space) dump(ctx context.Context) {
	pods, err := s.CoreV1().Pods(s.name).List(ctx, metav1.ListOptions{})
	if err != nil {
		s.Log(err)
		return
	}
	for i := range pods.Items {
		p := &pods.Items[i]
		s.Logf("pod %s: %s", p.Name, told(p))
		for _, c := range slices.Concat(p.Spec.InitContainers, p.Spec.Containers) {
			for _, previous := range []bool{true, false} {
				if text, err := s.logsOf(ctx, p.Name, c.Name, previous); err == nil && text != "" {
					s.Logf("%s %s, restarted %t:\n%s", p.Name, c.Name, previous, tail(text))
				}
			}
		}
	}
	events, err := s.CoreV1().Events(s.name).List(ctx, metav1.ListOptions{})
	if err != nil {
		s.Log(err)
		return
	}
	for _, e := range events.Items {
		s.Logf("%s %s %s: %s", e.LastTimestamp.Format(time.TimeOnly), e.InvolvedObject.Name, e.Reason, e.Message)
	}
}

// tail gives the last lines of a text.
func tail(text string) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	return strings.Join(lines[max(0, len(lines)-15):], "\n")
}
