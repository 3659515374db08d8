package conformance_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	jsonpatch "github.com/evanphx/json-patch/v5"
	"github.com/podpattern/podpattern/internal/catalogue"
	"github.com/podpattern/podpattern/internal/conformance/podgen"
	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	corev1defaults "k8s.io/kubernetes/pkg/apis/core/v1"
)

// bundled is a pod and a bundle that may go into it.
type bundled struct {
	name   string
	pod    *corev1.Pod
	bundle pattern.Injection
	newer  pattern.Injection // of the same name
}

// catalogueBundles are the helpers, each in a bundle of its own, and the pod that has what
// it needs.
func catalogueBundles(t *testing.T) []bundled {
	var out []bundled
	for _, u := range catalogue.Uses() {
		if u.Bundled == nil {
			continue
		}
		pod, err := catalogue.Base(u).Allow("reader-without-writer", "the helper writes").Build()
		require.NoError(t, err)
		name := strings.ToLower(strings.ReplaceAll(u.Helper, ".", "-"))
		extra := pattern.Sidecar("extra", "registry.example.com/extra:1").AppEnv("EXTRA", "yes").PodLabel("extra", "yes").
			Requests("1m", "1Mi").Limits("", "1Mi").Restricted().RunAsUser(65532)
		older, newer := pattern.Bundle(name, u.Bundled), pattern.Bundle(name, extra, u.Bundled)
		if u.Unrestricted != "" {
			older, newer = older.Allow("bundle-root", u.Unrestricted), newer.Allow("bundle-root", u.Unrestricted)
		}
		out = append(out, bundled{u.Helper + " " + u.Why, pod, older, newer})
	}
	return out
}

// randomBundles are bundles of synthetic helpers that add a part of every kind.
func randomBundle(r *rand.Rand, name string) pattern.Injection {
	var helpers []pattern.Helper
	add := func(c pattern.SidecarContainer) { helpers = append(helpers, c) }
	shared := pattern.EmptyDir("shared").SizeLimit("1Mi")
	for i := range 1 + r.IntN(3) {
		container := fmt.Sprintf("%s-%d", name, i)
		c := pattern.Sidecar(container, "registry.example.com/helper:"+fmt.Sprint(r.IntN(3))).
			Requests("1m", "1Mi").Limits("", "1Mi").Restricted().RunAsUser(65532)
		for _, option := range []func(){
			func() { c = c.Port("metrics", 9100).MovePorts() },
			func() { c = c.AppEnv(strings.ToUpper(name)+fmt.Sprint("_", i), fmt.Sprint(r.IntN(3))) },
			func() { c = c.AppEnv("SHARED", "same") },
			func() { c = c.Reads(shared, "/shared").AppWrites(shared, "/to-helper") },
			func() { c = c.Scratch("/tmp", "1Mi") },
			func() { c = c.Config("/etc/helper/helper.conf", fmt.Sprint("n=", r.IntN(3))) },
			func() { c = c.PodLabel("example.com/"+name, "yes") },
			func() { c = c.PodLabel("example.com/shared", "yes") },
			func() { c = c.PodAnnotation("example.com/"+name, "a/b~c") },
			func() { c = c.PullSecret("registry") },
			func() { c = c.PullSecret(name) },
			func() { c = c.HostAlias("10.0.0.1", "db.example.com") },
			func() { c = c.FSGroup(65532) },
			func() { c = c.SharePID() },
			func() { c = c.AppEnvFrom(pattern.ConfigMap("settings")) },
			func() { c = c.Classic() },
		} {
			if r.IntN(3) == 0 {
				option()
			}
		}
		if r.IntN(4) == 0 {
			helpers = append(helpers, pattern.Init(container, "registry.example.com/init:1").AppEnv("INIT_"+strings.ToUpper(name), "1"))
			continue
		}
		add(c)
	}
	return pattern.Bundle(name, helpers...)
}

// rawOf gives a pod as JSON, with fields that no library of today knows.
func rawOf(t *testing.T, p *corev1.Pod) []byte {
	t.Helper()
	p = p.DeepCopy()
	p.APIVersion, p.Kind = "v1", "Pod"
	raw, err := json.Marshal(p)
	require.NoError(t, err)
	var tree map[string]any
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	require.NoError(t, d.Decode(&tree))
	tree["future"] = json.Number("12345678901234567890.50")
	spec := tree["spec"].(map[string]any)
	spec["futureSpec"] = map[string]any{"a": nil, "b": json.Number("1e3")}
	for _, list := range []string{"containers", "initContainers", "volumes"} {
		items, _ := spec[list].([]any)
		for i := range items {
			items[i].(map[string]any)["futureField"] = []any{json.Number("9007199254740993"), nil, "x"}
		}
	}
	raw, err = json.Marshal(tree)
	require.NoError(t, err)
	return raw
}

func patched(t *testing.T, raw, patch []byte) []byte {
	t.Helper()
	p, err := jsonpatch.DecodePatch(patch)
	require.NoError(t, err)
	out, err := p.Apply(raw)
	require.NoError(t, err, "%s", patch)
	return out
}

// tree decodes JSON without losing a digit.
func tree(t *testing.T, raw []byte) any {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var out any
	require.NoError(t, d.Decode(&out))
	return out
}

// The laws of one bundle in one pod.
func lawsOfABundle(t *testing.T, b bundled) (fits bool) {
	t.Helper()
	raw := rawOf(t, b.pod)
	before := &corev1.Pod{} // an empty list or map is gone in JSON
	require.NoError(t, json.Unmarshal(raw, before))
	asPod := before.DeepCopy()
	err := b.bundle.ApplyToPod(asPod)
	patch, patchErr := b.bundle.JSONPatch(raw)
	if err != nil {
		require.Equal(t, before, asPod, "an error changes nothing")
		require.Error(t, patchErr)
		require.Equal(t, err.Error(), patchErr.Error())
		return false
	}
	require.NoError(t, patchErr)
	emptied := b.pod.DeepCopy() // and is not in a typed pod
	require.NoError(t, b.bundle.ApplyToPod(emptied))
	require.NoError(t, b.bundle.ApplyToPod(emptied))
	require.NoError(t, b.bundle.RemoveFromPod(emptied))
	require.Equal(t, b.pod, emptied)

	again := asPod.DeepCopy()
	require.NoError(t, b.bundle.ApplyToPod(again))
	require.Equal(t, asPod, again, "a second call changes nothing")

	after := patched(t, raw, patch)
	var fromRaw corev1.Pod
	require.NoError(t, json.Unmarshal(after, &fromRaw))
	require.Equal(t, asPod.ObjectMeta, fromRaw.ObjectMeta, "%s", patch)
	require.Equal(t, jsonOf(t, asPod.Spec), jsonOf(t, fromRaw.Spec), "the patch does what ApplyTo does: %s", patch)
	none, err := b.bundle.JSONPatch(after)
	require.NoError(t, err)
	require.Equal(t, "[]", string(none))

	requireKept(t, tree(t, raw), tree(t, after), "")

	u := &unstructured.Unstructured{}
	require.NoError(t, json.Unmarshal(raw, &u.Object))
	require.NoError(t, b.bundle.ApplyToObject(u))
	require.JSONEq(t, string(after), jsonOf(t, u.Object), "a tree comes out as the raw object")

	restored := asPod.DeepCopy()
	require.NoError(t, b.bundle.RemoveFromPod(restored))
	require.Equal(t, before, restored, "removal restores")
	removal, err := b.bundle.RemovalJSONPatch(after)
	require.NoError(t, err)
	require.Equal(t, tree(t, raw), tree(t, patched(t, after, removal)), "removal restores the raw object")
	require.NoError(t, b.bundle.RemoveFromObject(u))
	require.JSONEq(t, string(raw), jsonOf(t, u.Object))

	stored := defaultedPod(asPod)
	plan, err := b.bundle.Plan(stored)
	require.NoError(t, err)
	require.Empty(t, plan, "the API server's defaults are no drift")
	kept := storedTemplate(asPod)
	require.NoError(t, b.bundle.RemoveFrom(kept))
	require.Equal(t, storedTemplate(before), storedTemplate(&corev1.Pod{ObjectMeta: kept.ObjectMeta, Spec: kept.Spec}), "removal from what the API server stores")

	if fresh := before.DeepCopy(); b.newer.ApplyToPod(fresh) == nil {
		refreshed := asPod.DeepCopy()
		require.NoError(t, b.newer.ApplyToPod(refreshed))
		require.Equal(t, fresh, refreshed, "a newer bundle replaces an older one")
		newest, err := b.newer.JSONPatch(after)
		require.NoError(t, err)
		straight, err := b.newer.JSONPatch(raw)
		require.NoError(t, err)
		require.Equal(t, tree(t, patched(t, raw, straight)), tree(t, patched(t, after, newest)))
		require.NoError(t, b.newer.RemoveFromPod(refreshed))
		require.Equal(t, before, refreshed)
	}
	return true
}

// requireKept says that all that was there is there, in its order and with its digits.
func requireKept(t *testing.T, was, is any, path string) {
	t.Helper()
	switch was := was.(type) {
	case map[string]any:
		m, ok := is.(map[string]any)
		require.True(t, ok, path)
		for k, v := range was {
			require.Contains(t, m, k, path)
			requireKept(t, v, m[k], path+"/"+k)
		}
	case []any:
		list, ok := is.([]any)
		require.True(t, ok, path)
		for i, item := range was {
			for len(list) > 0 && !keeps(item, list[0]) {
				list = list[1:] // the bundle's
			}
			require.NotEmpty(t, list, "%s/%d is gone", path, i)
			requireKept(t, item, list[0], fmt.Sprint(path, "/", i))
			list = list[1:]
		}
	default:
		require.Equal(t, was, is, path)
	}
}

// keeps says whether an item of a list is still that item.
func keeps(was, is any) bool {
	w, ok1 := was.(map[string]any)
	i, ok2 := is.(map[string]any)
	if !ok1 || !ok2 {
		return reflect.DeepEqual(was, is)
	}
	for k, v := range w {
		if _, ours := map[string]bool{"env": true, "envFrom": true, "volumeMounts": true, "lifecycle": true}[k]; !ours && !reflect.DeepEqual(v, i[k]) {
			return false
		}
	}
	return true
}

func jsonOf(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	require.NoError(t, err)
	return string(text)
}

// defaultedPod gives a pod as the API server stores it.
func defaultedPod(p *corev1.Pod) *corev1.Pod {
	p = p.DeepCopy()
	corev1defaults.SetObjectDefaults_Pod(p)
	return p
}

// storedTemplate gives a pod's template as the API server stores it.
func storedTemplate(p *corev1.Pod) *corev1.PodTemplateSpec {
	p = p.DeepCopy()
	t := &corev1.PodTemplate{Template: corev1.PodTemplateSpec{ObjectMeta: p.ObjectMeta, Spec: p.Spec}}
	corev1defaults.SetObjectDefaults_PodTemplate(t)
	return &t.Template
}

func TestLawsOfTheCataloguesBundles(t *testing.T) {
	for _, b := range catalogueBundles(t) {
		t.Run(b.name, func(t *testing.T) {
			require.NoError(t, b.bundle.ApplyToPod(b.pod.DeepCopy()))
			require.True(t, lawsOfABundle(t, b))
		})
	}
}

func TestLawsOfRandomBundles(t *testing.T) {
	const pods = 3000
	g := podgen.New(11)
	r := rand.New(rand.NewPCG(5, 6))
	fit := 0
	for range pods {
		p := g.Pod()
		seen := map[string]bool{}
		if !taken(t, p) || slices.ContainsFunc(slices.Concat(p.Spec.Containers, p.Spec.InitContainers), func(c corev1.Container) bool {
			defer func() { seen[c.Name] = true }()
			return seen[c.Name]
		}) {
			continue
		}
		if lawsOfABundle(t, bundled{"random", p, randomBundle(r, "one"), randomBundle(r, "one")}) {
			fit++
		}
	}
	t.Logf("%d bundles fit", fit)
	require.Greater(t, fit, 100)
}

// Two bundles give the same pod in either order, or neither order does.
func TestTwoBundlesInEitherOrder(t *testing.T) {
	bundles := catalogueBundles(t)
	uses := slices.DeleteFunc(catalogue.Uses(), func(u catalogue.Use) bool { return u.Bundled == nil })
	clashes := map[string]int{}
	for i := range bundles {
		for j := range i {
			if uses[i].Helper == uses[j].Helper {
				continue
			}
			pod, err := catalogue.Base(uses[i], uses[j]).Allow("reader-without-writer", "the helper writes").Build()
			require.NoError(t, err)
			if text := inEitherOrder(t, pod, bundles[i].bundle, bundles[j].bundle); text != "" {
				clashes[text]++
			}
		}
	}
	for text := range clashes { // one set of annotations for scraping, one port for statsd
		require.Contains(t, text, "bundle-clash")
		require.Regexp(t, `prometheus\.io|STATSD_PORT`, text)
	}
	require.Less(t, len(clashes), 40)
}

func TestTwoRandomBundlesInEitherOrder(t *testing.T) {
	g := podgen.New(12)
	r := rand.New(rand.NewPCG(7, 8))
	both := 0
	for range 3000 {
		p := g.Pod()
		if taken(t, p) && inEitherOrder(t, p, randomBundle(r, "one"), randomBundle(r, "two")) == "" {
			both++
		}
	}
	t.Logf("%d pods took both", both)
	require.Greater(t, both, 100)
}

// Others may put theirs anywhere: what a bundle wrote stays where it is, and goes without a
// trace.
func TestOthersBetween(t *testing.T) {
	g := podgen.New(13)
	r := rand.New(rand.NewPCG(9, 10))
	met := 0
	for range 2000 {
		p := g.Pod()
		b := randomBundle(r, "one")
		if !taken(t, p) || b.ApplyToPod(p) != nil {
			continue
		}
		met++
		always := corev1.ContainerRestartPolicyAlways
		p.Spec.InitContainers = inserted(r, p.Spec.InitContainers, corev1.Container{Name: "mesh-init", Image: "mesh:1"}, corev1.Container{Name: "mesh", Image: "mesh:1", RestartPolicy: &always})
		p.Spec.Volumes = inserted(r, p.Spec.Volumes, corev1.Volume{Name: "mesh-certs"}, corev1.Volume{Name: "mesh-data"})
		for i := range p.Spec.Containers {
			c := &p.Spec.Containers[i]
			c.Env = inserted(r, c.Env, corev1.EnvVar{Name: "MESH", Value: "1"})
			c.VolumeMounts = inserted(r, c.VolumeMounts, corev1.VolumeMount{Name: "mesh-certs", MountPath: "/mesh"})
		}
		between := p.DeepCopy()
		require.NoError(t, b.ApplyToPod(p))
		require.Equal(t, between, p, "nothing moves")
		require.NoError(t, b.RemoveFromPod(p))
		text := jsonOf(t, p)
		require.NotContains(t, text, "one-")
		require.NotContains(t, text, "registry.example.com/helper")
		require.Equal(t, 2, strings.Count(text, `"image":"mesh:1"`))
	}
	require.Greater(t, met, 100)
}

// inserted puts items into a list, anywhere.
func inserted[T any](r *rand.Rand, list []T, items ...T) []T {
	for _, it := range items {
		list = slices.Insert(slices.Clone(list), r.IntN(len(list)+1), it)
	}
	return list
}

func inEitherOrder(t *testing.T, pod *corev1.Pod, a, b pattern.Injection) (refused string) {
	t.Helper()
	ab, ba := pod.DeepCopy(), pod.DeepCopy()
	err1 := a.ApplyToPod(ab)
	alone := ab.DeepCopy()
	if err1 == nil {
		err1 = b.ApplyToPod(ab)
	}
	err2 := b.ApplyToPod(ba)
	if err2 == nil {
		err2 = a.ApplyToPod(ba)
	}
	if err1 != nil || err2 != nil {
		require.Error(t, err1, "%s then %s is fine, the other order: %v", a.Name(), b.Name(), err2)
		require.Error(t, err2, "%s then %s is fine, the other order: %v", b.Name(), a.Name(), err1)
		return err1.Error()
	}
	require.Equal(t, ab, ba, "%s and %s in either order", a.Name(), b.Name())
	require.NoError(t, b.RemoveFromPod(ab))
	require.Equal(t, alone, ab, "without %s", b.Name())
	require.NoError(t, a.RemoveFromPod(ba))
	require.NoError(t, b.RemoveFromPod(ba))
	require.Equal(t, pod, ba)
	return ""
}
