// Package vault has what the sidecar and the init container that run Vault's agent
// have in common.
package vault

import (
	"fmt"
	"path"
	"strings"
	"text/template/parse"

	"github.com/podpattern/podpattern/internal/endpoint"
	"github.com/podpattern/podpattern/internal/expansion"
	"github.com/podpattern/podpattern/internal/names"
	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/pattern"
)

// Agent is what the agent is told.
type Agent struct {
	Address   string
	Role      string
	Templates []Template
	Once      bool           // end when all files are there
	Mount     string         // of the kubernetes auth method; default: kubernetes
	Audience  string         // default: the API server's
	Namespace string         // of Vault Enterprise
	CA        pattern.Volume // has ca.crt; the zero value is none
	Volume    pattern.Volume // for the files; the zero value is one of its own
	AppPath   string         // default: /vault/secrets
	Refresh   int            // of secrets without a lease, in seconds; default: 300
}

// Template is a file that is made of secrets.
type Template struct {
	File, Contents string
	Mode           int32 // default: 0644
}

// Where the container has its things. The token has vault-k8s' path.
const (
	configFile = "/vault/agent/config.json"
	secrets    = "/vault/secrets"
	tokenPath  = "/var/run/secrets/vault.hashicorp.com/serviceaccount"
)

// Into lets a container run the agent.
func Into[R pattern.Role](c pattern.Container[R], a Agent) pattern.Container[R] {
	c = refuse(c, a)
	volume, none := a.Volume, pattern.Volume{}
	if volume == none {
		volume = pattern.EmptyDir("vault-secrets").Memory().SizeLimit("4Mi")
	}
	c = c.Command("vault", "agent", "-config="+configFile).
		Requests("50m", "64Mi").Limits("", "128Mi").
		Restricted().RunAsUser(100).RunAsGroup(1000).ReadOnlyRootFilesystem(true).
		Writes(volume, secrets).AppReads(volume, opt.Or(a.AppPath, secrets))
	if a.Namespace != "" {
		c = c.Env("VAULT_NAMESPACE", expansion.Literal(a.Namespace))
	}
	ca := a.CA != none
	if ca {
		c = c.Reads(a.CA, "/vault/tls")
	}
	if u, port, err := endpoint.URL(a.Address, 0, "https", "http"); err == nil {
		c = c.Dials(u.Hostname(), port)
	}
	token := pattern.ServiceAccountToken("token")
	if a.Audience != "" {
		token = token.Audience(a.Audience)
	}
	config := a.config(ca)
	return c.Late(func(v pattern.View, c pattern.Container[R]) pattern.Container[R] {
		return c.Config(configFile, config).
			Reads(pattern.Projected(names.Join(names.Label, v.Name(), "token"), token), tokenPath)
	})
}

// refuse rejects what the agent couldn't use.
func refuse[R pattern.Role](c pattern.Container[R], a Agent) pattern.Container[R] {
	add := func(wrong bool, field string, value any, why string) {
		if wrong {
			c = c.Reject(field, value, why)
		}
	}
	if _, _, err := endpoint.URL(a.Address, 0, "https", "http"); err != nil {
		add(true, "address", a.Address, err.Error())
	}
	add(a.Role == "" || strings.ContainsAny(a.Role, " \t\r\n/"), "role", a.Role, "want the name of a role of Vault's kubernetes auth method, such as web")
	add(strings.ContainsAny(a.Mount, " \t\r\n") || strings.HasPrefix(a.Mount, "/") || strings.HasPrefix(a.Mount, "auth/"), "AuthMount", a.Mount, "want the path below auth/, such as kubernetes")
	add(a.Refresh < 0, "RefreshSeconds", a.Refresh, "want a positive number of seconds")
	add(len(a.Templates) == 0, "templates", "", "want one file at least, such as {File: \"db.env\", Contents: ...}")
	seen := make(map[string]bool)
	for _, t := range a.Templates {
		add(t.File == "" || path.Clean("/"+t.File) != "/"+t.File || strings.ContainsAny(t.File, "\r\n"), "File", t.File, "want a path below the volume, such as db.env")
		add(seen[t.File], "File", t.File, "two templates write this file")
		seen[t.File] = true
		add(t.Mode < 0 || t.Mode > 0o777, "Mode", fmt.Sprintf("%#o", t.Mode), "want permissions such as 0o440")
		if why := syntax(t.Contents); why != "" {
			add(true, "Contents", t.File, why)
		}
	}
	return c
}

// syntax says what is wrong with a template. Its functions are consul-template's,
// and are not looked at.
func syntax(contents string) string {
	if strings.TrimSpace(contents) == "" {
		return "want a template of consul-template, such as {{ with secret \"secret/data/db\" }}{{ .Data.data.password }}{{ end }}"
	}
	t := parse.New("template")
	t.Mode = parse.SkipFuncCheck
	if _, err := t.Parse(contents, "", "", make(map[string]*parse.Tree)); err != nil {
		return "is no template: " + strings.TrimPrefix(err.Error(), "template: ")
	}
	return ""
}

// Files gives the paths of the files in the agent's container, as arguments of a
// probe: the kubelet expands those too.
func (a Agent) Files() []string {
	var out []string
	for _, t := range a.Templates {
		out = append(out, expansion.Literal(secrets+"/"+t.File))
	}
	return out
}
