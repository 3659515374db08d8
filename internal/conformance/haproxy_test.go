package conformance_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/podpattern/podpattern/ambassador"
	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
)

// hostile is a text that ends a word, a quote, a variable or a line, where it can.
const hostile = "it's \"a\" b\\ $HOME ${HOME} #c %[env(HOME)] %% {d} ü\\"

// What the ambassadors write is a configuration that haproxy takes, without a
// warning either (-dW). The upstreams' names exist nowhere: a pod must start
// before what it dials is there.
func TestHaproxyTakesTheConfiguration(t *testing.T) {
	tests := map[string]pattern.AmbassadorContainer{
		"a name":        ambassador.TCP("db", "postgres.prod.svc:5432"),
		"IPv4":          ambassador.TCP("db", "192.0.2.7:5432"),
		"IPv6":          ambassador.TCP("db", "[2001:db8::1]:5432"),
		"all options":   ambassador.TCP("db", "postgres.prod.svc:5432", ambassador.TCPOptions{Port: 15432, StatusPort: 9000, MaxConnections: 10, GateOnUpstream: true}),
		"long name":     ambassador.TCP("the-primary-database-of-the-shop", "postgres.prod.svc:5432"),
		"called status": ambassador.TCP("status", "status.prod.svc:80"),
		"called listen": ambassador.TCP("listen", "listen.prod.svc:80"),
		"several servers": ambassador.TCP("db", "db-0.db.prod.svc:5432", ambassador.TCPOptions{
			Upstreams: []string{"db-1:5432", "192.0.2.7:5432"}, Backups: []string{"db.dr.example.com.:5432"}, Balance: ambassador.LeastConnections}),
		"a headless Service": ambassador.TCP("db", "db.prod.svc:5432", ambassador.TCPOptions{Addresses: 9, Balance: ambassador.RoundRobin}),
		"PostgreSQL":         ambassador.TCP("db", "db.prod.svc:5432", ambassador.TCPOptions{Check: ambassador.PostgreSQLCheck(hostile)}),
		"MySQL":              ambassador.TCP("db", "db.prod.svc:3306", ambassador.TCPOptions{Check: ambassador.MySQLCheck("haproxy")}),
		"RedisCheck":         ambassador.TCP("db", "db.prod.svc:6379", ambassador.TCPOptions{Check: ambassador.RedisCheck()}),
		"HTTP":               ambassador.TCP("api", "api.example.com.:443", ambassador.TCPOptions{TLS: ambassador.TCPTLS{On: true}, Check: ambassador.HTTPCheck("/" + hostile)}),
		"TLS with a CA": ambassador.TCP("mq", "mq-0.mq.prod.svc:5671", ambassador.TCPOptions{
			Upstreams: []string{"mq-1.mq.prod.svc:5671"}, TLS: ambassador.TCPTLS{CA: pattern.ConfigMap("mq-ca").Volume("mq-ca"), ClientCertificate: pattern.Secret("web-tls").Volume("web-tls")}}),
		"Redis": ambassador.Redis("cache", "redis-0.redis.prod.svc:6379", ambassador.RedisOptions{
			Upstreams: []string{"redis-1.redis.prod.svc:6379"}, Password: pattern.Secret("redis"), Username: hostile, ReadReplicas: true}),
		"Redis behind TLS": ambassador.Redis("cache", "redis.prod.svc:6380", ambassador.RedisOptions{
			Addresses: 3, TLS: ambassador.TCPTLS{CA: pattern.Secret("redis-ca").Volume("redis-ca"), ServerName: "redis.example.com"}}),
		"MTLS": ambassador.MTLS("api", "api.prod.svc:8443", pattern.Secret("web-tls").Volume("web-tls"), ambassador.MTLSOptions{
			Upstreams: []string{"192.0.2.7:8443"}, CA: pattern.ConfigMap("ca").Volume("ca"), ServerName: "api.example.com", ALPN: []string{"h2"}}),
		"MTLSServer": ambassador.MTLSServer(8080, pattern.Secret("web-tls").Volume("web-tls"), ambassador.MTLSServerOptions{AllowAll: true}),
		"MTLSServer with names": ambassador.MTLSServer(8080, pattern.Secret("web-tls").Volume("web-tls"), ambassador.MTLSServerOptions{
			AllowCommonNames: []string{hostile, "-f", "shop"}, AllowURIs: []string{"spiffe://example.com/shop"}, AllowDNSNames: []string{"shop"},
			ClientCA: pattern.ConfigMap("ca").Volume("ca"), ALPN: []string{"h2", "http/1.1"}, ProxyProtocol: true}),
	}
	for name, c := range tests {
		t.Run(name, func(t *testing.T) {
			config := haproxyConfig(t, c)
			out, err := haproxy(t, relocate(config, newCA(t).folders(t, "me")))
			require.NoError(t, err, out)
			require.Empty(t, sharedNames(config), "from version 3.3 on haproxy refuses to start with these")
		})
	}
}

// The check above can fail: on what is wrong, and on what haproxy only warns of.
func TestHaproxyRefusesABrokenConfiguration(t *testing.T) {
	good := haproxyConfig(t, ambassador.TCP("db", "postgres.prod.svc:5432"))
	tests := map[string]struct{ old, new, want string }{
		"unknown word":    {"mode tcp", "mode tpc", "unknown"},
		"missing proxy":   {"nbsrv(db)", "nbsrv(cache)", "unable to find"},
		"no timeouts":     {"timeout connect 5s\n", "", "missing timeouts"},
		"no last newline": {"{ path /metrics }\n", "{ path /metrics }", "missing LF"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			require.Contains(t, good, tt.old)
			out, err := haproxy(t, strings.Replace(good, tt.old, tt.new, 1))
			require.Error(t, err)
			require.Contains(t, strings.ToLower(out), strings.ToLower(tt.want))
		})
	}
}

// sharedNames gives the names that two proxies of a configuration have.
func sharedNames(config string) []string {
	seen := make(map[string]bool)
	var shared []string
	for _, m := range regexp.MustCompile(`(?m)^(?:frontend|backend|listen)\s+(\S+)`).FindAllStringSubmatch(config, -1) {
		if seen[m[1]] {
			shared = append(shared, m[1])
		}
		seen[m[1]] = true
	}
	return shared
}

func TestSharedNames(t *testing.T) {
	require.Equal(t, []string{"db"}, sharedNames("frontend db\n  default_backend db\nbackend db\n  server db db:1\nlisten status\n"))
}

// haproxyConfig gives the configuration file that an ambassador brings.
func haproxyConfig(t *testing.T, c pattern.AmbassadorContainer) string {
	t.Helper()
	objects, err := pattern.Pod("web").WithApp(pattern.App("web", "web:1").Ports(8080)).WithAmbassador(c).Objects()
	require.NoError(t, err)
	for _, o := range objects {
		if m, ok := o.(*corev1.ConfigMap); ok && m.Data["haproxy.cfg"] != "" {
			return olderHaproxy(m.Data["haproxy.cfg"])
		}
	}
	require.Fail(t, "no ConfigMap has a haproxy.cfg")
	return ""
}

// olderHaproxy leaves out what haproxy 2.6, Debian's, doesn't know yet.
func olderHaproxy(config string) string {
	return regexp.MustCompile(`(?m) init-state down|^.* (ssl_c_san|client-hs) .*\n`).ReplaceAllString(config, "")
}

// relocate replaces the folders that a container mounts, or addresses, by those that
// are here.
func relocate(config string, folders map[string]string) string {
	for there, here := range folders {
		config = regexp.MustCompile(`(^|\s)`+there+`(/|\s|$)`).ReplaceAllString(config, "${1}"+here+"${2}")
	}
	return config
}

// haproxy lets the program check a configuration.
func haproxy(t *testing.T, config string) (string, error) {
	t.Helper()
	program, err := exec.LookPath("haproxy")
	require.NoError(t, err, "these tests need haproxy 2.6 or newer")
	file := filepath.Join(t.TempDir(), "haproxy.cfg")
	require.NoError(t, os.WriteFile(file, []byte(config), 0o600))
	check := exec.Command(program, "-c", "-dW", "-f", file)
	check.Env = append(os.Environ(), "POD_NAMESPACE=shop")
	out, err := check.CombinedOutput()
	return string(out), err
}
