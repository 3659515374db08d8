package pattern_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/podpattern/podpattern/internal/golden"
	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// ran is what one run of a generator did.
type ran struct {
	code      int
	out, errs string
}

func run(objects []pattern.Object, args ...string) ran {
	var out, errs bytes.Buffer
	code := pattern.Run(args, &out, &errs, objects...)
	return ran{code, out.String(), errs.String()}
}

func good() []pattern.Object { return []pattern.Object{quiet(with(web()))} }

func warned() []pattern.Object {
	return []pattern.Object{quiet(with(web().Env("DB_HOST", "mine")).WithAmbassador(pattern.Ambassador("db", "db:1").Port("db", 1).Endpoint("db", "db")))}
}

func broken() []pattern.Object { return []pattern.Object{with(web().Image(""))} }

func TestRunPrintsYAML(t *testing.T) {
	want, err := pattern.YAML(good()...)
	require.NoError(t, err)
	require.Equal(t, ran{0, string(want), ""}, run(good()))
	require.Equal(t, ran{0, string(want), ""}, run(good(), "-o", "yaml"))
	require.Equal(t, ran{0, "", ""}, run(nil))
}

func TestRunPrintsJSON(t *testing.T) {
	one := run(good(), "-o", "json")
	require.Zero(t, one.code)
	require.True(t, strings.HasSuffix(one.out, "}\n"))
	var object struct{ Kind string }
	require.NoError(t, json.Unmarshal([]byte(one.out), &object))
	require.Equal(t, "Pod", object.Kind)

	two := run(append(good(), pattern.Namespace("n")), "-o=json")
	require.NoError(t, json.Unmarshal([]byte(two.out), &object))
	require.Equal(t, "List", object.Kind)
}

func TestRunDrawsATree(t *testing.T) {
	got := run(everything(), "-o", "tree")
	require.Zero(t, got.code)
	drawn := got.out + "\n" + run([]pattern.Object{drawing()}, "-o", "tree").out
	golden.Equal(t, "testdata/tree.txt", drawn)
	for l := range strings.Lines(drawn) {
		require.LessOrEqual(t, utf8.RuneCountInString(l), 101, "100 columns and the end of the line: %s", l)
	}
}

func TestRunPrintsTheCommandsToDebugWith(t *testing.T) {
	var all strings.Builder
	for _, objects := range [][]pattern.Object{
		{drawing().Namespace("prod")},
		{drawing().Deployment(2)},
		{with(web()).StatefulSet(1).ServiceName("web")},
		{with(web()).DaemonSet()},
		{with(web()).Job()},
		{with(web()).CronJob("@daily")},
		{with(web().Port("http", 80)).Service()},
		{with(web().Writes(pattern.EmptyDir("odd"), "/it's $HOME"), side("reader").Reads(pattern.EmptyDir("odd"), "/odd"))},
	} {
		got := run(objects, "-o", "debug")
		require.Zero(t, got.code, got.errs)
		all.WriteString(got.out + "\n")
	}
	golden.Equal(t, "testdata/debug.txt", all.String())
}

// drawing has all that a tree can show.
func drawing() pattern.PodBuilder {
	logs := pattern.EmptyDir("logs")
	return with(
		web().Port("http", 8080).Writes(logs, "/var/log/nginx").Mount(pattern.ConfigMap("settings").Volume("settings"), "/etc/nginx/conf.d").Dials("api.example.com", 443),
		side("log-shipper").Reads(logs, "/var/log/nginx").Scratch("/var/lib/shipper", "64Mi").Dials("loki", 3100),
		side("reloader").Classic().NeedsAPI(),
	).WithAmbassador(
		pattern.Ambassador("db", "haproxy:3.4").Port("db", 5432).UDPPort("stats", 8125).Endpoint("db", "db").Health(pattern.TCPSocket("db")).Dials("postgres.prod.svc", 5432),
	).WithInit(setup("migrate"))
}

func TestRunBuildsForATarget(t *testing.T) {
	objects := []pattern.Object{with(web(), side("s")).Target("1.35")}
	require.Contains(t, run(objects).out, "initContainers")
	require.NotContains(t, run(objects, "-target", "1.28").out, "initContainers", "the flag goes before the pod's own target")
	require.Contains(t, run([]pattern.Object{with(web(), side("s")).Target("1.28").Deployment(1)}, "-target", "1.35").out, "initContainers")
	require.Contains(t, run(objects, "-o", "tree", "-target", "1.33").out, "1.33")
}

func TestRunChecksAFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "web.yaml")
	want := run(good()).out
	write := func(text string) { require.NoError(t, os.WriteFile(file, []byte(text), 0o600)) }

	write(want)
	require.Equal(t, ran{}, run(good(), "-check", file))
	for name, stale := range map[string]string{"a changed line": strings.Replace(want, "web:1", "web:2", 1), "a missing end": want[:len(want)-5], "more": want + "---\n", "empty": ""} {
		write(stale)
		got := run(good(), "-check", file)
		require.Equal(t, 1, got.code, name)
		require.Empty(t, got.out, name)
		require.Contains(t, got.errs, file+":", name)
		require.Contains(t, got.errs, "stale", name)
	}
	write(strings.Replace(want, "web:1", "web:2", 1))
	require.Contains(t, run(good(), "-check", file).errs, file+`:7: stale: has "  - image: web:2", should have "  - image: web:1"`)

	missing := run(good(), "-check", filepath.Join(t.TempDir(), "nope.yaml"))
	require.Equal(t, 2, missing.code)
	require.Empty(t, missing.out)
	require.Contains(t, missing.errs, "nope.yaml")

	write(run(good(), "-o", "tree").out)
	require.Equal(t, ran{}, run(good(), "-o", "tree", "-check", file))
}

func TestRunReportsFindings(t *testing.T) {
	got := run(broken())
	require.Equal(t, 1, got.code)
	require.Empty(t, got.out)
	require.Contains(t, got.errs, "image-missing")

	for _, args := range [][]string{{"-o", "json"}, {"-o", "tree"}, {"-check", "nope.yaml"}, {"-strict"}} {
		got := run(broken(), args...)
		require.Equal(t, 1, got.code, args)
		require.Empty(t, got.out, args)
	}
}

func TestRunReportsWarningsAndPrints(t *testing.T) {
	got := run(warned())
	require.Zero(t, got.code)
	require.Contains(t, got.out, "kind: Pod")
	require.Equal(t, 1, strings.Count(got.errs, "endpoint-half"))

	strict := run(warned(), "-strict")
	require.Equal(t, 1, strict.code)
	require.Empty(t, strict.out)
	require.Equal(t, got.errs, strict.errs)
	require.Zero(t, run(good(), "-strict").code)
}

func TestRunReportsWarningsLast(t *testing.T) {
	got := run([]pattern.Object{with(web(), side("s").Image(""))})
	require.Equal(t, 1, got.code)
	last := strings.LastIndex(got.errs, "[A image-missing]")
	require.Positive(t, last)
	require.Less(t, last, strings.Index(got.errs, "[W "))
}

func TestRunReportsEachFindingOnce(t *testing.T) {
	p := with(web().Image(""))
	got := run([]pattern.Object{p.Deployment(1), p.DaemonSet(), p.Service().Port("http", 80, 80), p.NetworkPolicy(), p.Deployment(1)})
	require.Equal(t, 1, strings.Count(got.errs, "image-missing"), got.errs)
}

func TestRunRefusesABadCommandLine(t *testing.T) {
	for _, args := range [][]string{{"-o", "xml"}, {"-o"}, {"-nope"}, {"file.yaml"}, {"-target", "latest"}, {"-target", "2.0"}, {"-strict=perhaps"}} {
		got := run(good(), args...)
		require.Equal(t, 2, got.code, args)
		require.Empty(t, got.out, args)
		require.NotEmpty(t, got.errs, args)
	}
}

func TestRunHelps(t *testing.T) {
	for _, flag := range []string{"-h", "-help", "--help"} {
		got := run(good(), flag)
		require.Zero(t, got.code)
		require.Empty(t, got.out)
		for _, part := range []string{"-o", "-check", "-target", "-strict", "yaml", "json", "tree", "Exit code"} {
			require.Contains(t, got.errs, part)
		}
	}
}

func TestRunWhereNothingCanBeWritten(t *testing.T) {
	var errs bytes.Buffer
	require.NotZero(t, pattern.Run(nil, full{}, &errs, good()...))
	require.Contains(t, errs.String(), errFull.Error())
}

// Nothing is printed where a raw object can't be, however it is asked for.
func TestRunPrintsAllOrNothing(t *testing.T) {
	budget := &policyv1.PodDisruptionBudget{
		TypeMeta:   metav1.TypeMeta{APIVersion: "policy/v1", Kind: "PodDisruptionBudget"},
		ObjectMeta: metav1.ObjectMeta{Name: "web"},
		Spec:       policyv1.PodDisruptionBudgetSpec{MinAvailable: &intstr.IntOrString{Type: 7}},
	}
	for _, args := range [][]string{nil, {"-o", "json"}, {"-check", "main_test.go"}} {
		got := run(append(good(), pattern.Raw(budget)), args...)
		require.Equal(t, 1, got.code, args)
		require.Empty(t, got.out, args)
		require.Contains(t, got.errs, "impossible IntOrString.Type", args)
	}
}

func TestRunNamesTheLineOfTheCall(t *testing.T) {
	var out, errs bytes.Buffer
	code := pattern.Run(nil, &out, &errs, nil, pattern.DeploymentBuilder{})
	require.Equal(t, 1, code)
	require.Equal(t, 2, strings.Count(errs.String(), lineAbove(2)+": "), errs.String())
}

// Main looks at what the objects say of each other, those that came from elsewhere
// too.
func TestRunChecksReferences(t *testing.T) {
	scaler := &autoscalingv2.HorizontalPodAutoscaler{
		TypeMeta:   metav1.TypeMeta{APIVersion: "autoscaling/v2", Kind: "HorizontalPodAutoscaler"},
		ObjectMeta: metav1.ObjectMeta{Name: "web"},
		Spec: autoscalingv2.HorizontalPodAutoscalerSpec{
			MaxReplicas: 9, ScaleTargetRef: autoscalingv2.CrossVersionObjectReference{Kind: "Deployment", Name: "web"},
			Metrics: []autoscalingv2.MetricSpec{{Type: autoscalingv2.ResourceMetricSourceType, Resource: &autoscalingv2.ResourceMetricSource{
				Name: "cpu", Target: autoscalingv2.MetricTarget{Type: autoscalingv2.UtilizationMetricType, AverageUtilization: new(int32(80))}}}},
		},
	}
	p := with(web())
	got := run([]pattern.Object{p.Deployment(1), pattern.Raw(scaler)})
	require.Zero(t, got.code)
	require.Contains(t, got.errs, "HorizontalPodAutoscaler/web: spec.metrics[0].resource: ")
	require.Contains(t, got.errs, "[W hpa-requests]")
	require.NotContains(t, run([]pattern.Object{quiet(p).Deployment(1), pattern.Raw(scaler)}).errs, "hpa-requests")
	require.NotContains(t, run([]pattern.Object{with(web().Requests("1", "")).Deployment(1), pattern.Raw(scaler)}).errs, "hpa-requests")
}
