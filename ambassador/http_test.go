package ambassador_test

import (
	"testing"
	"time"

	"github.com/podpattern/podpattern/ambassador"
	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/patterntest"
	"github.com/stretchr/testify/require"
)

func TestHTTP(t *testing.T) {
	pod := func(endpoint string) pattern.PodBuilder {
		return pattern.Pod("web").Hardened().WithApp(patterntest.App().Env("URL", "http://$("+endpoint+"_HOST):$("+endpoint+"_PORT)/v1"))
	}
	patterntest.Helper(t, "http-default", pod("API"), ambassador.HTTP("api", "https://api.example.com"))
	patterntest.Helper(t, "http-options", pod("API"), ambassador.HTTP("api", "https://a.example.com:9443", ambassador.HTTPOptions{
		Upstreams: []ambassador.HTTPUpstream{{URL: "https://b.example.com:9443"}}, Weight: 9, HTTP2: true,
		TLS: ambassador.HTTPTLS{
			CA: pattern.ConfigMap("ca").Volume("ca"), ClientCertificate: pattern.Secret("api-client").Volume("api-client"), ServerName: "api.example.com"},
		Port: 9000, StatusPort: 9001, Timeout: 6 * time.Second, Retries: ambassador.HTTPRetries{Times: 1, PerTry: 3 * time.Second, AllMethods: true},
		MaxRequests: 50, RequestsPerSecond: 100, EjectAfter: 3, HealthPath: "/healthz", IdleTimeout: time.Minute,
		Traces: ambassador.Traces{To: "otel.observability.svc:4317", Percent: 1}, AccessLog: true, Scrape: true, IPv6: true,
	}))
	patterntest.Helper(t, "http-streams", pod("CHAT"), ambassador.HTTP("chat", "http://chat.prod.svc:8080", ambassador.HTTPOptions{Streams: true, KeepHost: true}))
}

// Two live in one pod, each with ports of its own.
func TestHTTPTwice(t *testing.T) {
	pod := pattern.Pod("web").Hardened().WithApp(patterntest.App().Env("A", "$(API_PORT)").Env("B", "$(AUTH_PORT)")).
		WithAmbassador(ambassador.HTTP("api", "http://api.prod.svc"), ambassador.HTTP("auth", "http://auth.prod.svc"))
	patterntest.Golden(t, "http-twice", pod.Deployment(2))
}

func TestHTTPRefuses(t *testing.T) {
	const url = "http://api.prod.svc:8080"
	volume := pattern.ConfigMap("ca").Volume("ca")
	tests := map[string]struct {
		upstream string
		opts     ambassador.HTTPOptions
		want     string
	}{
		"no upstream":           {"", ambassador.HTTPOptions{}, "want http:// or https://host"},
		"no scheme":             {"api.prod.svc:8080", ambassador.HTTPOptions{}, "want http:// or https://host"},
		"another scheme":        {"grpc://api.prod.svc", ambassador.HTTPOptions{}, "want http:// or https://host"},
		"a path":                {url + "/v1", ambassador.HTTPOptions{}, "has a path"},
		"a password":            {"http://me:secret@api", ambassador.HTTPOptions{}, "use a Secret"},
		"TLS to an address":     {"https://192.0.2.7", ambassador.HTTPOptions{}, "set TLS.ServerName"},
		"TLS without https":     {url, ambassador.HTTPOptions{TLS: ambassador.HTTPTLS{CA: volume}}, "the upstream is not https://"},
		"server name":           {"https://api", ambassador.HTTPOptions{TLS: ambassador.HTTPTLS{ServerName: "a b"}}, "TLS.ServerName: want a name"},
		"two schemes":           {url, ambassador.HTTPOptions{Upstreams: []ambassador.HTTPUpstream{{URL: "https://api"}}}, "Upstreams[0]: want http://, as the first"},
		"one more without port": {url, ambassador.HTTPOptions{Upstreams: []ambassador.HTTPUpstream{{URL: "http://api:x"}}}, "Upstreams[0]"},
		"weight":                {url, ambassador.HTTPOptions{Weight: -1}, "want a Weight of at least 1"},
		"weight of one more":    {url, ambassador.HTTPOptions{Upstreams: []ambassador.HTTPUpstream{{URL: url, Weight: -1}}}, "want a Weight of at least 1"},
		"a server twice":        {url, ambassador.HTTPOptions{Upstreams: []ambassador.HTTPUpstream{{URL: url}}}, "Upstreams[0]: is there already"},
		"silence":               {url, ambassador.HTTPOptions{IdleTimeout: -1}, "IdleTimeout: want a time"},
		"timeout":               {url, ambassador.HTTPOptions{Timeout: -time.Second}, "Timeout: want a time"},
		"a number for a time":   {url, ambassador.HTTPOptions{Timeout: 5}, "Timeout: want a time"},
		"tries too long":        {url, ambassador.HTTPOptions{Retries: ambassador.HTTPRetries{PerTry: 6 * time.Second}}, "3 tries of that don't fit into the Timeout of 15s"},
		"time of a stream":      {url, ambassador.HTTPOptions{Streams: true, Timeout: time.Minute}, "have no Timeout"},
		"retries":               {url, ambassador.HTTPOptions{Retries: ambassador.HTTPRetries{Times: -1}}, "Retries.Times: want a number from 1 to 10"},
		"requests":              {url, ambassador.HTTPOptions{MaxRequests: -1}, "MaxRequests: want a positive number"},
		"rate":                  {url, ambassador.HTTPOptions{RequestsPerSecond: -1}, "RequestsPerSecond: want a positive number"},
		"failures":              {url, ambassador.HTTPOptions{EjectAfter: -1}, "EjectAfter: want a positive number"},
		"health path":           {url, ambassador.HTTPOptions{HealthPath: "healthz"}, "HealthPath: want a path"},
		"a line in a path":      {url, ambassador.HTTPOptions{HealthPath: "/a\nb"}, "HealthPath: want a path"},
		"collector":             {url, ambassador.HTTPOptions{Traces: ambassador.Traces{To: "http://otel:4317"}}, "Traces.To: want host:port"},
		"no collector":          {url, ambassador.HTTPOptions{Traces: ambassador.Traces{Percent: 1}}, "Traces.To: want the host:port"},
		"percent":               {url, ambassador.HTTPOptions{Traces: ambassador.Traces{To: "otel:4317", Percent: 101}}, "Traces.Percent: want a number up to 100"},
		"own port 70000":        {url, ambassador.HTTPOptions{Port: 70000}, "between 1 and 65535"},
	}
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1"))
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			patterntest.Refuses(t, pod, ambassador.HTTP("api", tt.upstream, tt.opts), tt.want)
		})
	}
}

// A request may be silent for as long as it may take.
func TestHTTPWaitsAsLongAsItSays(t *testing.T) {
	for name, tt := range map[string]struct {
		opts ambassador.HTTPOptions
		want string
	}{
		"by default":      {ambassador.HTTPOptions{}, "stream_idle_timeout: 300s"},
		"a long timeout":  {ambassador.HTTPOptions{Timeout: 10 * time.Minute}, "stream_idle_timeout: 600s"},
		"as it was said":  {ambassador.HTTPOptions{Timeout: 10 * time.Minute, IdleTimeout: time.Minute}, "stream_idle_timeout: 60s"},
		"a stream's hour": {ambassador.HTTPOptions{Streams: true, IdleTimeout: time.Hour}, "stream_idle_timeout: 3600s"},
	} {
		t.Run(name, func(t *testing.T) {
			pod, err := pattern.Pod("web").WithApp(pattern.App("web", "web:1")).WithAmbassador(ambassador.HTTP("api", "http://api", tt.opts)).YAML()
			require.NoError(t, err)
			require.Contains(t, string(pod), tt.want)
		})
	}
}

// What the caller does with its slice later changes nothing.
func TestHTTPKeepsItsOptions(t *testing.T) {
	more := []ambassador.HTTPUpstream{{URL: "http://b.prod.svc"}}
	pod := pattern.Pod("web").WithApp(pattern.App("web", "web:1")).
		WithAmbassador(ambassador.HTTP("api", "http://a.prod.svc", ambassador.HTTPOptions{Upstreams: more}))
	before, err := pod.YAML()
	require.NoError(t, err)
	more[0].URL = "http://c.prod.svc"
	after, err := pod.YAML()
	require.NoError(t, err)
	require.Equal(t, string(before), string(after))
	require.Contains(t, string(before), "address: b.prod.svc")
}
