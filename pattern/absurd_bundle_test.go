package pattern_test

import (
	"strings"
	"testing"

	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// absurdInjection is a call on a bundle with an argument that can't be right.
type absurdInjection struct {
	reason, rule string
	call         func(pattern.Injection) error
}

func nothing[T any](_ T, err error) error { return err }

// absurdInjections are calls of each method that takes an argument.
func absurdInjections() map[string][]absurdInjection {
	return map[string][]absurdInjection{
		"ApplyTo":          {{"nil", "nil-argument", func(b pattern.Injection) error { return b.ApplyTo(nil) }}, {"empty, which it was before", "", func(b pattern.Injection) error { return b.ApplyTo(&corev1.PodTemplateSpec{}) }}},
		"RemoveFrom":       {{"nil", "nil-argument", func(b pattern.Injection) error { return b.RemoveFrom(nil) }}, {"empty", "", func(b pattern.Injection) error { return b.RemoveFrom(&corev1.PodTemplateSpec{}) }}},
		"ApplyToPod":       {{"nil", "nil-argument", func(b pattern.Injection) error { return b.ApplyToPod(nil) }}, {"empty, which it was before", "", func(b pattern.Injection) error { return b.ApplyToPod(&corev1.Pod{}) }}},
		"RemoveFromPod":    {{"nil", "nil-argument", func(b pattern.Injection) error { return b.RemoveFromPod(nil) }}},
		"Findings":         {{"nil", "nil-argument", func(b pattern.Injection) error { return b.Findings(nil).Err() }}},
		"ApplyToObject":    absurdObjectsFor(pattern.Injection.ApplyToObject),
		"RemoveFromObject": absurdObjectsFor(pattern.Injection.RemoveFromObject),
		"Plan":             absurdObjectsFor(func(b pattern.Injection, o runtime.Object) error { return nothing(b.Plan(o)) }),
		"ServerSideApply": append(absurdObjectsFor(func(b pattern.Injection, o runtime.Object) error { return nothing(b.ServerSideApply(o)) }),
			absurdInjection{"no name", "bundle-object", func(b pattern.Injection) error { return nothing(b.ServerSideApply(&appsv1.Deployment{})) }},
			absurdInjection{"envFrom", "server-side-apply", func(pattern.Injection) error {
				b := pattern.Bundle("all", pattern.Sidecar("s", "s:1").AppEnvFrom(pattern.ConfigMap("settings")))
				return nothing(b.ServerSideApply(somebodys()))
			}}),
		"JSONPatch":        absurdTextsFor(func(b pattern.Injection, raw []byte) error { return nothing(b.JSONPatch(raw)) }),
		"RemovalJSONPatch": absurdTextsFor(func(b pattern.Injection, raw []byte) error { return nothing(b.RemovalJSONPatch(raw)) }),
		"Review": absurdTextsFor(func(b pattern.Injection, raw []byte) error {
			_, found := b.Review(raw)
			return found.Err()
		}),
		"Objects": {
			{"no namespace", "reference-name", func(b pattern.Injection) error { return nothing(b.Objects("")) }},
			{"no account", "reference-name", func(b pattern.Injection) error { return nothing(b.Objects("prod", "")) }},
		},
		"Target": {{"no version", "target-version", func(b pattern.Injection) error { return b.Target("new").ApplyTo(&somebodys().Spec.Template) }}},
		"Allow": {
			{"no rule", "allow-rule", func(b pattern.Injection) error { return b.Allow("x", "y").ApplyTo(&somebodys().Spec.Template) }},
			{"no reason", "allow-reason", func(b pattern.Injection) error {
				return b.Allow("pss-restricted", "").ApplyTo(&somebodys().Spec.Template)
			}},
		},
	}
}

func absurdObjectsFor(call func(pattern.Injection, runtime.Object) error) []absurdInjection {
	var none *appsv1.Deployment
	return []absurdInjection{
		{"nil", "bundle-object", func(b pattern.Injection) error { return call(b, nil) }},
		{"a nil pointer", "bundle-object", func(b pattern.Injection) error { return call(b, none) }},
		{"no pod in it", "bundle-object", func(b pattern.Injection) error { return call(b, &corev1.ConfigMap{}) }},
		{"no template in it", "bundle-object", func(b pattern.Injection) error { return call(b, &corev1.ReplicationController{}) }},
	}
}

func absurdTextsFor(call func(pattern.Injection, []byte) error) []absurdInjection {
	var out []absurdInjection
	for _, text := range []string{
		"", "null", "1", "[]", `"x"`, "{", "{}", `{"kind":1}`, `{"kind":"Pod"}`, `{"kind":"Pod","spec":null}`, `{"kind":"Pod","spec":[]}`, `{"kind":"Pod","spec":{"containers":1}}`,
		`{"kind":"Deployment","spec":{"template":1}}`, `{"kind":"Deployment","spec":{"template":{}}}`, `{"kind":"List","items":[1]}`, `{"kind":"List","items":[{"kind":"List","items":[]}]}`,
		`{"kind":"List","items":[{}]}`, `{"Kind":"Pod","spec":{"containers":[]}}`, strings.Repeat(`{"kind":`, 100000), strings.Repeat(`[`, 100000), "\xff\xfe", `{"kind":"Pod","spec":{"containers":[{"name":"` + "\xff" + `"}]`,
	} {
		out = append(out, absurdInjection{text[:min(len(text), 60)], "bundle-object", func(b pattern.Injection) error { return call(b, []byte(text)) }})
	}
	return out
}

// What nobody would write is a finding, whatever the bundle is.
func TestAbsurdBundles(t *testing.T) {
	for method, calls := range absurdInjections() {
		for _, c := range calls {
			t.Run(method+" "+c.reason, func(t *testing.T) {
				err := c.call(tracing("agent:1"))
				if c.rule == "" {
					require.NoError(t, err)
					return
				}
				require.Contains(t, rules(findingsOf(t, err)), c.rule, "%v", err)
			})
		}
	}
	helper := pattern.Sidecar("s", "s:1")
	for _, tt := range []struct {
		rule   string
		bundle pattern.Injection
	}{
		{"zero-builder", pattern.Injection{}},
		{"zero-builder", pattern.Injection{}.Target("1.35")},
		{"bundle-name", pattern.Bundle("", helper)},
		{"bundle-name", pattern.Bundle("No_Label", helper)},
		{"bundle-name", pattern.Bundle(long(64), helper)},
		{"nil-argument", pattern.Bundle("b", nil)},
		{"nil-argument", pattern.Bundle("b", helper, (*pattern.SidecarContainer)(nil))},
		{"zero-builder", pattern.Bundle("b", pattern.SidecarContainer{})},
		{"bundle-app", pattern.Bundle("b", pattern.App("a", "a:1"))},
		{"image-missing", pattern.Bundle("b", pattern.Sidecar("s", ""))},
		{"container-name-dup", pattern.Bundle("b", helper, helper)},
	} {
		template := somebodys().Spec.Template
		err := tt.bundle.ApplyTo(&template)
		require.Contains(t, rules(findingsOf(t, err)), tt.rule, "%v", err)
		require.Equal(t, somebodys().Spec.Template, template)
		for _, f := range findingsOf(t, err) {
			require.NotEmpty(t, f.At, "%v", f)
		}
	}
	template := somebodys().Spec.Template
	require.NoError(t, pattern.Bundle("none").ApplyTo(&template), "a list of helpers may be empty")
	require.Equal(t, somebodys().Spec.Template, template)
}
