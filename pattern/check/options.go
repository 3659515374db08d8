package check

import (
	"slices"

	"github.com/podpattern/podpattern/internal/release"
)

// Option tells a check what the object alone doesn't say.
type Option func(*options)

type options struct {
	under   string
	carrier string // the kind of the workload; "" is a pod's own, or not known
	target  release.Minor
	least   Level
	allowed []allowance
	badly   Findings // what is wrong with the options
	claims  []string
	Intent
}

type allowance struct{ rule, reason string }

// Under puts path, such as "spec.template", before the path of every finding.
func Under(path string) Option {
	if path != "" {
		path += "."
	}
	return func(o *options) { o.under = path }
}

// CarriedBy says which kind of workload carries a template, such as "Job": each
// kind has rules of its own.
func CarriedBy(kind string) Option { return func(o *options) { o.carrier = kind } }

// Target says which minor version of Kubernetes the object is for, such as
// "1.33". The default is the oldest that upstream supports. What is no version is
// a finding.
func Target(version string) Option {
	minor, ok := release.Parse(version)
	return func(o *options) {
		if !ok {
			o.bad(invalid(version, "is no version of Kubernetes", `such as "1.35"`))
			return
		}
		o.target = minor
	}
}

// Allow leaves out the findings of a rule, for a reason that a reader will
// understand. What the API server rejects can't be allowed. An empty reason and a
// rule that there isn't are findings.
func Allow(rule, reason string) Option {
	_, known := Lookup(rule)
	return func(o *options) {
		switch {
		case reason == "":
			o.bad(required("Allow "+rule+" has no reason", "say why"))
		case !known:
			o.bad(invalid(rule, "is no rule", "Rules lists them"))
		default:
			o.allowed = append(slices.Clip(o.allowed), allowance{rule, reason})
		}
	}
}

// AtLeast leaves out the findings of a lower level: [Rejected] is the highest,
// [Warning] the lowest and the default. What is no level is a finding.
func AtLeast(level Level) Option {
	return func(o *options) {
		if level.rank() == 0 {
			o.bad(invalid(string(level), "is no level", "Rejected, Broken or Warning"))
			return
		}
		o.least = level
	}
}

// bad keeps what is wrong with an option.
func (o *options) bad(f Finding) {
	f.Rule, f.Level = inputRule, Broken
	o.badly = append(o.badly, f)
}

// wants says whether a finding is to be reported.
func (o *options) wants(f *Finding) bool {
	if f.Rule != inputRule && f.Level.rank() < o.least.rank() {
		return false
	}
	return f.Level == Rejected || !slices.ContainsFunc(o.allowed, func(a allowance) bool { return a.rule == f.Rule })
}

// Claims names the claim templates of a StatefulSet, which containers mount as if
// they were volumes of the pod. A further Claims adds to them.
func Claims(names ...string) Option {
	return func(o *options) { o.claims = slices.Concat(o.claims, names) }
}

// Intended adds what the author of the pod knows. Only the last one counts.
func Intended(i Intent) Option { return func(o *options) { o.Intent = i } }
