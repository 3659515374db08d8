package webhook_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/podpattern/podpattern/internal/golden"
	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/check"
	"github.com/podpattern/podpattern/pattern/webhook"
	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// clashing is a Deployment that has no place for the bundle, for several reasons.
func clashing(t testing.TB) string {
	object := with(t, deployment, true, "spec", "template", "spec", "hostNetwork")
	return strings.Replace(object, `"containers":[`, `"containers":[{"name":"other","image":"other:1","ports":[{"containerPort":9000,"hostPort":9000}]},`, 1)
}

// warned is a bundle that brings a warning too.
func warned() pattern.Injection {
	return pattern.Bundle("logging", shipper().Image("shipper:latest"))
}

func TestDenial(t *testing.T) {
	a := post(warned(), request{object: clashing(t), operation: "UPDATE"}.json())
	var out bytes.Buffer
	require.NoError(t, json.Indent(&out, a.Body.Bytes(), "", "  "))
	golden.Equal(t, "testdata/denial.json", out.String()+"\n")
	require.Equal(t, webhook.Denied, a.event.Outcome)

	r := a.response(t, "705ab4f5-6393-11e8-b7cc-42010a800002")
	require.False(t, r.Allowed)
	require.EqualValues(t, 422, r.Result.Code)
	require.Equal(t, metav1.StatusReasonInvalid, r.Result.Reason)
	require.Equal(t, metav1.StatusFailure, r.Result.Status)
	causes, warnings := 0, 0
	for _, f := range a.event.Findings {
		if f.Level == check.Warning {
			require.NotContains(t, a.Body.String(), f.Rule, "the bundle isn't there to be warned of")
			warnings++
			continue
		}
		require.True(t, slices.ContainsFunc(f.Parties, func(p check.Party) bool { return p.At != "" }), "the observer gets all of it")
		cause := r.Result.Details.Causes[causes]
		require.Equal(t, f.Path, cause.Field)
		require.Contains(t, cause.Message, f.Rule)
		require.Contains(t, cause.Message, f.Fix)
		require.Contains(t, cause.Message, "bundle logging can't be added: ", "kubectl shows nothing else")
		require.NotContains(t, cause.Message, f.Path, "kubectl puts the field before the message")
		require.Contains(t, r.Result.Message, f.Path)
		require.Contains(t, r.Result.Message, f.Fix)
		causes++
	}
	require.Len(t, r.Result.Details.Causes, causes)
	require.Greater(t, causes, 1)
	require.Positive(t, warnings)
	require.NotContains(t, a.Body.String(), ".go:", "lines of the server's code are nothing to who makes pods")
	require.Contains(t, a.event.Findings.String(), ".go:", "and much to who runs the server")
}

func TestAdmitUnfit(t *testing.T) {
	r, e := ask(t, warned(), request{object: clashing(t)}, webhook.AdmitUnfit())
	require.Equal(t, webhook.AdmittedUnfit, e.Outcome)
	require.True(t, r.Allowed)
	require.Nil(t, r.Patch)
	require.Nil(t, r.Result)
	golden.Equal(t, "testdata/unfit-warnings.txt", strings.Join(r.Warnings, "\n")+"\n")
	for _, w := range r.Warnings {
		require.Contains(t, w, "bundle logging was not added: spec.template.")
		require.NotContains(t, w, ".go:")
	}

	r, e = ask(t, logging(), request{}, webhook.AdmitUnfit())
	require.Equal(t, webhook.Injected, e.Outcome, "what fits is another matter")
	require.NotNil(t, r.Patch)
}

// Whatever the pod's author writes, an answer stays short.
func TestDenialsAreBounded(t *testing.T) {
	long := strings.Repeat("ä", 100_000)
	many := with(t, onHost, nil, "spec", "nodeSelector")
	var helpers []pattern.Helper
	var containers []string
	for i := range 60 {
		name := fmt.Sprint("s", i)
		helpers = append(helpers, pattern.Sidecar(name, "s:1").Port("p", 1000+i))
		containers = append(containers, fmt.Sprintf(`{"name":%q,"image":"a:1"}`, name))
	}
	many = strings.Replace(many, `{"name":"web","image":"web:1"}`, strings.Join(containers, ","), 1)
	for name, c := range map[string]struct {
		b      pattern.Injection
		object string
	}{
		"a long record":      {logging(), with(t, pod, long, "metadata", "annotations", "bundles.podpattern.dev/logging")},
		"a long name":        {logging(), with(t, with(t, onHost, long, "metadata", "name"), long, "metadata", "annotations", "bundles.podpattern.dev/x")},
		"many findings":      {pattern.Bundle("many", helpers...), many},
		"control characters": {logging(), with(t, pod, "\n\x00\x1b[31m", "metadata", "annotations", "bundles.podpattern.dev/logging")},
	} {
		t.Run(name, func(t *testing.T) {
			r, _ := ask(t, c.b, request{object: c.object})
			require.False(t, r.Allowed)
			require.LessOrEqual(t, len(r.Result.Message), 8192)
			require.True(t, utf8.ValidString(r.Result.Message))
			require.LessOrEqual(t, len(r.Result.Details.Causes), 33)
			for _, cause := range r.Result.Details.Causes {
				require.LessOrEqual(t, len(cause.Message), 1024)
				require.True(t, utf8.ValidString(cause.Message))
			}
			if name == "many findings" {
				require.Len(t, r.Result.Details.Causes, 33)
				require.Regexp(t, `^and \d+ findings more$`, r.Result.Details.Causes[32].Message)
			}
			r, _ = ask(t, c.b, request{object: c.object}, webhook.AdmitUnfit())
			requireWarnings(t, r.Warnings)
		})
	}
}
