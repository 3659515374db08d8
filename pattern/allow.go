package pattern

import (
	"slices"

	"github.com/podpattern/podpattern/pattern/check"
)

// allowance is a rule whose findings the pod's author has a reason for.
type allowance struct{ rule, reason string }

type allowances []allowance

// allow says whether a finding may be: what the API server rejects may not.
func (a allowances) allow(f check.Finding) bool {
	return f.Level != check.Rejected && slices.ContainsFunc(a, func(a allowance) bool { return a.rule == f.Rule })
}

// builderRules are those of level E and W that only a builder has, beside those
// of [check.Rules].
var builderRules = [...]string{
	"bundle-host-network", "bundle-root", "bundle-safe-to-evict", "bundle-windows", "config-from", "config-namespace", "endpoint", "endpoint-half", "fronts", "name-hostname", "order-unknown", "port-unknown", "ready-file", "scrape-annotation-clash",
	"service-selects-nothing", "target-version", "wiring-target",
}

// Allow silences a rule of level E or W for this pod; the reason is for the
// reader. What the API server rejects stays a finding. An empty reason is an
// error, as is a rule that there isn't.
func (p PodBuilder) Allow(rule, reason string) PodBuilder {
	if bad := allowFlaw(rule, reason); bad != nil {
		return p.reject(bad)
	}
	return p.add(func(s *podDraft) { s.allowed = append(s.allowed, allowance{rule, reason}) })
}

func allowFlaw(rule, reason string) *flaw {
	if rule == "" || reason == "" {
		return missing("allow-reason", "", "give the rule's id and the reason")
	}
	if _, known := check.Lookup(rule); !known && !slices.Contains(builderRules[:], rule) {
		return invalid("allow-rule", "", rule, "is no rule", "check.Rules lists them; a finding ends in its rule")
	}
	return nil
}
