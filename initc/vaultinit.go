package initc

import (
	"github.com/podpattern/podpattern/internal/opt"
	"github.com/podpattern/podpattern/internal/vault"
	"github.com/podpattern/podpattern/pattern"
)

// VaultTemplate is a file that [VaultInit] makes of secrets.
type VaultTemplate struct {
	// File is its path below the volume, such as db.env.
	File string
	// Contents is a template of consul-template, such as
	//
	//	PASSWORD={{ with secret "secret/data/db" }}{{ .Data.data.password }}{{ end }}
	//
	// A path of a KV store of version 2 has data/ in it, and its values are in
	// .Data.data; others' are in .Data. A value that isn't there is an error.
	Contents string
	// Mode is the file's permissions. Default: 0644, as that of a Secret volume; with
	// 0640 the apps can read it if the pod has an FSGroup.
	Mode int32
}

// VaultInitOptions changes what [VaultInit] does; the zero value is the default.
type VaultInitOptions struct {
	// Volume is where the files are made; it needs the room for them, and should be
	// an emptyDir in memory. Default: one of 4Mi that is named vault-secrets. Two
	// agents with files of one name need two.
	Volume pattern.Volume
	// AppPath is where the apps find the files. Default: /vault/secrets.
	AppPath string
	// AuthMount is the path of Vault's kubernetes auth method below auth/. Default:
	// kubernetes.
	AuthMount string
	// Audience is whom the pod's token is for; it must be the audience of the role,
	// where that has one. Default: the API server's.
	Audience string
	// Namespace is one of Vault Enterprise. Default: none.
	Namespace string
	// CA has the file ca.crt, such as a ConfigMap's volume, with the authorities that
	// may have signed Vault's certificate. Default: those of the image.
	CA pattern.Volume
}

// VaultInit gives the apps secrets of HashiCorp Vault as files in memory before they
// start, once, with Vault's agent. It logs in as the pod's service account by Vault's
// auth method kubernetes, in a role of which that account is a subject; so name the
// account with PodBuilder.ServiceAccount.
//
// It adds: a ConfigMap with the templates, but no secret; a token of the service
// account, for this container only; an emptyDir in memory, which the apps mount
// read-only at /vault/secrets. It tries to log in until Vault lets it, at last every
// five minutes, and says in its log why not; it fails where a secret can't be read,
// after some tries. It runs as uid 100.
//
// Nobody renews what it reads: a password with a lease, such as one of the database
// engine, stops working when the lease ends, while the pod runs. For those take the
// sidecar VaultAgent, which needs no VaultInit before it.
//
// Defaults: image vault, uid 100, 50m CPU, 64Mi memory, at most 128Mi.
//
// Options: the last of several wins as a whole.
//
// upstream: hashicorp/vault-k8s agent-inject/agent/config.go, container_init_sidecar.go;
// docs: developer.hashicorp.com/vault/docs/agent-and-proxy/agent.
func VaultInit(address, role string, templates []VaultTemplate, opts ...VaultInitOptions) pattern.InitContainer {
	o := opt.Last(opts)
	a := vault.Agent{
		Address: address, Role: role, Mount: o.AuthMount, Audience: o.Audience, Namespace: o.Namespace,
		CA: o.CA, Volume: o.Volume, AppPath: o.AppPath, Once: true,
	}
	for _, t := range templates {
		a.Templates = append(a.Templates, vault.Template(t))
	}
	return vault.Into(pattern.Init("vault-init", vaultImage), a)
}
