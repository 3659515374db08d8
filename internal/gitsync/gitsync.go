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
	CA             pattern.Volume // has ca.crt; the zero value is none
}

// Into lets a container check the repository out into a volume; more gives what its
// program is told beside.
func Into[R pattern.Role](c pattern.Container[R], into pattern.Volume, g Clone, more func(pattern.View) []string) pattern.Container[R] {
	c = c.Writes(into, "/git").Scratch("/tmp", "64Mi").
		Requests("10m", "32Mi").Limits("", "128Mi").
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
		c = c.Reject("TimeoutSeconds", g.TimeoutSeconds, "want a positive number of seconds")
	}
	c = trusts(open(c, g.Auth, ssh), g.CA, ssh)
	args := []string{
		"--repo=" + expansion.Literal(g.Repo),
		"--ref=" + expansion.Literal(opt.Or(g.Ref, "HEAD")),
		// A folder of its own: git-sync removes what it doesn't know from it.
		"--root=/git/.git-sync/" + expansion.Literal(link),
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

// trusts lets git check the server's certificate by an authority.
func trusts[R pattern.Role](c pattern.Container[R], ca pattern.Volume, ssh bool) pattern.Container[R] {
	switch {
	case ca == pattern.Volume{}:
		return c
	case ssh:
		return c.Reject("CA", "", "a repository over ssh has no certificate; its host is in the Secret's known_hosts")
	}
	return c.Reads(ca, "/ca").Env("GIT_SSL_CAINFO", "/ca/ca.crt")
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
		// git would take a leading dash for an option, and user:password@host for a host.
		if !ok || path == "" || !endpoint.IsHost(host) || strings.HasPrefix(repo, "-") || strings.Contains(path, "@") {
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
