package conformance_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/podpattern/podpattern/pattern/webhook"
	"github.com/stretchr/testify/require"
	admissionv1 "k8s.io/api/admission/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// webhookServer serves the bundle over TLS, as the API server calls it: by HTTP/2, or by
// one HTTP/1.1 connection for each request that is under way.
func webhookServer(tb testing.TB, http2 bool) *httptest.Server {
	s := httptest.NewUnstartedServer(webhook.Handler(postgresBundle()))
	s.EnableHTTP2 = http2
	s.StartTLS()
	tb.Cleanup(s.Close)
	s.Client().Transport.(*http.Transport).MaxIdleConnsPerHost = 64
	return s
}

// review is the request of the API server for a pod that a ReplicaSet creates.
func review(tb testing.TB) []byte {
	tb.Helper()
	body, err := json.Marshal(&admissionv1.AdmissionReview{
		TypeMeta: metav1.TypeMeta{APIVersion: "admission.k8s.io/v1", Kind: "AdmissionReview"},
		Request: &admissionv1.AdmissionRequest{
			UID: "705ab4f5-6393-11e8-b7cc-42010a800002", Namespace: "prod", Operation: admissionv1.Create,
			Kind:     metav1.GroupVersionKind{Version: "v1", Kind: "Pod"},
			Resource: metav1.GroupVersionResource{Version: "v1", Resource: "pods"},
			Object:   runtime.RawExtension{Raw: injectionPod},
		},
	})
	require.NoError(tb, err)
	return body
}

func askWebhook(s *httptest.Server, body []byte) (*http.Response, []byte, error) {
	r, err := s.Client().Post(s.URL, "application/json", bytes.NewReader(body))
	if err != nil {
		return nil, nil, err
	}
	defer r.Body.Close()
	answer, err := io.ReadAll(r.Body)
	if err == nil && r.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", r.Status, answer)
	}
	return r, answer, err
}

// What is measured is a patch, and by the protocol that it says.
func TestWebhookAnswersOverTLS(t *testing.T) {
	for protocol, http2 := range map[string]bool{"HTTP/2.0": true, "HTTP/1.1": false} {
		t.Run(protocol, func(t *testing.T) {
			response, answer, err := askWebhook(webhookServer(t, http2), review(t))
			require.NoError(t, err)
			require.Equal(t, protocol, response.Proto)
			var got admissionv1.AdmissionReview
			require.NoError(t, json.Unmarshal(answer, &got))
			require.True(t, got.Response.Allowed)
			want, err := postgresBundle().JSONPatch(injectionPod)
			require.NoError(t, err)
			require.JSONEq(t, string(want), string(got.Response.Patch))
		})
	}
}

// The clients are in this process too, so that a server by itself answers more.
func BenchmarkWebhookOverTLS(b *testing.B) {
	for _, tt := range []struct {
		name  string
		http2 bool
	}{{"HTTP2", true}, {"HTTP1", false}} {
		b.Run(tt.name, func(b *testing.B) {
			s, body := webhookServer(b, tt.http2), review(b)
			b.ReportAllocs()
			b.SetParallelism(8)
			b.ResetTimer()
			b.RunParallel(func(p *testing.PB) {
				for p.Next() {
					if _, _, err := askWebhook(s, body); err != nil {
						b.Error(err)
						return
					}
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "requests/s")
		})
	}
}
