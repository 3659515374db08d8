// Package release knows the minor versions of Kubernetes 1 and what each of them
// brought.
package release

import (
	"fmt"
	"strconv"
	"strings"
)

// Minor is a minor version of Kubernetes 1; 0 is none.
type Minor int

// Default is the oldest minor version that upstream supports.
// upstream: kubernetes/website content/en/releases
const Default Minor = 35

// The version from which on a feature is on by default.
// upstream: kubernetes/kubernetes pkg/features/kube_features.go
const (
	NativeSidecars        Minor = 29 // SidecarContainers
	AppArmorFields        Minor = 30 // AppArmorFields
	SleepAction           Minor = 30 // PodLifecycleSleepAction
	AffinityLabelKeys     Minor = 31 // MatchLabelKeysInPodAffinity
	RecursiveReadOnly     Minor = 31 // RecursiveReadOnlyMounts
	RelaxedEnvNames       Minor = 32 // RelaxedEnvironmentVariableValidation
	GroupsPolicy          Minor = 33 // SupplementalGroupsPolicy
	ProcMount             Minor = 33 // ProcMountType
	RelaxedSearches       Minor = 33 // RelaxedDNSSearchValidation
	Resize                Minor = 33 // InPlacePodVerticalScaling
	SELinuxChange         Minor = 33 // SELinuxChangePolicy
	SleepZero             Minor = 33 // PodLifecycleSleepActionAllowZero
	UserNamespaces        Minor = 33 // UserNamespacesSupport
	DynamicResources      Minor = 34 // DynamicResourceAllocation
	PodResources          Minor = 34 // PodLevelResources
	ProbeHost             Minor = 34 // Pod Security looks at the host of probes and hooks
	SpreadLabelKeysMerge  Minor = 34 // MatchLabelKeysInPodTopologySpreadSelectorMerge
	VolumeAttributesClass Minor = 34 // VolumeAttributesClass
	EnvFiles              Minor = 35 // EnvFiles
	HostnameOverride      Minor = 35 // HostnameOverride
	ImageVolumes          Minor = 35 // ImageVolume
	RestartRules          Minor = 35 // ContainerRestartRules
	RestartAllOnExit      Minor = 36 // RestartAllContainersOnContainerExits
	StrictAddresses       Minor = 36 // StrictIPCIDRValidation
)

// TolerationComparison is the version from which on the API server knows the
// operators Lt and Gt of a toleration; their gate is off by default.
const TolerationComparison Minor = 35

// Has says whether a feature is on by default.
func (v Minor) Has(feature Minor) bool { return v >= feature }

func (v Minor) String() string { return fmt.Sprintf("1.%d", int(v)) }

// Parse reads 1.35, v1.35 or 1.35.2.
func Parse(s string) (Minor, bool) {
	parts := strings.Split(strings.TrimPrefix(s, "v"), ".")
	if len(parts) < 2 || len(parts) > 3 || parts[0] != "1" {
		return 0, false
	}
	for _, p := range parts[1:] {
		if n, err := strconv.Atoi(p); err != nil || n < 0 || n > 999 || p != strconv.Itoa(n) {
			return 0, false
		}
	}
	n, _ := strconv.Atoi(parts[1])
	return Minor(n), n > 0
}
