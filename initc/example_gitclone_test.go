package initc_test

import (
	"fmt"

	"github.com/podpattern/podpattern/initc"
	"github.com/podpattern/podpattern/pattern"
)

// All replicas have the files of one commit, below /srv/site/current.
func ExampleGitClone() {
	site := pattern.EmptyDir("site").SizeLimit("256Mi")
	clone := initc.GitClone("https://github.com/example/site", site, initc.GitCloneOptions{Ref: "9f2c1ab3c0d4e5f60718293a4b5c6d7e8f901234", AppPath: "/srv/site"})
	showClone(clone, 0, 4)
	// Output:
	// --repo=https://github.com/example/site
	// --ref=9f2c1ab3c0d4e5f60718293a4b5c6d7e8f901234
	// --root=/git/.git-sync/current
	// --link=/git/current
}

func ExampleGitSSHKey() {
	clone := initc.GitClone("git@github.com:example/site", pattern.EmptyDir("site"), initc.GitCloneOptions{
		AppPath: "/srv/site", Auth: initc.GitSSHKey(pattern.Secret("deploy-key")),
	})
	showClone(clone, 8, 10)
	// Output:
	// --ssh-key-file=/etc/git-secret/ssh-privatekey
	// --ssh-known-hosts-file=/etc/git-secret/known_hosts
}

func ExampleGitPassword() {
	clone := initc.GitClone("https://github.com/example/site", pattern.EmptyDir("site"), initc.GitCloneOptions{
		AppPath: "/srv/site", Auth: initc.GitPassword(pattern.Secret("git")),
	})
	showClone(clone, 8, 9)
	// Output:
	// --password-file=/etc/git-secret/password
}

func ExampleGitHubApp() {
	clone := initc.GitClone("https://github.com/example/site", pattern.EmptyDir("site"), initc.GitCloneOptions{
		AppPath: "/srv/site", Auth: initc.GitHubApp("Iv23liABC", 4711, pattern.Secret("github-app")),
	})
	showClone(clone, 8, 10)
	// Output:
	// --github-app-client-id=Iv23liABC
	// --github-app-installation-id=4711
}

// showClone prints some of a container's arguments.
func showClone(clone pattern.InitContainer, from, to int) {
	pod, err := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4")).WithInit(clone).Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, arg := range pod.Spec.InitContainers[0].Args[from:to] {
		fmt.Println(arg)
	}
}
