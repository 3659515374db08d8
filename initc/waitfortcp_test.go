package initc_test

import (
	"testing"

	"github.com/podpattern/podpattern/initc"
	_ "github.com/podpattern/podpattern/internal/golden/updateflag"
	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/patterntest"
)

// hardened is a pod that a helper is added to.
var hardened = pattern.Pod("web").Hardened().WithApp(patterntest.App())

func TestWaitForTCP(t *testing.T) {
	tests := map[string]pattern.InitContainer{
		"default": initc.WaitForTCP("postgres.prod.svc:5432"),
		"options": initc.WaitForTCP("[2001:db8::1]:5432", initc.WaitOptions{TimeoutSeconds: 30, MaxIntervalSeconds: 2}),
	}
	for name, c := range tests {
		t.Run(name, func(t *testing.T) { patterntest.Helper(t, "waitfortcp-"+name, hardened, c) })
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
		"no host":  {":5432", initc.WaitOptions{}, "no name of a host"},
		"a shell":  {"db;reboot:5432", initc.WaitOptions{}, "no name of a host"},
		"port 0":   {"db:0", initc.WaitOptions{}, "between 1 and 65535"},
		"a sign":   {"db:+5432", initc.WaitOptions{}, "between 1 and 65535"},
		"a name":   {"db:postgres", initc.WaitOptions{}, "between 1 and 65535"},
		"timeout":  {"db:5432", initc.WaitOptions{TimeoutSeconds: -1}, "TimeoutSeconds"},
		"interval": {"db:5432", initc.WaitOptions{MaxIntervalSeconds: -1}, "MaxIntervalSeconds"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) { patterntest.Refuses(t, hardened, initc.WaitForTCP(tt.addr, tt.opts), tt.want) })
	}
}
