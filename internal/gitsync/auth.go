package gitsync

import (
	"strconv"
	"strings"

	"github.com/podpattern/podpattern/internal/expansion"
	"github.com/podpattern/podpattern/internal/names"
	"github.com/podpattern/podpattern/pattern"
)

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
	switch a.kind {
	case "":
		return c
	case "password":
		c = c.EnvSecret("GITSYNC_USERNAME", a.secret, "username")
	case "app":
		c = c.Dials("api.github.com", 443)
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
