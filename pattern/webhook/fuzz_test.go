package webhook_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/webhook"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/labels"
	utiljson "k8s.io/apimachinery/pkg/util/json"
)

// No request makes the handler panic, and what it answers is either an HTTP error with a
// reason or a review that the API server takes.
func FuzzHandler(f *testing.F) {
	logs := pattern.EmptyDir("logs")
	b := pattern.Bundle("logging", shipper().Reads(logs, "/logs").AppWrites(logs, "/var/log/web"), pattern.Init("setup", "setup:1"))
	handlers := []http.Handler{
		webhook.Handler(b),
		webhook.Handler(b, webhook.AdmitUnfit(), webhook.Percent(50), webhook.ExceptNamespaces("kube-system"), webhook.Labels(labels.Everything())),
	}
	for _, r := range []request{{}, {object: deployment}, {object: onHost}, {operation: "DELETE", object: "null", kind: "Pod"}, {object: deployment, operation: "UPDATE", dryRun: true},
		{object: injected(f, b, pod)}, {object: injected(f, b, deployment)}, {object: `{"kind":"List","apiVersion":"v1","items":[` + pod + `]}`},
		{object: owned("ReplicaSet", "web-77c9b", `"pod-template-hash":"77c9b"`)}, {object: named("CronJob", "web")}} {
		f.Add(r.json(), r.object)
	}
	f.Add("", `{"kind":"Pod","spec":{"containers":[{}]}}`)
	f.Fuzz(func(t *testing.T, body, object string) {
		bodies := []string{body}
		if json.Valid([]byte(object)) {
			bodies = append(bodies, request{object: object, operation: "CREATE"}.json())
		}
		for i := range len(bodies) * len(handlers) {
			body, h := bodies[i/len(handlers)], handlers[i%len(handlers)]
			r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
			r.Header.Set("Content-Type", "application/json")
			a := answer{ResponseRecorder: httptest.NewRecorder()}
			h.ServeHTTP(a, r)
			if a.Code != http.StatusOK {
				require.Contains(t, []int{400, 413}, a.Code, "%s", a.Body)
				require.NotEmpty(t, strings.TrimSpace(a.Body.String()))
				continue
			}
			var sent struct {
				Request struct {
					UID    string          `json:"uid"`
					Object json.RawMessage `json:"object"`
				} `json:"request"`
			}
			require.NoError(t, utiljson.Unmarshal([]byte(body), &sent))
			response := a.response(t, sent.Request.UID)
			if response.Patch != nil {
				patch, err := b.JSONPatch(sent.Request.Object)
				require.NoError(t, err)
				require.Equal(t, string(patch), string(response.Patch))
			}
			if len(response.Warnings) > 0 {
				requireWarnings(t, response.Warnings)
			}
		}
	})
}
