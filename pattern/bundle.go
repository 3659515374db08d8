package pattern

import (
	"slices"

	"github.com/podpattern/podpattern/internal/names"
	"github.com/podpattern/podpattern/internal/release"
	"github.com/podpattern/podpattern/pattern/check"
)

// Injection is a set of helpers for pods that somebody else wrote; see [Bundle]. It is
// an immutable value, safe for concurrent use.
type Injection struct {
	name    string
	at      stack
	specs   []spec
	target  release.Minor
	allowed allowances
	flaws   *flaw
	memo    *lateMemo
}

// Bundle makes a set of helpers that can be added to pods, kept up to date in them, and
// taken out again. What it added stands in one annotation of the pod, under the
// bundle's name: a bundle of that name replaces what an earlier one added.
//
// The pod's own settings win: a variable that an app sets itself, a label that the pod
// has. What can't be had beside what is there is an error, and then nothing is changed.
// So that several bundles can be added in any order, a bundle's parts never depend on
// those of another:
//
//   - init containers and native helpers start before the pod's own, those of several
//     bundles in the order of the bundles' names; Before and After name helpers of the
//     bundle;
//   - a helper's port is named <helper>-<port>, and one that may move ([Container.MovePorts])
//     has a number from 16384 to 32767 that follows from the names of bundle, helper and port;
//   - generated files ride in annotations of the pod, as with [PodBuilder.InlineConfig];
//   - [Container.NeedsAPI] gives the helper a token of the pod's own account; the rights
//     are in [Injection.Objects]. The API server mounts the token in other helpers of a
//     pod too, as in its apps, unless the pod has automountServiceAccountToken: false;
//   - a Service is its author's: what a helper [Container.Fronts] is reached where the
//     targetPort says so.
//
// A name that is no DNS label is an error, and so are a nil helper and an app.
//
//	logging := pattern.Bundle("logging", sidecar.LogShipper(logs, sidecar.Loki(url)))
//	err := logging.ApplyTo(&deployment.Spec.Template)
func Bundle(name string, helpers ...Helper) Injection {
	b := Injection{name: name, at: here(ofConstructor), memo: &lateMemo{}}
	if !names.IsLabel(name) {
		b = b.reject(invalid("bundle-name", "", name, "is no DNS label", "at most 63 of a-z, 0-9 and -"))
	}
	for _, h := range helpers {
		if isNil(h) {
			b = b.reject(missing("nil-argument", "", "give Bundle a helper"))
			continue
		}
		s := h.spec()
		if s.role == appRole {
			b = b.reject(invalid("bundle-app", "", nil, "an app is no helper", "make it with Sidecar, Ambassador, Adapter or Init"))
			continue
		}
		b.specs = append(b.specs, s)
	}
	return b
}

func (b Injection) reject(f *flaw) Injection {
	b.flaws = b.faults().and(f)
	return b
}

// faults are the flaws of the calls; a bundle that was never made has none of its own
// yet.
func (b Injection) faults() *flaw {
	if b.at == (stack{}) && b.flaws == nil {
		return invalid("zero-builder", "", nil, "a bundle was never started", "start it with pattern.Bundle")
	}
	return b.flaws
}

// Target says for which minor version of Kubernetes the pods are; otherwise as
// [PodBuilder.Target].
func (b Injection) Target(minor string) Injection {
	v, ok := release.Parse(minor)
	if !ok {
		return b.reject(invalid("target-version", "", minor, "is no version of Kubernetes", `such as "1.35"`))
	}
	b.target = v
	return b
}

// Allow silences a rule of level E or W for what this bundle brings about; otherwise as
// [PodBuilder.Allow].
func (b Injection) Allow(rule, reason string) Injection {
	if bad := allowFlaw(rule, reason); bad != nil {
		return b.reject(bad)
	}
	b.allowed = append(slices.Clip(b.allowed), allowance{rule, reason})
	return b
}

// Name gives the bundle's name.
func (b Injection) Name() string { return b.name }

// found are the findings about the bundle itself, in the order of the calls.
func (b Injection) found() check.Findings {
	var out check.Findings
	for f := b.faults(); f != nil; f = f.prev {
		own := f.under("")
		out = append(out, own.finding(""))
	}
	slices.Reverse(out)
	return out
}
