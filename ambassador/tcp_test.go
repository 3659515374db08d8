package ambassador_test

import (
	"strings"
	"testing"

	"github.com/podpattern/podpattern/ambassador"
	_ "github.com/podpattern/podpattern/internal/golden/updateflag"
	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/patterntest"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
)

func TestTCP(t *testing.T) {
	of := func(endpoint string) pattern.AppContainer {
		return patterntest.App().Env("UPSTREAM", "$("+endpoint+"_HOST):$("+endpoint+"_PORT)")
	}
	tests := map[string]pattern.PodBuilder{
		"default": pattern.Pod("web").Hardened().WithApp(of("DB")).WithAmbassador(ambassador.TCP("db", "postgres.prod.svc:5432")),
		"options": pattern.Pod("web").Hardened().WithApp(of("DB")).WithAmbassador(ambassador.TCP("db", "10.0.0.7:5432", ambassador.TCPOptions{
			Port: 15432, StatusPort: 9000, MaxConnections: 50, GateOnUpstream: true})),
		"moved": pattern.Pod("web").Hardened().TerminationGracePeriodSeconds(60).
			WithApp(of("CACHE").Port("pg", 5432)).WithAmbassador(ambassador.TCP("db", "postgres.prod.svc:5432"), ambassador.TCP("cache", "redis.prod.svc:6379")),
		"short names": pattern.Pod("web").Hardened().WithApp(of("CACHE")).WithAmbassador(ambassador.TCP("db", "postgres:5432"), ambassador.TCP("cache", "redis.prod:6379")),
		"http":        pattern.Pod("web").Hardened().WithApp(of("API")).WithAmbassador(ambassador.TCP("api", "api.example.com:80", ambassador.TCPOptions{ClusterDomain: "k8s.example.com"})),
		"servers": pattern.Pod("web").Hardened().WithApp(of("DB")).WithAmbassador(ambassador.TCP("db", "db-0.db.prod.svc:5432", ambassador.TCPOptions{
			Upstreams: []string{"db-1.db.prod.svc:5432"}, Backups: []string{"db.dr.example.com.:5432"}, Balance: ambassador.LeastConnections,
			Check: ambassador.PostgreSQLCheck("haproxy"), CheckSeconds: 5, ConnectTimeoutSeconds: 2, IdleTimeoutSeconds: 7200})),
		"tls": pattern.Pod("web").Hardened().WithApp(of("MQ")).WithAmbassador(ambassador.TCP("mq", "rabbitmq.prod.svc:5671", ambassador.TCPOptions{
			Addresses: 3, TLS: ambassador.TCPTLS{CA: pattern.ConfigMap("mq-ca").Volume("mq-ca"), ClientCertificate: pattern.Secret("web-tls").Volume("web-tls"), ServerName: "mq.example.com"}, Scrape: true})),
		"long name": pattern.Pod("web").Hardened().WithApp(of("THE_PRIMARY_DATABASE")).WithAmbassador(ambassador.TCP("the-primary-database", "[2001:db8::1]:5432")),
	}
	for name, pod := range tests {
		t.Run(name, func(t *testing.T) {
			patterntest.Golden(t, "tcp-"+strings.ReplaceAll(name, " ", "-"), pod)
		})
	}
}

func TestTCPRefuses(t *testing.T) {
	tests := map[string]struct {
		upstream string
		opts     ambassador.TCPOptions
		want     string
	}{
		"empty":             {"", ambassador.TCPOptions{}, "want host:port"},
		"no port":           {"db", ambassador.TCPOptions{}, "want host:port"},
		"no host":           {":5432", ambassador.TCPOptions{}, "no name of a host"},
		"port name":         {"db:pg", ambassador.TCPOptions{}, "between 1 and 65535"},
		"a sign":            {"db:+5432", ambassador.TCPOptions{}, "between 1 and 65535"},
		"cluster domain":    {"db:5432", ambassador.TCPOptions{ClusterDomain: "a b"}, "want a domain"},
		"port 0":            {"db:0", ambassador.TCPOptions{}, "between 1 and 65535"},
		"URL":               {"tcp://db:5432", ambassador.TCPOptions{}, "want host:port"},
		"another directive": {"db\n  bind :1:5432", ambassador.TCPOptions{}, "want host:port"},
		"a space":           {"db check:5432", ambassador.TCPOptions{}, "no name of a host"},
		"connections":       {"db:5432", ambassador.TCPOptions{MaxConnections: -1}, "positive number"},
		"own port 70000":    {"db:5432", ambassador.TCPOptions{Port: 70000}, "between 1 and 65535"},
		"a second upstream": {"db:5432", ambassador.TCPOptions{Upstreams: []string{"db-1:5432", "db-2"}}, "Upstreams: want host:port"},
		"a backup":          {"db:5432", ambassador.TCPOptions{Backups: []string{"db-1:pg"}}, "Backups: the port must be"},
		"addresses":         {"db:5432", ambassador.TCPOptions{Addresses: -1}, "Addresses: want how many"},
		"both":              {"db:5432", ambassador.TCPOptions{Addresses: 3, Backups: []string{"db-1:5432"}}, "goes without more servers"},
		"a short name":      {"db.prod:5432", ambassador.TCPOptions{Addresses: 3}, "the complete name"},
		"balance":           {"db:5432", ambassador.TCPOptions{Balance: 9}, "Balance: want one of the constants"},
		"no user":           {"db:5432", ambassador.TCPOptions{Check: ambassador.PostgreSQLCheck("")}, "Check: want the name of a user"},
		"two lines":         {"db:5432", ambassador.TCPOptions{Check: ambassador.MySQLCheck("a\n  server b")}, "Check: want the name of a user"},
		"a relative path":   {"db:5432", ambassador.TCPOptions{Check: ambassador.HTTPCheck("health")}, "Check: want a path"},
		"interval":          {"db:5432", ambassador.TCPOptions{CheckSeconds: -1}, "CheckSeconds: want a positive number"},
		"connect":           {"db:5432", ambassador.TCPOptions{ConnectTimeoutSeconds: -1}, "ConnectTimeoutSeconds: want a positive number"},
		"idle":              {"db:5432", ambassador.TCPOptions{IdleTimeoutSeconds: -1}, "IdleTimeoutSeconds: want a positive number"},
		"TLS to PostgreSQL": {"db:5432", ambassador.TCPOptions{TLS: ambassador.TCPTLS{On: true}, Check: ambassador.PostgreSQLCheck("haproxy")}, "use PgBouncer"},
		"TLS to MySQL":      {"db:3306", ambassador.TCPOptions{TLS: ambassador.TCPTLS{ServerName: "db"}, Check: ambassador.MySQLCheck("haproxy")}, "use PgBouncer"},
		"name of two words": {"db:5432", ambassador.TCPOptions{TLS: ambassador.TCPTLS{ServerName: "db verify none"}}, "want the name in the server's certificate"},
		"TLS to an address": {"10.0.0.7:443", ambassador.TCPOptions{TLS: ambassador.TCPTLS{On: true}}, "set ServerName"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			patterntest.Refuses(t, pattern.Pod("web").WithApp(patterntest.App()), ambassador.TCP("db", tt.upstream, tt.opts), tt.want)
		})
	}
}

// The pod may dial what its proxies do.
func TestProxiesDial(t *testing.T) {
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1")).WithAmbassador(
		ambassador.TCP("db", "10.0.0.5:5432", ambassador.TCPOptions{Upstreams: []string{"10.0.0.6:5433"}, Backups: []string{"10.0.0.7:5434"}}),
		ambassador.PgBouncer("pool", "10.0.0.8:5435", pattern.Secret("db-users")))
	policy, err := pod.NetworkPolicy().Build()
	require.NoError(t, err)
	var ports []string
	for _, rule := range policy.Spec.Egress {
		for _, p := range rule.Ports {
			ports = append(ports, p.Port.String())
		}
	}
	require.Subset(t, ports, []string{"5432", "5433", "5434", "5435"})
}

func TestAPortThatWasSetDoesNotMove(t *testing.T) {
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1").Port("pg", 5432)).
		WithAmbassador(ambassador.TCP("db", "db:5432", ambassador.TCPOptions{Port: 5432}))
	_, err := pod.Build()
	require.ErrorContains(t, err, "port-clash-pod")
}

// What the user writes stays one word of haproxy's.
func TestTCPQuotes(t *testing.T) {
	for path, want := range map[string]string{
		"/healthz?full=1": `"/healthz?full=1"`,
		"/plain":          `/plain`,
		"/a b":            `"/a b"`,
		`/a"b'c\d`:        `"/a\"b'c\\d"`,
		"/$HOME${HOME}":   `"/\$HOME\${HOME}"`,
		"/%[env(HOME)]#":  `"/%[env(HOME)]#"`,
		"/ü":              `"/ü"`,
	} {
		pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1")).
			WithAmbassador(ambassador.TCP("api", "api.prod.svc:80", ambassador.TCPOptions{Check: ambassador.HTTPCheck(path)}))
		objects, err := pod.Objects()
		require.NoError(t, err)
		config := objects[0].(*corev1.ConfigMap).Data["haproxy.cfg"]
		require.Contains(t, config, "  http-check send meth GET uri "+want+"\n")
	}
}
