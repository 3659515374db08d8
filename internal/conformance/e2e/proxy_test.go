package e2e_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/podpattern/podpattern/ambassador"
	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// says is a pod, with a Service of its name, that answers GET / on port 8080 with that
// name, and stops when it is told to.
func says(name string) (pattern.PodBuilder, pattern.ServiceBuilder) {
	pod := pattern.Pod(name).Label("app", name).TerminationGracePeriodSeconds(2).
		WithApp(pattern.App("httpd", "busybox:1.36").Port("http", 8080).ReadinessProbe(pattern.HTTPGet("/", "http").PeriodSeconds(1)).
			Shell(`mkdir /tmp/www; echo ` + name + ` >/tmp/www/index.html; trap 'exit 0' TERM; httpd -f -p 8080 -h /tmp/www & wait`))
	return pod, pod.Service()
}

// asks is an app that asks its ambassador api ten times a second and prints each answer.
func asks() pattern.AppContainer {
	return pattern.App("app", "busybox:1.36").
		Shell(`trap 'exit 0' TERM; while :; do echo "answer $(wget -q -O - -T 20 "http://$API_HOST:$API_PORT/" 2>/dev/null || echo none)"; sleep 0.1; done`)
}

// answers gives who answered an app that asks, in turn, without repetitions, and how
// often nobody did.
func answers(log string) (by []string, none int) {
	for _, m := range regexp.MustCompile(`(?m)^answer (.*)$`).FindAllStringSubmatch(log, -1) {
		switch {
		case m[1] == "none" || m[1] == "":
			none++
		case len(by) == 0 || by[len(by)-1] != m[1]:
			by = append(by, m[1])
		}
	}
	return by, none
}

// An app starts when its ambassador is up, and finds it working at once.
func TestAnAppWaitsForItsAmbassador(t *testing.T) {
	s, start := newSpace(t), time.Now()
	server, service := says("api")
	s.apply(server, service)
	s.ready("api")
	s.apply(pattern.Pod("web").TerminationGracePeriodSeconds(6).WithApp(asks()).
		WithAmbassador(ambassador.TCP("api", "api:8080").Command("sh", "-c", `sleep 7; exec haproxy -W -db -f /usr/local/etc/haproxy/haproxy.cfg`)))
	p := s.ready("web")
	waited := status(p, "app").State.Running.StartedAt.Sub(status(p, "api").State.Running.StartedAt.Time)
	require.GreaterOrEqual(t, waited, 7*time.Second, "the app started before haproxy did")
	by, none := answers(s.prints("web", "app", `^answer `))
	require.Equal(t, []string{"api"}, by)
	require.Zero(t, none, "the app's first request")
	s.observed(start, "with a haproxy that took 7 s to start, the app started %.0f s after the ambassador's container, and its first request through it succeeded", waited.Seconds())
}

// A server that goes away takes neither the app nor its ambassador with it, and when it is
// back the app reaches it again.
func TestAnAmbassadorOutlivesItsServer(t *testing.T) {
	s, start := newSpace(t), time.Now()
	db := pattern.Pod("db").Label("app", "db").TerminationGracePeriodSeconds(2).
		WithApp(pattern.App("redis", "docker.io/library/redis:7").Port("redis", 6379).ReadinessProbe(pattern.TCPSocket("redis").PeriodSeconds(1)))
	web := pattern.Pod("web").TerminationGracePeriodSeconds(6).
		WithApp(pattern.App("app", "busybox:1.36").
			Shell(`while :; do echo "said $(printf 'PING\r\n' | nc -w 3 "$DB_HOST" "$DB_PORT" | tr -d '\r')"; sleep 0.2; done`)).
		WithAmbassador(ambassador.TCP("db", "db:6379"))
	status503 := []string{"sh", "-c", `wget -O - http://127.0.0.1:8404/ready 2>&1; true`}
	s.apply(web, db.Service())
	s.prints("web", "app", `^said $`) // no server yet: the ambassador is up all the same
	s.ready("web")
	s.apply(db)
	s.ready("db")
	s.prints("web", "app", `^said \+PONG$`)
	s.delete("db")
	s.gone("db")
	s.prints("web", "app", `^said \+PONG\n(.*\n)*said \n`)
	s.yields("web", "app", `503`, status503...)
	require.True(t, isReady(s.ready("web")), "the pod stays in its Services while the database is down")
	s.apply(db)
	s.ready("db")
	back := time.Now()
	s.prints("web", "app", `^said \+PONG\n(.*\n)*said \n(.*\n)*said \+PONG\n`)
	took := time.Since(back)
	p := s.ready("web")
	require.Zero(t, status(p, "app").RestartCount+status(p, "db").RestartCount)
	s.observed(start, "a Redis behind haproxy was deleted and came back: the app reached it %.1f s after it was Ready; /ready said 503 meanwhile, the pod stayed Ready and nothing restarted", took.Seconds())
}

// Of two servers and a backup the app hears one after the other as they go, and the first
// again when it is back.
func TestAnAmbassadorFailsOver(t *testing.T) {
	s, start := newSpace(t), time.Now()
	for _, name := range []string{"one", "two", "spare"} {
		server, service := says(name)
		s.apply(server, service)
	}
	for _, name := range []string{"one", "two", "spare"} {
		s.ready(name)
	}
	s.apply(pattern.Pod("web").TerminationGracePeriodSeconds(6).WithApp(asks()).WithAmbassador(ambassador.TCP("api", "one:8080", ambassador.TCPOptions{
		Upstreams: []string{"two:8080"}, Backups: []string{"spare:8080"}, Balance: ambassador.FirstServer, CheckSeconds: 1, ConnectTimeoutSeconds: 1,
	})))
	s.prints("web", "app", `^answer one$`)
	s.delete("one")
	s.prints("web", "app", `^answer two\nanswer two$`)
	s.gone("one")
	s.delete("two")
	s.prints("web", "app", `^answer spare\nanswer spare$`)
	server, _ := says("one")
	s.gone("two")
	s.apply(server)
	log := s.prints("web", "app", `^answer spare\n(.*\n)*answer one$`)
	by, none := answers(log)
	require.Equal(t, "one two spare one", strings.Join(by, " "))
	// What was under way when a server was killed is lost: haproxy does not read HTTP. So is
	// what comes until a check has failed, where the node is slow to drop the address.
	require.LessOrEqual(t, none, 5, "requests without an answer:\n%s", log)
	s.observed(start, "two servers were deleted one after the other and the first came back: %d requests were answered by %s, %d by nobody", strings.Count(log, "answer "), strings.Join(by, ", "), none)
}

// GateOnUpstream takes the pod out of its Services while no server is up, and the app goes on.
func TestAnAmbassadorGatesThePod(t *testing.T) {
	s, start := newSpace(t), time.Now()
	web := pattern.Pod("web").Label("app", "web").TerminationGracePeriodSeconds(6).
		WithApp(asks().Port("http", 8080)).
		WithAmbassador(ambassador.TCP("api", "api:8080", ambassador.TCPOptions{GateOnUpstream: true, CheckSeconds: 1}))
	server, service := says("api")
	s.apply(web, web.Service(), service)
	inService := func() (ready int) {
		slices, err := s.DiscoveryV1().EndpointSlices(s.name).List(s.ctx, metav1.ListOptions{LabelSelector: "kubernetes.io/service-name=web"})
		require.NoError(t, err)
		for _, slice := range slices.Items {
			for _, e := range slice.Endpoints {
				if e.Conditions.Ready != nil && *e.Conditions.Ready {
					ready++
				}
			}
		}
		return ready
	}
	s.pod("web", "running and not Ready", waitLong, func(p *corev1.Pod) bool {
		c := status(p, "app")
		return c != nil && c.State.Running != nil && c.Ready && !isReady(p)
	})
	require.Zero(t, inService())
	s.apply(server)
	s.ready("web")
	s.until("the pod to be in its Service", waitLong, func() (bool, string) { return inService() == 1, "it is not" })
	s.delete("api")
	s.pod("web", "not Ready", waitLong, func(p *corev1.Pod) bool { return !isReady(p) })
	s.until("the pod to leave its Service", waitLong, func() (bool, string) { return inService() == 0, "it is there" })
	s.observed(start, "with GateOnUpstream the pod was Ready and in its Service only while the upstream was up")
}

// A server that was never asked, or didn't answer yet, opens no gate: haproxy alone takes it
// for one that is up until a check says otherwise.
func TestAGateIsClosedUntilACheckWasGood(t *testing.T) {
	s, start := newSpace(t), time.Now()
	silent := pattern.Pod("silent").Label("app", "silent").TerminationGracePeriodSeconds(2).
		WithApp(pattern.App("nc", "busybox:1.36").Port("db", 5432).ReadinessProbe(pattern.TCPSocket("db").PeriodSeconds(1)).
			Shell(`trap 'exit 0' TERM; nc -ll -p 5432 -e sleep 60 & wait`))
	s.apply(silent, silent.Service())
	s.ready("silent")
	s.apply(pattern.Pod("web").TerminationGracePeriodSeconds(6).WithApp(asks()).
		WithAmbassador(ambassador.TCP("api", "silent:5432", ambassador.TCPOptions{GateOnUpstream: true, Check: ambassador.PostgreSQLCheck("haproxy"), CheckSeconds: 15})))
	s.hasEvent("web", "statuscode: 503")
	// a pod that was Ready still is, at the first probe that fails
	require.False(t, isReady(s.pod("web", "running", waitLong, func(p *corev1.Pod) bool {
		app := status(p, "app")
		return app != nil && app.State.Running != nil
	})))
	s.observed(start, "with GateOnUpstream and a database that accepts connections and says nothing the pod was never Ready")
}
