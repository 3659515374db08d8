package e2e_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/podpattern/podpattern/internal/golden"
	_ "github.com/podpattern/podpattern/internal/golden/updateflag"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/tools/clientcmd"
)

// What README.md says to do first comes up, word for word: nothing is changed in what the
// program prints. Its database is where it says, in the namespace prod. HAProxy, nginx,
// busybox and PostgreSQL are programs; Fluent Bit is a stand-in.
func TestQuickstart(t *testing.T) {
	s := newSpace(t)
	prod := s.namespace("prod")
	prod.apply(seedPostgres("postgres")...)
	prod.ready("postgres")

	start, session := time.Now(), s.terminal()
	session.run("go run ./examples/quickstart | kubectl apply -f -")
	session.run("kubectl wait --for=condition=Available deployment/web --timeout=5m")
	up := time.Since(start)
	session.run("kubectl get deployment web")
	session.run("kubectl get pods -l app=web")
	session.run("kubectl logs deployment/web -c wait-for-postgres-5432")
	page := session.forwarded("service/web", 8080)
	require.Contains(t, page, "Welcome to nginx!")
	golden.Equal(t, "testdata/quickstart.txt", session.text.String())

	pods, err := s.CoreV1().Pods(s.name).List(s.ctx, metav1.ListOptions{LabelSelector: "app=web"})
	require.NoError(t, err)
	require.Len(t, pods.Items, 3)
	for i := range pods.Items {
		p := &pods.Items[i]
		require.True(t, isReady(p), told(p))
		require.Zero(t, allRestarts(p), told(p))
		// The first message of PostgreSQL's protocol asks for TLS: N is no, S is yes.
		s.yields(p.Name, "web", `^[NS]$`, "sh", "-c", `printf '\000\000\000\010\004\322\026\057' | nc -w 2 "$DB_HOST" "$DB_PORT" | head -c 1`)
		s.answers(p.Name, "8404", "/ready", "")
		s.answers(p.Name, "8080", "/", "Welcome to nginx!")
		s.prints(p.Name, "log-shipper", "GET / ")
	}
	s.observed(start, "`go run ./examples/quickstart | kubectl apply -f -` was up after %.0f s: 3 of 3 replicas Ready, none restarted; the Service answered, "+
		"PostgreSQL answered each pod at $DB_HOST:$DB_PORT through HAProxy, and the shipper's stand-in saw each pod's requests", up.Seconds())
}

// namespace makes one of a given name, for what a manifest names with it, unless it is there.
func (s *space) namespace(name string) *space {
	s.Helper()
	made := false
	s.until("namespace "+name, waitLong, func() (bool, string) {
		there, err := s.CoreV1().Namespaces().Get(s.ctx, name, metav1.GetOptions{})
		if apierrors.IsNotFound(err) {
			there, err = s.CoreV1().Namespaces().Create(s.ctx, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{"e2e": "podpattern"}}}, metav1.CreateOptions{})
			made = err == nil
		}
		return err == nil && there.Status.Phase != corev1.NamespaceTerminating, fmt.Sprint(err)
	})
	if made {
		s.Cleanup(func() {
			_ = s.CoreV1().Namespaces().Delete(context.Background(), name, metav1.DeleteOptions{})
		})
	}
	return &space{s.T, s.cluster, name, s.ctx}
}

// terminal is a shell in the root of the library, whose kubectl is in the test's namespace.
type terminal struct {
	*space
	env  []string
	text strings.Builder
}

func (s *space) terminal() *terminal {
	s.Helper()
	config, err := clientcmd.LoadFromFile(os.Getenv("KUBECONFIG"))
	require.NoError(s, err)
	config.Contexts[config.CurrentContext].Namespace = s.name
	file := filepath.Join(s.TempDir(), "config")
	require.NoError(s, clientcmd.WriteToFile(*config, file))
	return &terminal{space: s, env: append(os.Environ(), "KUBECONFIG="+file)}
}

func (t *terminal) command(line string) *exec.Cmd {
	c := exec.CommandContext(t.ctx, "bash", "-o", "pipefail", "-c", line)
	c.Dir, c.Env = "../../..", t.env
	return c
}

// run runs a command, and notes it with its output.
func (t *terminal) run(line string) {
	t.Helper()
	c := t.command(line)
	var errs strings.Builder
	c.Stderr = &errs
	out, err := c.Output()
	require.NoError(t, err, "%s: %s", line, errs.String())
	t.note(line, string(out))
}

// forwarded gives what a Service answers by a forwarded port, and notes it.
func (t *terminal) forwarded(service string, port int) string {
	t.Helper()
	c := t.command(fmt.Sprintf("exec kubectl port-forward %s :%d", service, port))
	out, err := c.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, c.Start())
	defer func() {
		_ = c.Process.Kill()
		_ = c.Wait()
	}()
	var local int
	_, err = fmt.Fscanf(out, "Forwarding from 127.0.0.1:%d", &local)
	require.NoError(t, err)
	go func() { _, _ = io.Copy(io.Discard, out) }()
	page, err := t.command(fmt.Sprintf("curl -sS --fail http://127.0.0.1:%d/", local)).Output()
	require.NoError(t, err)
	t.note(fmt.Sprintf("kubectl port-forward %s %d >/dev/null &", service, port), "")
	t.note(fmt.Sprintf("curl http://127.0.0.1:%d/", port), string(page))
	return string(page)
}

// What differs from run to run: a pod's own part of its name, and its age.
var podName, podAge = regexp.MustCompile(`(web-[0-9a-f]+-)[a-z0-9]{5}\b`), regexp.MustCompile(`(?m)\b(\d+[hms])+$`)

func (t *terminal) note(line, output string) {
	output = podAge.ReplaceAllString(podName.ReplaceAllString(output, "${1}xxxxx"), "30s")
	fmt.Fprintf(&t.text, "$ %s\n%s", line, output)
}
