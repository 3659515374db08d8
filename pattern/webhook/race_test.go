package webhook_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/podpattern/podpattern/pattern/webhook"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/labels"
)

// One handler serves all requests at once; go test -race looks on.
func TestConcurrentRequests(t *testing.T) {
	var events atomic.Int64
	h := webhook.Handler(logging(), webhook.Percent(100), webhook.Labels(labels.Everything()), webhook.Namespaces("prod"),
		webhook.Observe(func(webhook.Event) { events.Add(1) }))
	bodies := []string{request{}.json(), request{object: deployment}.json(), request{object: onHost}.json(), request{namespace: "test"}.json(), "{}"}
	call := func(body string) string {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		a := httptest.NewRecorder()
		h.ServeHTTP(a, r)
		return a.Body.String()
	}
	var want []string
	for _, body := range bodies {
		want = append(want, call(body))
	}
	const workers, rounds = 8, 20
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for i := range rounds * len(bodies) {
				if got := call(bodies[i%len(bodies)]); got != want[i%len(bodies)] {
					t.Errorf("got %s, want %s", got, want[i%len(bodies)])
				}
			}
		})
	}
	group.Wait()
	require.EqualValues(t, len(bodies)*(1+workers*rounds), events.Load())
}
