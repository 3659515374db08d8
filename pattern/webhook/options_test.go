package webhook_test

import (
	"strings"
	"testing"

	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/webhook"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/labels"
)

func TestOptions(t *testing.T) {
	web := labels.SelectorFromSet(labels.Set{"app": "web"})
	db := labels.SelectorFromSet(labels.Set{"app": "db"})
	labelled := with(t, pod, "web", "metadata", "labels", "app")
	annotated := func(object, key, value string, path ...string) string {
		return with(t, object, value, append(path, "metadata", "annotations", key)...)
	}
	cronJob := `{"apiVersion":"batch/v1","kind":"CronJob","metadata":{"name":"web"},"spec":{"jobTemplate":{"spec":{"template":` + annotated(template, webhook.DefaultOptOut, "false") + `}}}}`
	for _, c := range []struct {
		name   string
		opts   []webhook.Option
		r      request
		reason string // "": it is injected
	}{
		{"no options", nil, request{}, ""},
		{"among the namespaces", []webhook.Option{webhook.Namespaces("test", "prod")}, request{}, ""},
		{"not among the namespaces", []webhook.Option{webhook.Namespaces("test")}, request{}, "namespace prod"},
		{"namespaces add up", []webhook.Option{webhook.Namespaces("test"), webhook.Namespaces("prod")}, request{}, ""},
		{"namespaces add up in any order", []webhook.Option{webhook.Namespaces("prod"), webhook.Namespaces("test")}, request{}, ""},
		{"an object of no namespace", []webhook.Option{webhook.Namespaces("test")}, request{object: `{"apiVersion":"example.com/v1","kind":"Global","metadata":{"name":"x"},"spec":{"template":` + template + `}}`, namespace: " "}, "namespace  "},
		{"an excepted namespace", []webhook.Option{webhook.ExceptNamespaces("prod")}, request{}, "namespace prod"},
		{"excepted namespaces add up", []webhook.Option{webhook.ExceptNamespaces("prod"), webhook.ExceptNamespaces("test")}, request{}, "namespace prod"},
		{"not an excepted namespace", []webhook.Option{webhook.ExceptNamespaces("test")}, request{}, ""},
		{"an exception wins", []webhook.Option{webhook.Namespaces("prod"), webhook.ExceptNamespaces("prod")}, request{}, "namespace prod"},
		{"the namespace is that of the request", []webhook.Option{webhook.Namespaces("prod")}, request{namespace: "test"}, "namespace test"},

		{"labels of the pod", []webhook.Option{webhook.Labels(web)}, request{object: labelled}, ""},
		{"other labels of the pod", []webhook.Option{webhook.Labels(db)}, request{object: labelled}, "labels"},
		{"a pod without labels", []webhook.Option{webhook.Labels(web)}, request{}, "labels"},
		{"labels of the template", []webhook.Option{webhook.Labels(web)}, request{object: deployment}, ""},
		{"labels of the workload are others", []webhook.Option{webhook.Labels(db)}, request{object: with(t, deployment, "db", "metadata", "labels", "app")}, "labels"},
		{"the last labels win", []webhook.Option{webhook.Labels(db), webhook.Labels(web)}, request{object: labelled}, ""},
		{"all labels", []webhook.Option{webhook.Labels(labels.Everything())}, request{}, ""},
		{"no labels", []webhook.Option{webhook.Labels(labels.Nothing())}, request{object: labelled}, "labels"},

		{"the pod opts out", nil, request{object: annotated(pod, webhook.DefaultOptOut, "false")}, "annotation podpattern.dev/inject"},
		{"the template opts out", nil, request{object: annotated(deployment, webhook.DefaultOptOut, "false", "spec", "template")}, "annotation podpattern.dev/inject"},
		{"the template of a CronJob opts out", nil, request{object: cronJob}, "annotation podpattern.dev/inject"},
		{"the workload opts out", nil, request{object: annotated(deployment, webhook.DefaultOptOut, "false")}, "annotation podpattern.dev/inject"},
		{"opting in is nothing", nil, request{object: annotated(pod, webhook.DefaultOptOut, "true")}, ""},
		{"another annotation", nil, request{object: annotated(pod, "sidecar.istio.io/inject", "false")}, ""},
		{"the given annotation", []webhook.Option{webhook.OptOut("example.com/logs")}, request{object: annotated(pod, "example.com/logs", "false")}, "annotation example.com/logs"},
		{"an annotation in capitals", []webhook.Option{webhook.OptOut("Example.com/Logs")}, request{object: annotated(pod, "Example.com/Logs", "false")}, "annotation Example.com/Logs"},
		{"the default where another is given", []webhook.Option{webhook.OptOut("example.com/logs")}, request{object: annotated(pod, webhook.DefaultOptOut, "false")}, ""},
		{"the last annotation wins", []webhook.Option{webhook.OptOut("example.com/a"), webhook.OptOut("example.com/Logs")}, request{object: annotated(pod, "example.com/a", "false")}, ""},

		{"none", []webhook.Option{webhook.Percent(0)}, request{}, "percent"},
		{"all", []webhook.Option{webhook.Percent(100)}, request{}, ""},
		{"the last percent wins", []webhook.Option{webhook.Percent(0), webhook.Percent(100)}, request{}, ""},
		{"all options must have it", []webhook.Option{webhook.Namespaces("prod"), webhook.Percent(0)}, request{}, "percent"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, e := ask(t, logging(), c.r, c.opts...)
			require.Equal(t, c.reason, e.Reason)
			require.Equal(t, c.reason == "", e.Outcome == webhook.Injected)
			require.Equal(t, c.reason != "", e.Outcome == webhook.LeftOut)
			require.Equal(t, c.reason == "", r.Patch != nil)
			require.Empty(t, r.Warnings)
		})
	}
}

// What is left out stays as it is, with an older bundle in it too; only who opted out
// asked for something else.
func TestWhatHasTheBundleAndIsLeftOut(t *testing.T) {
	has := injected(t, logging(), deployment)
	newer := pattern.Bundle("logging", shipper().Env("LEVEL", "debug"))
	r, e := ask(t, newer, request{object: has}, webhook.Percent(0))
	require.Equal(t, webhook.LeftOut, e.Outcome)
	require.True(t, r.Allowed)
	require.Nil(t, r.Patch)
	require.Empty(t, r.Warnings)

	r, e = ask(t, newer, request{object: with(t, has, "false", "spec", "template", "metadata", "annotations", webhook.DefaultOptOut)})
	require.Equal(t, webhook.LeftOut, e.Outcome)
	require.Nil(t, r.Patch)
	require.Equal(t, []string{"metadata.annotations[bundles.podpattern.dev/logging]: the pod has bundle logging from before, and podpattern.dev/inject leaves it as it is"}, r.Warnings)

	other := pattern.Bundle("metrics", shipper())
	r, _ = ask(t, other, request{object: with(t, has, "false", "spec", "template", "metadata", "annotations", webhook.DefaultOptOut)})
	require.Empty(t, r.Warnings, "that it has another bundle is no matter")
}

// Who writes False, no or a typo meant to opt out.
func TestAValueThatDoesNotOptOut(t *testing.T) {
	for _, value := range []string{"False", "no", "", "flase\n"} {
		r, e := ask(t, logging(), request{object: with(t, pod, value, "metadata", "annotations", webhook.DefaultOptOut)})
		require.Equal(t, webhook.Injected, e.Outcome)
		require.Len(t, r.Warnings, 1)
		require.Regexp(t, `^metadata\.annotations\[podpattern\.dev/inject\]: ".*" does not opt out: only "false" does$`, r.Warnings[0])
		for _, metadata := range [][]string{{"metadata"}, {"spec", "template", "metadata"}} {
			workload, _ := ask(t, logging(), request{object: with(t, deployment, value, append(metadata, "annotations", webhook.DefaultOptOut)...)})
			require.Equal(t, r.Warnings, workload.Warnings, metadata)
		}

		unfit := request{object: with(t, onHost, value, "metadata", "annotations", webhook.DefaultOptOut)}
		denied, _ := ask(t, logging(), unfit)
		require.False(t, denied.Allowed)
		require.Equal(t, r.Warnings, denied.Warnings)
		admitted, _ := ask(t, logging(), unfit, webhook.AdmitUnfit())
		require.Contains(t, admitted.Warnings, r.Warnings[0])
	}
}

func TestMistakesInOptions(t *testing.T) {
	for name, c := range map[string]struct {
		o      webhook.Option
		reason string
	}{
		"no namespace":           {webhook.Namespaces(), "Namespaces has no namespace"},
		"an empty namespace":     {webhook.Namespaces("prod", ""), `Namespaces: "" is no name of a namespace`},
		"a namespace in quotes":  {webhook.ExceptNamespaces("kube_system"), `ExceptNamespaces: "kube_system" is no name of a namespace`},
		"no excepted namespace":  {webhook.ExceptNamespaces(), "ExceptNamespaces has no namespace"},
		"no selector":            {webhook.Labels(nil), "Labels has no selector"},
		"no annotation":          {webhook.OptOut(""), `OptOut: "" is no name of an annotation`},
		"an annotation's value":  {webhook.OptOut("a/b=false"), `OptOut: "a/b=false" is no name of an annotation`},
		"a percent too many":     {webhook.Percent(101), "Percent(101) is not from 0 to 100"},
		"a percent too few":      {webhook.Percent(-1), "Percent(-1) is not from 0 to 100"},
		"no body":                {webhook.MaxBody(0), "MaxBody(0) leaves no byte"},
		"less than a body":       {webhook.MaxBody(-1), "MaxBody(-1) leaves no byte"},
		"no observer":            {webhook.Observe(nil), "Observe has no function"},
		"an option that is none": {nil, "an option is nil"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, body := range []string{request{}.json(), request{operation: "DELETE"}.json(), ""} {
				a := post(logging(), body, c.o)
				require.Equal(t, 500, a.Code)
				require.Equal(t, "the webhook's options are wrong: "+c.reason+"\n", a.Body.String())
				require.Equal(t, webhook.Failed, a.event.Outcome)
				require.Equal(t, 500, a.event.Code)
			}
		})
	}
	a := post(logging(), request{}.json(), webhook.Percent(101), webhook.MaxBody(0))
	require.Equal(t, "the webhook's options are wrong: Percent(101) is not from 0 to 100; MaxBody(0) leaves no byte\n", a.Body.String())
}

// A mistake in the bundle is none of the pods', so the failurePolicy decides.
func TestMistakesInTheBundle(t *testing.T) {
	for name, c := range map[string]struct {
		b      pattern.Injection
		reason string
	}{
		"never made":                {pattern.Injection{}, "a bundle was never started"},
		"no name":                   {pattern.Bundle("", shipper()), "is no DNS label"},
		"an option":                 {pattern.Bundle("logging", shipper().Limits("lots", "")), "lots"},
		"beside what one pod lacks": {pattern.Bundle("logging", shipper().Limits("lots", "").For("web").AppEnv("A", "1")), "lots"},
		"a nil helper":              {pattern.Bundle("logging", nil), "give Bundle a helper"},
		"the version":               {logging().Target("latest"), "is no version of Kubernetes"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, r := range []request{{}, {object: onHost}, {operation: "DELETE"}} {
				a := post(c.b, r.json(), webhook.AdmitUnfit())
				require.Equal(t, 500, a.Code, a.Body)
				require.Contains(t, a.Body.String(), "the webhook's bundle is wrong: ")
				require.Contains(t, a.Body.String(), c.reason)
				require.Equal(t, 1, strings.Count(a.Body.String(), ". Fix: "), a.Body)
			}
		})
	}
}

// What an option was given, nobody else can change.
func TestOptionsKeepCopies(t *testing.T) {
	given := []string{"prod"}
	o := webhook.Namespaces(given...)
	given[0] = "test"
	require.Equal(t, webhook.Injected, outcome(t, logging(), request{}, o))

	shared := make([]webhook.Option, 1, 8)
	shared[0] = webhook.Namespaces("prod")
	require.Equal(t, webhook.LeftOut, outcome(t, logging(), request{}, append(shared, webhook.ExceptNamespaces("prod"))...))
	require.Equal(t, webhook.Injected, outcome(t, logging(), request{}, shared...))
}
