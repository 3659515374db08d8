package check

import "slices"

// Rule is one thing that a check looks for.
type Rule struct {
	// ID is what a finding carries and [Allow] takes, such as "port-clash-pod".
	ID    string
	Level Level
	// Title says what is wrong, in half a sentence.
	Title string
	// Why says what happens then.
	Why string
	// Fix says what to write instead.
	Fix string
	// Bad and Good are examples, in YAML: fields of a pod's spec, or objects with
	// their kind. What they leave out is that of a well-written pod.
	Bad, Good string
	// Target is the version of Kubernetes that the example Bad is for, if it isn't
	// the default.
	Target string
	// Intent is what the author of the example Bad knows.
	Intent Intent

	pod     func(x *index, r *Rule)
	objects func(s *set, r *Rule)
}

// groups are the rules by what they are about. Those of volumes stand before those
// of mounts, which ask what was found in the volumes.
var groups = [...][]Rule{
	metadataRules, objectMetaRules, kubectlRules, scrapeRules,
	nameRules, imageRules, containerRules, ephemeralRules,
	portRules, portClashRules, hostPortRules,
	envRules, envSourceRules, envFieldRules, envFileRules, envValueRules, secretRules,
	volumeRules, volumeSourceRules, mountRules, dataflowRules,
	orderRules, nativeRules, networkRules,
	probeRules, handlerRules, probePortRules, probeTimeRules, lifecycleRules, restartRules,
	resourceRules, budgetRules,
	securityRules, seccompRules, appArmorRules, sysctlRules, userRules, scratchRules, podSecurityRules, platformRules, windowsRules,
	schedulingRules, gateRules, podRules, accountRules, dnsRules, hostRules,
	workloadRules, objectRules,
}

// Rules gives all rules, sorted by their id. Only a finding about the input of a
// check itself, such as an option that means nothing, has none: its id is "input".
func Rules() []Rule {
	out := slices.Concat(groups[:]...)
	slices.SortStableFunc(out, func(a, b Rule) int {
		switch {
		case a.ID < b.ID:
			return -1
		case a.ID > b.ID:
			return 1
		}
		return 0
	})
	return out
}

// Lookup gives the rule of an id.
func Lookup(id string) (Rule, bool) {
	for _, g := range groups {
		for i := range g {
			if g[i].ID == id {
				return g[i], true
			}
		}
	}
	return Rule{}, false
}
