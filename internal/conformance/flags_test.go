package conformance_test

import (
	"errors"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/podpattern/podpattern/initc"
	"github.com/podpattern/podpattern/internal/catalogue"
	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/sidecar"
	"github.com/spf13/pflag"
	"github.com/stretchr/testify/require"
)

// flags are those of a program, in the parser that upstream has.
type flags struct{ *pflag.FlagSet }

// flagsOf gives flags by their kind.
func flagsOf(kinds map[string]string) flags {
	f := flags{pflag.NewFlagSet("", pflag.ContinueOnError)}
	f.SetOutput(io.Discard)
	for kind, names := range kinds {
		for _, name := range strings.Fields(names) {
			switch kind {
			case "Bool":
				f.Bool(name, false, "")
			case "Int":
				f.Int(name, 0, "")
			case "Duration":
				f.Duration(name, 0, "")
			case "String":
				f.String(name, "", "")
			case "StringSlice":
				f.StringSlice(name, nil, "")
			}
		}
	}
	return f
}

// parse reads arguments, and refuses those that are no flags.
func (f flags) parse(args []string) error {
	if err := f.Parse(args); err != nil {
		return err
	}
	if f.NArg() > 0 {
		return fmt.Errorf("an argument that is no flag: %q", f.Args())
	}
	return nil
}

func (f flags) text(name string) string { v, _ := f.GetString(name); return v }

func (f flags) number(name string) int { v, _ := f.GetInt(name); return v }

func (f flags) on(name string) bool { v, _ := f.GetBool(name); return v }

func (f flags) list(name string) []string { v, _ := f.GetStringSlice(name); return v }

// usesOf gives the containers of the catalogue's uses of some helpers.
func usesOf(t *testing.T, helpers ...string) map[string]started {
	t.Helper()
	out := make(map[string]started)
	for _, u := range catalogue.Uses() {
		if slices.Contains(helpers, u.Helper) {
			c, _ := u.Container(t)
			env := make(map[string]string)
			for _, e := range c.Env {
				env[e.Name] = e.Value
			}
			out[u.Helper+"/"+u.Why] = started{c.Args, env}
		}
	}
	require.NotEmpty(t, out)
	return out
}

type started struct {
	args []string
	env  map[string]string
}

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

// configReloader refuses what prometheus-config-reloader refuses; kingpin, with
// which it reads its flags, takes these as pflag does.
// upstream: prometheus-operator/prometheus-operator v0.93.0 cmd/prometheus-config-reloader/main.go.
func configReloader(args []string) error {
	f := flagsOf(map[string]string{
		"Duration":    "watch-interval delay-interval retry-interval reload-timeout",
		"StringSlice": "watched-dir",
		"String": `config-file config-envsubst-file auto-gomemlimit-ratio reload-method process-executable-name statefulset-ordinal-from-envvar listen-address
			web-config-file log-format log-level reload-url runtimeinfo-url`,
	})
	if err := f.parse(args); err != nil {
		return err
	}
	if f.Changed("reload-method") && !slices.Contains([]string{"http", "signal"}, f.text("reload-method")) {
		return errors.New("--reload-method must be http or signal")
	}
	if d, _ := f.GetDuration("watch-interval"); f.Changed("watch-interval") && d == 0 {
		return errors.New("it ends after the first look")
	}
	if len(f.list("watched-dir")) == 0 && f.text("config-file") == "" {
		return errors.New("nothing is watched")
	}
	_, err := url.Parse(f.text("reload-url"))
	return err
}

func TestConfigReloaderTakesTheFlags(t *testing.T) {
	for name, c := range usesOf(t, "sidecar.ConfigReloader") {
		require.NoError(t, configReloader(c.args), name)
	}
	require.Error(t, configReloader([]string{"--reload-url=http://127.0.0.1"}), "nothing to watch")
	require.Error(t, configReloader([]string{"--watched-dir=/x", "--volume-dir=/x"}), "a flag of configmap-reload")
	require.Error(t, configReloader([]string{"--watched-dir=/x", "--watch-interval=5"}), "a number as a time")
	require.Error(t, configReloader([]string{"--watched-dir=/x", "--watch-interval=0s"}), "once only")
}

// configSync refuses what k8s-sidecar would not know, or not start with.
// upstream: kiwigrid/k8s-sidecar 2.10.1 README.md, src/sidecar.py.
func configSync(env map[string]string) error {
	known := strings.Fields(`LABEL LABEL_VALUE FOLDER FOLDER_ANNOTATION NAMESPACE RESOURCE RESOURCE_NAME METHOD SLEEP_TIME REQ_URL REQ_METHOD REQ_PAYLOAD
		REQ_RETRY_TOTAL REQ_RETRY_CONNECT REQ_RETRY_READ REQ_RETRY_BACKOFF_FACTOR REQ_TIMEOUT REQ_USERNAME_FILE REQ_PASSWORD_FILE REQ_SKIP_INIT SCRIPT
		ERROR_THROTTLE_SLEEP UNIQUE_FILENAMES DEFAULT_FILE_MODE WATCH_SERVER_TIMEOUT WATCH_CLIENT_TIMEOUT IGNORE_ALREADY_PROCESSED LOG_LEVEL LOG_FORMAT
		LOG_TZ LOG_CONFIG HEALTH_PORT HEALTH_HOST`)
	for name := range env {
		if !slices.Contains(known, name) {
			return errors.New("unknown variable " + name)
		}
	}
	for name, pattern := range map[string]string{
		"LABEL": "^.+$", "FOLDER": "^/", "RESOURCE": "^(configmap|secret|both)$", "METHOD": "^WATCH$", "REQ_METHOD": "^(|GET|POST)$",
		"UNIQUE_FILENAMES": "^(|true)$", "REQ_SKIP_INIT": "^(|true)$", "HEALTH_PORT": "^[0-9]+$",
	} {
		if !regexp.MustCompile(pattern).MatchString(env[name]) {
			return fmt.Errorf("%s is %q", name, env[name])
		}
	}
	if env["REQ_URL"] != "" && env["REQ_SKIP_INIT"] == "" {
		return errors.New("it waits for the app, which waits for it")
	}
	return nil
}

func TestConfigSyncSetsTheVariables(t *testing.T) {
	for name, c := range usesOf(t, "sidecar.ConfigSync") {
		require.NoError(t, configSync(c.env), name)
		for variable, value := range map[string]string{"LABELS": "x", "RESOURCE": "configmaps", "METHOD": "LIST", "FOLDER": "", "REQ_METHOD": "PUT", "HEALTH_PORT": ""} {
			env := map[string]string{variable: value}
			for k, v := range c.env {
				if k != variable {
					env[k] = v
				}
			}
			require.Error(t, configSync(env), variable)
		}
	}
	require.Error(t, configSync(map[string]string{"LABEL": "x", "FOLDER": "/x", "RESOURCE": "both", "METHOD": "WATCH", "HEALTH_PORT": "1", "REQ_URL": "http://127.0.0.1"}))
}

// upstream: oauth2-proxy/oauth2-proxy v7.15.3 pkg/apis/options.
func oauth2Flags() flags {
	return flagsOf(map[string]string{
		"Bool": `allow-query-semicolons auth-logging bearer-token-login-fallback cookie-csrf-per-request cookie-httponly cookie-secure
			disable-keep-alives display-htpasswd-form encode-state entra-id-federated-token-auth errors-to-info-log force-https
			force-json-errors gcp-healthchecks insecure-oidc-allow-unverified-email insecure-oidc-skip-issuer-verification
			insecure-oidc-skip-nonce logging-compress logging-local-time pass-access-token pass-authorization-header pass-basic-auth
			pass-host-header pass-user-headers prefer-email-to-user proxy-websockets redis-insecure-skip-tls-verify redis-use-cluster
			redis-use-sentinel relative-redirect-url request-logging reverse-proxy session-cookie-minimal set-authorization-header
			set-basic-auth set-xauthrequest show-debug-on-error silence-ping-logging skip-auth-preflight skip-auth-strip-headers
			skip-claims-from-profile-url skip-jwt-bearer-tokens skip-oidc-discovery skip-provider-button ssl-insecure-skip-verify
			ssl-upstream-insecure-skip-verify standard-logging use-system-trust-store`,
		"Duration": `cookie-csrf-expire cookie-expire cookie-refresh flush-interval upstream-timeout`,
		"Int":      `cookie-csrf-per-request-limit logging-max-age logging-max-backups logging-max-size redis-connection-idle-timeout`,
		"String": `acr-values approval-prompt auth-logging-format auth-request-response-mode authenticated-emails-file azure-graph-group-field
			azure-tenant backend-logout-url banner basic-auth-password bitbucket-repository bitbucket-team client-id client-secret
			client-secret-file code-challenge-method cookie-csrf-samesite cookie-name cookie-path cookie-samesite cookie-secret
			cookie-secret-file custom-sign-in-logo custom-templates-dir footer force-code-challenge-method github-org github-repo github-team
			github-token google-admin-api-user-scope google-admin-email google-service-account-json google-target-principal
			google-use-application-default-credentials google-use-organization-id htpasswd-file http-address https-address jwt-key
			jwt-key-file logging-filename login-url metrics-address metrics-secure-address metrics-tls-cert-file metrics-tls-key-file
			oidc-email-claim oidc-groups-claim oidc-issuer-url oidc-jwks-url ping-path ping-user-agent profile-url prompt provider
			provider-display-name proxy-prefix pubjwk-url ready-path real-client-ip-header redeem-url redirect-url redis-ca-path
			redis-connection-url redis-password redis-sentinel-master-name redis-sentinel-password redis-username request-id-header
			request-logging-format resource scope session-store-type signature-key standard-logging-format tls-cert-file tls-key-file
			tls-min-version user-id-claim validate-url`,
		"StringSlice": `allowed-group allowed-role api-route cookie-domain email-domain entra-id-allowed-tenant exclude-logging-path extra-jwt-issuers
			github-user gitlab-group gitlab-project google-group htpasswd-user-group keycloak-group oidc-audience-claim
			oidc-enabled-signing-alg oidc-extra-audience oidc-public-key-file provider-ca-file redis-cluster-connection-urls
			redis-sentinel-connection-urls skip-auth-regex skip-auth-route tls-cipher-suite trusted-ip trusted-proxy-ip upstream
			whitelist-domain`,
	})
}

// oauth2Proxy refuses what oauth2-proxy refuses.
// upstream: oauth2-proxy/oauth2-proxy v7.15.3 pkg/validation.
func oauth2Proxy(args []string, env map[string]string) (flags, error) {
	f := oauth2Flags()
	if err := f.parse(args); err != nil {
		return f, err
	}
	for _, name := range []string{"CLIENT_ID", "CLIENT_SECRET", "COOKIE_SECRET"} {
		if _, set := env["OAUTH2_PROXY_"+name]; !set {
			return f, errors.New("missing setting: " + name)
		}
	}
	for name := range env {
		flag := strings.ReplaceAll(strings.ToLower(strings.TrimPrefix(name, "OAUTH2_PROXY_")), "_", "-")
		if f.Lookup(flag) == nil {
			return f, errors.New("no flag has the variable " + name)
		}
	}
	for _, route := range f.list("skip-auth-route") {
		parts := regexp.MustCompile("!?=").Split(route, 2)
		if _, err := regexp.Compile(parts[len(parts)-1]); err != nil {
			return f, err
		}
	}
	switch {
	case len(f.list("email-domain")) == 0:
		return f, errors.New("missing setting for email validation")
	case f.text("oidc-issuer-url") == "":
		return f, errors.New("missing setting: oidc-issuer-url")
	case strings.HasPrefix(f.text("http-address"), "127.0.0.1"):
		return f, errors.New("the kubelet and the Service don't reach it")
	case f.on("reverse-proxy") != (len(f.list("trusted-proxy-ip")) > 0):
		return f, errors.New("it would believe everybody's headers")
	case f.Changed("redis-connection-url") != (f.text("session-store-type") == "redis"):
		return f, errors.New("one Redis setting without the other")
	}
	return f, nil
}

func TestOAuth2ProxyTakesTheFlags(t *testing.T) {
	for name, c := range usesOf(t, "sidecar.OAuth2Proxy") {
		_, err := oauth2Proxy(c.args, c.env)
		require.NoError(t, err, name)
		for _, wrong := range []string{
			"--skip-auth-regex-x=^/a", "--email-domains=a", "-http-address=x", "--skip-auth-route=(", "--http-address=127.0.0.1:4180", "--cookie-expire=1", "word", "--oidc-issuer-url=",
		} {
			_, err := oauth2Proxy(append(slices.Clone(c.args), wrong), c.env)
			require.Error(t, err, wrong)
		}
		_, err = oauth2Proxy(c.args, nil)
		require.ErrorContains(t, err, "missing setting")
	}
}

// The values of a list come out as they went in: upstream splits them at commas.
func TestOAuth2ProxyKeepsItsLists(t *testing.T) {
	groups := []string{"shop,admins", `the "team"`, `"`, " a ", "größe", `a\b`, "#x"}
	routes := []string{`^/[a-z]{1,3}/(a|b)$`, `GET=^/a"b,c$`, "POST!=^/x$"}
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1").Port("http", 8080)).WithSidecar(
		sidecar.OAuth2Proxy(8080, "https://login.example.com", pattern.Secret("s"), sidecar.OAuth2ProxyOptions{AllowedGroups: groups, SkipAuthRoutes: routes}))
	c := container(t, pod, "oauth2-proxy")
	env := make(map[string]string)
	for _, e := range c.Env {
		env[e.Name] = ""
	}
	f, err := oauth2Proxy(c.Args, env)
	require.NoError(t, err)
	require.Equal(t, groups, f.list("allowed-group"))
	require.Equal(t, routes, f.list("skip-auth-route"))
}
