package webhook_test

import (
	"bytes"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/webhook"
	"github.com/stretchr/testify/require"
	admissionv1 "k8s.io/api/admission/v1"
	corev1 "k8s.io/api/core/v1"
)

func TestEvents(t *testing.T) {
	_, e := ask(t, logging(), request{uid: "7", object: clashing(t), operation: "UPDATE", dryRun: true})
	require.Positive(t, e.Duration)
	require.Less(t, e.Duration, time.Minute)
	require.NotEmpty(t, e.Findings)
	require.Error(t, e.Findings.Err())
	e.Duration, e.Findings = 0, nil
	require.Equal(t, webhook.Event{Outcome: webhook.Denied, Code: 200, UID: "7", Operation: admissionv1.Update, Kind: "Deployment", Namespace: "prod", Name: "web", DryRun: true}, e)

	_, e = ask(t, logging(), request{uid: "8"}, webhook.Namespaces("test"))
	e.Duration = 0
	require.Equal(t, webhook.Event{Outcome: webhook.LeftOut, Code: 200, Reason: "namespace prod", UID: "8", Operation: admissionv1.Create, Kind: "Pod", Namespace: "prod"}, e)

	_, e = ask(t, logging(), request{})
	require.Equal(t, "web-", e.Name, "a pod has no name yet when its controller makes it")

	named := strings.Replace(request{uid: "9"}.json(), `"subResource"`, `"name":"web-x7k2p","subResource"`, 1)
	require.Equal(t, "web-x7k2p", post(logging(), named).event.Name, "and the one that the API server says where it knows it")

	a := post(logging(), "what?")
	require.Positive(t, a.event.Duration)
	a.event.Duration = 0
	require.Equal(t, webhook.Event{Outcome: webhook.Failed, Code: 400, Reason: strings.TrimSpace(a.Body.String())}, a.event)
}

func TestOutcomesAreNamesOfMetrics(t *testing.T) {
	seen := map[string]bool{}
	for o := webhook.Injected; o <= webhook.Failed; o++ {
		require.Regexp(t, `^[a-z_]+$`, o.String())
		seen[o.String()] = true
	}
	require.Len(t, seen, 6)
	require.Equal(t, "Outcome(0)", webhook.Outcome(0).String())
	require.Equal(t, "Outcome(7)", webhook.Outcome(7).String())
	require.Equal(t, "left_out", webhook.LeftOut.String())
}

func TestOneEventForEachRequest(t *testing.T) {
	events := 0
	h := webhook.Handler(logging(), webhook.Observe(func(webhook.Event) { t.Error("the last one wins") }), webhook.Observe(func(webhook.Event) { events++ }))
	for i, body := range []string{request{}.json(), "", request{operation: "DELETE"}.json()} {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		h.ServeHTTP(httptest.NewRecorder(), r)
		require.Equal(t, i+1, events)
	}
}

// served answers a request by a real server, and gives what that logged.
func served(t *testing.T, h http.Handler, body string) (code int, answer, logged string) {
	t.Helper()
	var out bytes.Buffer
	s := httptest.NewUnstartedServer(h)
	s.Config.ErrorLog = log.New(&out, "", 0)
	s.Start()
	r, err := http.Post(s.URL, "application/json", strings.NewReader(body))
	require.NoError(t, err)
	text, err := io.ReadAll(r.Body)
	require.NoError(t, err)
	require.NoError(t, r.Body.Close())
	s.Close()
	return r.StatusCode, string(text), out.String()
}

// A mistake in a helper must not take the server down, nor deny where the failurePolicy
// is Ignore.
func TestPanicsOfHelpers(t *testing.T) {
	type c = pattern.SidecarContainer
	for name, b := range map[string]pattern.Injection{
		"Late":                           pattern.Bundle("logging", shipper().Late(func(pattern.View, c) c { panic("no such port") })),
		"Edit":                           pattern.Bundle("logging", shipper().Edit(func(*corev1.Container) { panic("no such port") })),
		"beside a mistake of the bundle": pattern.Bundle("logging", shipper().Late(func(pattern.View, c) c { panic("no such port") }), shipper().Limits("lots", "")),
	} {
		t.Run(name, func(t *testing.T) {
			var e webhook.Event
			h := webhook.Handler(b, webhook.AdmitUnfit(), webhook.Observe(func(got webhook.Event) { e = got }))
			code, answer, logged := served(t, h, request{}.json())
			require.Equal(t, 500, code)
			require.Equal(t, "bundle logging panicked: no such port\n", answer)
			require.Equal(t, webhook.Failed, e.Outcome)
			require.Equal(t, "bundle logging panicked: no such port", e.Reason)
			require.Equal(t, "prod", e.Namespace)
			require.Contains(t, logged, "panic: no such port\n")
			require.Contains(t, logged, "observe_test.go:", "the stack says where")

			code, _, logged = served(t, h, request{operation: "DELETE"}.json())
			require.Equal(t, 200, code)
			require.Empty(t, logged)
		})
	}
}

// Without an observer nothing is missed.
func TestWithoutAnObserver(t *testing.T) {
	code, _, logged := served(t, webhook.Handler(logging()), request{}.json())
	require.Equal(t, 200, code)
	require.Empty(t, logged)
}

// A mistake in the metrics must not keep pods from being made.
func TestPanicsOfTheObserver(t *testing.T) {
	h := webhook.Handler(logging(), webhook.Observe(func(webhook.Event) { panic("no such label") }))
	code, answer, logged := served(t, h, request{}.json())
	require.Equal(t, 200, code)
	require.Contains(t, answer, `"allowed":true`)
	require.Contains(t, logged, "panic: no such label\n")
}
