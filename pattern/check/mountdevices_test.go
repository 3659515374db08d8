package check_test

import (
	"testing"

	"github.com/podpattern/podpattern/pattern/check"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
)

func TestVolumeDevices(t *testing.T) {
	devices := func(list string) func(*corev1.Pod) {
		return spec(t, "{volumes: [{name: a, persistentVolumeClaim: {claimName: a}}, {name: b, persistentVolumeClaim: {claimName: b}}, {name: e, emptyDir: {}}], containers: [{name: web, "+list+"}]}")
	}
	const at = "A spec.containers[0].volume"
	try(t,
		example{"volume-device", "two", devices("volumeDevices: [{name: a, devicePath: /dev/a}, {name: b, devicePath: /dev/b}]"), nil},
		example{"volume-device", "nothing", devices("volumeDevices: [{}]"), []string{at + "Devices[0].devicePath: Required value", at + "Devices[0].name: Required value", at + `Devices[0].name: Not found: ""`}},
		example{"volume-device", "one twice", devices("volumeDevices: [{name: a, devicePath: /dev/a}, {name: a, devicePath: /dev/a}]"), []string{at + `Devices[1].devicePath: Invalid value: "/dev/a": must be unique`, at + `Devices[1].name: Invalid value: "a": must be unique`}},
		example{"volume-device", "a folder", devices("volumeDevices: [{name: e, devicePath: /dev/../a}]"), []string{
			at + `Devices[0].devicePath: Invalid value: "/dev/../a": can not contain backsteps ('..')`,
			at + `Devices[0].name: Invalid value: "e": can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode`}},
		example{"volume-device", "mounted too", devices("volumeDevices: [{name: a, devicePath: /a}], volumeMounts: [{name: a, mountPath: /a}]"), []string{
			at + `Devices[0].devicePath: Invalid value: "/a": must not already exist as a path in volumeMounts`, at + `Devices[0].name: Invalid value: "a": must not already exist in volumeMounts`,
			at + `Mounts[0].mountPath: Invalid value: "/a": must not already exist as a path in volumeDevices`, at + `Mounts[0].name: Invalid value: "a": must not already exist in volumeDevices`}},
	)
}

func TestAClaimIsADevice(t *testing.T) {
	p := goodPod()
	webOf(p).VolumeDevices = []corev1.VolumeDevice{{Name: "claim", DevicePath: "/dev/c"}}
	require.Len(t, of(check.Pod(p), "volume-device"), 1)
	require.Empty(t, of(check.Pod(p, check.Claims("claim")), "volume-device"))
}
