package initc_test

import (
	"testing"

	"github.com/podpattern/podpattern/initc"
	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/patterntest"
)

var db = []initc.VaultTemplate{{File: "db.env", Contents: `PASSWORD={{ with secret "secret/data/db" }}{{ .Data.data.password }}{{ end }}`}}

func TestVaultInit(t *testing.T) {
	pod := pattern.Pod("web").Hardened().ServiceAccount("web").WithApp(patterntest.App())
	tests := map[string]pattern.InitContainer{
		"default": initc.VaultInit("https://vault.vault.svc:8200", "web", db),
		"options": initc.VaultInit("https://vault.example.com", "web", db, initc.VaultInitOptions{
			Volume: pattern.EmptyDir("secrets").Memory().SizeLimit("1Mi"), AppPath: "/run/secrets/web",
			AuthMount: "clusters/prod", Audience: "vault", Namespace: "shop", CA: pattern.ConfigMap("company-ca").Volume("company-ca"),
		}),
	}
	for name, c := range tests {
		t.Run(name, func(t *testing.T) { patterntest.Helper(t, "vaultinit-"+name, pod, c) })
	}
}

// What is wrong with an agent's configuration VaultAgent's test has; here is that
// VaultInit asks too.
func TestVaultInitRefuses(t *testing.T) {
	pod := pattern.Pod("web").WithApp(patterntest.App())
	patterntest.Refuses(t, pod, initc.VaultInit("vault:8200", "web", db), "address: want https://")
	patterntest.Refuses(t, pod, initc.VaultInit("https://vault", "", db), "role: want")
	patterntest.Refuses(t, pod, initc.VaultInit("https://vault", "web", nil), "one file at least")
	patterntest.Refuses(t, pod, initc.VaultInit("https://vault", "web", db, initc.VaultInitOptions{AuthMount: "/kubernetes"}), "below auth/")
}
