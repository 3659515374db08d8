package initc_test

import (
	"testing"

	"github.com/podpattern/podpattern/initc"
	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/patterntest"
)

func TestWaitForDNS(t *testing.T) {
	tests := map[string]pattern.InitContainer{
		"default":  initc.WaitForDNS("cassandra.prod.svc"),
		"absolute": initc.WaitForDNS("cassandra.example.com.", initc.WaitOptions{TimeoutSeconds: 30}),
	}
	for name, c := range tests {
		t.Run(name, func(t *testing.T) { patterntest.Helper(t, "waitfordns-"+name, hardened, c) })
	}
}

func TestWaitForDNSRefuses(t *testing.T) {
	tests := map[string]struct {
		name string
		opts initc.WaitOptions
		want string
	}{
		"empty":      {"", initc.WaitOptions{}, "want a name"},
		"an address": {"10.0.0.1", initc.WaitOptions{}, "want a name"},
		"a port":     {"cassandra:9042", initc.WaitOptions{}, "want a name"},
		"a space":    {"cassandra prod", initc.WaitOptions{}, "want a name"},
		"a flag":     {"-debug", initc.WaitOptions{}, "want a name"},
		"timeout":    {"cassandra", initc.WaitOptions{TimeoutSeconds: -1}, "TimeoutSeconds"},
		"interval":   {"cassandra", initc.WaitOptions{MaxIntervalSeconds: -1}, "MaxIntervalSeconds"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			patterntest.Refuses(t, hardened, initc.WaitForDNS(tt.name, tt.opts), tt.want)
		})
	}
}
