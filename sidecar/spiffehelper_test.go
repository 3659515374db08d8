package sidecar_test

import (
	"testing"

	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/patterntest"
	"github.com/podpattern/podpattern/sidecar"
)

var certs = pattern.EmptyDir("certs").Memory().SizeLimit("4Mi")

func TestSPIFFEHelper(t *testing.T) {
	pod := pattern.Pod("web").Hardened().WithApp(patterntest.App())
	tests := map[string]pattern.SidecarContainer{
		"default": sidecar.SPIFFEHelper(certs, sidecar.SPIFFEHelperOptions{AppPath: "/run/spiffe"}),
		"options": sidecar.SPIFFEHelper(certs, sidecar.SPIFFEHelperOptions{
			AppPath: "/run/spiffe", CertFile: "tls.crt", KeyFile: "tls.key", BundleFile: "ca.crt", KeyMode: 0o640,
			JWTs:             []sidecar.SPIFFEToken{{Audience: "spiffe://example.org/db", File: "db.jwt"}, {Audience: `a "b" ${c}`, File: "odd.jwt"}},
			FederatedDomains: true, Hint: "internal", AgentSocket: "agent.sock", Port: 9000,
		}),
	}
	for name, c := range tests {
		t.Run(name, func(t *testing.T) { patterntest.Helper(t, "spiffehelper-"+name, pod, c) })
	}
}

func TestSPIFFEHelperRefuses(t *testing.T) {
	type options = sidecar.SPIFFEHelperOptions
	tests := map[string]struct {
		opts options
		want string
	}{
		"a path":             {options{KeyFile: "tls/key.pem"}, "KeyFile: want the name of a file"},
		"a file outside":     {options{CertFile: ".."}, "CertFile: want the name of a file"},
		"one file twice":     {options{CertFile: "all.pem", KeyFile: "all.pem"}, "two things go to this file"},
		"a token over a key": {options{JWTs: []sidecar.SPIFFEToken{{Audience: "db", File: "svid.pem"}}}, "two things go to this file"},
		"no audience":        {options{JWTs: []sidecar.SPIFFEToken{{File: "db.jwt"}}}, "want the audience"},
		"no token file":      {options{JWTs: []sidecar.SPIFFEToken{{Audience: "db"}}}, "JWTs: want the name of a file"},
		"two lines":          {options{Hint: "a\nb"}, "Hint: want one line"},
		"a socket's path":    {options{AgentSocket: "/run/spire.sock"}, "AgentSocket"},
		"never renewed":      {options{KeyMode: 0o440}, "KeyMode: want a mode with which its owner can read and write"},
		"a decimal mode":     {options{KeyMode: 1440}, "KeyMode"},
		"port":               {options{Port: 70000}, "between 1 and 65535"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			patterntest.Refuses(t, pattern.Pod("web").WithApp(patterntest.App()), sidecar.SPIFFEHelper(certs, tt.opts), tt.want)
		})
	}
}
