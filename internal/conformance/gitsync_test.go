package conformance_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/podpattern/podpattern/initc"
	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/sidecar"
	"github.com/stretchr/testify/require"
)

// gitSync refuses what git-sync refuses.
// upstream: kubernetes/git-sync v4.7.1 main.go.
func gitSync(args []string, env map[string]string) error {
	f := flagsOf(map[string]string{
		"Bool":        "add-user cookie-file group-write http-metrics http-pprof man one-time ssh-known-hosts version help",
		"Duration":    "exechook-backoff exechook-timeout init-period period stale-worktree-timeout sync-timeout webhook-backoff webhook-timeout",
		"Int":         "depth github-app-application-id github-app-installation-id init-max-failures max-failures verbose webhook-success-status",
		"StringSlice": "ssh-key-file",
		"String": `askpass-url error-file exechook-command filter git git-config git-gc github-app-client-id github-app-private-key-file github-base-url http-bind
			link password-file ref repo root sparse-checkout-file ssh-known-hosts-file submodules sync-on-signal touch-file username webhook-method webhook-url`,
	})
	if err := f.parse(args); err != nil {
		return err
	}
	app := f.text("github-app-client-id") != ""
	_, username := env["GITSYNC_USERNAME"]
	least := func(name string, d time.Duration) bool {
		v, _ := f.GetDuration(name)
		return !f.Changed(name) || v >= d
	}
	switch {
	case f.text("repo") == "" || f.text("root") == "":
		return errors.New("--repo and --root are required")
	case f.number("depth") < 0:
		return errors.New("--depth must not be negative")
	case !slices.Contains([]string{"recursive", "shallow", "off"}, f.text("submodules")):
		return errors.New("--submodules must be one of three")
	case f.Changed("git-gc") && !slices.Contains([]string{"auto", "always", "aggressive", "off"}, f.text("git-gc")):
		return errors.New("--git-gc must be one of four")
	case !least("period", 10*time.Millisecond) || !least("init-period", 10*time.Millisecond) || !least("sync-timeout", 10*time.Millisecond) || !least("webhook-timeout", time.Second):
		return errors.New("a time is too short")
	case username != (f.text("password-file") != ""):
		return errors.New("a username needs a password, and the other way round")
	case app != (f.number("github-app-installation-id") != 0) || app != (f.text("github-app-private-key-file") != ""):
		return errors.New("an app needs its installation and its key")
	case app && username:
		return errors.New("an app has no username")
	case f.on("http-metrics") && f.text("http-bind") == "":
		return errors.New("--http-metrics needs --http-bind")
	case strings.HasPrefix(f.text("repo"), "git@") && len(f.list("ssh-key-file")) == 0:
		return errors.New("no key")
	}
	return nil
}

func TestGitSyncTakesTheFlags(t *testing.T) {
	for name, c := range usesOf(t, "sidecar.GitSync", "initc.GitClone") {
		require.NoError(t, gitSync(c.args, c.env), name)
	}
	for name, wrong := range map[string][]string{
		"a flag of version 3":       {"--branch=main"},
		"one dash":                  {"-repo=x"},
		"an app without a key":      {"--github-app-client-id=Iv1", "--github-app-installation-id=1"},
		"a password without a user": {"--password-file=/x"},
		"a number as a time":        {"--period=60"},
		"too short":                 {"--period=1ms"},
		"metrics without a port":    {"--http-metrics", "--http-bind="},
		"no repository":             {"--repo="},
		"a word":                    {"main"},
		"submodules":                {"--submodules=on"},
	} {
		good := []string{"--repo=https://github.com/example/site", "--root=/git", "--submodules=off"}
		require.NoError(t, gitSync(good, nil))
		require.Error(t, gitSync(append(good, wrong...), nil), name)
	}
}

// A sidecar goes on where an init container began: in the same folders.
func TestGitSyncGoesOnFromGitClone(t *testing.T) {
	site := pattern.EmptyDir("site")
	pod, err := pattern.Pod("web").WithApp(pattern.App("web", "web:1").Reads(site, "/srv")).
		WithInit(initc.GitClone("https://github.com/example/site", site)).
		WithSidecar(sidecar.GitSync("https://github.com/example/site", site)).Build()
	require.NoError(t, err)
	clone, sync := pod.Spec.InitContainers[0], pod.Spec.InitContainers[1]
	require.Equal(t, clone.Args[:8], sync.Args[:8])
	require.Equal(t, clone.SecurityContext, sync.SecurityContext)
	require.Equal(t, clone.VolumeMounts[0], sync.VolumeMounts[0])
}
