package sidecar_test

import (
	"fmt"

	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/sidecar"
)

// The app finds the files below /srv/site/current, and starts when they are there.
func ExampleGitSync() {
	site := pattern.EmptyDir("site").SizeLimit("256Mi")
	sync := sidecar.GitSync("https://github.com/example/site", site, sidecar.GitSyncOptions{Ref: "main", AppPath: "/srv/site"})
	pod, err := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4")).WithSidecar(sync).Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	c := pod.Spec.InitContainers[0]
	fmt.Println(c.Args[:4])
	fmt.Println(c.StartupProbe.HTTPGet.Path, pod.Spec.Containers[0].VolumeMounts[0].MountPath)
	// Output:
	// [--repo=https://github.com/example/site --ref=main --root=/git/.git-sync/current --link=/git/current]
	// / /srv/site
}

// The Secret is one of type kubernetes.io/ssh-auth, with a key known_hosts beside.
func ExampleGitSSHKey() {
	showGit("git@github.com:example/site", sidecar.GitSSHKey(pattern.Secret("deploy-key")))
	// Output:
	// --ssh-key-file=/etc/git-secret/ssh-privatekey
	// --ssh-known-hosts-file=/etc/git-secret/known_hosts
}

// The Secret is one of type kubernetes.io/basic-auth.
func ExampleGitPassword() {
	showGit("https://github.com/example/site", sidecar.GitPassword(pattern.Secret("git")))
	// Output:
	// --password-file=/etc/git-secret/password
}

func ExampleGitHubApp() {
	showGit("https://github.com/example/site", sidecar.GitHubApp("Iv23liABC", 4711, pattern.Secret("github-app")))
	// Output:
	// --github-app-client-id=Iv23liABC
	// --github-app-installation-id=4711
	// --github-app-private-key-file=/etc/git-secret/private-key
}

// showGit prints how git-sync opens a repository.
func showGit(repo string, auth sidecar.GitAuth) {
	sync := sidecar.GitSync(repo, pattern.EmptyDir("site"), sidecar.GitSyncOptions{AppPath: "/srv/site", Auth: auth})
	pod, err := pattern.Pod("web").WithApp(pattern.App("web", "web:1.4")).WithSidecar(sync).Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	args := pod.Spec.InitContainers[0].Args
	for _, arg := range args[8 : len(args)-5] {
		fmt.Println(arg)
	}
}
