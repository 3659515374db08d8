package e2e_test

import (
	"context"
	"fmt"
	"io"
	"maps"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/podpattern/podpattern/ambassador"
	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/sidecar"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// slow is an app on localhost that takes a second for /cgi-bin/slow and stops when it is
// told to, with what it does.
func slow() pattern.AppContainer {
	return pattern.App("app", "busybox:1.36").Port("app", 8080).ReadinessProbe(pattern.Exec("wget", "-q", "-O", "/dev/null", "http://127.0.0.1:8080/").PeriodSeconds(2).TimeoutSeconds(5)).
		Shell(`mkdir -p /tmp/www/cgi-bin; echo fast >/tmp/www/index.html
printf '#!/bin/sh\nsleep 1\nprintf "Content-Type: text/plain\\r\\n\\r\\nslow\\n"\n' >/tmp/www/cgi-bin/slow; chmod +x /tmp/www/cgi-bin/slow
trap 'exit 0' TERM; httpd -f -p 127.0.0.1:8080 -h /tmp/www & wait`)
}

// asking is a pod whose containers fast and slow ask a URL again and again, each request on
// a connection of its own, slow four at a time, and print the status of each answer, or the
// error.
func asking(url string, flags string) pattern.PodBuilder {
	loop := func(name, path, pause string, times int) pattern.AppContainer {
		one := `(while :; do echo "status $(curl -sS --max-time 20 -o /dev/null -w '%{http_code}' ` + flags + ` ` + url + path + ` 2>&1)"; sleep ` + pause + `; done) & `
		return pattern.App(name, curlImage).Command("sh", "-c", `trap 'exit 0' TERM; `+strings.Repeat(one, times)+`wait`)
	}
	return pattern.Pod("client").TerminationGracePeriodSeconds(1).WithApp(loop("fast", "/", "0.05", 1), loop("slow", "/cgi-bin/slow", "0", 4))
}

// statuses counts the answers that a pod of asking got so far, by their status.
func (s *space) statuses() map[string]int {
	s.Helper()
	n := make(map[string]int)
	for _, container := range []string{"fast", "slow"} {
		for _, m := range regexp.MustCompile(`(?m)^status (.*)$`).FindAllStringSubmatch(s.logs("client", container), -1) {
			n[m[1]]++
		}
	}
	return n
}

// Nobody who asks the Service notices that one of two pods goes: both containers go on
// while clients still come, and end with what they have.
func TestAFrontDrains(t *testing.T) {
	authority := newAuthority(t)
	for name, test := range map[string]struct {
		front func(pattern.PodBuilder) pattern.PodBuilder
		url   string
		flags string
	}{
		"nginx": {func(p pattern.PodBuilder) pattern.PodBuilder { return p.WithSidecar(sidecar.ReverseProxy(8080)) }, "http://web:8000", ""},
		"TLS": {func(p pattern.PodBuilder) pattern.PodBuilder {
			return p.WithAmbassador(ambassador.TLS(8080, pattern.Secret("web").Volume("certificate")))
		}, "https://web:8443", "--cacert /ca/ca.crt"},
		"mutual TLS": {func(p pattern.PodBuilder) pattern.PodBuilder {
			return p.WithAmbassador(ambassador.MTLSServer(8080, pattern.Secret("web").Volume("certificate"), ambassador.MTLSServerOptions{AllowCommonNames: []string{"web"}}))
		}, "https://web:8443", "--cacert /ca/ca.crt --cert /ca/tls.crt --key /ca/tls.key"},
	} {
		t.Run(name, func(t *testing.T) {
			s, start := newSpace(t), time.Now()
			web := test.front(pattern.Pod("web").TerminationGracePeriodSeconds(20).WithApp(slow()))
			client := asking(test.url, test.flags)
			ca := pattern.Secret("web").Volume("ca").Mode(0o444)
			client = client.WithVolume(ca).Apply(func(p pattern.PodBuilder) pattern.PodBuilder {
				return p.Edit(func(t *corev1.PodTemplateSpec) {
					for i := range t.Spec.Containers {
						t.Spec.Containers[i].VolumeMounts = append(t.Spec.Containers[i].VolumeMounts, corev1.VolumeMount{Name: "ca", MountPath: "/ca"})
					}
				})
			})
			s.apply(authority.secret(t, "web", "web"), web.Deployment(2), web.Service())
			s.bothReady("web")
			s.apply(client)
			s.prints("client", "fast", `^status 200\n(.*\n)*status 200`)
			s.prints("client", "slow", `^status 200`)
			before := s.statuses()
			p := s.podOf("app=web", "Ready", waitLong, isReady)
			s.delete(p.Name)
			took := s.gone(p.Name)
			s.bothReady("web")
			after := s.statuses()
			during := after["200"] - before["200"]
			for status, n := range before { // the Service may have been new to the node
				after[status] -= n
			}
			maps.DeleteFunc(after, func(_ string, n int) bool { return n == 0 })
			require.Equal(t, []string{"200"}, keys(after), "statuses: %v", after)
			require.Greater(t, during, 15)
			require.GreaterOrEqual(t, took, 5*time.Second, "the time in which clients may still come")
			s.observed(start, "%s before the app: one of two pods was deleted (%.0f s) and replaced: %d requests through the Service meanwhile, 0 failed", name, took.Seconds(), during)
		})
	}
}

// An app that has still something to do when its pod stops does it through its
// ambassador, which goes last.
func TestAnAmbassadorStopsAfterTheApp(t *testing.T) {
	s, start := newSpace(t), time.Now()
	server, service := says("api")
	s.apply(server, service)
	s.ready("api")
	s.apply(pattern.Pod("web").TerminationGracePeriodSeconds(20).
		WithApp(pattern.App("app", "busybox:1.36").
			Shell(`ask() { [ "$(wget -q -O - -T 5 "http://$API_HOST:$API_PORT/")" = api ] && good=$((good+1)) || bad=$((bad+1)); }
good=0 bad=0 stop=; trap stop=1 TERM
until [ "$stop" ]; do ask; echo "good $good bad $bad"; sleep 0.1; done
n=0; while [ $n -lt 50 ]; do ask; n=$((n+1)); sleep 0.1; done
echo "at the end: good $good bad $bad"`)).
		WithAmbassador(ambassador.TCP("api", "api:8080")))
	s.prints("web", "app", `^good [1-9]`)
	follow := s.follows("web", "app")
	s.delete("web")
	took := s.gone("web")
	log := <-follow
	m := regexp.MustCompile(`at the end: good (\d+) bad (\d+)`).FindStringSubmatch(log)
	require.NotNil(t, m, tail(log))
	require.Equal(t, "0", m[2], tail(log))
	s.observed(start, "an app that went on for 50 requests after TERM had every one of its %s answered by its ambassador, and the pod was gone after %.0f s of 20", m[1], took.Seconds())
}

// follows reads a container's log until the container is gone.
func (s *space) follows(pod, container string) <-chan string {
	s.Helper()
	ctx, cancel := context.WithTimeout(s.ctx, 2*time.Minute)
	r, err := s.CoreV1().Pods(s.name).GetLogs(pod, &corev1.PodLogOptions{Container: container, Follow: true}).Stream(ctx)
	require.NoError(s, err)
	done := make(chan string, 1)
	go func() {
		defer cancel()
		defer r.Close()
		text, _ := io.ReadAll(r)
		done <- string(text)
	}()
	return done
}

// bothReady waits for a Deployment of two to have them both, and no third one.
func (s *space) bothReady(name string) {
	s.Helper()
	s.until("two pods of "+name, waitLong, func() (bool, string) {
		d, err := s.AppsV1().Deployments(s.name).Get(s.ctx, name, metav1.GetOptions{})
		if err != nil {
			return false, err.Error()
		}
		return d.Status.ReadyReplicas == 2 && d.Status.Replicas == 2, fmt.Sprintf("%d of %d ready", d.Status.ReadyReplicas, d.Status.Replicas)
	})
}

func keys(n map[string]int) (out []string) {
	for k := range n {
		out = append(out, strings.TrimSpace(k))
	}
	return out
}
