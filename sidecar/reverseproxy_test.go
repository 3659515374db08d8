package sidecar_test

import (
	"strings"
	"testing"

	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/patterntest"
	"github.com/podpattern/podpattern/sidecar"
	"github.com/stretchr/testify/require"
)

func TestReverseProxy(t *testing.T) {
	pod := pattern.Pod("web").Hardened().WithApp(patterntest.App())
	patterntest.Helper(t, "reverse-proxy-default", pod, sidecar.ReverseProxy(8080))
	patterntest.Helper(t, "reverse-proxy-options", pod.TerminationGracePeriodSeconds(60), sidecar.ReverseProxy(8080, sidecar.ReverseProxyOptions{
		Port: 8000, StatusPort: 9000, Gzip: true, CacheSize: "256Mi", CacheSeconds: 30, RatePerSecond: 20, Burst: 50, MaxBody: "16Mi", TimeoutSeconds: 300,
		TrustedProxies: []string{"10.0.0.0/8"}, RequestHeaders: map[string]string{"X-Debug": ""}, ResponseHeaders: map[string]string{"X-Frame-Options": "DENY", "Content-Security-Policy": `default-src 'self'; img-src "$"`},
		Workers: 2, AccessLog: "json", IPv6: true,
	}))
}

// Clients of the Service come to nginx, at the port that they know.
func TestReverseProxyIsTheService(t *testing.T) {
	service, err := pattern.Pod("web").WithApp(patterntest.App()).WithSidecar(sidecar.ReverseProxy(8080)).Service().Build()
	require.NoError(t, err)
	require.Len(t, service.Spec.Ports, 1)
	require.Equal(t, int32(8080), service.Spec.Ports[0].Port)
	require.Equal(t, "nginx-http", service.Spec.Ports[0].TargetPort.String())
}

// Its own numbers are read by an exporter beside it.
func TestReverseProxyIsExported(t *testing.T) {
	pod := pattern.Pod("web").Hardened().WithApp(patterntest.App()).WithSidecar(
		sidecar.ReverseProxy(8080, sidecar.ReverseProxyOptions{StatusPort: 8081}),
		sidecar.NginxExporter("http://127.0.0.1:8081/stub_status").After("nginx"))
	require.Empty(t, pod.Deployment(2).Findings())
}

// What the caller does to its own maps and slices later changes nothing.
func TestReverseProxyKeepsItsOptions(t *testing.T) {
	o := sidecar.ReverseProxyOptions{TrustedProxies: []string{"10.0.0.0/8"}, RequestHeaders: map[string]string{"X-A": "one"}, ResponseHeaders: map[string]string{"X-B": "two"}}
	pod := pattern.Pod("web").WithApp(patterntest.App()).WithSidecar(sidecar.ReverseProxy(8080, o))
	before, err := pod.YAML()
	require.NoError(t, err)
	o.TrustedProxies[0], o.RequestHeaders["X-A"], o.ResponseHeaders["X-B"] = "192.0.2.0/24", "changed", "changed"
	after, err := pod.YAML()
	require.NoError(t, err)
	require.Equal(t, string(before), string(after))
}

func TestReverseProxyRefuses(t *testing.T) {
	pod := pattern.Pod("web").WithApp(patterntest.App())
	tests := map[string]struct {
		port int
		opts sidecar.ReverseProxyOptions
		want string
	}{
		"no such port":      {8090, sidecar.ReverseProxyOptions{}, "no other container of the pod has the TCP port"},
		"no port":           {0, sidecar.ReverseProxyOptions{}, "between 1 and 65535"},
		"the app's own":     {8080, sidecar.ReverseProxyOptions{Port: 8080}, "port-clash-pod"},
		"port":              {8080, sidecar.ReverseProxyOptions{Port: 70000}, "between 1 and 65535"},
		"status port":       {8080, sidecar.ReverseProxyOptions{StatusPort: -1}, "between 1 and 65535"},
		"header":            {8080, sidecar.ReverseProxyOptions{RequestHeaders: map[string]string{"X Y": "a"}}, "want the name of a header"},
		"no header":         {8080, sidecar.ReverseProxyOptions{ResponseHeaders: map[string]string{"": "a"}}, "want the name of a header"},
		"header in lines":   {8080, sidecar.ReverseProxyOptions{ResponseHeaders: map[string]string{"X-Y": "a\r\nX-Z: b"}}, "in one line"},
		"long header":       {8080, sidecar.ReverseProxyOptions{ResponseHeaders: map[string]string{"X-Y": strings.Repeat("a", 4001)}}, "4000 bytes"},
		"header twice":      {8080, sidecar.ReverseProxyOptions{RequestHeaders: map[string]string{"x-y": "a", "X-Y": "b"}}, "there twice"},
		"of the connection": {8080, sidecar.ReverseProxyOptions{RequestHeaders: map[string]string{"connection": "close"}}, "nginx sets this header itself"},
		"of nginx":          {8080, sidecar.ReverseProxyOptions{ResponseHeaders: map[string]string{"Server": "x"}}, "nginx sets this header itself"},
		"cache":             {8080, sidecar.ReverseProxyOptions{CacheSize: "big"}, "want a size such as 256Mi"},
		"no cache":          {8080, sidecar.ReverseProxyOptions{CacheSize: "0"}, "want a size such as 256Mi"},
		"cache beyond all":  {8080, sidecar.ReverseProxyOptions{CacheSize: "8Ei"}, "CacheSize: want a size such as 256Mi"},
		"seconds":           {8080, sidecar.ReverseProxyOptions{CacheSize: "1Mi", CacheSeconds: -1}, "want a positive number of seconds"},
		"seconds alone":     {8080, sidecar.ReverseProxyOptions{CacheSeconds: 5}, "and a CacheSize"},
		"cookies alone":     {8080, sidecar.ReverseProxyOptions{CacheIgnoresCookies: true}, "needs a CacheSize"},
		"rate":              {8080, sidecar.ReverseProxyOptions{RatePerSecond: -1}, "want a positive number of requests"},
		"burst alone":       {8080, sidecar.ReverseProxyOptions{Burst: 5}, "and a RatePerSecond"},
		"body in millis":    {8080, sidecar.ReverseProxyOptions{MaxBody: "10m"}, "want a size such as 10Mi"},
		"timeout":           {8080, sidecar.ReverseProxyOptions{TimeoutSeconds: -1}, "want a positive number of seconds"},
		"a name":            {8080, sidecar.ReverseProxyOptions{TrustedProxies: []string{"ingress"}}, "want an address or a network"},
		"a zone":            {8080, sidecar.ReverseProxyOptions{TrustedProxies: []string{"fe80::1%eth0"}}, "want an address or a network"},
		"bits":              {8080, sidecar.ReverseProxyOptions{TrustedProxies: []string{"10.1.2.3/8"}}, "want 10.0.0.0/8"},
		"workers":           {8080, sidecar.ReverseProxyOptions{Workers: -1}, "want a positive number"},
		"log":               {8080, sidecar.ReverseProxyOptions{AccessLog: "main"}, "want combined, json or off"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) { patterntest.Refuses(t, pod, sidecar.ReverseProxy(tt.port, tt.opts), tt.want) })
	}
}
