package pattern_test

import (
	"testing"

	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/check"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
)

// configured is a helper whose configuration is made when ports are settled.
func configured() pattern.SidecarContainer {
	return side("s").Late(func(_ pattern.View, c pattern.SidecarContainer) pattern.SidecarContainer {
		return c.Config("/etc/s/s.conf", "a=1").Config("/etc/other/o.conf", "b=2")
	})
}

func TestConfigFromMountsAVolumeInPlaceOfAFile(t *testing.T) {
	v := pattern.EmptyDir("conf")
	fill := setup("fill").Writes(v, "/out")
	for name, tt := range map[string]struct {
		file string
		want corev1.VolumeMount
	}{
		"a file":             {"s.conf", corev1.VolumeMount{Name: "conf", MountPath: "/etc/s", ReadOnly: true}},
		"a file in a folder": {"etc/s/s.conf", corev1.VolumeMount{Name: "conf", MountPath: "/etc/s", ReadOnly: true, SubPath: "etc/s"}},
	} {
		t.Run(name, func(t *testing.T) {
			config, pod := generated(t, with(web(), configured().ConfigFrom(v, tt.file)).WithInit(fill))
			require.Equal(t, map[string]string{"o.conf": "b=2"}, config.Data, "the other file is generated as before")
			require.Contains(t, container(t, &pod.Spec, "s").VolumeMounts, tt.want)
			require.Equal(t, []string{"fill", "s"}, containerNames(pod.Spec.InitContainers), "the one that fills it starts first")
		})
	}
}

// All files from volumes: nothing is left to generate. A folder of the root is not
// mounted over.
func TestConfigFromOfTheOnlyFile(t *testing.T) {
	v := pattern.PVC("conf", "conf")
	pod := build(t, with(web(), side("s").Config("/etc/s.conf", "a").ConfigFrom(v, "x/s.conf")))
	require.Equal(t, []corev1.VolumeMount{{Name: "conf", MountPath: "/etc/s.conf", SubPath: "x/s.conf", ReadOnly: true}}, container(t, &pod.Spec, "s").VolumeMounts)
}

// A native helper that writes the volume is waited for.
func TestConfigFromWaitsForItsWriter(t *testing.T) {
	v := pattern.EmptyDir("conf")
	render := side("render").Writes(v, "/out").Port("http", 9000).Health(pattern.HTTPGet("/", "http"))
	pod := build(t, with(web(), configured().ConfigFrom(v, "s.conf"), render))
	require.Equal(t, []string{"render", "s"}, containerNames(pod.Spec.InitContainers))
	require.NotNil(t, pod.Spec.InitContainers[0].StartupProbe)
}

func TestConfigFromWhatIsNotThere(t *testing.T) {
	v := pattern.PVC("conf", "conf")
	for name, tt := range map[string]struct {
		c    pattern.SidecarContainer
		want string
	}{
		"another name":            {configured().ConfigFrom(v, "t.conf"), "no generated file of this name, but s.conf, o.conf"},
		"no file at all":          {side("s").ConfigFrom(v, "t.conf"), "no generated file of this name, or any other"},
		"a sibling in the folder": {side("s").Config("/etc/s/a", "").Config("/etc/s/b", "").ConfigFrom(v, "a"), "other generated files are in /etc/s"},
	} {
		t.Run(name, func(t *testing.T) {
			f := only(t, with(web(), tt.c).Findings(), "config-from")
			require.Equal(t, check.Broken, f.Level)
			require.Contains(t, f.Detail, tt.want)
			require.Contains(t, f.At, "configfrom_test.go:")
		})
	}
}

// Only who fills the volume goes first: neither a container that reads it, nor the app,
// which no helper can wait for.
func TestConfigFromWaitsForNobodyElse(t *testing.T) {
	v := pattern.PVC("conf", "conf")
	pod := build(t, with(web().Writes(v, "/conf"), configured().ConfigFrom(v, "s.conf")).WithInit(setup("look").Reads(v, "/conf")))
	require.Equal(t, []string{"s", "look"}, containerNames(pod.Spec.InitContainers))
}
