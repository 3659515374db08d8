package pattern

import (
	"fmt"
	"strconv"
	"strings"
)

// version is a minor version of Kubernetes 1.
type version int

// defaultTarget is the oldest minor version that upstream supports.
// upstream: kubernetes/website content/en/releases
const defaultTarget version = 35

// What a version has to have for a field to be on by default.
// upstream: kubernetes/kubernetes pkg/features/kube_features.go
const (
	nativeSidecars   version = 29 // SidecarContainers
	sleepAction      version = 30 // PodLifecycleSleepAction
	podResources     version = 34 // PodLevelResources
	restartRules     version = 35 // ContainerRestartRules
	envFiles         version = 35 // EnvFiles
	imageVolumes     version = 35 // ImageVolume
	restartAllOnExit version = 36 // RestartAllContainersOnContainerExits
)

func (v version) has(feature version) bool { return v >= feature }

func (v version) String() string { return fmt.Sprintf("1.%d", int(v)) }

// parseVersion reads 1.35, v1.35 or 1.35.2.
func parseVersion(s string) (version, bool) {
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
	return version(n), n > 0
}
