package e2e_test

import (
	"testing"
	"time"

	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/sidecar"
	"github.com/stretchr/testify/require"
)

// gitServer serves a repository of one commit over HTTP, by Git's own CGI program.
const gitServer = `export GIT_AUTHOR_NAME=e2e GIT_AUTHOR_EMAIL=e2e@example.com GIT_COMMITTER_NAME=e2e GIT_COMMITTER_EMAIL=e2e@example.com
git init -q -b main /tmp/repos/site && cd /tmp/repos/site && echo first >index.html && git add . && git commit -qm first
mkdir -p /tmp/www/cgi-bin && cat >/tmp/www/cgi-bin/git <<'X'
#!/bin/sh
export GIT_PROJECT_ROOT=/tmp/repos GIT_HTTP_EXPORT_ALL=1 HOME=/tmp
git config --global --replace-all safe.directory '*'
exec git http-backend
X
chmod +x /tmp/www/cgi-bin/git; exec httpd -f -p 8080 -h /tmp/www`

// GitSync brings the first commit before the app starts, and a later one while it runs.
func TestGitSyncBringsCommitsToTheApp(t *testing.T) {
	s, start := newSpace(t), time.Now()
	server := pattern.Pod("git").Label("app", "git").TerminationGracePeriodSeconds(1).
		WithApp(pattern.App("git", "registry.k8s.io/git-sync/git-sync:v4.7.1").Shell(gitServer).Port("http", 8080).
			ReadinessProbe(pattern.TCPSocket("http").PeriodSeconds(1)))
	s.apply(server, server.Service())
	s.ready("git")

	site := pattern.EmptyDir("site").SizeLimit("16Mi")
	s.apply(pattern.Pod("web").TerminationGracePeriodSeconds(1).
		WithApp(pattern.App("web", busybox).Reads(site, "/site").Shell(`cat /site/current/index.html; exec sleep 1000`)).
		WithSidecar(sidecar.GitSync("http://git:8080/cgi-bin/git/site", site, sidecar.GitSyncOptions{PeriodSeconds: 2})))
	up := s.ready("web")
	require.Equal(t, "first\n", s.prints("web", "web", "."), "the app starts when the files are there")
	s.run("git", "git", "sh", "-c", `cd /tmp/repos/site && echo second >index.html && git -c user.name=e2e -c user.email=e2e@example.com commit -qam second`)
	pushed := time.Now()
	s.yields("web", "web", "^second$", "cat", "/site/current/index.html")
	took := time.Since(pushed)

	s.run("git", "git", "mv", "/tmp/repos/site", "/tmp/repos/gone")
	s.prints("web", "git-sync", "error syncing repo|failed to sync|too many failures")
	require.Equal(t, "second\n", s.run("web", "web", "cat", "/site/current/index.html"))
	s.untouched(up, "web")
	s.untouched(up, "git-sync")
	s.observed(start, "the app started with the first commit in place, and saw the second one %s after it was made; when the server had lost the repository the files stayed", took.Round(100*time.Millisecond))
}
