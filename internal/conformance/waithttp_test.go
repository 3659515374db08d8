package conformance_test

import (
	"encoding/pem"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/podpattern/podpattern/initc"
	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
)

// answering serves each path by the status that it names, and redirects /moved.
func answering(t *testing.T, server func(http.Handler) *httptest.Server) string {
	t.Helper()
	statuses := map[string]int{"/ok": 200, "/accepted": 202, "/login": 401, "/down": 503}
	s := server(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/moved":
			http.Redirect(w, r, "/ok", http.StatusFound)
		case r.URL.Path == "/host" && r.Host != "web.example.com":
			w.WriteHeader(http.StatusNotFound)
		case statuses[r.URL.Path] != 0:
			w.WriteHeader(statuses[r.URL.Path])
		}
	}))
	t.Cleanup(s.Close)
	return s.URL
}

// Plain requests are asked by busybox, others by curl; what is a good answer is the
// same for both.
func TestWaitForHTTP(t *testing.T) {
	url := answering(t, httptest.NewServer)
	web := map[string]string{"Host": "web.example.com"}
	tests := map[string]struct {
		path string
		opts initc.WaitForHTTPOptions
		good bool
		said string
	}{
		"200":                         {"/ok", initc.WaitForHTTPOptions{}, true, ""},
		"202":                         {"/accepted", initc.WaitForHTTPOptions{}, true, ""},
		"a redirect":                  {"/moved", initc.WaitForHTTPOptions{}, true, ""},
		"401":                         {"/login", initc.WaitForHTTPOptions{}, false, "401"},
		"503":                         {"/down", initc.WaitForHTTPOptions{}, false, "503"},
		"curl, a redirect":            {"/moved", initc.WaitForHTTPOptions{Headers: web}, true, ""},
		"curl, 503":                   {"/down", initc.WaitForHTTPOptions{Headers: web}, false, "answers 503"},
		"curl, no glob":               {"/ok?q=[1-3]{a,b}", initc.WaitForHTTPOptions{Headers: web}, true, ""},
		"a header":                    {"/host", initc.WaitForHTTPOptions{Headers: web}, true, ""},
		"another header":              {"/host", initc.WaitForHTTPOptions{Headers: map[string]string{"Host": "x"}}, false, "answers 404"},
		"the wanted status":           {"/login", initc.WaitForHTTPOptions{Status: 401}, true, ""},
		"not the wanted status":       {"/ok", initc.WaitForHTTPOptions{Status: 204}, false, "answers 200"},
		"the status of a redirect":    {"/moved", initc.WaitForHTTPOptions{Status: 302}, true, ""},
		"no redirect with a status":   {"/moved", initc.WaitForHTTPOptions{Status: 200}, false, "answers 302"},
		"a status of the same family": {"/accepted", initc.WaitForHTTPOptions{Status: 200}, false, "answers 202"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tt.opts.TimeoutSeconds, tt.opts.MaxIntervalSeconds = 1, 1
			p := runInit(t, initc.WaitForHTTP(url+tt.path, tt.opts), nil, "curl")
			if tt.good {
				require.Zero(t, p.end(t), p.said(t))
				require.Equal(t, url+tt.path+" gives a good answer", p.lastLine(t))
				return
			}
			require.Equal(t, 1, p.end(t), p.said(t))
			require.Equal(t, "gave up: "+url+tt.path+" gave no good answer within 1 seconds", p.lastLine(t))
			require.Contains(t, p.said(t), tt.said)
		})
	}
}

// A certificate that nobody known has signed is no good answer; given its authority
// it is.
func TestWaitForHTTPVerifiesCertificates(t *testing.T) {
	t.Parallel()
	var server *httptest.Server
	url := answering(t, func(h http.Handler) *httptest.Server {
		server = httptest.NewUnstartedServer(h)
		server.Config.ErrorLog = log.New(io.Discard, "", 0) // the client that refuses
		server.StartTLS()
		return server
	})
	folder := t.TempDir()
	ca := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	require.NoError(t, os.WriteFile(filepath.Join(folder, "ca.crt"), ca, 0o644))

	p := runInit(t, initc.WaitForHTTP(url+"/ok", initc.WaitForHTTPOptions{TimeoutSeconds: 1}), nil, "curl")
	require.Equal(t, 1, p.end(t))
	require.Contains(t, p.said(t), "certificate")

	p = runInit(t, initc.WaitForHTTP(url+"/ok", initc.WaitForHTTPOptions{TimeoutSeconds: 1, CA: pattern.ConfigMap("ca").Volume("ca")}),
		map[string]string{"/ca/": folder + "/"}, "curl")
	require.Zero(t, p.end(t), p.said(t))
}

// A server that takes connections and never answers ends neither the tries nor the
// stop.
func TestWaitForHTTPStopsAtOnce(t *testing.T) {
	for name, o := range map[string]initc.WaitForHTTPOptions{"wget": {}, "curl": {Status: 200}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var asked atomic.Bool
			release := make(chan struct{})
			url := answering(t, func(http.Handler) *httptest.Server {
				return httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Store(true); <-release }))
			})
			t.Cleanup(func() { close(release) }) // before the server waits for its requests
			p := runInit(t, initc.WaitForHTTP(url, o), nil, "curl")
			require.Eventually(t, asked.Load, 10*time.Second, 20*time.Millisecond)
			told := time.Now()
			require.NoError(t, p.cmd.Process.Signal(syscall.SIGTERM))
			require.Equal(t, 143, p.end(t), p.said(t))
			require.Less(t, time.Since(told), atOnce)
			require.Equal(t, "stopped while waiting for "+url, p.lastLine(t))
		})
	}
}
