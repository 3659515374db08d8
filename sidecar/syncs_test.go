package sidecar_test

import (
	"regexp"
	"slices"
	"testing"

	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/patterntest"
	"github.com/podpattern/podpattern/sidecar"
	"github.com/stretchr/testify/require"
)

// The kubelet would put a variable's value in place of $(HOME); $$(HOME) it leaves.
func TestTextsAreNotExpanded(t *testing.T) {
	const home = "$(HOME)"
	expanded := regexp.MustCompile(`(^|[^$])(\$\$)*\$\(HOME\)`)
	secret := pattern.Secret("s")
	for name, c := range map[string]pattern.SidecarContainer{
		"GitSync": sidecar.GitSync("https://github.com/example/"+home, site, sidecar.GitSyncOptions{
			Ref: home, Link: home, Notify: "http://127.0.0.1:8080/?" + home, AppPath: "/srv", Auth: sidecar.GitHubApp(home, 1, secret)}),
		"by POST":     sidecar.ConfigReloader(site.ReadOnly(), sidecar.ReloadByPost("http://127.0.0.1:8080/?"+home), sidecar.ConfigReloaderOptions{Folder: home}),
		"by a signal": sidecar.ConfigReloader(site.ReadOnly(), sidecar.ReloadBySignal("HUP", home, 10001), sidecar.ConfigReloaderOptions{Folder: home}),
		"ConfigSync":  sidecar.ConfigSync("app", dashboards, sidecar.ConfigSyncOptions{AppPath: "/srv", Notify: "http://127.0.0.1:8080/?" + home}),
		"VaultAgent":  sidecar.VaultAgent("https://vault:8200", "web", []sidecar.VaultTemplate{{File: home, Contents: password}}, sidecar.VaultAgentOptions{Namespace: home}),
		"OAuth2Proxy": sidecar.OAuth2Proxy(8080, issuer+"?"+home, secret, sidecar.OAuth2ProxyOptions{
			AllowedGroups: []string{home}, SkipAuthRoutes: []string{"^/" + home}, Scope: home,
			RedirectURL: "https://shop.example.com/?" + home, Redis: "redis://redis?" + home}),
	} {
		t.Run(name, func(t *testing.T) {
			pod, err := pattern.Pod("web").WithApp(patterntest.App().Writes(site, "/site")).WithSidecar(c).Build()
			require.NoError(t, err)
			built := pod.Spec.InitContainers[0]
			texts := slices.Concat(built.Command, built.Args)
			for _, e := range built.Env {
				texts = append(texts, e.Value)
			}
			if p := built.StartupProbe; p != nil && p.Exec != nil {
				texts = append(texts, p.Exec.Command...)
			}
			for _, text := range texts {
				require.NotRegexp(t, expanded, text)
			}
		})
	}
}

// The NetworkPolicy allows what they dial, and nothing for what they dial in the pod.
func TestSyncsDial(t *testing.T) {
	const repo = "https://git.example.com:8443/org/site"
	secret := pattern.Secret("s")
	for name, tt := range map[string]struct {
		c    pattern.SidecarContainer
		want []int
	}{
		"a notice in the pod":  {sidecar.GitSync(repo, site, sidecar.GitSyncOptions{AppPath: "/srv", Notify: "http://127.0.0.1:8081/"}), []int{8443}},
		"by another name":      {sidecar.GitSync(repo, site, sidecar.GitSyncOptions{AppPath: "/srv", Notify: "http://localhost:8081/"}), []int{8443}},
		"a notice elsewhere":   {sidecar.GitSync(repo, site, sidecar.GitSyncOptions{AppPath: "/srv", Notify: "http://bell:8081/"}), []int{8443, 8081}},
		"a GitHub app's token": {sidecar.GitSync(repo, site, sidecar.GitSyncOptions{AppPath: "/srv", Auth: sidecar.GitHubApp("Iv1", 1, secret)}), []int{443, 8443}},
		"ssh":                  {sidecar.GitSync("git@github.com:a/b", site, sidecar.GitSyncOptions{AppPath: "/srv", Auth: sidecar.GitSSHKey(secret)}), []int{22}},
		"ssh by URL":           {sidecar.GitSync("ssh://git@github.com:2222/a/b", site, sidecar.GitSyncOptions{AppPath: "/srv", Auth: sidecar.GitSSHKey(secret)}), []int{2222}},
		"Vault":                {sidecar.VaultAgent("https://vault:8200", "web", db), []int{8200}},
		"issuer and Redis": {sidecar.OAuth2Proxy(8080, issuer, secret, sidecar.OAuth2ProxyOptions{EmailDomains: []string{"*"}, Redis: "rediss://redis"}),
			[]int{443, 6379}},
	} {
		t.Run(name, func(t *testing.T) {
			policy, err := pattern.Pod("web").WithApp(patterntest.App()).WithSidecar(tt.c).NetworkPolicy().Build()
			require.NoError(t, err)
			var got []int
			for _, rule := range policy.Spec.Egress {
				for _, p := range rule.Ports {
					if p.Port.IntValue() != 53 {
						got = append(got, p.Port.IntValue())
					}
				}
			}
			require.ElementsMatch(t, tt.want, got)
		})
	}
}
