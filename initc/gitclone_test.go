package initc_test

import (
	"testing"

	"github.com/podpattern/podpattern/initc"
	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/patterntest"
)

var site = pattern.EmptyDir("site").SizeLimit("256Mi")

func TestGitClone(t *testing.T) {
	pod := pattern.Pod("web").Hardened().WithApp(patterntest.App())
	tests := map[string]pattern.InitContainer{
		"public": initc.GitClone("https://github.com/example/site", site, initc.GitCloneOptions{AppPath: "/srv/site"}),
		"options": initc.GitClone("ssh://git@git.example.com:2222/org/site.git", site, initc.GitCloneOptions{
			AppPath: "/srv/site", Ref: "9f2c1ab3c0d4e5f60718293a4b5c6d7e8f901234", Depth: 10, Submodules: "shallow", Link: "html", TimeoutSeconds: 30,
			Auth: initc.GitSSHKey(pattern.Secret("deploy-key")),
		}),
	}
	for name, c := range tests {
		t.Run(name, func(t *testing.T) { patterntest.Helper(t, "gitclone-"+name, pod, c) })
	}
}

// What is wrong with a repository GitSync's test has; here is that GitClone asks too.
func TestGitCloneRefuses(t *testing.T) {
	pod := pattern.Pod("web").WithApp(patterntest.App())
	patterntest.Refuses(t, pod, initc.GitClone("github.com/example/site", site), "want https://host/path")
	patterntest.Refuses(t, pod, initc.GitClone("https://github.com/example/site", site, initc.GitCloneOptions{Depth: -2}), "Depth")
	patterntest.Refuses(t, pod, initc.GitClone("git@github.com:example/site", site, initc.GitCloneOptions{Auth: initc.GitHubApp("Iv1", 1, pattern.Secret("app"))}), "needs GitSSHKey")
	patterntest.Refuses(t, pod, initc.GitClone("https://github.com/example/site", site, initc.GitCloneOptions{Auth: initc.GitPassword(pattern.SecretBuilder{})}), "Secret")
}
