package e2e_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
)

func shipsTheLog(s *space, pod string) string {
	s.allRunning(pod)
	s.answers(pod, "80", "/index.html", "Welcome to nginx!")
	s.prints(pod, "log-shipper", `GET /index.html`)
	return "the shipper read the line of a request from nginx's access.log"
}

func exportsTheApp(s *space, pod string) string {
	p := s.allRunning(pod)
	families := s.scraped(pod, "9113", "/metrics", "nginx_connections_accepted")
	require.Equal(s, 1.0, families["nginx_up"].Metric[0].GetGauge().GetValue())
	return fmt.Sprintf("Prometheus' parser took %d metrics from the exporter, nginx_up 1; %d restarts", len(families), allRestarts(p))
}

// The exporter of this version ends when there is nothing to scrape; later ones stay, and
// say nginx_up 0.
func exporterWaitsForItsSource(s *space, pod string) string {
	p := s.pod(pod, "failing for lack of stub_status", waitLong, func(p *corev1.Pod) bool {
		c, nginx := status(p, "nginx-exporter"), status(p, "nginx")
		return c != nil && c.RestartCount > 0 && c.LastTerminationState.Terminated.ExitCode == 1 && nginx.State.Running != nil
	})
	s.until("the exporter to say why", waitLong, func() (bool, string) {
		text, err := s.logsOf(s.ctx, pod, "nginx-exporter", false)
		return err == nil && strings.Contains(text, "404"), text
	})
	require.Nil(s, status(p, "log-shipper").LastTerminationState.Terminated)
	const config = `server { listen 80; location / { root /usr/share/nginx/html; } location = /stub_status { stub_status; } }`
	s.run(pod, "nginx", "sh", "-c", `echo '<h1>a page</h1>' >/usr/share/nginx/html/index.html; echo '`+config+`' >/etc/nginx/conf.d/default.conf; nginx -s reload`)
	p = s.allRunning(pod)
	s.answers(pod, "80", "/", "a page")
	families := s.scraped(pod, "9113", "/metrics", "nginx_connections_accepted")
	require.Equal(s, 1.0, families["nginx_up"].Metric[0].GetGauge().GetValue())
	s.prints(pod, "log-shipper", `GET / `)
	return fmt.Sprintf("the exporter was restarted %d times; with both supplied nginx_up was 1 and the shipper had the request", status(p, "nginx-exporter").RestartCount)
}

func suppliesRepository(s *space) {
	s.apply(seedServer("git-server", "alpine/git:latest", 80, `set -e
export HOME=/tmp
git init -q -b main /tmp/work && cd /tmp/work
echo '<h1>from Git</h1>' >index.html
git add . && git -c user.name=a -c user.email=a@example.com commit -qm page
git clone -q --bare . /tmp/www/repo.git && git -C /tmp/www/repo.git update-server-info
exec httpd -f -p 80 -h /tmp/www`)...)
	s.ready("git-server")
}

func servesTheRepository(s *space, pod string) string {
	p := s.allRunning(pod)
	require.Zero(s, status(p, "git-clone").State.Terminated.ExitCode)
	s.answers(pod, "80", "/", "from Git")
	s.answers(pod, "80", "/repo/index.html", "from Git")
	head := s.run(pod, "git-sync", "git", "-C", "/tmp/git/repo", "rev-parse", "HEAD")
	require.Regexp(s, `^[0-9a-f]{40}\n$`, head)
	return fmt.Sprintf("nginx served the init container's clone at / and the sidecar's at /repo/, both of commit %.7s", head)
}

func picksOutTheIDs(s *space, pod string) string {
	const id = `[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`
	s.prints(pod, "log-reader", id)
	p := s.allRunning(pod)
	s.prints(pod, "log-reader", id+`\n`+id)
	logged := s.run(pod, "my-test-logger", "cat", "/app/logs/my-test-log.log")
	for line := range strings.Lines(s.logs(pod, "log-reader")) {
		require.Contains(s, logged, "GUID: "+strings.TrimSpace(line))
	}
	return fmt.Sprintf("the reader printed the ids that the app logged; it was restarted %d times, as it ends when it finds no file", allRestarts(p))
}

func meshProxyIsUp(s *space, pod string) string {
	s.allRunning(pod)
	s.answers(pod, "8080", "/", "myapp")
	s.answers(pod, "15021", "/healthz/ready", "ready")
	return "the app answered, and the stand-in of the proxy on 15021"
}

func threeHelpersAreUp(s *space, pod string) string {
	s.allRunning(pod)
	s.answers(pod, "8080", "/", "myapp")
	families := s.scraped(pod, "9100", "/metrics", "node_load1")
	s.answers(pod, "2020", "/", "{}")
	s.answers(pod, "5778", "/sampling", "{}")
	return fmt.Sprintf("node_exporter gave %d metrics; the stand-ins of the shipper and of the collector answered", len(families))
}

func proxyStandsBeforeTheApp(s *space, name string) string {
	p := s.podOf("app="+name, "Ready", waitLong, isReady)
	proxy, app := status(p, "proxy"), status(p, "app")
	require.True(s, *proxy.Started && proxy.State.Running != nil, "a native sidecar runs on")
	require.False(s, proxy.State.Running.StartedAt.After(app.State.Running.StartedAt.Time))
	require.Equal(s, 1, len(p.Spec.InitContainers))
	proxied := s.yields(p.Name, "app", `X-Proxied-By: sidecar`, "wget", "-S", "-q", "-O-", "http://"+name+":8080/")
	require.Contains(s, proxied, "Welcome to nginx!")
	require.NotContains(s, s.run(p.Name, "app", "wget", "-S", "-q", "-O-", "http://"+name+":80/"), "X-Proxied-By")
	require.Equal(s, "ok\n", s.run(p.Name, "app", "wget", "-q", "-O-", "http://"+name+":8080/health"))
	return "by its Service, port 8080 had the app's page with the proxy's header, and /health; port 80 was the app itself"
}

func servesWhatTheSidecarWrites(s *space, pod string) string {
	s.allRunning(pod)
	s.until("the page to grow", waitLong, func() (bool, string) {
		page, err := s.get(pod, "80", "/")
		return err == nil && strings.Count(page, "UTC") > 1, page
	})
	return "the page had a line more after each pause of the sidecar"
}

// tailNote is what tail itself says of a rotation, among the lines of the file.
var tailNote = regexp.MustCompile(`(?m)^tail: .*\n`)

// The file is renamed right after the app has written, before tail looks again.
func nothingIsLostByRotation(s *space, pod string) string {
	s.allRunning(pod)
	for _, rotated := range []string{"app.log.1", "app.log.2"} {
		s.run(pod, "app", "sh", "-c", `cd /var/log/app; until [ -s app.log ]; do sleep 1; done
n=$(wc -l <app.log); until [ "$(wc -l <app.log)" -gt "$n" ]; do usleep 10000; done; mv app.log `+rotated)
	}
	s.run(pod, "app", "sh", "-c", `until [ -s /var/log/app/app.log ]; do sleep 1; done`)
	var written, printed []string
	s.until("the log to have all lines", waitLong, func() (bool, string) {
		written = slices.Collect(strings.Lines(s.run(pod, "app", "sh", "-c", "cd /var/log/app; cat app.log.1 app.log.2 app.log")))
		printed = slices.Collect(strings.Lines(tailNote.ReplaceAllString(s.logs(pod, "log-shipper"), "")))
		return slices.Equal(written, printed), strings.Join(written, "") + strings.Join(printed, "")
	})
	return fmt.Sprintf("the sidecar printed the %d lines that the app wrote, each once and in order, over 2 rotations", len(written))
}
