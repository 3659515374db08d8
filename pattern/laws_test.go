package pattern_test

import (
	"encoding/json"
	"fmt"
	"math/rand"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
)

// printed is all that a builder gives: its objects, or else its findings.
func printed(objects ...pattern.Object) string {
	text, err := pattern.YAML(objects...)
	return string(text) + fmt.Sprint(err)
}

// built is printed at less cost.
func built(objects ...pattern.Object) string {
	out, err := pattern.Objects(objects...)
	text, _ := json.Marshal(out) // an error shows as a difference
	return string(text) + fmt.Sprint(err)
}

// faulty is a pod with findings of many kinds, from calls, the resolver and the
// checks.
func faulty() pattern.PodBuilder {
	return pattern.Pod("Bad").Label("!", "v").SelectorLabels().Target("x").
		WithApp(web().Port("http", 0).Requests("x", "y").Env("", "v"), web()).
		WithSidecar(
			side("a").After("b").AppEnv("A", "1").PodLabel("l", "1").Reads(pattern.EmptyDir("d"), "/d").Reads(pattern.EmptyDir("d").Memory(), "/d/"),
			side("b").After("a").AppEnv("A", "2").PodLabel("l", "2").Endpoint("e", "nope").For("nobody"),
		).
		WithInit(setup("i").Health(pattern.Exec("true")), setup("i"))
}

func TestOneBuilderAlwaysGivesTheSameBytes(t *testing.T) {
	random := newGenerator(7)
	for _, tt := range []struct {
		name   string
		object pattern.Object
		builds int
	}{
		{"a good pod", random.pod().Deployment(2), 1000},
		{"a pod with findings", faulty(), 1000},
		{"another pod", random.pod(), 50},
		{"another pod", random.pod(), 50},
	} {
		t.Run(tt.name, func(t *testing.T) {
			want := printed(tt.object)
			for range tt.builds {
				require.Equal(t, want, printed(tt.object))
			}
		})
	}
}

func TestGoroutinesCanBuildOneBuilder(t *testing.T) {
	objects := []pattern.Object{faulty()}
	for seed := range int64(20) {
		p := newGenerator(seed).pod().Label("app", "random").WithApp(pattern.App("served", "app:1").Port("served", 9999))
		objects = append(objects, p, p.Deployment(1), p.Service(), p.NetworkPolicy())
	}
	want := make([]string, len(objects))
	for i, o := range objects {
		want[i] = printed(o)
	}
	got := make([][]string, 8)
	var wait sync.WaitGroup
	for n := range got {
		wait.Go(func() {
			for _, o := range objects {
				got[n] = append(got[n], printed(o))
			}
		})
	}
	wait.Wait()
	for n := range got {
		require.Equal(t, want, got[n])
	}
}

// Each fork of a builder, and the builder itself, must build what it would if
// the others didn't exist. The calls on the forks are interleaved at random.
func TestForksOfAPodDontSeeEachOther(t *testing.T) {
	for seed := range int64(200) {
		alone := func(fork int) string {
			base, forks := newFamily(seed)
			if fork >= 0 {
				base = apply(base, forks[fork])
			}
			return built(base)
		}
		base, forks := newFamily(seed)
		grown := []pattern.PodBuilder{base, base}
		interleave(seed, len(forks[0]), len(forks[1]), func(fork, i int) {
			grown[fork] = forks[fork][i](grown[fork])
			if i%2 == 0 {
				built(grown[fork]) // a build must not change a builder either
			}
		})
		require.Equal(t, alone(0), built(grown[0]), "seed %d", seed)
		require.Equal(t, alone(-1), built(base), "seed %d", seed)
		require.Equal(t, alone(1), built(grown[1]), "seed %d", seed)
	}
}

func newFamily(seed int64) (base pattern.PodBuilder, forks [2][]step) {
	g := newGenerator(seed)
	base = g.pod()
	return base, [2][]step{g.steps(2 + g.Intn(5)), g.steps(2 + g.Intn(5))}
}

// interleave calls do for 0 to n-1 of one fork and 0 to m-1 of the other.
func interleave(seed int64, n, m int, do func(fork, i int)) {
	turns := slices.Concat(slices.Repeat([]int{0}, n), slices.Repeat([]int{1}, m))
	r := rand.New(rand.NewSource(seed))
	r.Shuffle(len(turns), func(i, j int) { turns[i], turns[j] = turns[j], turns[i] })
	var done [2]int
	for _, fork := range turns {
		do(fork, done[fork])
		done[fork]++
	}
}

// What was built, and what a function of the user was given, is not that of the next pod.
func TestWhatWasBuiltStaysAsItIs(t *testing.T) {
	var kept []any
	var texts []string
	keep := func(objects ...any) {
		for _, o := range objects {
			text, err := json.Marshal(o)
			require.NoError(t, err)
			kept, texts = append(kept, o), append(texts, string(text))
		}
	}
	var view pattern.View
	for _, p := range []pattern.PodBuilder{
		with(web().Env("ONLY", "here").Edit(func(c *corev1.Container) { keep(c) })),
		with(web()).Edit(func(s *corev1.PodTemplateSpec) { keep(s) }),
		with(web(), side("late").Port("seen", 1234).Late(func(v pattern.View, c pattern.SidecarContainer) pattern.SidecarContainer {
			view = v
			return c
		})),
	} {
		d, err := p.Deployment(1).Build()
		require.NoError(t, err)
		keep(d)
	}
	for seed := range int64(200) {
		p := newGenerator(seed).pod()
		if objects, err := p.Deployment(1).Objects(); err == nil {
			keep(objects)
		}
		if s, err := p.StatefulSet(1).Build(); err == nil {
			keep(s)
		}
		if p, err := p.Build(); err == nil {
			keep(p)
		}
		if t, err := p.Template(); err == nil {
			keep(t)
		}
	}
	require.Greater(t, len(kept), 200)
	for i := range kept {
		text, err := json.Marshal(kept[i])
		require.NoError(t, err)
		require.Equal(t, texts[i], string(text))
	}
	require.Equal(t, 1234, view.Port("seen"))
}

// Lists grow by append, which writes into shared memory where there is room: so
// every appending method is called on two forks of a list that has some.
func TestForksDontShareLists(t *testing.T) {
	grow := func(c pattern.SidecarContainer, n int) pattern.SidecarContainer {
		s := fmt.Sprint(n)
		return c.Env("E"+s, s).Ports(1000+n).Writes(pattern.EmptyDir("v"+s), "/v"+s).Scratch("/s"+s, "1Mi").
			Config("/etc/c"+s+"/f", s).AppEnv("A"+s, s).AppMount(pattern.EmptyDir("v"+s), "/v"+s).
			AddCapabilities("SYS_TIME").DropCapabilities("ALL").EnvFrom(pattern.Secret("s"+s)).PodLabel("l"+s, s).
			HostAlias("10.0.0.1", "h"+s).PullSecret("p"+s).Dials("h"+s, 80).After("first").
			Brings(pattern.Init("i"+s, "i:1")).RestartRules(pattern.RestartOn(int32(n)))
	}
	base := side("s").RestartPolicy("Always")
	for n := range 5 {
		base = grow(base, n)
	}
	pod := func(c pattern.SidecarContainer) string {
		return printed(with(web(), c).WithInit(setup("first")).Target("1.36"))
	}
	wantLeft, wantRight := pod(grow(base, 10)), pod(grow(base, 20))
	left, right := grow(base, 10), grow(base, 20)
	require.Equal(t, wantLeft, pod(left))
	require.Equal(t, wantRight, pod(right))
	require.NotEqual(t, wantLeft, wantRight)

	volume := pattern.ConfigMap("c").Volume("v").Key("a", "a").Key("b", "b").Key("c", "c")
	one, two := volume.Key("d", "one"), volume.Key("d", "two")
	require.Contains(t, printed(with(web().Mount(one, "/v"))), "path: one")
	require.Contains(t, printed(with(web().Mount(two, "/v"))), "path: two")

	service := with(web()).Service().Port("a", 1, 1).Port("b", 2, 2).Port("c", 3, 3)
	first, second := service.Port("d", 4, 41), service.Port("d", 4, 42)
	require.Contains(t, printed(first), "targetPort: 41")
	require.Contains(t, printed(second), "targetPort: 42")

	probe := pattern.HTTPGet("/", 80).Header("A", "a").Header("B", "b").Header("C", "c")
	yes, no := probe.Header("D", "yes"), probe.Header("D", "no")
	require.Contains(t, printed(with(web().ReadinessProbe(yes))), "value: \"yes\"")
	require.Contains(t, printed(with(web().ReadinessProbe(no))), "value: \"no\"")
}

func TestABuilderPrintsItselfAsJSON(t *testing.T) {
	p := newGenerator(3).pod()
	objects, err := p.Objects()
	require.NoError(t, err)
	text, err := json.Marshal(p)
	require.NoError(t, err)
	var got struct {
		Kind  string
		Items []any
	}
	require.NoError(t, json.Unmarshal(text, &got))
	require.Equal(t, "List", got.Kind)
	require.Len(t, got.Items, len(objects))
}

// In what order the objects of several pods come is of no consequence to each of them: a pod
// keeps its room until the last object that asks for it is made.
func TestObjectsOfSeveralPodsComeInAnyOrder(t *testing.T) {
	objects := func(objects ...pattern.Object) (texts, findings []string) {
		out, err := pattern.Objects(objects...)
		for _, o := range out {
			text, err := json.Marshal(o)
			require.NoError(t, err)
			texts = append(texts, string(text))
		}
		if err != nil {
			findings = strings.Split(err.Error(), "\n")
		}
		return texts, findings
	}
	good := 0
	for seed := range int64(100) {
		var all []pattern.Object
		var wantTexts, wantFindings []string
		for i := range 4 {
			p := newGenerator(seed + int64(i)*1000).pod().Namespace(fmt.Sprint("n-", i)).WithApp(pattern.App("served", "app:1").Port("served", 9999))
			of := []pattern.Object{p.Deployment(1), p.Service("served"), p.NetworkPolicy(), p}
			if seed%3 == 0 {
				of = append(of, p.Job())
			}
			texts, findings := objects(of...)
			all, wantTexts, wantFindings = append(all, of...), append(wantTexts, texts...), append(wantFindings, findings...)
		}
		rand.New(rand.NewSource(seed)).Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		texts, findings := objects(all...)
		if len(wantFindings) > 0 {
			slices.Sort(wantFindings)
			require.ElementsMatch(t, slices.Compact(wantFindings), findings, "seed %d", seed)
			continue
		}
		require.ElementsMatch(t, wantTexts, texts, "seed %d", seed)
		good++
	}
	require.Greater(t, good, 20)
}

// A bundle, too, settles the next pod in the room of the one before.
func TestWhatABundleChangedStaysAsItIs(t *testing.T) {
	var kept []any
	var texts []string
	keep := func(o any) {
		text, err := json.Marshal(o)
		require.NoError(t, err)
		kept, texts = append(kept, o), append(texts, string(text))
	}
	raw, err := json.Marshal(&somebodys().Spec.Template)
	require.NoError(t, err)
	raw = slices.Concat([]byte(`{"kind":"PodTemplate","template":`), raw, []byte(`}`))
	for i := range 40 {
		name := fmt.Sprint("helper-", i)
		full := fitting(name).Port("http", 9000+i).MovePorts().Limits("1", "64Mi").Config("/etc/helper/"+name, name).AppEnv("HELPER", name).
			Endpoint("WEB", "http").Late(func(v pattern.View, c pattern.SidecarContainer) pattern.SidecarContainer {
			return c.Args(fmt.Sprint(v.Port("http")))
		})
		for _, b := range []pattern.Injection{
			pattern.Bundle("one", full), pattern.Bundle("one", full, fitting("more")), pattern.Bundle("edited", full.Edit(func(c *corev1.Container) { keep(c) })),
			pattern.Bundle("one", fitting("other")),
		} {
			typed, removed, pod := somebodys(), somebodys(), &corev1.Pod{Spec: somebodys().Spec.Template.Spec}
			require.NoError(t, b.ApplyTo(&typed.Spec.Template))
			keep(typed)
			require.NoError(t, b.ApplyToPod(pod))
			keep(pod)
			require.NoError(t, b.ApplyToObject(removed))
			patch, err := b.JSONPatch(raw)
			require.NoError(t, err)
			keep(json.RawMessage(patch))
			keep(b.Findings(&somebodys().Spec.Template))
			require.NoError(t, pattern.Bundle("room", full).ApplyTo(&somebodys().Spec.Template)) // which it leaves
			require.NoError(t, b.RemoveFrom(&removed.Spec.Template))
			keep(removed)
		}
	}
	for i := range kept {
		text, err := json.Marshal(kept[i])
		require.NoError(t, err)
		require.Equal(t, texts[i], string(text))
	}
}
