package webhook_test

import (
	"fmt"
	"sort"
	"testing"

	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/webhook"
	"github.com/stretchr/testify/require"
)

// owned gives a pod that a controller made.
func owned(kind, owner, labels string) string {
	return fmt.Sprintf(`{"apiVersion":"v1","kind":"Pod","metadata":{"generateName":"%s-","labels":{%s},"ownerReferences":[{"apiVersion":"example.com/v1","kind":"Team","name":"red","uid":"1"},{"apiVersion":"apps/v1","kind":"%s","name":"%s","uid":"2","controller":true}]},"spec":{"containers":[{"name":"web","image":"web:1"}]}}`, owner, labels, kind, owner)
}

// named gives an object of a name.
func named(kind, name string) string {
	if kind == "Pod" {
		return `{"apiVersion":"v1","kind":"Pod","metadata":{"name":"` + name + `"},"spec":{"containers":[{"name":"web","image":"web:1"}]}}`
	}
	return `{"apiVersion":"apps/v1","kind":"` + kind + `","metadata":{"name":"` + name + `"},"spec":{"template":` + template + `}}`
}

// threshold gives the least percent that has an object.
func threshold(t testing.TB, r request) int {
	t.Helper()
	return sort.Search(100, func(n int) bool {
		return outcome(t, logging(), r, webhook.Percent(n)) == webhook.Injected
	})
}

func TestPercentOnlyAdds(t *testing.T) {
	for i := range 10 {
		r := request{object: named("Pod", fmt.Sprint("web-", i))}
		least := threshold(t, r)
		require.Positive(t, least, "0 percent is none")
		for n := range 101 {
			require.Equal(t, n >= least, outcome(t, logging(), r, webhook.Percent(n)) == webhook.Injected, "percent %d, least %d", n, least)
		}
	}
}

func TestWithoutPercentItIsAll(t *testing.T) {
	for i := range 1000 {
		r := request{object: named("Pod", fmt.Sprint("web-", i))}
		if outcome(t, logging(), r, webhook.Percent(99)) == webhook.LeftOut {
			require.Equal(t, webhook.Injected, outcome(t, logging(), r))
			return
		}
	}
	t.Fatal("99 percent is all")
}

func TestPercentIsThatOfOwners(t *testing.T) {
	const owners = 10_000
	empty := pattern.Bundle("empty") // it is about who is asked for
	for _, n := range []int{5, 50} {
		has := 0
		for i := range owners {
			if outcome(t, empty, request{object: named("Pod", fmt.Sprint("web-", i))}, webhook.Percent(n)) != webhook.LeftOut {
				has++
			}
		}
		// Three standard deviations of a fair draw are less than 1.5 percent of the owners.
		require.InDelta(t, float64(n), 100*float64(has)/owners, 1.5)
	}
}

// A new release of this library must not deal the workloads out anew.
func TestPercentIsStable(t *testing.T) {
	require.Equal(t, []int{4, 23, 16}, []int{
		threshold(t, request{object: named("Deployment", "web")}),
		threshold(t, request{object: named("StatefulSet", "db")}),
		threshold(t, request{object: named("Deployment", "web"), namespace: "test"}),
	})
}

// The pods of a workload get the answer of the workload.
func TestPercentGoesByTheOwner(t *testing.T) {
	same := func(want string, objects ...string) {
		t.Helper()
		least := threshold(t, request{object: want})
		for _, o := range objects {
			require.Equal(t, least, threshold(t, request{object: o}), o)
		}
	}
	for i := range 4 {
		name := fmt.Sprint("web-", i)
		same(named("Deployment", name),
			owned("ReplicaSet", name+"-5d4f8c7b9", `"pod-template-hash":"5d4f8c7b9"`),
			owned("ReplicaSet", name+"-77c9b", `"pod-template-hash":"77c9b"`),
			owned("Deployment", name, ``))
		same(named("Rollout", name), owned("ReplicaSet", name+"-5d4f8c7b9", `"rollouts-pod-template-hash":"5d4f8c7b9"`))
		same(named("StatefulSet", name), owned("StatefulSet", name, `"pod-template-hash":"`+fmt.Sprint(i)+`"`))
		same(named("ReplicaSet", name+"-5d4f8c7b9"), owned("ReplicaSet", name+"-5d4f8c7b9", `"pod-template-hash":"f8c7b9"`), owned("ReplicaSet", name+"-5d4f8c7b9", ``))
		same(named("CronJob", name), owned("Job", name+"-28012345", ``), owned("Job", name+"-28012346", ``))
		same(named("Job", name+"-1234567"), owned("Job", name+"-1234567", ``))
		same(named("Job", name+"-2801234x"), owned("Job", name+"-2801234x", ``))

		generated := `{"apiVersion":"v1","kind":"Pod","metadata":{%s"generateName":"` + name + `-"},"spec":{"containers":[{"name":"web","image":"web:1"}]}}`
		same(fmt.Sprintf(generated, ""), fmt.Sprintf(generated, `"name":"`+name+`-x7k2p",`))
	}
	same(named("Job", "28012345"), owned("Job", "28012345", ``))
	all := map[string]bool{}
	for _, kind := range []string{"Deployment", "StatefulSet", "DaemonSet", "CronJob"} {
		for _, ns := range []string{"prod", "test", "stage"} {
			all[fmt.Sprint(threshold(t, request{object: named(kind, "web"), namespace: ns}))] = true
		}
	}
	require.Greater(t, len(all), 6, "kind and namespace count too")
}
