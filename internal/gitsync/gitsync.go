// Package gitsync has what the sidecar and the init container that run git-sync
// have in common.
package gitsync

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/podpattern/podpattern/internal/endpoint"
	"github.com/podpattern/podpattern/internal/expansion"
	"github.com/podpattern/podpattern/internal/names"
	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/pattern"
)

// Clone is what of a repository is checked out, and where to.
type Clone struct {
	Repo           string
	Ref            string // default: HEAD
	Depth          int    // default: 1; -1 is all of it
	Submodules     string // default: recursive
	Link           string // default: current
	TimeoutSeconds int    // of one try; default: 120
	Auth           Auth
}

// Auth is how a repository is opened; the zero value is without a password.
type Auth struct {
	kind         string // ssh, password or app
	secret       pattern.SecretBuilder
	client       string
	installation int64
}

// SSHKey takes the keys ssh-privatekey and known_hosts of a Secret.
func SSHKey(secret pattern.SecretBuilder) Auth { return Auth{kind: "ssh", secret: secret} }

// Password takes the keys username and password of a Secret.
func Password(secret pattern.SecretBuilder) Auth { return Auth{kind: "password", secret: secret} }

// App takes the key private-key of a Secret.
func App(client string, installation int64, secret pattern.SecretBuilder) Auth {
	return Auth{kind: "app", secret: secret, client: client, installation: installation}
}

// secretPath is where the Secret's keys are files.
const secretPath = "/etc/git-secret"

// Into lets a container check the repository out into a volume; more gives what its
// program is told beside.
func Into[R pattern.Role](c pattern.Container[R], into pattern.Volume, g Clone, more func(pattern.View) []string) pattern.Container[R] {
	c = c.Writes(into, "/git").Scratch("/tmp", "64Mi").
		Restricted().RunAsUser(65533).RunAsGroup(65533).ReadOnlyRootFilesystem(true)
	host, port, ssh, err := remote(g.Repo)
	if err != nil {
		return c.Reject("repo", g.Repo, err.Error())
	}
	link := opt.Or(g.Link, "current")
	if strings.ContainsAny(link, "/\n") || strings.HasPrefix(link, ".") {
		c = c.Reject("Link", g.Link, "want the name of a link in the volume, such as current")
	}
	if strings.HasPrefix(g.Ref, "-") || strings.ContainsAny(g.Ref, " \t\r\n~^:?*[\\") {
		c = c.Reject("Ref", g.Ref, "want a branch, a tag or a commit, such as main")
	}
	if g.Depth < -1 {
		c = c.Reject("Depth", g.Depth, "want the number of commits, or -1 for all")
	}
	switch g.Submodules {
	case "", "recursive", "shallow", "off":
	default:
		c = c.Reject("Submodules", g.Submodules, "want recursive, shallow or off")
	}
	if g.TimeoutSeconds < 0 {
		c = c.Reject("TimeoutSeconds", g.TimeoutSeconds, "want a positive number")
	}
	c = open(c, g.Auth, ssh)
	args := []string{
		"--repo=" + expansion.Literal(g.Repo),
		"--ref=" + expansion.Literal(opt.Or(g.Ref, "HEAD")),
		// Of a folder of its own git-sync may remove what it doesn't know.
		"--root=/git/.git-sync",
		"--link=/git/" + expansion.Literal(link),
		"--depth=" + strconv.Itoa(max(opt.Or(g.Depth, 1), 0)),
		"--submodules=" + opt.Or(g.Submodules, "recursive"),
		fmt.Sprintf("--sync-timeout=%ds", opt.Or(g.TimeoutSeconds, 120)),
		"--init-period=5s",
	}
	args = append(args, g.Auth.args()...)
	return c.Dials(host, port).Late(func(v pattern.View, c pattern.Container[R]) pattern.Container[R] {
		return c.Args(slices.Concat(args, more(v))...)
	})
}

// open gives the container what it opens the repository with.
func open[R pattern.Role](c pattern.Container[R], a Auth, ssh bool) pattern.Container[R] {
	switch {
	case ssh && a.kind != "ssh":
		return c.Reject("Auth", a.kind, "a repository over ssh needs GitSSHKey, with a Secret")
	case !ssh && a.kind == "ssh":
		return c.Reject("Auth", a.kind, "a key is for a repository over ssh, such as git@github.com:org/repo")
	case a.kind == "app" && (a.client == "" || strings.ContainsAny(a.client, " \t\r\n")):
		c = c.Reject("GitHubApp", a.client, "want the client ID of the app, such as Iv23liABC")
	case a.kind == "app" && a.installation < 1:
		c = c.Reject("GitHubApp", a.installation, "want the ID of the app's installation")
	}
	if a.kind == "" {
		return c
	}
	if a.kind == "password" {
		c = c.EnvSecret("GITSYNC_USERNAME", a.secret, "username")
	}
	return c.Late(func(v pattern.View, c pattern.Container[R]) pattern.Container[R] {
		return c.Reads(a.secret.Volume(names.Join(names.Label, v.Name(), "secret")), secretPath)
	})
}

func (a Auth) args() []string {
	switch a.kind {
	case "ssh":
		return []string{"--ssh-key-file=" + secretPath + "/ssh-privatekey", "--ssh-known-hosts-file=" + secretPath + "/known_hosts"}
	case "password":
		return []string{"--password-file=" + secretPath + "/password"}
	case "app":
		return []string{
			"--github-app-client-id=" + expansion.Literal(a.client),
			"--github-app-installation-id=" + strconv.FormatInt(a.installation, 10),
			"--github-app-private-key-file=" + secretPath + "/private-key",
		}
	}
	return nil
}

// remote says where a repository is: by URL, or as scp writes it.
func remote(repo string) (host string, port int, ssh bool, err error) {
	const want = "want https://host/path, ssh://git@host/path or git@host:path"
	if strings.ContainsAny(repo, " \t\r\n") {
		return "", 0, false, errors.New(want)
	}
	if !strings.Contains(repo, "://") {
		at, path, ok := strings.Cut(repo, ":")
		host = at[strings.LastIndex(at, "@")+1:]
		if !ok || path == "" || !endpoint.IsHost(host) {
			return "", 0, false, errors.New(want)
		}
		return host, 22, true, nil
	}
	u, err := url.Parse(repo)
	if err != nil || !endpoint.IsHost(u.Hostname()) || strings.Trim(u.Path, "/") == "" {
		return "", 0, false, errors.New(want)
	}
	switch u.Scheme {
	case "ssh":
		port, ssh = 22, true
	case "https":
		port = 443
	case "http":
		port = 80
	default:
		return "", 0, false, errors.New(want)
	}
	if _, password := u.User.Password(); password || u.User != nil && !ssh {
		return "", 0, false, errors.New("has a user in it, whose password would be printed in clear: use GitPassword with a Secret")
	}
	if u.Port() != "" {
		if port, err = endpoint.Port(u.Port()); err != nil {
			return "", 0, false, err
		}
	}
	return u.Hostname(), port, ssh, nil
}
