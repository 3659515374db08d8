package ambassador_test

import (
	"strings"
	"testing"

	"github.com/podpattern/podpattern/ambassador"
	"github.com/podpattern/podpattern/internal/golden"
	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
)

func TestTCP(t *testing.T) {
	app := pattern.App("web", "web:1").Port("http", 8080).
		ReadinessProbe(pattern.HTTPGet("/", "http")).Requests("100m", "64Mi").Limits("", "64Mi").RunAsUser(10001)
	of := func(endpoint string) pattern.AppContainer {
		return app.Env("UPSTREAM", "$("+endpoint+"_HOST):$("+endpoint+"_PORT)")
	}
	tests := map[string]pattern.PodBuilder{
		"default": pattern.Pod("web").Hardened().WithApp(of("DB")).WithAmbassador(ambassador.TCP("db", "postgres.prod.svc:5432")),
		"options": pattern.Pod("web").Hardened().WithApp(of("DB")).WithAmbassador(ambassador.TCP("db", "10.0.0.7:5432", ambassador.TCPOptions{
			Port: 15432, StatusPort: 9000, MaxConnections: 50, GateOnUpstream: true})),
		"moved": pattern.Pod("web").Hardened().TerminationGracePeriodSeconds(60).
			WithApp(of("CACHE").Port("pg", 5432)).WithAmbassador(ambassador.TCP("db", "postgres.prod.svc:5432"), ambassador.TCP("cache", "redis.prod.svc:6379")),
		"short names": pattern.Pod("web").Hardened().WithApp(of("CACHE")).WithAmbassador(ambassador.TCP("db", "postgres:5432"), ambassador.TCP("cache", "redis.prod:6379")),
		"http":        pattern.Pod("web").Hardened().WithApp(of("API")).WithAmbassador(ambassador.TCP("api", "api.example.com:80", ambassador.TCPOptions{ClusterDomain: "k8s.example.com"})),
		"long name":   pattern.Pod("web").Hardened().WithApp(of("THE_PRIMARY_DATABASE")).WithAmbassador(ambassador.TCP("the-primary-database", "[2001:db8::1]:5432")),
	}
	for name, pod := range tests {
		t.Run(name, func(t *testing.T) {
			golden.Manifest(t, "tcp-"+strings.ReplaceAll(name, " ", "-"), pod)
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
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := pattern.Pod("web").WithApp(pattern.App("web", "web:1")).WithAmbassador(ambassador.TCP("db", tt.upstream, tt.opts)).Build()
			require.ErrorContains(t, err, tt.want)
			require.ErrorContains(t, err, "tcp_test.go:")
		})
	}
}

func TestAPortThatWasSetDoesNotMove(t *testing.T) {
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1").Port("pg", 5432)).
		WithAmbassador(ambassador.TCP("db", "db:5432", ambassador.TCPOptions{Port: 5432}))
	_, err := pod.Build()
	require.ErrorContains(t, err, "port-clash-pod")
}
