package initc

import (
	"github.com/podpattern/podpattern/internal/gitsync"
	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/pattern"
)

// GitCloneOptions changes what [GitClone] does; the zero value is the default.
type GitCloneOptions struct {
	// Ref is the branch, the tag, or the commit, whose hash is written in full. Default:
	// HEAD, the repository's main branch.
	Ref string
	// AppPath mounts the volume in the apps, read-only, at this path; the files are
	// at AppPath/current. Default: it is mounted in no app, and they mount it
	// themselves by Reads.
	AppPath string
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
	// TimeoutSeconds bounds one of the five tries. Default: 120.
	TimeoutSeconds int
}

// GitAuth is how [GitClone] opens a private repository.
type GitAuth = gitsync.Auth

// GitSSHKey opens a repository over ssh with a Secret's keys ssh-privatekey and
// known_hosts; without the latter no host is trusted.
func GitSSHKey(secret pattern.SecretBuilder) GitAuth { return gitsync.SSHKey(secret) }

// GitPassword opens a repository over https with a Secret's keys username and
// password, which may be a token.
func GitPassword(secret pattern.SecretBuilder) GitAuth { return gitsync.Password(secret) }

// GitHubApp opens a repository as an installation of a GitHub app, whose private key
// is a Secret's key private-key.
func GitHubApp(clientID string, installationID int64, secret pattern.SecretBuilder) GitAuth {
	return gitsync.App(clientID, installationID, secret)
}

// GitClone checks a git repository out into a volume before the app starts, once,
// with git-sync.
//
// It adds: the files below the link current in the volume; a scratch volume; and
// with Auth a volume of its Secret. It tries five times, five seconds apart, and
// then fails, which the pod shows. A restart of the container goes on from what is
// there, and a new pod takes what is then the newest: give Ref a commit where all
// replicas must have the same. The volume's layout is that of a GitSync sidecar,
// which can go on from it.
//
// It runs as uid 65533 and writes files that all can read. A volume that is no
// emptyDir needs an FSGroup. A large repository needs more memory than the 128Mi. Two
// repositories fit into one volume if each has a Link of its own. Any other flag of
// git-sync is a variable of its name, such as that of a GitHub of
// your own's API: Env("GITSYNC_GITHUB_BASE_URL", "https://github.example.com/api/v3/").
//
// Defaults: image git-sync, uid 65533, 10m CPU, 32Mi memory, at most 128Mi.
//
// Options: the last of several wins as a whole.
//
// upstream: kubernetes/git-sync v4.7.1 main.go, README.md, docs/ssh.md.
func GitClone(repo string, into pattern.Volume, opts ...GitCloneOptions) pattern.InitContainer {
	o := opt.Last(opts)
	clone := gitsync.Clone{
		Repo: repo, Ref: o.Ref, Depth: o.Depth, Submodules: o.Submodules, Link: o.Link,
		TimeoutSeconds: o.TimeoutSeconds, Auth: o.Auth, CA: o.CA,
	}
	// What is cloned once has nothing to be collected.
	once := func(pattern.View) []string { return []string{"--one-time", "--max-failures=5", "--git-gc=off"} }
	c := gitsync.Into(pattern.Init("git-clone", gitSyncImage), into, clone, once)
	if o.AppPath != "" {
		c = c.AppReads(into, o.AppPath)
	}
	return c
}
