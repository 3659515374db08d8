package initc_test

import (
	"testing"

	"github.com/podpattern/podpattern/initc"
	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/patterntest"
	"github.com/stretchr/testify/require"
)

func TestGate(t *testing.T) {
	tests := map[string]pattern.InitContainer{
		"default": initc.Gate("licence", "registry.example.com/licence:3.1"),
		"options": initc.Gate("scan", "registry.example.com/scan:3.1", initc.GateOptions{
			Command: []string{"scan", "--fail-on", "high"}, TimeoutSeconds: 60,
		}).Args("/srv/data").Reads(pattern.PVC("claim", "web"), "/srv/data"),
	}
	for name, c := range tests {
		t.Run(name, func(t *testing.T) { patterntest.Helper(t, "gate-"+name, hardened, c) })
	}
}

// What is changed after the call changes no pod.
func TestGateKeepsItsCommand(t *testing.T) {
	o := initc.GateOptions{Command: []string{"scan", "/srv"}}
	pod := hardened.WithInit(initc.Gate("scan", "scan:1", o))
	o.Command[0] = "reboot"
	built, err := pod.Build()
	require.NoError(t, err)
	c := built.Spec.InitContainers[0]
	require.Equal(t, []string{"scan", "/srv"}, c.Command)
}

func TestGateRefuses(t *testing.T) {
	for name, tt := range map[string]struct {
		c    pattern.InitContainer
		want string
	}{
		"no name":              {initc.Gate("", "scan:1"), "name"},
		"no image":             {initc.Gate("scan", ""), "image"},
		"timeout":              {initc.Gate("scan", "scan:1", initc.GateOptions{Command: []string{"a"}, TimeoutSeconds: -1}), "positive number"},
		"timeout and no words": {initc.Gate("scan", "scan:1", initc.GateOptions{TimeoutSeconds: 60}), "needs a Command"},
	} {
		t.Run(name, func(t *testing.T) { patterntest.Refuses(t, hardened, tt.c, tt.want) })
	}
}

func TestSysctl(t *testing.T) {
	node := hardened.Allow("pss-baseline", "nodes of this pool belong to it")
	patterntest.Helper(t, "sysctl", node, initc.Sysctl(map[string]string{"vm.max_map_count": "262144", "kernel.sem": "250 32000 100 128"}))

	found := hardened.WithInit(initc.Sysctl(map[string]string{"vm.max_map_count": "262144"})).Findings()
	require.Len(t, found, 1)
	require.Equal(t, "pss-baseline", found[0].Rule)
}

func TestSysctlRefuses(t *testing.T) {
	for name, tt := range map[string]struct {
		settings map[string]string
		want     string
	}{
		"nothing":          {nil, "at least one parameter"},
		"no name":          {map[string]string{"": "1"}, "name of a parameter"},
		"a flag":           {map[string]string{"-a": "1"}, "name of a parameter"},
		"an assignment":    {map[string]string{"vm.a=1 vm.b": "1"}, "name of a parameter"},
		"no value":         {map[string]string{"vm.max_map_count": ""}, "a value of one line"},
		"slashes":          {map[string]string{"net/ipv4/tcp_syncookies": "1"}, "name of a parameter"},
		"slashes later":    {map[string]string{"net.ipv4/tcp_syncookies": "1"}, "name of a parameter"},
		"two values":       {map[string]string{"vm.max_map_count": "1\n2"}, "a value of one line"},
		"one for the pod":  {map[string]string{"net.ipv4.tcp_syncookies": "1"}, "PodBuilder.Sysctl"},
		"one of them good": {map[string]string{"net.ipv4.tcp_rmem": "1", "vm.max_map_count": "1"}, "PodBuilder.Sysctl"},
	} {
		t.Run(name, func(t *testing.T) { patterntest.Refuses(t, hardened, initc.Sysctl(tt.settings), tt.want) })
	}
}
