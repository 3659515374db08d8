package conformance_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/podpattern/podpattern/pattern/check"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// often is how many pods each rule has to find something in, of a full stream.
const often = 100

// requireRules wants every rule that refuses a pod or says that it breaks to have
// found something in enough of the pods.
func (s *tally) requireRules(t *testing.T) {
	t.Helper()
	want := often * *pods / 100_000
	for _, r := range check.Rules() {
		if r.Level != check.Warning && s.rules[r.ID] < want {
			t.Errorf("rule %s found something in %d pods, of the %d wanted", r.ID, s.rules[r.ID], want)
		}
	}
}

// intended checks a pod as its author would: with what he knows, and for a version
// that may be older. That is nothing that the API server could judge.
func (s *tally) intended(r *rand.Rand, p *corev1.Pod) {
	known := intent(r, p)
	opts := []check.Option{check.Intended(known), check.AtLeast(check.Broken)}
	if r.IntN(2) == 0 {
		opts = append(opts, check.Target([]string{"1.27", "1.28", "1.29", "1.33", "1.34"}[r.IntN(5)]))
	}
	if r.IntN(3) == 0 {
		c := carriers[len(carriers)-2+r.IntN(2)] // a Job or CronJob
		s.count(c.check(p, opts...))
		return
	}
	if r.IntN(2) == 0 {
		s.count(check.Objects([]runtime.Object{p, configMap(r), secret()}, opts...))
		return
	}
	s.count(check.Pod(p, opts...))
}

var megabyte = strings.Repeat("x", 1<<20)

// configMap gives one that random pods name, now and then too large a one.
func configMap(r *rand.Rand) *corev1.ConfigMap {
	c := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "web", Namespace: "default"}, Data: map[string]string{"config.yaml": "a: b"}}
	if r.IntN(8) == 0 {
		c.Data["large"] = megabyte
	}
	return c
}

// secret gives one that random pods name, without most of the keys that they ask for.
func secret() *corev1.Secret {
	return &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: "web", Namespace: "default"}, StringData: map[string]string{"config.yaml": "a: b"}}
}

// intent draws what the author of a pod may know.
func intent(r *rand.Rand, p *corev1.Pod) check.Intent {
	i := check.Intent{Helpers: []string{}}
	all := slices.Concat(p.Spec.InitContainers, p.Spec.Containers)
	for _, c := range all {
		if r.IntN(3) == 0 {
			i.Helpers = append(i.Helpers, c.Name)
		}
		for _, m := range c.VolumeMounts {
			if r.IntN(3) > 0 {
				i.Flows = append(i.Flows, check.Flow{Container: c.Name, Volume: m.Name, Writes: r.IntN(3) == 0})
			}
		}
		other := all[r.IntN(len(all))]
		if r.IntN(3) == 0 {
			i.Waits = append(i.Waits, check.Wait{Container: c.Name, For: other.Name})
		}
		if r.IntN(3) == 0 && len(other.Ports) > 0 {
			i.Dials = append(i.Dials, check.Dial{Container: c.Name, Host: "localhost", Port: other.Ports[0].ContainerPort})
		}
	}
	return i
}
