package initc_test

import (
	"testing"

	"github.com/podpattern/podpattern/initc"
	"github.com/podpattern/podpattern/internal/golden"
	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
)

func TestWaitForTCP(t *testing.T) {
	tests := map[string]pattern.InitContainer{
		"default": initc.WaitForTCP("postgres.prod.svc:5432"),
		"options": initc.WaitForTCP("[2001:db8::1]:5432", initc.WaitOptions{TimeoutSeconds: 30, MaxIntervalSeconds: 2}),
	}
	for name, c := range tests {
		t.Run(name, func(t *testing.T) {
			golden.Manifest(t, "waitfortcp-"+name, pattern.Pod("web").Hardened().
				WithApp(pattern.App("web", "web:1").Requests("100m", "64Mi").Limits("", "64Mi").RunAsUser(10001)).WithInit(c))
		})
	}
}

func TestWaitForTCPRefuses(t *testing.T) {
	tests := map[string]struct {
		addr string
		opts initc.WaitOptions
		want string
	}{
		"empty":    {"", initc.WaitOptions{}, "want host:port"},
		"no port":  {"db", initc.WaitOptions{}, "want host:port"},
		"no host":  {":5432", initc.WaitOptions{}, "want host:port"},
		"port 0":   {"db:0", initc.WaitOptions{}, "between 1 and 65535"},
		"a sign":   {"db:+5432", initc.WaitOptions{}, "between 1 and 65535"},
		"a name":   {"db:postgres", initc.WaitOptions{}, "between 1 and 65535"},
		"timeout":  {"db:5432", initc.WaitOptions{TimeoutSeconds: -1}, "TimeoutSeconds"},
		"interval": {"db:5432", initc.WaitOptions{MaxIntervalSeconds: -1}, "MaxIntervalSeconds"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := pattern.Pod("web").WithApp(pattern.App("web", "web:1")).WithInit(initc.WaitForTCP(tt.addr, tt.opts)).Build()
			require.ErrorContains(t, err, tt.want)
			require.ErrorContains(t, err, "waitfortcp_test.go:")
		})
	}
}
