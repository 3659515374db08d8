package e2e_test

import (
	"strings"
	"testing"
	"time"

	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/sidecar"
	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

// waitSync is how long the kubelet may take to bring a change into a pod: it looks at
// each pod every minute and up to half of one more.
const waitSync = 2 * time.Minute

// rereads starts a program named greeter, which prints its configuration at the start and
// at each HUP.
const rereads = `cat >/tmp/greeter <<'X'
#!/bin/sh
show() { echo "config $(cat /etc/app/greeting) $(cat /etc/login/password)"; }
trap show HUP; trap 'exit 0' TERM
show; while true; do sleep 1 & wait $!; done
X
chmod +x /tmp/greeter; exec /tmp/greeter`

// answersPosts starts a server that answers every request with 200, and notes it together with
// the configuration that it finds.
const answersPosts = `cat >/tmp/answer <<'X'
#!/bin/sh
read -r request; line=$request
while [ "${#line}" -gt 1 ]; do read -r line || break; done
echo "$request $(cat /etc/app/greeting)" >>/tmp/requests
printf 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'
X
chmod +x /tmp/answer; touch /tmp/requests; exec nc -ll -p 9090 -e /tmp/answer`

// A changed ConfigMap and Secret reach a mounted volume, and ReloadBySignal tells the app;
// a file that is mounted by SubPath, and a variable, stay as they were, as check says.
func TestAChangedConfigMapAndSecretReachTheApp(t *testing.T) {
	s, start := newSpace(t), time.Now()
	config, login := pattern.ConfigMap("app").Data("greeting", "hello"), pattern.Secret("login").Data("password", "old")
	files, secrets := config.Volume("config"), login.Volume("login")
	pod := pattern.Pod("web").TerminationGracePeriodSeconds(5).RunAsUser(10001).
		WithApp(pattern.App("web", busybox).Shell(rereads).
			Reads(files, "/etc/app").Reads(secrets, "/etc/login").
			Mount(files.SubPath("greeting"), "/etc/stale/greeting").
			EnvConfigMap("GREETING", config, "greeting")).
		WithSidecar(
			sidecar.ConfigReloader(files, sidecar.ReloadBySignal("HUP", "greeter", 10001)).Name("config-reloader"),
			sidecar.ConfigReloader(secrets, sidecar.ReloadBySignal("HUP", "greeter", 10001)).Name("login-reloader"))
	require.Contains(t, rules(pod.Findings()), "subpath-stale")
	s.apply(pod)
	before := s.ready("web")
	s.prints("web", "web", "^config hello old$")

	s.setData("configmaps", "app", "greeting", "servus")
	s.setData("secrets", "login", "password", "new")
	changed := time.Now()
	s.until("the app to print both new values", waitSync, func() (bool, string) {
		text := s.logs("web", "web")
		return strings.Contains(text, "config servus new\n"), tail(text)
	})
	took := time.Since(changed)
	s.prints("web", "config-reloader", "^sent SIGHUP to greeter")
	s.prints("web", "login-reloader", "^sent SIGHUP to greeter")
	require.Equal(t, "hello", s.run("web", "web", "cat", "/etc/stale/greeting"))
	require.Equal(t, "hello", strings.TrimSpace(s.run("web", "web", "sh", "-c", "echo $GREETING")))
	s.untouched(before, "web")
	s.observed(start, "the app printed both new values %s after the change, told by SIGHUP; the SubPath mount and the variable kept the old one", took.Round(time.Second))
}

// ReloadByPost: prometheus-config-reloader posts to the app when the files have changed.
func TestReloadByPostTellsTheApp(t *testing.T) {
	s, start := newSpace(t), time.Now()
	files := pattern.ConfigMap("app").Data("greeting", "hello").Volume("config")
	s.apply(pattern.Pod("web").TerminationGracePeriodSeconds(5).
		WithApp(pattern.App("web", busybox).Port("http", 9090).Reads(files, "/etc/app").
			Shell(answersPosts)).
		WithSidecar(sidecar.ConfigReloader(files, sidecar.ReloadByPost("http://127.0.0.1:9090/-/reload"))))
	before := s.ready("web")
	s.setData("configmaps", "app", "greeting", "servus")
	s.lookAgain("web")
	changed := time.Now()
	s.yields("web", "web", "^POST /-/reload HTTP/1.1.* servus$", "cat", "/tmp/requests")
	s.untouched(before, "config-reloader")
	s.observed(start, "the app got a POST to /-/reload, and read the new value, %s after the change and a new annotation of the pod, which makes the kubelet look at once", time.Since(changed).Round(100*time.Millisecond))
}

// lookAgain makes the kubelet look at a pod, and so at what it mounts: it does so when
// the pod changes.
func (s *space) lookAgain(pod string) {
	s.Helper()
	_, err := s.CoreV1().Pods(s.name).Patch(s.ctx, pod, types.MergePatchType, []byte(`{"metadata":{"annotations":{"e2e/looked":"`+time.Now().Format(time.RFC3339Nano)+`"}}}`), metav1.PatchOptions{})
	require.NoError(s, err)
}
