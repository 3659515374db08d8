package webhook_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/webhook"
	"github.com/stretchr/testify/require"
	admissionv1 "k8s.io/api/admission/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

var _ = flag.Bool("update", false, "rewrite the golden files")

// logging is a bundle without a warning in a pod that is well written.
func logging() pattern.Injection { return pattern.Bundle("logging", shipper()) }

func shipper() pattern.SidecarContainer {
	return pattern.Sidecar("shipper", "shipper:1").Env("TARGET", "loki").Port("metrics", 9000).Requests("10m", "16Mi").Limits("", "16Mi")
}

const (
	pod        = `{"apiVersion":"v1","kind":"Pod","metadata":{"generateName":"web-","namespace":"prod"},"spec":{"containers":[{"name":"web","image":"web:1","resources":{"requests":{"cpu":"1","memory":"1Gi"},"limits":{"memory":"1Gi"}}}]}}`
	template   = `{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"name":"web","image":"web:1","resources":{"requests":{"cpu":"1","memory":"1Gi"},"limits":{"memory":"1Gi"}}}]}}`
	deployment = `{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","namespace":"prod"},"spec":{"selector":{"matchLabels":{"app":"web"}},"template":` + template + `}}`
	onHost     = `{"apiVersion":"v1","kind":"Pod","metadata":{"name":"web","namespace":"prod"},"spec":{"hostNetwork":true,"containers":[{"name":"web","image":"web:1"}]}}`
)

// request is that of a review; what is not set has a value that gets an object injected.
type request struct {
	uid, operation, namespace, kind, group, sub string
	object                                      string
	dryRun                                      bool
}

func (r request) json() string {
	or := func(s *string, other string) {
		if *s == "" {
			*s = other
		}
	}
	or(&r.uid, "705ab4f5-6393-11e8-b7cc-42010a800002")
	or(&r.operation, "CREATE")
	or(&r.namespace, "prod")
	or(&r.object, pod)
	var head metav1.TypeMeta
	_ = json.Unmarshal([]byte(r.object), &head) // hostile objects have none
	or(&r.kind, head.Kind)
	if r.group == "" {
		r.group = head.GroupVersionKind().Group
	}
	text := func(v any) []byte {
		raw, err := json.Marshal(v)
		if err != nil {
			panic(err)
		}
		return raw
	}
	return fmt.Sprintf(`{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{"uid":%s,"kind":{"group":%s,"version":"v1","kind":%s},"resource":{"group":"","version":"v1","resource":"pods"},"subResource":%s,"namespace":%s,"operation":%s,"userInfo":{"username":"jane"},"object":%s,"oldObject":null,"dryRun":%t,"options":{"kind":"CreateOptions"}}}`,
		text(r.uid), text(r.group), text(r.kind), text(r.sub), text(r.namespace), text(r.operation), r.object, r.dryRun)
}

// answer is what came back.
type answer struct {
	*httptest.ResponseRecorder
	event webhook.Event
}

// post sends a body as the API server does.
func post(b pattern.Injection, body string, options ...webhook.Option) answer {
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	return serve(b, r, options...)
}

func serve(b pattern.Injection, r *http.Request, options ...webhook.Option) (a answer) {
	a.ResponseRecorder = httptest.NewRecorder()
	webhook.Handler(b, append(options, webhook.Observe(func(e webhook.Event) { a.event = e }))...).ServeHTTP(a, r)
	return a
}

// response reads the answer as the API server does, and holds it to what that asks for.
// upstream: kubernetes/apiserver pkg/admission/plugin/webhook/request/admissionreview.go
func (a answer) response(t testing.TB, uid string) *admissionv1.AdmissionResponse {
	t.Helper()
	require.Equal(t, http.StatusOK, a.Code, a.Body.String())
	require.Equal(t, "application/json", a.Header().Get("Content-Type"))
	require.Equal(t, fmt.Sprint(a.Body.Len()), a.Header().Get("Content-Length"))
	var review admissionv1.AdmissionReview
	require.NoError(t, json.Unmarshal(a.Body.Bytes(), &review))
	require.Equal(t, metav1.TypeMeta{APIVersion: "admission.k8s.io/v1", Kind: "AdmissionReview"}, review.TypeMeta)
	require.Nil(t, review.Request)
	r := review.Response
	require.NotNil(t, r)
	require.EqualValues(t, uid, r.UID)
	require.Equal(t, r.Patch == nil, r.PatchType == nil, "a patch and its type come together")
	require.True(t, r.Allowed || r.Patch == nil, "a denial has no patch")
	require.Equal(t, r.Allowed, r.Result == nil, "a denial says why")
	if r.Patch != nil {
		require.Equal(t, admissionv1.PatchTypeJSONPatch, *r.PatchType)
		var operations []map[string]any
		require.NoError(t, json.Unmarshal(r.Patch, &operations))
		require.NotEmpty(t, operations)
	}
	return r
}

// ask sends a request, and reads the answer to it.
func ask(t testing.TB, b pattern.Injection, r request, options ...webhook.Option) (*admissionv1.AdmissionResponse, webhook.Event) {
	t.Helper()
	if r.uid == "" {
		r.uid = "42"
	}
	a := post(b, r.json(), options...)
	return a.response(t, r.uid), a.event
}

// outcome is what becomes of a request.
func outcome(t testing.TB, b pattern.Injection, r request, options ...webhook.Option) webhook.Outcome {
	t.Helper()
	_, e := ask(t, b, r, options...)
	return e.Outcome
}

// injected gives an object with the bundle in it, as one that was injected before has it.
func injected(t testing.TB, b pattern.Injection, object string) string {
	t.Helper()
	u := unstructuredOf(t, object)
	require.NoError(t, b.ApplyToObject(u))
	raw, err := u.MarshalJSON()
	require.NoError(t, err)
	return string(raw)
}
