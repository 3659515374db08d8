package webhook_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/webhook"
	"github.com/stretchr/testify/require"
)

func TestThePatchIsThatOfTheBundle(t *testing.T) {
	for name, object := range map[string]string{"a pod": pod, "a workload": deployment} {
		r, e := ask(t, logging(), request{object: object})
		want, err := logging().JSONPatch([]byte(object))
		require.NoError(t, err)
		require.Equal(t, string(want), string(r.Patch), name)
		require.True(t, r.Allowed)
		require.Empty(t, r.Warnings)
		require.Equal(t, webhook.Injected, e.Outcome)
	}
}

func TestAnObjectThatHasTheBundleGetsNoPatch(t *testing.T) {
	r, e := ask(t, logging(), request{object: injected(t, logging(), pod)})
	require.True(t, r.Allowed)
	require.Nil(t, r.Patch)
	require.Equal(t, webhook.Unchanged, e.Outcome)

	newer := pattern.Bundle("logging", shipper().Env("LEVEL", "debug"))
	r, e = ask(t, newer, request{object: injected(t, logging(), deployment), operation: "UPDATE"})
	require.Equal(t, webhook.Injected, e.Outcome, "an older one is brought up to date")
	require.Contains(t, string(r.Patch), "LEVEL")
}

func TestADryRunGetsTheSameAnswer(t *testing.T) {
	dry, e := ask(t, logging(), request{dryRun: true})
	wet, _ := ask(t, logging(), request{})
	require.NotEmpty(t, dry.Patch)
	require.Equal(t, wet, dry)
	require.True(t, e.DryRun)

	dry, _ = ask(t, logging(), request{dryRun: true, object: onHost})
	wet, _ = ask(t, logging(), request{object: onHost})
	require.False(t, dry.Allowed)
	require.Equal(t, wet, dry)
}

func TestTheSameRequestGetsTheSameBytes(t *testing.T) {
	body := request{object: onHost}.json()
	require.Equal(t, post(logging(), body).Body.String(), post(logging(), body).Body.String())
}

func TestHTTP(t *testing.T) {
	body := request{}.json()
	call := func(change func(*http.Request)) *http.Request {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		change(r)
		return r
	}
	limit := webhook.MaxBody(int64(len(body)))
	for _, c := range []struct {
		name   string
		change func(*http.Request)
		option webhook.Option
		code   int
		reason string // in the body of the answer
	}{
		{"as the API server calls", func(*http.Request) {}, limit, 200, `"allowed":true`},
		{"a browser looks at it", func(r *http.Request) { r.Method = http.MethodGet }, limit, 405, "the method is GET, not POST"},
		{"a probe looks at it", func(r *http.Request) { r.Method = http.MethodHead }, limit, 405, "not POST"},
		{"parameters of the type are fine", func(r *http.Request) { r.Header.Set("Content-Type", "application/json; charset=utf-8") }, limit, 200, `"allowed":true`},
		{"types know no case", func(r *http.Request) { r.Header.Set("Content-Type", "Application/JSON") }, limit, 200, `"allowed":true`},
		{"YAML", func(r *http.Request) { r.Header.Set("Content-Type", "application/yaml") }, limit, 415, `the Content-Type is "application/yaml", not application/json`},
		{"no type", func(r *http.Request) { r.Header.Del("Content-Type") }, limit, 415, `the Content-Type is ""`},
		{"no type that can be read", func(r *http.Request) { r.Header.Set("Content-Type", "application/json;;=") }, limit, 415, "not application/json"},
		{"one byte too many", func(*http.Request) {}, webhook.MaxBody(int64(len(body)) - 1), 413, "the body is larger than"},
		{"one byte too many, of a length that nobody said", func(r *http.Request) { r.ContentLength = -1 }, webhook.MaxBody(int64(len(body)) - 1), 413, "the body is larger than"},
		{"a length that is too much, before a byte of it is there", func(r *http.Request) {
			r.ContentLength, r.Body = 1<<40, io.NopCloser(iotest.ErrReader(errors.New("read")))
		}, limit, 413, "the body is larger than"},
		{"a body that breaks off", func(r *http.Request) { r.Body = io.NopCloser(iotest.ErrReader(errors.New("gone"))) }, limit, 400, "the body can't be read: gone"},
		{"a length that can't be", func(r *http.Request) { r.ContentLength = -1 << 40 }, limit, 200, `"allowed":true`},
		{"a length that is not believed", func(r *http.Request) { r.ContentLength = 3 }, limit, 200, `"allowed":true`},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := serve(logging(), call(c.change), c.option)
			require.Equal(t, c.code, a.Code)
			require.Contains(t, a.Body.String(), c.reason)
			require.Equal(t, c.code, a.event.Code)
			require.Equal(t, c.code != 200, a.event.Outcome == webhook.Failed)
			require.Equal(t, c.code == 405, a.Header().Get("Allow") == "POST")
		})
	}
}

func TestTheDefaultLimitOfTheBody(t *testing.T) {
	body := request{}.json()
	full := body + strings.Repeat(" ", 8<<20-len(body))
	require.Equal(t, 200, post(logging(), full).Code)
	require.Equal(t, 413, post(logging(), full+" ").Code)
}
