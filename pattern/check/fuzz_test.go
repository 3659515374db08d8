package check_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/podpattern/podpattern/pattern/check"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/yaml"
)

// seeds are the examples of all rules and the manifests of the examples, each
// object as JSON.
func seeds(t testing.TB) [][]byte {
	t.Helper()
	out := [][]byte{nil, []byte("{}"), []byte(`{"apiVersion":"v1","kind":"List","items":[{},{"kind":"Pod","apiVersion":"v1"}]}`)}
	add := func(o any) {
		text, err := json.Marshal(o)
		require.NoError(t, err)
		if len(text) < 64<<10 { // larger ones only slow the mutation down
			out = append(out, text)
		}
	}
	for _, r := range check.Rules() {
		for _, example := range []string{r.Bad, r.Good} {
			for _, o := range objectsOf(t, example) {
				add(o)
			}
		}
	}
	files, err := filepath.Glob("../../examples/seeds/testdata/*.yaml")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, name := range files {
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		for _, document := range documents(text) {
			var o any
			require.NoError(t, yaml.Unmarshal(document, &o), name)
			add(o)
		}
	}
	return out
}

// FuzzPod holds what is true of a check, whatever it is given: it gives findings
// that say what they are, the same ones again when asked again, and leaves what it
// looks at as it was.
func FuzzPod(f *testing.F) {
	for i, seed := range seeds(f) {
		f.Add(seed, uint64(i))
	}
	f.Fuzz(func(t *testing.T, text []byte, seed uint64) {
		holdsFor(t, text, seed)
		var o any
		if json.Unmarshal(text, &o) == nil {
			changed, err := json.Marshal(mutate(o, rand.New(rand.NewPCG(seed, 2))))
			require.NoError(t, err)
			holdsFor(t, changed, seed)
		}
	})
}

// holdsFor takes the text for a manifest, a pod and a template, whatever it is.
func holdsFor(t *testing.T, text []byte, seed uint64) {
	t.Helper()
	if o, err := check.Decode(text); err == nil && o != nil {
		holds(t, o, func() check.Findings { return check.Objects([]runtime.Object{o}, check.Target(someTarget(seed))) })
	}
	var p corev1.Pod
	if json.Unmarshal(text, &p) != nil {
		return
	}
	opts := someOptions(seed, &p.Spec)
	holds(t, &p, func() check.Findings { return check.Pod(&p, opts...) })
	_ = check.Resources(&p).String()
	var w struct {
		Spec struct{ Template json.RawMessage }
	}
	if json.Unmarshal(text, &w) == nil && len(w.Spec.Template) > 0 {
		text = w.Spec.Template
	}
	var template corev1.PodTemplate
	if json.Unmarshal(text, &template.Template) == nil {
		opts = someOptions(seed, &template.Template.Spec)
		holds(t, &template, func() check.Findings { return check.Template(&template.Template, opts...) })
	}
}

// mutate changes some values and keeps their types, which chance alone seldom does.
func mutate(o any, r *rand.Rand) any {
	often := r.IntN(8) == 0
	switch o := o.(type) {
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(o)) {
			switch r.IntN(40) {
			case 0:
				delete(o, k)
			case 1:
				o[k] = nil
			default:
				o[k] = mutate(o[k], r)
			}
		}
	case []any:
		for i := range o {
			o[i] = mutate(o[i], r)
		}
		switch {
		case !often:
		case r.IntN(4) == 0:
			return []any{}
		case len(o) > 0:
			return append(o, o[r.IntN(len(o))])
		}
	case string:
		if often {
			odd := []string{"", "a", "Web", "-", ".", "..", "/", "//", "/a/../b", "a:b", "[::1]:80", "a b", "\n", "\u00fc", "$(A)", "$$(", "{{", "0", "-1", "65536", "1Gi", "-1m", "1e19", "*", "a/b/c", "localhost:80", strings.Repeat("x", 300)}
			return odd[r.IntN(len(odd))]
		}
	case float64:
		if often {
			odd := []float64{0, 1, -1, 80, 65535, 65536, math.MaxInt32, math.MinInt32}
			return odd[r.IntN(len(odd))]
		}
	case bool:
		return o != often
	}
	return o
}

// holds runs a check of an object twice.
func holds(t *testing.T, o runtime.Object, run func() check.Findings) {
	t.Helper()
	before := o.DeepCopyObject()
	found, again := run(), run()
	if !reflect.DeepEqual(found, again) {
		require.Equal(t, found, again, "the same again")
	}
	if after := o.DeepCopyObject(); !reflect.DeepEqual(before, after) {
		require.Equal(t, before, after, "a check must not write")
	}
	for _, f := range found {
		_, known := check.Lookup(f.Rule)
		if !known && f.Rule != "input" || f.Fix == "" || f.Level != check.Rejected && f.Level != check.Broken && f.Level != check.Warning {
			t.Fatalf("no finding: %#v", f)
		}
	}
	_ = found.String()
	_ = found.Errors()
}

// someTarget gives a version of Kubernetes.
func someTarget(seed uint64) string { return "1." + strconv.FormatUint(28+seed%9, 10) }

// someOptions gives options that say something about the pod, and something about
// what it hasn't got.
func someOptions(seed uint64, spec *corev1.PodSpec) []check.Option {
	r := rand.New(rand.NewPCG(seed, 1))
	pick := func(names []string) string { return names[r.IntN(len(names))] }
	containers, volumes := []string{"", "nobody"}, []string{"", "nothing"}
	for _, c := range spec.InitContainers {
		containers = append(containers, c.Name)
	}
	for _, c := range spec.Containers {
		containers = append(containers, c.Name)
	}
	for _, v := range spec.Volumes {
		volumes = append(volumes, v.Name)
	}
	var i check.Intent
	for range r.IntN(4) {
		i.Flows = append(i.Flows, check.Flow{Container: pick(containers), Volume: pick(volumes), Writes: r.IntN(2) == 0})
		i.Helpers = append(i.Helpers, pick(containers))
		i.Dials = append(i.Dials, check.Dial{Container: pick(containers), Host: pick([]string{"", "localhost", "127.0.0.1", "::1", "db"}), Port: int32(r.IntN(70000) - 1000)})
		i.Waits = append(i.Waits, check.Wait{Container: pick(containers), For: pick(containers)})
		i.Private = append(i.Private, pick(volumes))
	}
	kinds := []string{"", "Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "Job", "CronJob", "Pod", "?"}
	return []check.Option{check.Target(someTarget(seed)), check.CarriedBy(pick(kinds)), check.Intended(i),
		check.Claims(pick(volumes)), check.Under(pick([]string{"", "spec.template"}))}
}

// documents gives those of a stream of YAML.
func documents(stream []byte) [][]byte { return bytes.Split(stream, []byte("\n---\n")) }
