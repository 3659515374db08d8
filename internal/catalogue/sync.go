package catalogue

import (
	"github.com/podpattern/podpattern/initc"
	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/sidecar"
)

func syncs() []Use {
	const (
		repo     = "https://github.com/example/site"
		issuer   = "https://login.example.com/realms/shop"
		password = `{{ with secret "secret/data/db" }}{{ .Data.data.password }}{{ end }}`
	)
	git := Verified{"allow-list of flags", "TestGitSyncTakesTheFlags"}
	reloader := Verified{"allow-list of flags; busybox: run", "TestConfigReloaderTakesTheFlags"}
	variables := Verified{"allow-list of variables", "TestConfigSyncSetsTheVariables"}
	vault := Verified{"HCL parser and typed configuration", "TestVaultAgentTakesTheConfiguration"}
	oauth2 := Verified{"allow-list of flags", "TestOAuth2ProxyTakesTheFlags"}
	spiffe := Verified{"HCL parser and typed configuration", "TestSPIFFEHelperTakesTheConfiguration"}

	site, rules := empty("repository"), pattern.ConfigMap("rules").Volume("rules")
	return []Use{
		use("sidecar.GitSync", "a public repository", git,
			sidecar.GitSync(repo, site, sidecar.GitSyncOptions{AppPath: "/srv/site"})),
		use("sidecar.GitSync", "a private repository over ssh", git,
			sidecar.GitSync("git@github.com:example/site", site, sidecar.GitSyncOptions{AppPath: "/srv/site", Auth: sidecar.GitSSHKey(pattern.Secret("deploy-key"))})),
		use("sidecar.GitSync", "a GitHub app, and a notice", git,
			sidecar.GitSync(repo, site, sidecar.GitSyncOptions{
				AppPath: "/srv/site", Auth: sidecar.GitHubApp("Iv23liABC", 4711, pattern.Secret("app")), Notify: "http://127.0.0.1:8080/-/reload", Scrape: true,
			})),
		use("initc.GitClone", "a tag with a password", git,
			initc.GitClone(repo, empty("content"), initc.GitCloneOptions{AppPath: "/srv/content", Ref: "v1.4", Auth: initc.GitPassword(pattern.Secret("git"))})),
		use("sidecar.ConfigReloader", "by HTTP", reloader,
			sidecar.ConfigReloader(rules, sidecar.ReloadByPost("http://127.0.0.1:8080/-/reload")), reads("rules", rules)),
		use("sidecar.ConfigReloader", "by a signal", reloader,
			sidecar.ConfigReloader(rules, sidecar.ReloadBySignal("HUP", "web", 10001)), reads("rules", rules)),
		use("sidecar.ConfigSync", "ConfigMaps", variables,
			sidecar.ConfigSync("grafana_dashboard", empty("dashboards"), sidecar.ConfigSyncOptions{AppPath: "/var/lib/dashboards"})),
		use("sidecar.ConfigSync", "both kinds", variables,
			sidecar.ConfigSync("example.com/part-of=shop", empty("dashboards"), sidecar.ConfigSyncOptions{
				AppPath: "/var/lib/dashboards", Resource: "both", UniqueNames: true, Notify: "http://127.0.0.1:8080/-/reload",
			})),
		use("sidecar.VaultAgent", "a password", vault,
			sidecar.VaultAgent("https://vault.vault.svc:8200", "web", []sidecar.VaultTemplate{{File: "db.env", Contents: password}})),
		use("initc.VaultInit", "a password", vault,
			initc.VaultInit("https://vault.vault.svc:8200", "web", []initc.VaultTemplate{{File: "db.env", Contents: password}}, initc.VaultInitOptions{
				Volume: pattern.EmptyDir("first-secrets").Memory().SizeLimit("1Mi"), AppPath: "/run/first-secrets",
			})),
		use("sidecar.OAuth2Proxy", "a domain", oauth2,
			sidecar.OAuth2Proxy(8081, issuer, pattern.Secret("web-oauth2"), sidecar.OAuth2ProxyOptions{EmailDomains: []string{"example.com"}}), serves("private", 8081)),
		use("sidecar.OAuth2Proxy", "groups, behind an ingress, with Redis", oauth2,
			sidecar.OAuth2Proxy(8081, issuer, pattern.Secret("web-oauth2"), sidecar.OAuth2ProxyOptions{
				AllowedGroups: []string{"shop,admins"}, SkipAuthRoutes: []string{"GET=^/healthz$"}, TrustedProxies: []string{"10.0.0.0/8"}, Redis: "redis://redis", Scrape: true,
			}), serves("private", 8081)),
		use("sidecar.SPIFFEHelper", "certificates", spiffe,
			sidecar.SPIFFEHelper(pattern.EmptyDir("certs").Memory().SizeLimit("4Mi"), sidecar.SPIFFEHelperOptions{AppPath: "/run/spiffe"})),
		use("sidecar.SPIFFEHelper", "a token too", spiffe,
			sidecar.SPIFFEHelper(pattern.EmptyDir("certs").Memory().SizeLimit("4Mi"), sidecar.SPIFFEHelperOptions{
				AppPath: "/run/spiffe", KeyMode: 0o640, JWTs: []sidecar.SPIFFEToken{{Audience: "spiffe://example.org/db", File: "db.jwt"}},
			})),
	}
}
