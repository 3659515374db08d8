package pattern_test

import (
	"testing"

	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/check"
	"github.com/stretchr/testify/require"
)

func TestStartOrder(t *testing.T) {
	for _, tt := range []struct {
		name string
		pod  pattern.PodBuilder
		want []string
	}{
		{"the order of the calls, whatever the role",
			with(web()).WithInit(setup("a")).WithSidecar(side("b")).WithInit(setup("c")).WithAmbassador(pattern.Ambassador("d", "d:1")).WithAdapter(pattern.Adapter("e", "e:1")),
			[]string{"a", "b", "c", "d", "e"}},
		{"Before moves a later container up",
			with(web()).WithInit(setup("a"), setup("b"), setup("c").Before("a")),
			[]string{"c", "a", "b"}},
		{"After moves an earlier container down, and no more than it must",
			with(web()).WithInit(setup("a").After("b"), setup("b"), setup("c")),
			[]string{"b", "a", "c"}},
		{"After keeps what is right already",
			with(web()).WithInit(setup("a"), setup("b").After("a"), setup("c")),
			[]string{"a", "b", "c"}},
		{"Before and After append",
			with(web()).WithInit(setup("a"), setup("b"), setup("c").Before("a").Before("b"), setup("d").After("c").After("a")),
			[]string{"c", "a", "b", "d"}},
		{"First comes before those that aren't",
			with(web()).WithInit(setup("a"), setup("b")).WithSidecar(side("c").First()),
			[]string{"c", "a", "b"}},
		{"several First keep the order of the calls",
			with(web()).WithInit(setup("a"), setup("b").First(), setup("c").First()),
			[]string{"b", "c", "a"}},
		{"Last comes after those that aren't",
			with(web()).WithInit(setup("a").Last(), setup("b"), setup("c")),
			[]string{"b", "c", "a"}},
		{"several Last keep the order of the calls",
			with(web()).WithInit(setup("a").Last(), setup("b").Last(), setup("c")),
			[]string{"c", "a", "b"}},
		{"the later of First and Last holds",
			with(web()).WithInit(setup("a"), setup("b").Last().First(), setup("c")),
			[]string{"b", "a", "c"}},
		{"a native sidecar and an init container share one list",
			with(web(), side("proxy").After("keys")).WithInit(setup("keys")),
			[]string{"keys", "proxy"}},
		{"all of them start before an app",
			with(web()).WithInit(setup("a").Before("web")),
			[]string{"a"}},
		{"an app starts after all of them",
			with(web().After("a")).WithInit(setup("a")),
			[]string{"a"}},
		{"a name that a container got later",
			with(web()).WithInit(setup("a").After("z"), setup("b").Name("z")),
			[]string{"z", "a"}},
		{"a companion stands before the one that brings it",
			with(web(), side("a").Brings(setup("b"), side("c"))),
			[]string{"b", "c", "a"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			pod := build(t, tt.pod)
			require.Equal(t, tt.want, containerNames(pod.Spec.InitContainers))
		})
	}
}

func TestWishesThatCantBeMet(t *testing.T) {
	for _, tt := range []struct {
		name string
		pod  pattern.PodBuilder
		rule string
	}{
		{"Before a name that isn't there", with(web()).WithInit(setup("a").Before("nope")), "order-unknown"},
		{"After a name that isn't there", with(web()).WithInit(setup("a").After("nope")), "order-unknown"},
		{"an app After a name that isn't there", with(web().After("nope")), "order-unknown"},
		{"an app Before a name that isn't there", with(web().Before("nope")), "order-unknown"},
		{"a classic helper After a name that isn't there", with(web(), side("s").Classic().After("nope")), "order-unknown"},
		{"After an app, which starts last", with(web()).WithInit(setup("a").After("web")), "order-unknown"},
		{"After a classic helper, which starts with the app", with(web(), side("s").Classic()).WithInit(setup("a").After("s")), "order-unknown"},
		{"two that want to be before each other", with(web()).WithInit(setup("a").Before("b"), setup("b").Before("a")), "order-cycle"},
		{"First, after one that isn't", with(web()).WithInit(setup("a"), setup("b").First().After("a")), "order-cycle"},
		{"Last, before one that isn't", with(web()).WithInit(setup("a"), setup("b").Last().Before("a")), "order-cycle"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := only(t, tt.pod.Findings(), tt.rule)
			require.NotEqual(t, check.Warning, f.Level)
			require.Contains(t, f.At, "order_test.go:")
		})
	}
}

func TestACycleNamesItsMembersAndTheirLinesOnly(t *testing.T) {
	first := setup("first").After("third")
	firstLine := lineAbove(1)
	second := setup("second").After("first")
	secondLine := lineAbove(1)
	third := side("third").After("second")
	thirdLine := lineAbove(1)
	p := with(web()).WithInit(setup("before"), first, second, setup("beside").After("before")).WithSidecar(third, side("behind").After("third"))

	f := only(t, p.Findings(), "order-cycle")
	require.Equal(t, "spec.initContainers", f.Path)
	at := make(map[string]string)
	for _, party := range f.Parties {
		at[party.Container] = party.At
	}
	require.Equal(t, map[string]string{"first": firstLine, "second": secondLine, "third": thirdLine}, at)
}

// A container that others are After is waited for: a native sidecar by its
// startup probe, which is the one thing that Kubernetes waits for.
func TestWhoIsWaitedForGetsAStartupProbe(t *testing.T) {
	healthy := side("s").Health(pattern.Exec("true"))
	for _, tt := range []struct {
		name string
		pod  pattern.PodBuilder
		want bool
	}{
		{"nobody waits", with(web(), healthy), false},
		{"another is After it", with(web(), healthy, side("t").After("s")), true},
		{"it is Before another", with(web(), healthy.Before("i")).WithInit(setup("i")), true},
		{"it is First", with(web(), healthy.First()), true},
		{"the apps have its endpoint", with(web(), healthy.Port("db", 1).Endpoint("db", "db")), true},
		{"the apps have its socket", with(web(), healthy.Socket(pattern.EmptyDir("run"), "s.sock")), true},
		{"it is classic, which nothing can wait for", with(web(), healthy.Classic().Port("db", 1).Endpoint("db", "db")), false},
		{"it has none on purpose", with(web(), healthy.First().NoStartupProbe()), false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			pod := build(t, tt.pod)
			require.Equal(t, tt.want, container(t, &pod.Spec, "s").StartupProbe != nil)
		})
	}
}
