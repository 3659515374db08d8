package sidecar

import (
	"fmt"

	"github.com/podpattern/podpattern/internal/expansion"
	"github.com/podpattern/podpattern/internal/gitsync"
	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/pattern"
)

// GitSyncOptions changes what [GitSync] does; the zero value is the default.
type GitSyncOptions struct {
	// Ref is the branch, the tag, or the commit, whose hash is written in full. Default:
	// HEAD, the repository's main branch.
	Ref string
	// AppPath mounts the volume in the apps, read-only, at this path; the files are
	// at AppPath/current. Default: it is mounted in no app, and they mount it
	// themselves by Reads.
	AppPath string
	// PeriodSeconds is how often the repository is asked. Default: 60.
	PeriodSeconds int
	// Auth is how a private repository is opened: [GitSSHKey], [GitPassword] or
	// [GitHubApp]. Default: as a public one.
	Auth GitAuth
	// CA has the file ca.crt, such as a ConfigMap's volume, with the authorities that
	// may have signed the server's certificate. Default: those of the image.
	CA pattern.Volume
	// Depth is how many commits of history come along. Default: 1; -1 is all.
	Depth int
	// Submodules is recursive, shallow or off. Default: recursive.
	Submodules string
	// Link is the name of the link in the volume that leads to the files.
	// Default: current.
	Link string
	// TimeoutSeconds bounds one sync. Default: 120.
	TimeoutSeconds int
	// Notify is a URL that gets a POST after the start and each change, and again every
	// 3 seconds until it answers 200, such as http://127.0.0.1:8080/-/reload. Default:
	// none.
	Notify string
	// Port serves health and metrics. Default: 1234, or the next one that is free in
	// the pod; a port that is set here does not move.
	Port int
	// Scrape gives the pod the prometheus.io annotations for the metrics. Default: no;
	// one container of a pod can have them.
	Scrape bool
}

// GitAuth is how [GitSync] opens a private repository.
type GitAuth = gitsync.Auth

// GitSSHKey opens a repository over ssh with a Secret's keys ssh-privatekey and
// known_hosts; without the latter no host is trusted.
func GitSSHKey(secret pattern.SecretBuilder) GitAuth { return gitsync.SSHKey(secret) }

// GitPassword opens a repository over https with a Secret's keys username and
// password, which may be a token. The password is read again at each sync.
func GitPassword(secret pattern.SecretBuilder) GitAuth { return gitsync.Password(secret) }

// GitHubApp opens a repository as an installation of a GitHub app, whose private key
// is a Secret's key private-key.
func GitHubApp(clientID string, installationID int64, secret pattern.SecretBuilder) GitAuth {
	return gitsync.App(clientID, installationID, secret)
}

// GitSync keeps a checkout of a git repository up to date in a volume, with git-sync.
//
// It adds: the files below the link current in the volume, which changes from one
// commit to the next in one step: open files by the link each time, and don't mount
// it by SubPath, which would stay at the first commit; port http with health and
// metrics; a scratch volume; and with Auth a volume of its Secret. The app starts
// when the first commit is there. Three failed tries at that end the container,
// which the pod then shows; a later failure leaves the files as they are, and the
// pod serving. After a restart of git-sync the pod is not Ready until the server
// has answered once.
//
// It runs as uid 65533 and writes files that all can read. A volume that is no
// emptyDir needs an FSGroup. A large repository needs more memory than the 128Mi,
// and an emptyDir of the repository's size twice, for the moment of the change. Two
// repositories fit into one volume if each has a Link of its own. Any other flag is a
// variable of its name: Env("GITSYNC_STALE_WORKTREE_TIMEOUT", "5m") keeps the files of
// the last commit for who still reads them.
//
// Defaults: image git-sync, uid 65533, 10m CPU, 32Mi memory, at most 128Mi.
//
// Options: the last of several wins as a whole.
//
// upstream: kubernetes/git-sync v4.7.1 main.go, README.md, docs/ssh.md.
func GitSync(repo string, into pattern.Volume, opts ...GitSyncOptions) pattern.SidecarContainer {
	o := opt.Last(opts)
	clone := gitsync.Clone{
		Repo: repo, Ref: o.Ref, Depth: o.Depth, Submodules: o.Submodules, Link: o.Link,
		TimeoutSeconds: o.TimeoutSeconds, Auth: o.Auth, CA: o.CA,
	}
	args := func(v pattern.View) []string {
		args := []string{
			fmt.Sprintf("--period=%ds", opt.Or(o.PeriodSeconds, 60)), "--init-max-failures=3", "--max-failures=-1",
			fmt.Sprintf("--http-bind=:%d", v.Port("http")), "--http-metrics",
		}
		if o.Notify != "" {
			args = append(args, "--webhook-url="+expansion.Literal(o.Notify), "--webhook-timeout=10s")
		}
		return args
	}
	c := opt.Port(pattern.Sidecar("git-sync", gitSyncImage), "http", o.Port, 1234)
	// Long enough for three tries: git-sync is the one that gives up.
	tries := 3*(max(opt.Or(o.TimeoutSeconds, 120), 1)+5) + 10
	c = gitsync.Into(c, into, clone, args).
		Health(pattern.HTTPGet("/", "http")).WhenDown(pattern.KeepServing).
		StartupProbe(pattern.HTTPGet("/", "http").PeriodSeconds(1).FailureThreshold(tries))
	if o.PeriodSeconds < 0 {
		c = c.Reject("PeriodSeconds", o.PeriodSeconds, "want a positive number of seconds")
	}
	if o.AppPath != "" {
		c = c.AppReads(into, o.AppPath)
	}
	if o.Scrape {
		c = c.Scrape("http", "/metrics")
	}
	return notifies(c, "Notify", o.Notify)
}
