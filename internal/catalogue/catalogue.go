// Package catalogue lists the helpers of the catalogue, each with typical arguments:
// what the tests of all of them run on, and what the README's table is made of.
package catalogue

import (
	"slices"
	"testing"

	"github.com/podpattern/podpattern/internal/attach"
	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
)

// Use is a helper with typical arguments.
type Use struct {
	Helper   string // its constructor, such as sidecar.LogShipper
	Why      string // what is special about these arguments
	Verified Verified
	// Unrestricted says why the helper can't run where Pod Security restricted is
	// enforced; "" is that it can.
	Unrestricted string

	// Bundled is the helper for a pattern.Bundle; nil where it only changes the pod.
	Bundled pattern.Helper

	needs       []need
	add, addOld func(pattern.PodBuilder) pattern.PodBuilder
	addFrom     func(pattern.PodBuilder, pattern.Volume, string) pattern.PodBuilder
}

// Verified says what reads the helper's configuration in a test, and in which.
type Verified struct {
	By   string // such as "haproxy: check and traffic"
	Test string // a test function of internal/conformance, or of the helper's own package
}

// need is something that the app of a pod does for a helper, such as writing a log.
type need struct {
	name string // the same need has the same name
	app  func(pattern.AppContainer) pattern.AppContainer
}

// use lists a helper; needs are what the app does for it.
func use[R pattern.Role](helper, why string, v Verified, c pattern.Container[R], needs ...need) Use {
	return Use{
		Helper: helper, Why: why, Verified: v, Bundled: c, needs: needs,
		add:    func(p pattern.PodBuilder) pattern.PodBuilder { return attach.To(p, c) },
		addOld: func(p pattern.PodBuilder) pattern.PodBuilder { return attach.To(p, c.Classic()) },
		addFrom: func(p pattern.PodBuilder, v pattern.Volume, file string) pattern.PodBuilder {
			return attach.To(p, c.ConfigFrom(v, file))
		},
	}
}

// Container gives the container that the helper adds, and whether it is a native
// sidecar; it has no image where the helper only changes the pod.
func (u Use) Container(t *testing.T) (c corev1.Container, native bool) {
	pod, err := Pod(u).Build()
	require.NoError(t, err, u.Helper)
	if all := pod.Spec.InitContainers; len(all) > 0 {
		c = all[len(all)-1] // its companions stand before it
	}
	return c, c.RestartPolicy != nil
}

// Uses gives every helper, some of them several times.
func Uses() []Use {
	return slices.Concat(
		shippers(),
		moreShippers(),
		proxies(),
		scripts(),
		waits(),
		nginxes(),
		syncs(),
		envoys(),
		inits(),
		collectors(),
		metrics(),
	)
}

// One gives one use of each helper, the first.
func One() []Use {
	var out []Use
	for _, u := range Uses() {
		if !slices.ContainsFunc(out, func(o Use) bool { return o.Helper == u.Helper }) {
			out = append(out, u)
		}
	}
	return out
}

// Pod is a well-written pod with these helpers, native sidecars where they are
// any, and an app that does what they need.
func Pod(uses ...Use) pattern.PodBuilder {
	p := base(uses)
	for _, u := range uses {
		p = u.add(p)
	}
	return p
}

// Classic is Pod with regular containers in place of native sidecars.
func Classic(uses ...Use) pattern.PodBuilder {
	p := base(uses)
	for _, u := range uses {
		p = u.addOld(p)
	}
	return p
}

// Configured is Pod with a helper that takes one of its files from a volume, which
// an init container fills.
func Configured(u Use, file string) pattern.PodBuilder {
	v := empty("configuration")
	fill := pattern.Init("fill-configuration", "fill:1.4").Writes(v, "/out").
		Requests("10m", "16Mi").Limits("", "16Mi").RunAsUser(10001)
	return u.addFrom(base([]Use{u}), v, file).WithInit(fill)
}

// Base is the pod without the helpers.
func Base(uses ...Use) pattern.PodBuilder { return base(uses) }

func base(uses []Use) pattern.PodBuilder {
	app := pattern.App("web", "web:1.4").Port("http", 8080).
		ReadinessProbe(pattern.HTTPGet("/", "http")).Requests("100m", "64Mi").Limits("", "64Mi").RunAsUser(10001)
	var met []string
	for _, u := range uses {
		for _, n := range u.needs {
			if !slices.Contains(met, n.name) {
				met = append(met, n.name)
				app = n.app(app)
			}
		}
	}
	p := pattern.Pod("web").Hardened().WithApp(app)
	if len(uses) > 10 { // they stop one after the other
		p = p.TerminationGracePeriodSeconds(120)
	}
	for _, u := range uses {
		if u.Unrestricted != "" {
			p = p.Allow("pss-restricted", u.Unrestricted).Allow("pss-baseline", u.Unrestricted)
		}
	}
	return p
}
