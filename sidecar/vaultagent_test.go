package sidecar_test

import (
	"encoding/json"
	"testing"

	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/patterntest"
	"github.com/podpattern/podpattern/sidecar"
	"github.com/stretchr/testify/require"
)

const password = `PASSWORD={{ with secret "secret/data/db" }}{{ .Data.data.password }}{{ end }}`

var db = []sidecar.VaultTemplate{{File: "db.env", Contents: password}}

func TestVaultAgent(t *testing.T) {
	pod := pattern.Pod("web").Hardened().ServiceAccount("web").WithApp(patterntest.App())
	tests := map[string]pattern.SidecarContainer{
		"default": sidecar.VaultAgent("https://vault.vault.svc:8200", "web", db),
		"options": sidecar.VaultAgent("https://vault.example.com", "web", []sidecar.VaultTemplate{
			{File: "db.env", Contents: password},
			{File: "tls/tls.key", Contents: `{{ with pkiCert "pki/issue/web" "common_name=web" }}{{ .Key }}{{ end }}`, Mode: 0o640},
		}, sidecar.VaultAgentOptions{
			Volume: pattern.EmptyDir("secrets").Memory().SizeLimit("1Mi"), AppPath: "/run/secrets/web",
			AuthMount: "clusters/prod", Audience: "vault", Namespace: "shop",
			CA: pattern.ConfigMap("company-ca").Volume("company-ca"), RefreshSeconds: 60,
		}),
	}
	for name, c := range tests {
		t.Run(name, func(t *testing.T) { patterntest.Helper(t, "vaultagent-"+name, pod, c) })
	}
}

func TestVaultAgentRefuses(t *testing.T) {
	const server = "https://vault:8200"
	with := func(t sidecar.VaultTemplate) []sidecar.VaultTemplate { return []sidecar.VaultTemplate{t} }
	tests := map[string]struct {
		address, role string
		templates     []sidecar.VaultTemplate
		opts          sidecar.VaultAgentOptions
		want          string
	}{
		"no address":      {"", "web", db, sidecar.VaultAgentOptions{}, "address: want https://"},
		"no scheme":       {"vault:8200", "web", db, sidecar.VaultAgentOptions{}, "address: want"},
		"a token":         {"https://:token@vault", "web", db, sidecar.VaultAgentOptions{}, "printed in clear"},
		"no role":         {server, "", db, sidecar.VaultAgentOptions{}, "role: want"},
		"no file":         {server, "web", nil, sidecar.VaultAgentOptions{}, "one file at least"},
		"a nameless file": {server, "web", with(sidecar.VaultTemplate{Contents: password}), sidecar.VaultAgentOptions{}, "File: want a path"},
		"a file outside":  {server, "web", with(sidecar.VaultTemplate{File: "../x", Contents: password}), sidecar.VaultAgentOptions{}, "File: want a path"},
		"an absolute one": {server, "web", with(sidecar.VaultTemplate{File: "/x", Contents: password}), sidecar.VaultAgentOptions{}, "File: want a path"},
		"one file twice":  {server, "web", append(db[:1:1], db...), sidecar.VaultAgentOptions{}, "two templates write this file"},
		"no contents":     {server, "web", with(sidecar.VaultTemplate{File: "x"}), sidecar.VaultAgentOptions{}, "Contents: want a template"},
		"an open with":    {server, "web", with(sidecar.VaultTemplate{File: "x", Contents: `{{ with secret "a" }}`}), sidecar.VaultAgentOptions{}, "unexpected EOF"},
		"mode":            {server, "web", with(sidecar.VaultTemplate{File: "x", Contents: password, Mode: 1440}), sidecar.VaultAgentOptions{}, "want permissions"},
		"auth mount":      {server, "web", db, sidecar.VaultAgentOptions{AuthMount: "auth/kubernetes"}, "below auth/"},
		"refresh":         {server, "web", db, sidecar.VaultAgentOptions{RefreshSeconds: -1}, "RefreshSeconds"},
		"app path":        {server, "web", db, sidecar.VaultAgentOptions{AppPath: "secrets"}, "absolute"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			patterntest.Refuses(t, pattern.Pod("web").WithApp(patterntest.App()), sidecar.VaultAgent(tt.address, tt.role, tt.templates, tt.opts), tt.want)
		})
	}
}

// The caller's slice may change after the call.
func TestVaultAgentKeepsItsTemplates(t *testing.T) {
	mine := []sidecar.VaultTemplate{{File: "db.env", Contents: password}}
	pod := pattern.Pod("web").InlineConfig().WithApp(patterntest.App()).WithSidecar(sidecar.VaultAgent("https://vault:8200", "web", mine))
	mine[0].Contents = "changed"
	built, err := pod.Build()
	require.NoError(t, err)
	var config struct{ Template []struct{ Contents string } }
	require.NoError(t, json.Unmarshal([]byte(built.Annotations["config.podpattern.dev/vault-agent.config.json"]), &config))
	require.Equal(t, password, config.Template[0].Contents)
}
