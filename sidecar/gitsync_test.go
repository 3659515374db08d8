package sidecar_test

import (
	"testing"

	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/patterntest"
	"github.com/podpattern/podpattern/sidecar"
	"github.com/stretchr/testify/require"
)

var site = pattern.EmptyDir("site").SizeLimit("256Mi")

func TestGitSync(t *testing.T) {
	pod := pattern.Pod("web").Hardened().WithApp(patterntest.App())
	tests := map[string]pattern.SidecarContainer{
		"public": sidecar.GitSync("https://github.com/example/site", site, sidecar.GitSyncOptions{AppPath: "/srv/site"}),
		"ssh": sidecar.GitSync("git@git.example.com:org/site.git", site, sidecar.GitSyncOptions{
			AppPath: "/srv/site", Ref: "main", Auth: sidecar.GitSSHKey(pattern.Secret("deploy-key")),
		}),
		"password": sidecar.GitSync("https://git.example.com:8443/org/site", site, sidecar.GitSyncOptions{
			AppPath: "/srv/site", Auth: sidecar.GitPassword(pattern.Secret("git")), CA: pattern.ConfigMap("company-ca").Volume("company-ca"),
		}),
		"options": sidecar.GitSync("https://github.com/example/site", site, sidecar.GitSyncOptions{
			AppPath: "/srv/site", Ref: "v1.4", PeriodSeconds: 300, Depth: -1, Submodules: "off", Link: "html", TimeoutSeconds: 30,
			Auth:   sidecar.GitHubApp("Iv23liABC", 4711, pattern.Secret("github-app")),
			Notify: "http://127.0.0.1:8080/-/reload", Port: 9000, Scrape: true,
		}),
	}
	for name, c := range tests {
		t.Run(name, func(t *testing.T) { patterntest.Helper(t, "gitsync-"+name, pod, c) })
	}
}

func TestGitSyncRefuses(t *testing.T) {
	const repo = "https://github.com/example/site"
	secret := pattern.Secret("git")
	tests := map[string]struct {
		repo string
		opts sidecar.GitSyncOptions
		want string
	}{
		"nothing":              {"", sidecar.GitSyncOptions{}, "want https://host/path"},
		"a folder":             {"/srv/repo", sidecar.GitSyncOptions{}, "want https://host/path"},
		"another scheme":       {"file:///srv/repo", sidecar.GitSyncOptions{}, "want https://host/path"},
		"no repository":        {"https://github.com/", sidecar.GitSyncOptions{}, "want https://host/path"},
		"an option of ssh":     {"-oProxyCommand=sh:x", sidecar.GitSyncOptions{}, "want https://host/path"},
		"an option of git":     {"-x@github.com:example/site", sidecar.GitSyncOptions{Auth: sidecar.GitSSHKey(secret)}, "want https://host/path"},
		"scp with a password":  {"me:secret@github.com:example/site", sidecar.GitSyncOptions{Auth: sidecar.GitSSHKey(secret)}, "want https://host/path"},
		"a password":           {"https://me:secret@github.com/example/site", sidecar.GitSyncOptions{}, "use GitPassword"},
		"a token as user":      {"https://ghp_secret@github.com/example/site", sidecar.GitSyncOptions{}, "use GitPassword"},
		"port 70000":           {"https://github.com:70000/example/site", sidecar.GitSyncOptions{}, "between 1 and 65535"},
		"ssh without a key":    {"git@github.com:example/site", sidecar.GitSyncOptions{}, "needs GitSSHKey"},
		"ssh with a password":  {"ssh://git@github.com/example/site", sidecar.GitSyncOptions{Auth: sidecar.GitPassword(secret)}, "needs GitSSHKey"},
		"https with a key":     {repo, sidecar.GitSyncOptions{Auth: sidecar.GitSSHKey(secret)}, "over ssh"},
		"ssh with a CA":        {"git@github.com:example/site", sidecar.GitSyncOptions{Auth: sidecar.GitSSHKey(secret), CA: pattern.ConfigMap("ca").Volume("ca")}, "CA: a repository over ssh"},
		"an app without an ID": {repo, sidecar.GitSyncOptions{Auth: sidecar.GitHubApp("", 1, secret)}, "client ID"},
		"no installation":      {repo, sidecar.GitSyncOptions{Auth: sidecar.GitHubApp("Iv1", 0, secret)}, "installation"},
		"no Secret":            {repo, sidecar.GitSyncOptions{Auth: sidecar.GitPassword(pattern.SecretBuilder{})}, "Secret"},
		"a ref with a space":   {repo, sidecar.GitSyncOptions{Ref: "my branch"}, "Ref: want a branch"},
		"a ref like a flag":    {repo, sidecar.GitSyncOptions{Ref: "--upload-pack=x"}, "Ref: want a branch"},
		"depth":                {repo, sidecar.GitSyncOptions{Depth: -2}, "Depth"},
		"submodules":           {repo, sidecar.GitSyncOptions{Submodules: "yes"}, "recursive, shallow or off"},
		"a link elsewhere":     {repo, sidecar.GitSyncOptions{Link: "../site"}, "name of a link"},
		"the root as link":     {repo, sidecar.GitSyncOptions{Link: ".git-sync"}, "name of a link"},
		"period":               {repo, sidecar.GitSyncOptions{PeriodSeconds: -1}, "PeriodSeconds"},
		"timeout":              {repo, sidecar.GitSyncOptions{TimeoutSeconds: -1}, "TimeoutSeconds"},
		"notify":               {repo, sidecar.GitSyncOptions{Notify: "localhost:8080"}, "Notify: want http://"},
		"port":                 {repo, sidecar.GitSyncOptions{Port: -1}, "between 1 and 65535"},
		"a relative path":      {repo, sidecar.GitSyncOptions{AppPath: "site"}, "site"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			patterntest.Refuses(t, pattern.Pod("web").WithApp(patterntest.App()), sidecar.GitSync(tt.repo, site, tt.opts), tt.want)
		})
	}
}

// Two repositories share neither ports nor scratch volumes, nor each other's Secret.
func TestTwoGitSyncs(t *testing.T) {
	pod := pattern.Pod("web").Hardened().WithApp(patterntest.App()).WithSidecar(
		sidecar.GitSync("git@github.com:example/site", site, sidecar.GitSyncOptions{AppPath: "/srv/site", Auth: sidecar.GitSSHKey(pattern.Secret("site-key"))}),
		sidecar.GitSync("git@github.com:example/docs", pattern.EmptyDir("docs").SizeLimit("64Mi"),
			sidecar.GitSyncOptions{AppPath: "/srv/docs", Auth: sidecar.GitSSHKey(pattern.Secret("docs-key"))}).Name("docs-sync"))
	patterntest.Golden(t, "gitsync-two", pod)
}

// What git-sync finds in its folder and doesn't know it removes: two in one volume
// need two.
func TestTwoGitSyncsInOneVolume(t *testing.T) {
	sync := func(link string) pattern.SidecarContainer {
		return sidecar.GitSync("https://github.com/example/"+link, site, sidecar.GitSyncOptions{Link: link}).Name("sync-" + link)
	}
	pod, err := pattern.Pod("web").WithApp(patterntest.App().Reads(site, "/srv")).WithSidecar(sync("docs"), sync("html")).Build()
	require.NoError(t, err)
	for i, link := range []string{"docs", "html"} {
		require.Contains(t, pod.Spec.InitContainers[i].Args, "--root=/git/.git-sync/"+link)
		require.Contains(t, pod.Spec.InitContainers[i].Args, "--link=/git/"+link)
	}
}
