package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const asProgram = "STATSD_INJECTOR_TEST_AS_PROGRAM"

// The test's own binary is the program too, so that a signal can be sent to one.
func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
	}
	os.Exit(m.Run())
}

// server is a webhook that runs in the test.
type server struct {
	url, status  string
	certificates string
	authority    testAuthority
	log          *lockedBuffer
	stop         func()
	ended        chan error
}

// start serves with the flags, on ports that are free.
func start(t *testing.T, change func(*settings), flags ...string) *server {
	t.Helper()
	v := &server{certificates: t.TempDir(), authority: newAuthority(t), log: &lockedBuffer{}, ended: make(chan error, 1)}
	v.renew(t, 2)
	s, err := parseFlags(append([]string{"-address=127.0.0.1:0", "-status=127.0.0.1:0", "-certificates=" + v.certificates}, flags...), io.Discard)
	require.NoError(t, err)
	s.log = slog.New(slog.NewJSONHandler(v.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	started := make(chan [2]net.Addr, 1)
	s.started = func(webhook, status net.Addr) { started <- [2]net.Addr{webhook, status} }
	if change != nil {
		change(&s)
	}
	ctx, stop := context.WithCancel(t.Context())
	v.stop = stop
	go func() { v.ended <- serve(ctx, s); close(v.ended) }()
	select {
	case at := <-started:
		v.url, v.status = "https://"+at[0].String(), "http://"+at[1].String()
	case err := <-v.ended:
		require.NoError(t, err)
	}
	t.Cleanup(func() { stop(); <-v.ended })
	return v
}

func (v *server) renew(t *testing.T, serial int64) {
	t.Helper()
	crt, key := v.authority.pair(t, serial)
	write(t, v.certificates, "tls.crt", crt)
	write(t, v.certificates, "tls.key", key)
}

func (v *server) client(version uint16) *http.Client {
	return &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: v.authority.Pool(), MinVersion: tls.VersionTLS10, MaxVersion: version}, ForceAttemptHTTP2: true,
	}}
}

func get(t *testing.T, url string) (int, string) {
	t.Helper()
	r, err := http.Get(url)
	require.NoError(t, err)
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	require.NoError(t, err)
	return r.StatusCode, string(body)
}

// review is a request for a pod with one container.
const review = `{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{"uid":"1","kind":{"group":"","version":"v1","kind":"Pod"},
"operation":"CREATE","namespace":"default","object":{"kind":"Pod","apiVersion":"v1","metadata":{"name":"app"},"spec":{"containers":[{"name":"app","image":"app:1"}]}}}}`

func post(t *testing.T, c *http.Client, url string, body io.Reader) string {
	t.Helper()
	r, err := c.Post(url, "application/json", body)
	require.NoError(t, err)
	defer r.Body.Close()
	text, err := io.ReadAll(r.Body)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, r.StatusCode, "%s", text)
	return string(text)
}

func TestServe(t *testing.T) {
	v := start(t, nil)
	answer := post(t, v.client(0), v.url, strings.NewReader(review))
	require.Contains(t, answer, `"patchType":"JSONPatch"`)

	code, _ := get(t, v.status+"/healthz")
	require.Equal(t, http.StatusOK, code)
	code, _ = get(t, v.status+"/readyz")
	require.Equal(t, http.StatusOK, code)
	_, text := get(t, v.status+"/metrics")
	require.Contains(t, text, `podpattern_webhook_request_duration_seconds_count{outcome="injected"} 1`)
	require.Contains(t, v.log.String(), `"outcome":"injected"`)
	code, _ = get(t, v.status+"/")
	require.Equal(t, http.StatusNotFound, code, "the webhook itself is not to be had without TLS")
}

func TestConnections(t *testing.T) {
	v := start(t, nil)
	_, err := v.client(tls.VersionTLS11).Get(v.url)
	require.ErrorContains(t, err, "protocol version")

	serial := func() int64 {
		r, err := v.client(0).Get(v.url)
		require.NoError(t, err)
		defer r.Body.Close()
		require.Equal(t, 2, r.ProtoMajor, "for those who can")
		return r.TLS.PeerCertificates[0].SerialNumber.Int64()
	}
	require.EqualValues(t, 2, serial())
	v.renew(t, 3)
	require.EqualValues(t, 3, serial())
}

// While it ends it is not ready, goes on serving, and answers what was asked before.
func TestItEndsGracefully(t *testing.T) {
	v := start(t, nil, "-shutdown-delay=1s")
	kept := v.client(0)
	kept.Transport.(*http.Transport).ForceAttemptHTTP2 = false // as the API server does with a Service
	closes := func() bool {
		r, err := kept.Post(v.url, "application/json", strings.NewReader(review))
		require.NoError(t, err)
		defer r.Body.Close()
		_, err = io.Copy(io.Discard, r.Body)
		require.NoError(t, err)
		require.Equal(t, http.StatusOK, r.StatusCode)
		return r.Close
	}
	require.False(t, closes())
	open, body := io.Pipe()
	answer := make(chan string)
	go func() { answer <- post(t, v.client(0), v.url, open) }()
	_, err := io.WriteString(body, review[:40])
	require.NoError(t, err)

	v.stop()
	require.Eventually(t, func() bool {
		code, _ := get(t, v.status+"/readyz")
		return code == http.StatusServiceUnavailable
	}, time.Second, 10*time.Millisecond)
	code, _ := get(t, v.status+"/healthz")
	require.Equal(t, http.StatusOK, code, "it must not be restarted now")
	require.Contains(t, post(t, v.client(0), v.url, strings.NewReader(review)), "JSONPatch")
	require.True(t, closes(), "the next request goes to another replica")

	require.Eventually(t, func() bool {
		c, err := net.Dial("tcp", strings.TrimPrefix(v.url, "https://"))
		if err == nil {
			c.Close()
		}
		return err != nil
	}, 3*time.Second, 20*time.Millisecond)
	select {
	case err := <-v.ended:
		require.Fail(t, "it has ended with a request open", err)
	default:
	}
	_, err = io.WriteString(body, review[40:])
	require.NoError(t, err)
	require.NoError(t, body.Close())
	require.Contains(t, <-answer, "JSONPatch")
	require.NoError(t, <-v.ended)
}

func TestTheProgram(t *testing.T) {
	a, folder := newAuthority(t), t.TempDir()
	run := func(args ...string) (*exec.Cmd, *lockedBuffer) {
		c := exec.Command(os.Args[0], args...)
		log := &lockedBuffer{}
		c.Env, c.Stdout, c.Stderr = append(os.Environ(), asProgram+"=1"), log, log
		require.NoError(t, c.Start())
		t.Cleanup(func() { _ = c.Process.Kill() })
		return c, log
	}
	serving := []string{"-address=127.0.0.1:0", "-status=127.0.0.1:0", "-certificates=" + folder}
	for _, c := range []struct {
		name string
		args []string
		code int
		says string
	}{
		{"a folder without certificates", serving, exitFailed, "tls.crt: no such file"},
		{"an unknown flag", []string{"-port=1"}, exitUsage, "-certificates folder"},
		{"an unknown command", []string{"manifest"}, exitUsage, `what is "manifest"?`},
		{"help", []string{"-help"}, exitFine, "-certificates folder"},
		{"manifests", []string{"manifests", "-check=manifests.yaml"}, exitFine, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, log := run(c.args...)
			_ = p.Wait()
			require.Equal(t, c.code, p.ProcessState.ExitCode(), log.String())
			require.Contains(t, log.String(), c.says)
		})
	}
	t.Run("a signal", func(t *testing.T) {
		crt, key := a.pair(t, 2)
		write(t, folder, "tls.crt", crt)
		write(t, folder, "tls.key", key)
		p, log := run(serving...)
		require.Eventually(t, func() bool { return strings.Contains(log.String(), "the webhook serves") }, 10*time.Second, 10*time.Millisecond)
		require.NoError(t, p.Process.Signal(syscall.SIGTERM))
		require.NoError(t, p.Wait(), log.String())
		require.Contains(t, log.String(), "the webhook is to end")
	})
}

// A port that is taken ends the program, and doesn't leave it there half.
func TestAPortThatIsTaken(t *testing.T) {
	v := start(t, nil)
	s, err := parseFlags([]string{"-address=127.0.0.1:0", "-status=" + strings.TrimPrefix(v.status, "http://"), "-certificates=" + v.certificates}, io.Discard)
	require.NoError(t, err)
	s.log = slog.New(slog.DiscardHandler)
	require.ErrorContains(t, serve(t.Context(), s), "address already in use")
}

// lockedBuffer is a log that is read while it is written.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
