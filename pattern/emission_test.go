package pattern_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	goruntime "runtime"
	"strings"
	"testing"

	"github.com/podpattern/podpattern/internal/golden"
	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/yaml"
)

// custom is an object of a type that the library doesn't know, which says what
// it likes in fields that are left out elsewhere.
type custom map[string]any

func (c custom) GetObjectKind() schema.ObjectKind {
	return &metav1.TypeMeta{APIVersion: c["apiVersion"].(string), Kind: c["kind"].(string)}
}
func (c custom) DeepCopyObject() runtime.Object { return maps.Clone(c) }

// typed is a custom object with a type of its own, as a controller has.
type typed struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata"`
	Number            int64    `json:"number"`
	Resources         struct{} `json:"resources"`
	Status            struct{} `json:"status"`
}

func (x *typed) DeepCopyObject() runtime.Object {
	out := *x
	x.ObjectMeta.DeepCopyInto(&out.ObjectMeta)
	return &out
}

// everything is one of each, in one stream.
func everything() []pattern.Object {
	logs := pattern.EmptyDir("logs")
	p := with(
		web().Port("http", 8080).Writes(logs, "/var/log").Limits("1", "256Mi").EnvResource("MEM", "limits.memory", ""),
		side("ship").Reads(logs, "/var/log").Config("/etc/ship/ship.conf", "to: \"loki\"\n"),
	).Label("app", "web")
	claims := pattern.Pod("db").WithApp(pattern.App("db", "db:1").Port("db", 5432).Writes(pattern.ClaimTemplate("data", "1Gi"), "/data"))
	return []pattern.Object{
		pattern.Namespace("prod"), p.Deployment(2), p.Service(), p.NetworkPolicy(), claims.StatefulSet(1), claims.Service().Headless(),
		pattern.Pod("agent").WithApp(pattern.App("agent", "agent:1")).DaemonSet(),
		pattern.Pod("once").WithApp(pattern.App("once", "once:1")).Job(),
		pattern.Pod("nightly").WithApp(pattern.App("nightly", "nightly:1")).CronJob("0 3 * * *"),
	}
}

func TestYAMLOfEverything(t *testing.T) {
	text, err := pattern.YAML(everything()...)
	require.NoError(t, err)
	golden.Equal(t, "testdata/everything.yaml", string(text))
	for _, nothing := range []string{"status:", "creationTimestamp", "resources: {}", "strategy: {}", "updateStrategy: {}", "spec: {}", "metadata: {}", "null"} {
		require.NotContains(t, string(text), nothing)
	}
	for _, something := range []string{"emptyDir: {}"} {
		require.Contains(t, string(text), something)
	}
}

func TestYAMLReadsBackAsWhatWasBuilt(t *testing.T) {
	for seed := range int64(30) {
		p := newGenerator(seed).pod()
		want, err := p.Build()
		require.NoError(t, err)
		objects, err := p.Objects()
		require.NoError(t, err)
		text, err := p.YAML()
		require.NoError(t, err)
		parts := strings.Split(string(text), "\n---\n")
		require.Len(t, parts, len(objects))
		var got corev1.Pod
		require.NoError(t, yaml.UnmarshalStrict([]byte(parts[len(parts)-1]), &got))
		wantJSON, err := json.Marshal(want)
		require.NoError(t, err)
		gotJSON, err := json.Marshal(got)
		require.NoError(t, err)
		require.JSONEq(t, string(wantJSON), string(gotJSON))
	}
}

func TestAStatusWithNewsIsKept(t *testing.T) {
	text, err := pattern.YAML(pattern.Raw(&appsv1.Deployment{
		TypeMeta:   metav1.TypeMeta{APIVersion: "apps/v1", Kind: "Deployment"},
		ObjectMeta: metav1.ObjectMeta{Name: "d"},
		Status:     appsv1.DeploymentStatus{ReadyReplicas: 1},
	}))
	require.NoError(t, err)
	require.Contains(t, string(text), "readyReplicas: 1")
}

// An empty selector selects all, and an empty rule allows all.
func TestWhatIsEmptyAndSaysSomethingIsKept(t *testing.T) {
	text, err := pattern.YAML(pattern.Raw(&networkingv1.NetworkPolicy{
		TypeMeta:   metav1.TypeMeta{APIVersion: "networking.k8s.io/v1", Kind: "NetworkPolicy"},
		ObjectMeta: metav1.ObjectMeta{Name: "n"},
		Spec:       networkingv1.NetworkPolicySpec{Ingress: []networkingv1.NetworkPolicyIngressRule{{}}},
	}))
	require.NoError(t, err)
	require.Contains(t, string(text), "podSelector: {}")
	require.Contains(t, string(text), "ingress:\n  - {}")
}

// The keys of a map are the user's, whatever they are called.
func TestKeysOfMapsAreNotFields(t *testing.T) {
	own := map[string]string{"status": "", "resources": "", "divisor": "0", "creationTimestamp": ""}
	p := with(web().Mount(pattern.CSI("v", "driver.example.com", own), "/v").EnvFrom(settings().Data("divisor", "0")))
	for key, value := range own {
		p = p.Label(key, value).Annotation(key, value).NodeSelector(key, value)
	}
	for _, o := range []pattern.Object{p, p.SelectorLabels("status", "resources", "divisor", "creationTimestamp").Deployment(1)} {
		built, err := pattern.Objects(o)
		require.NoError(t, err)
		want, err := json.Marshal(built[len(built)-1])
		require.NoError(t, err)
		text, err := pattern.YAML(o)
		require.NoError(t, err)
		require.Equal(t, strings.Count(string(want), `"divisor":"0"`), strings.Count(strings.Split(string(text), "\n---\n")[1], `divisor: "0"`))
	}
}

func TestRawObjectsAreUntouched(t *testing.T) {
	object := custom{
		"apiVersion": "example.com/v1", "kind": "Thing",
		"metadata":  map[string]any{"name": "thing", "creationTimestamp": nil},
		"spec":      map[string]any{},
		"status":    map[string]any{},
		"resources": map[string]any{},
		"strategy":  map[string]any{},
		"divisor":   "0",
	}
	text, err := pattern.YAML(pattern.Raw(object))
	require.NoError(t, err)
	var got map[string]any
	require.NoError(t, yaml.Unmarshal(text, &got))
	require.Equal(t, map[string]any(object), got)

	text, err = pattern.YAML(pattern.Raw(&typed{TypeMeta: metav1.TypeMeta{APIVersion: "example.com/v1", Kind: "Thing"}, ObjectMeta: metav1.ObjectMeta{Name: "thing"}, Number: math.MaxInt64}))
	require.NoError(t, err)
	require.Equal(t, "apiVersion: example.com/v1\nkind: Thing\nmetadata:\n  name: thing\nnumber: 9223372036854775807\nresources: {}\nstatus: {}\n", string(text))
}

// A float64 has 53 bits: what goes through one loses the rest.
func TestBigIntegersKeepTheirDigits(t *testing.T) {
	p := with(web()).Toleration(corev1.Toleration{Key: "k", Operator: corev1.TolerationOpExists, Effect: corev1.TaintEffectNoExecute, TolerationSeconds: new(int64(1<<53 + 1))})
	text, err := p.YAML()
	require.NoError(t, err)
	require.Contains(t, string(text), "9007199254740993")
	text, err = json.Marshal(p)
	require.NoError(t, err)
	require.Contains(t, string(text), "9007199254740993")
}

// A string that looks like something else must be read as a string.
func TestStringsStayStrings(t *testing.T) {
	for _, s := range []string{"", " ", "yes", "no", "on", "null", "~", "true", "1", "0o17", "0x1f", "1e3", "1_000", "12:30:45", "2026-01-02", ".inf", "=", "<<", "- a", "a: b", "#c", "'", "\"", "a\nb\n", "\ttab", "{{ .Values.x }}", "*a", "&a", "!a", "%a", "@a", "`a", "ünïcödé 网", "a\u2028b", "<&>", "\x00\x01\x1b", "\x7f", "\u0080\u0085\u009f", "\ufeff", "\ufffe\uffff", "\U0001f600"} {
		text, err := with(web().Env("A", s)).YAML()
		require.NoError(t, err)
		var got corev1.Pod
		require.NoError(t, yaml.Unmarshal(text, &got), "%q", s)
		require.Equal(t, s, got.Spec.Containers[0].Env[0].Value)
	}
}

func TestJSONIsAListWhereThereIsMoreThanOneObject(t *testing.T) {
	one, err := json.Marshal(with(web()))
	require.NoError(t, err)
	require.JSONEq(t, `{"apiVersion":"v1","kind":"Pod","metadata":{"name":"web"},"spec":{"containers":[{"name":"web","image":"web:1"}]}}`, string(one))

	for _, m := range []json.Marshaler{
		with(web().EnvFrom(settings())),
		with(web().EnvFrom(settings())).Deployment(1),
	} {
		text, err := m.MarshalJSON()
		require.NoError(t, err)
		var list struct {
			APIVersion, Kind string
			Items            []struct{ Kind string }
		}
		require.NoError(t, json.Unmarshal(text, &list))
		require.Equal(t, "v1", list.APIVersion)
		require.Equal(t, "List", list.Kind)
		require.Len(t, list.Items, 2)
		require.Equal(t, "ConfigMap", list.Items[0].Kind)
	}
	for _, m := range []json.Marshaler{settings(), pattern.Secret("s").Data("a", "b"), pattern.Namespace("n"), with(web().Port("http", 80)).Service()} {
		text, err := m.MarshalJSON()
		require.NoError(t, err)
		require.NotContains(t, string(text), `"List"`)
	}
}

func TestEmissionDoesNotWriteToItsArgument(t *testing.T) {
	object := &typed{TypeMeta: metav1.TypeMeta{APIVersion: "example.com/v1", Kind: "Thing"}, ObjectMeta: metav1.ObjectMeta{Name: "thing", Labels: map[string]string{"a": "b"}}}
	want := object.DeepCopyObject()
	_, err := pattern.YAML(pattern.Raw(object))
	require.NoError(t, err)
	require.Equal(t, want, object)
}

func TestWriteYAML(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, pattern.WriteYAML(&out, with(web())))
	want, err := with(web()).YAML()
	require.NoError(t, err)
	require.Equal(t, string(want), out.String())

	out.Reset()
	require.Error(t, pattern.WriteYAML(&out, with(web()), with(web().Image(""))))
	require.Empty(t, out.String(), "all or nothing")
	require.NoError(t, pattern.WriteYAML(&out))
	require.Empty(t, out.String())
	require.ErrorIs(t, pattern.WriteYAML(full{}, with(web())), errFull)
}

// A stream is written object by object: its text is never in memory as a whole.
func TestWriteYAMLWritesEachObjectByItself(t *testing.T) {
	var out writes
	require.NoError(t, pattern.WriteYAML(&out, everything()...))
	want, err := pattern.YAML(everything()...)
	require.NoError(t, err)
	require.Equal(t, string(want), strings.Join(out, ""))
	require.Len(t, out, strings.Count(string(want), "\nkind: "))
	for _, document := range out[1:] {
		require.True(t, strings.HasPrefix(document, "---\n"), document)
	}
}

// A text that is long is made in pieces, and is that of the objects one by one.
func TestALongTextIsThatOfItsObjects(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		var objects []pattern.Object
		for i := range 1 + random.IntN(60) {
			size := 1 << random.IntN(19) // up to half a mebibyte
			objects = append(objects, pattern.ConfigMap(fmt.Sprintf("c-%d", i)).Data("key", strings.Repeat("a ", random.IntN(size)+1)))
		}
		var want bytes.Buffer
		require.NoError(t, pattern.WriteYAML(&want, objects...))
		text, err := pattern.YAML(objects...)
		require.NoError(t, err)
		require.True(t, want.String() == string(text), "%d objects, %d bytes for %d", len(objects), len(text), want.Len())
		require.True(t, want.String() == run(objects).out, "%d objects", len(objects))
	}
}

// An object is printed as soon as it is made: what is moved or left out later is so in the
// text too.
func TestTheTextHasTheOrderOfTheObjects(t *testing.T) {
	settings := pattern.ConfigMap("settings").Data("mode", "fast")
	p := pattern.Pod("web").Namespace("shop").WithApp(web().EnvFrom(settings))
	for name, objects := range map[string][]pattern.Object{
		"a Namespace behind what is in it":                 {p.Deployment(1), pattern.Namespace("shop"), p},
		"a ConfigMap that is a pod's":                      {settings, p.Deployment(1)},
		"a ConfigMap that is a pod's, and an object twice": {settings, pattern.Namespace("shop"), p.Deployment(1), p.Deployment(1)},
	} {
		t.Run(name, func(t *testing.T) {
			var want bytes.Buffer
			require.NoError(t, pattern.WriteYAML(&want, objects...))
			text, err := pattern.YAML(objects...)
			require.NoError(t, err)
			require.Equal(t, want.String(), string(text))
			require.Equal(t, want.String(), run(objects).out)
			require.Equal(t, 1, strings.Count(want.String(), "mode: fast"))
		})
	}
}

// One object that is very long makes those behind it no longer.
func TestALongObjectTakesNoRoomForOthers(t *testing.T) {
	objects := []pattern.Object{pattern.ConfigMap("long").Data("key", strings.Repeat("\x01", 1<<20))} // six bytes each
	for i := range 1000 {
		objects = append(objects, pattern.ConfigMap(fmt.Sprintf("c-%d", i)).Data("key", "value"))
	}
	var before, after goruntime.MemStats
	goruntime.ReadMemStats(&before)
	text, err := pattern.YAML(objects...)
	goruntime.ReadMemStats(&after)
	require.NoError(t, err)
	require.Less(t, int(after.TotalAlloc-before.TotalAlloc), 20*len(text))
}

// writes are what was written, call by call.
type writes []string

func (w *writes) Write(text []byte) (int, error) {
	*w = append(*w, string(text))
	return len(text), nil
}

// An encoder's stream is that of all objects at once, where the groups have nothing to do
// with each other.
func TestEncoder(t *testing.T) {
	var out bytes.Buffer
	e := pattern.NewEncoder(&out)
	var all []pattern.Object
	for i := range 3 {
		p := pattern.Pod(fmt.Sprintf("web-%d", i)).WithApp(web())
		group := []pattern.Object{pattern.Namespace(fmt.Sprintf("n-%d", i)), p}
		all = append(all, group...)
		require.NoError(t, e.Encode(group...))
		require.NoError(t, e.Encode())
		require.Error(t, e.Encode(p, with(web().Image(""))), "nothing of it is written")
	}
	want, err := pattern.YAML(all...)
	require.NoError(t, err)
	require.Equal(t, string(want), out.String())
	require.ErrorIs(t, pattern.NewEncoder(full{}).Encode(with(web())), errFull)

	var none *pattern.Encoder
	for _, e := range []*pattern.Encoder{none, {}, pattern.NewEncoder(nil)} {
		require.ErrorContains(t, e.Encode(with(web())), "the writer is nil")
	}
	require.ErrorContains(t, pattern.WriteYAML(nil, with(web())), "the writer is nil")
}

var errFull = errors.New("no space left")

// full is a disk without room.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }
