package webhook_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/podpattern/podpattern/pattern/webhook"
	"github.com/stretchr/testify/require"
)

// review wraps what stands in a request.
func review(request string) string {
	return `{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{` + request + `}}`
}

const asked = `"uid":"1","operation":"CREATE","kind":{"group":"","version":"v1","kind":"Pod"},"object":`

// What the API server never sends is a call that failed, and the failurePolicy decides.
func TestRequestsThatCantBeRead(t *testing.T) {
	nested := func(n int, open, shut string) string { return strings.Repeat(open, n) + strings.Repeat(shut, n) }
	deployed := strings.Replace(asked, `"group":"","version":"v1","kind":"Pod"`, `"group":"apps","version":"v1","kind":"Deployment"`, 1)
	for name, c := range map[string]struct{ body, reason string }{
		"nothing":                         {"", "the body is empty"},
		"white space":                     {" \n", "the body is no AdmissionReview"},
		"no JSON":                         {"kind: AdmissionReview", "the body is no AdmissionReview: invalid character 'k'"},
		"half of it":                      {request{}.json()[:200], "unexpected end of JSON input"},
		"more behind it":                  {request{}.json() + "{}", "invalid character '{' after top-level value"},
		"a byte order mark":               {"\uFEFF" + request{}.json(), "invalid character"},
		"null":                            {"null", `the kind is "", not AdmissionReview`},
		"a list":                          {"[" + request{}.json() + "]", "cannot unmarshal array"},
		"a number":                        {"1e999", "cannot unmarshal number"},
		"an empty object":                 {"{}", `the kind is "", not AdmissionReview`},
		"a bare pod":                      {pod, `the kind is "Pod", not AdmissionReview`},
		"another version":                 {strings.Replace(request{}.json(), "admission.k8s.io/v1", "admission.k8s.io/v1beta1", 1), `the apiVersion is "admission.k8s.io/v1beta1", not admission.k8s.io/v1: admissionReviewVersions must be [v1]`},
		"another group":                   {strings.Replace(request{}.json(), "admission.k8s.io/v1", "v1", 1), `the apiVersion is "v1"`},
		"another case":                    {strings.Replace(request{}.json(), `"kind":"AdmissionReview"`, `"Kind":"AdmissionReview"`, 1), `the kind is ""`},
		"a kind that is a number":         {`{"kind":1}`, "cannot unmarshal number"},
		"no request":                      {`{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview"}`, "the AdmissionReview has no request"},
		"a request that is null":          {`{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":null}`, "the AdmissionReview has no request"},
		"a request that is a text":        {`{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":"x"}`, "cannot unmarshal string"},
		"an empty request":                {review(""), "the request has no uid"},
		"an answer":                       {`{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","response":{"uid":"1"}}`, "the AdmissionReview has no request"},
		"no uid":                          {review(strings.Replace(asked, `"uid":"1",`, "", 1) + pod), "the request has no uid"},
		"a uid that is empty":             {review(strings.Replace(asked, `"uid":"1"`, `"uid":""`, 1) + pod), "the request has no uid"},
		"a uid that is a number":          {review(strings.Replace(asked, `"uid":"1"`, `"uid":1`, 1) + pod), "cannot unmarshal number"},
		"no operation":                    {review(strings.Replace(asked, `"operation":"CREATE",`, "", 1) + pod), "the request has no operation"},
		"no object":                       {review(strings.Replace(asked, `,"object":`, "", 1)), "the request has no object"},
		"an object that is null":          {review(asked + "null"), "the request has no object"},
		"an object that is a number":      {review(asked + "1"), "the request has no object"},
		"an object that is a list":        {review(asked + "[" + pod + "]"), "the request has no object"},
		"an object that is a text":        {review(asked + `"` + "x" + `"`), "the request has no object"},
		"an empty object of a request":    {review(asked + "{}"), `the object has kind "", and the request "Pod"`},
		"no kind in the object":           {review(asked + without(t, pod, "kind")), `the object has kind "", and the request "Pod"`},
		"another kind than in the object": {review(asked + deployment), `the object has kind "Deployment", and the request "Pod"`},
		"no kind in the request":          {review(strings.Replace(asked, `"kind":"Pod"`, `"kind":""`, 1) + pod), `the object has kind "Pod", and the request ""`},
		"no kind at all":                  {review(strings.Replace(asked, `"kind":"Pod"`, `"kind":""`, 1) + without(t, pod, "kind")), `the object has kind "", and the request ""`},
		"containers that are numbers":     {review(asked + `{"kind":"Pod","metadata":{},"spec":{"containers":[1]}}`), "the object can't be read: json: cannot unmarshal number"},
		"metadata that are a list":        {review(asked + `{"kind":"Pod","metadata":[],"spec":{"containers":[{"name":"a"}]}}`), "the object can't be read: json: cannot unmarshal array"},
		"labels that are numbers":         {review(asked + `{"kind":"Pod","metadata":{"labels":{"a":1}},"spec":{"containers":[{"name":"a"}]}}`), "the object can't be read: json: cannot unmarshal number"},
		"a template that is a text":       {review(deployed + `{"kind":"Deployment","spec":{"template":"x"}}`), "the object can't be read: json: cannot unmarshal string"},
		"a port that no integer holds":    {review(asked + `{"kind":"Pod","spec":{"containers":[{"name":"a","ports":[{"containerPort":99999999999999999999}]}]}}`), "the object can't be read: json: cannot unmarshal number"},
		"a port that is a fraction":       {review(asked + `{"kind":"Pod","spec":{"containers":[{"name":"a","ports":[{"containerPort":80.5}]}]}}`), "the object can't be read: json: cannot unmarshal number"},
		"a quantity that is none":         {review(asked + `{"kind":"Pod","spec":{"containers":[{"name":"a","resources":{"limits":{"cpu":"many"}}}]}}`), "the object can't be read"},
		"a time that is none":             {review(asked + `{"kind":"Pod","metadata":{"creationTimestamp":"today"},"spec":{"containers":[{"name":"a"}]}}`), "the object can't be read"},
		"100,000 lists in each other":     {review(asked + nested(100_000, "[", "]")), "exceeded max depth"},
		"100,000 objects in each other":   {review(asked + strings.Repeat(`{"a":`, 100_000) + "1" + strings.Repeat("}", 100_000)), "exceeded max depth"},
		"100,000 lists that don't end":    {strings.Repeat("[", 100_000), "exceeded max depth"},
		"a reason that would be long":     {strings.Replace(request{}.json(), "admission.k8s.io/v1", strings.Repeat("ä", 100_000), 1), "…"},
		"control characters in a reason":  {`{"kind":"\u001b[31m\u0000\n","apiVersion":"v1"}`, `the kind is "\x1b[31m\x00\n"`},
	} {
		t.Run(name, func(t *testing.T) {
			for _, options := range [][]webhook.Option{nil, {webhook.AdmitUnfit()}} {
				a := post(logging(), c.body, options...)
				require.Equal(t, 400, a.Code, a.Body)
				require.Contains(t, a.Body.String(), c.reason)
				require.LessOrEqual(t, a.Body.Len(), 1025)
				require.Equal(t, webhook.Failed, a.event.Outcome)
			}
		})
	}
}

func TestStrangeRequestsThatCanBeRead(t *testing.T) {
	for name, c := range map[string]struct {
		body    string
		outcome webhook.Outcome
		uid     string
	}{
		"fields of the future":        {review(`"future":{"a":[1]},` + asked + pod), webhook.Injected, "1"},
		"the last of two uids":        {review(asked + pod + `,"uid":"2"`), webhook.Injected, "2"},
		"the last of two objects":     {review(asked + `{"kind":"x"},"object":` + pod), webhook.Injected, "1"},
		"keys twice in the object":    {review(asked + strings.Replace(pod, `"spec":{`, `"spec":{"containers":[],`, 1)), webhook.Injected, "1"},
		"a uid of strange characters": {review(strings.Replace(asked, `"uid":"1"`, `"uid":"\u0000<ä\"\ud800"`, 1) + pod), webhook.Injected, "\x00<ä\"\uFFFD"},
		"bytes that are no UTF-8":     {review(asked + strings.Replace(pod, "web:1", "web\xff\xfe:1", 1)), webhook.Injected, "1"},
		"a uid that is no UTF-8":      {review(strings.Replace(asked, `"uid":"1"`, "\"uid\":\"\xff\"", 1) + pod), webhook.Injected, "\uFFFD"},
		"numbers that overflow":       {review(asked + strings.Replace(pod, `"spec":{`, `"spec":{"future":1e99999,`, 1)), webhook.Injected, "1"},
		"lists in lists":              {review(asked + strings.Replace(pod, `"spec":{`, `"spec":{"future":`+strings.Repeat("[", 9000)+strings.Repeat("]", 9000)+`,`, 1)), webhook.Injected, "1"},
		"white space everywhere":      {" \t\r\n" + strings.NewReplacer(":{", " \n:\t{ ", ",", " , ", "[", "\n[ ").Replace(review(asked+pod)) + " ", webhook.Injected, "1"},
		"null in all places":          {review(asked + `{"kind":"Pod","metadata":null,"spec":{"containers":[{"name":"a","image":"a:1"}],"volumes":null,"initContainers":null}}`), webhook.Injected, "1"},
		"dryRun null":                 {review(`"dryRun":null,` + asked + pod), webhook.Injected, "1"},
		"no spec":                     {review(asked + `{"kind":"Pod"}`), webhook.LeftOut, "1"},
		"a spec that is null":         {review(asked + `{"kind":"Pod","spec":null}`), webhook.LeftOut, "1"},
		"containers that are null":    {review(asked + `{"kind":"Pod","spec":{"containers":null}}`), webhook.LeftOut, "1"},
		"a container that is null":    {review(asked + `{"kind":"Pod","spec":{"containers":[null]}}`), webhook.Injected, "1"},
		"no namespace":                {review(asked + without(t, pod, "metadata")), webhook.Injected, "1"},
	} {
		t.Run(name, func(t *testing.T) {
			a := post(logging(), c.body)
			r := a.response(t, c.uid)
			require.Equal(t, c.outcome.String(), a.event.Outcome.String(), a.Body)
			require.True(t, r.Allowed)
		})
	}
}

// The API server takes objects of up to 3 MB, and sends the old one along.
func TestLargeObjects(t *testing.T) {
	large := with(t, deployment, strings.Repeat("x", 3<<20), "metadata", "annotations", "large")
	body := strings.Replace(request{object: large, operation: "UPDATE"}.json(), `"oldObject":null`, `"oldObject":`+large, 1)
	r := post(logging(), body).response(t, "705ab4f5-6393-11e8-b7cc-42010a800002")
	require.NotNil(t, r.Patch)
	require.Less(t, len(r.Patch), 4096, "the patch doesn't grow with the object")

	var containers []string
	for i := range 3000 {
		containers = append(containers, fmt.Sprintf(`{"name":"web-%d","image":"web:1"}`, i))
	}
	many := strings.Replace(onHost, `{"name":"web","image":"web:1"}`, strings.Join(containers, ","), 1)
	r, _ = ask(t, logging(), request{object: strings.Replace(many, `"hostNetwork":true,`, "", 1)})
	require.True(t, r.Allowed)
}
