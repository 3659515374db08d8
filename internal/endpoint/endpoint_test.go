package endpoint_test

import (
	"testing"

	"github.com/podpattern/podpattern/internal/endpoint"
	"github.com/stretchr/testify/require"
)

func TestHostPort(t *testing.T) {
	for addr, want := range map[string]struct {
		host string
		port int
		why  string
	}{
		"db:5432":                 {"db", 5432, ""},
		"my-db.prod.svc.:1":       {"my-db.prod.svc.", 1, ""},
		"[2001:db8::1]:65535":     {"2001:db8::1", 65535, ""},
		"":                        {why: "want host:port"},
		"db":                      {why: "want host:port"},
		"2001:db8::1:80":          {why: "want host:port"},
		"tcp://db:5432":           {why: "want host:port"},
		":5432":                   {why: "no name of a host"},
		"my_db:1":                 {why: "no name of a host"},
		"-e:1":                    {why: "no name of a host"},
		".:1":                     {why: "no name of a host"},
		"db check:5432":           {why: "no name of a host"},
		"db\n  bind x:5432":       {why: "no name of a host"},
		"${HOME}:5432":            {why: "no name of a host"},
		"döner:5432":              {why: "no name of a host"},
		"db:0":                    {why: "between 1 and 65535"},
		"db:65536":                {why: "between 1 and 65535"},
		"db:+5432":                {why: "between 1 and 65535"},
		"db:99999999999999999999": {why: "between 1 and 65535"},
	} {
		host, port, err := endpoint.HostPort(addr)
		if want.why != "" {
			require.ErrorContains(t, err, want.why, addr)
			continue
		}
		require.NoError(t, err, addr)
		require.Equal(t, want.host, host, addr)
		require.Equal(t, want.port, port, addr)
	}
}

func TestURL(t *testing.T) {
	for raw, want := range map[string]struct {
		byDefault, port int
		why             string
	}{
		"http://loki":               {3100, 3100, ""},
		"http://loki/a?b":           {0, 80, ""},
		"https://loki":              {0, 443, ""},
		"https://[2001:db8::1]:9/x": {0, 9, ""},
		"loki:3100":                 {why: "want http:// or https://host"},
		"ftp://loki":                {why: "want http:// or https://host"},
		"http://":                   {why: "want http:// or https://host"},
		"http://a b/":               {why: "is no URL"},
		"http://me:secret@loki":     {why: "use a Secret"},
		"http://loki:70000":         {why: "between 1 and 65535"},
	} {
		u, port, err := endpoint.URL(raw, want.byDefault, "http", "https")
		if want.why != "" {
			require.ErrorContains(t, err, want.why, raw)
			continue
		}
		require.NoError(t, err, raw)
		require.Equal(t, want.port, port, raw)
		require.Equal(t, raw, u.String())
	}
}
