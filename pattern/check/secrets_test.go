package check_test

import (
	"fmt"
	"testing"

	"github.com/podpattern/podpattern/pattern/check"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
)

func TestSecretsInVariables(t *testing.T) {
	found := func(name, value string) check.Findings {
		p := goodPod()
		webOf(p).Env = env{{Name: name, Value: value}}
		return of(check.Pod(p), "secret-literal")
	}
	for _, e := range [][2]string{
		{"DB_PASSWORD", "hunter2"}, {"PGPASSWORD", "postgres"}, {"MYSQL_PWD", "x1"}, {"db.password", "hunter2"}, {"GITHUB_TOKEN", "ghp_abc123"}, {"STRIPE_API_KEY", "sk_live_1"},
		{"AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}, {"CLIENT_SECRET", "changeme"}, {"DB_PASSWORD", "password"}, {"DB_PASSWORD", "PASSW0RD"}, {"SECRET_KEY", "supersecret"}, {"APP_SECRET", "9f86d081884c7d659a2feaa0c55ad015"},
		{"DATABASE_URL", "postgres://web:hunter2@db:5432/web"}, {"HTTPS_PROXY", "http://me:pw@proxy:3128"}, {"URLS", "http://a,http://b:c@d"},
	} {
		fs := found(e[0], e[1])
		require.Len(t, fs, 1, "%s=%s", e[0], e[1])
		require.Equal(t, check.Warning, fs[0].Level)
		require.NotContains(t, fmt.Sprintf("%+v %s", fs[0], fs[0]), e[1], "a finding must not repeat the secret")
	}
	for _, e := range [][2]string{
		{"DB_PASSWORD", ""}, {"DB_PASSWORD", "$(OTHER)"}, {"DB_PASSWORD_FILE", "x"}, {"DB_PASSWORD", "/run/secrets/db"}, {"DB_PASSWORD", "secret/data/db"}, {"API_TOKEN", "token.txt"},
		{"ALLOW_EMPTY_PASSWORD", "yes"}, {"RESET_PASSWORD", "false"}, {"MAX_TOKEN", "4096"}, {"TOKEN_TTL", "1h"}, {"TOKEN_URL", "https://a/token"}, {"SECRET_NAME", "db"}, {"AWS_ACCESS_KEY_ID", "AKIA"},
		{"PWD", "/x"}, {"COMPASS", "north"}, {"MONKEY", "x"}, {"API_KEY", "vault:secret/data/x#y"}, {"API_KEY", "${API_KEY}"}, {"API_KEY", "<your key>"}, {"OPENAI_API_KEY", "unused"},
		{"TLS_SECRET", "web-tls"}, {"ETCD_INITIAL_CLUSTER_TOKEN", "etcd-cluster-1"}, {"AUTH_TOKEN", "https://a/b"}, {"DATABASE_URL", "postgres://web:$(PASSWORD)@db/web"}, {"DATABASE_URL", "postgres://web@db/web"}, {"URL", "http://h:80/a@b:c"},
		{"DATABASE_URL", "postgres://web:***@db/web"}, {"IMAGE", "docker://web:1@sha256"}, {"NOTE", "://a:b@c"},
		{"ENDPOINT_SECRET_KEY", "azure-cognitiveservices-endpoint"}, {"HF_TOKEN", "HF_TOKEN"}, {"CLIENT_SECRET", "SECRET"}, {"GOOGLE_API_KEY", "GOOGLE_API_KEY_VAL"}, {"OPENAI_API_KEY", "YOUR_API_KEY"},
		{"OPENAI_API_KEY", "your-api-key"}, {"DB_PASSWORD", "CHANGE_ME"}, {"DB_PASSWORD", "change-me-now"},
	} {
		require.Empty(t, found(e[0], e[1]), "%s=%s", e[0], e[1])
	}
}

func TestSecretsInArguments(t *testing.T) {
	args := func(list ...string) func(*corev1.Pod) {
		return func(p *corev1.Pod) { webOf(p).Args = list }
	}
	try(t,
		example{"secret-literal", "a flag", args("run", "--api-token=abc1"), []string{`W spec.containers[0].args[1]: Invalid value: the value of --api-token is a secret, written out`}},
		example{"secret-literal", "a flag and its value", args("--password", "abc1"), []string{`W spec.containers[0].args[1]: Invalid value: the value of --password is a secret, written out`}},
		example{"secret-literal", "a URL in a script", args("-c", "psql postgres://a:b1@db/x -c 'select 1'"), []string{`W spec.containers[0].args[1]: Invalid value: has a password in a URL, written out`}},
		example{"secret-literal", "references", args("--api-token=$(TOKEN)", "--password", "$(PW)", "--token-file=/x", "--password-file", "x"), nil},
		example{"secret-literal", "switches", args("--no-password", "web", "--use-token=true", "--require-secret", "web"), nil},
		example{"secret-literal", "a script", args("-c", "login --password=\"$PW\" && x=token"), nil},
		example{"secret-literal", "no flag", args("password=1", "token", "web"), nil},
	)
}
