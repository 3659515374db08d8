package check

import (
	"slices"
	"strings"
)

// Rule is one thing that a check looks for.
type Rule struct {
	// ID is what a finding carries and [Allow] takes, such as "port-clash-pod".
	ID    string
	Level Level
	// Title says what is wrong, in half a sentence.
	Title string
	// Why says what happens then, and what a rule that goes by names, images or
	// arguments looks at.
	Why string
	// Fix says what to write instead, in the fields of Kubernetes.
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

// groups are the tables of all rules. Those of volumes stand before those of mounts,
// which ask what was found in the volumes; for that reason the names of the volumes
// come last of them. And pss-restricted leaves alone what pss-baseline has found.
var groups = [...][]Rule{
	metadataRules, objectMetaRules, kubectlRules, scrapeRules,
	containerRules, nameRules, imageRules, outdatedRules, ephemeralRules,
	portRules, portClashRules, hostPortRules,
	envRules, envSourceRules, envFieldRules, envFileRules, envRefRules, shellRules, envDivergesRules, secretRules,
	volumeRules, emptyDirRules, volumeSourceRules, volumeFieldRules, volumeFileRules, downwardRules, projectedRules, volumeClaimRules, volumeNameRules,
	mountRules, subPathRules, mountModeRules, mountNestedRules, deviceRules,
	dataflowRules, folderRules, readOnlyRules, lonelyRules, rotationRules, scratchRules,
	orderRules, earlyRules, initEndRules, nativeRules, nativeStartRules, nativeStopRules,
	localhostRules, socketRules, unrelatedRules, meshRules,
	probeRules, handlerRules, probePortRules, probeTimeRules, lifecycleRules, graceRules, restartRules, deadlineRules,
	resourceRules, resourceNameRules, resourceClaimRules, podResourceRules, resizeRules, budgetRules, qosRules, fractionalRules,
	securityRules, seccompRules, appArmorRules, sysctlRules, userRules, nonRootRules, uidRules, podSecurityRules, restrictedRules, platformRules, windowsRules,
	schedulingRules, nodeLabelRules, affinityRules, selectorRules, spreadRules, tolerationRules, gateRules,
	podRules, accountRules, tokenRules, dnsRules, hostRules,
	workloadRules, serviceRules, autoscalerRules, configMapRules, keyRules, sharedClaimRules,
}

// Rules gives all rules, sorted by their id. Only a finding about the input of a
// check itself, such as an option that means nothing, has none: its id is "input".
func Rules() []Rule {
	out := slices.Concat(groups[:]...)
	for i := range out {
		out[i].Intent = out[i].Intent.clone()
	}
	slices.SortFunc(out, func(a, b Rule) int { return strings.Compare(a.ID, b.ID) })
	return out
}

// Lookup gives the rule of an id.
func Lookup(id string) (Rule, bool) {
	for _, g := range groups {
		for i := range g {
			if g[i].ID == id {
				r := g[i]
				r.Intent = r.Intent.clone()
				return r, true
			}
		}
	}
	return Rule{}, false
}
