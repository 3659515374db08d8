package pattern_test

import (
	"strings"
	"testing"

	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/validation"
)

// kinds are the kinds of objects, in their order.
func kinds(objects []runtime.Object) []string {
	var out []string
	for _, o := range objects {
		out = append(out, o.GetObjectKind().GroupVersionKind().Kind)
	}
	return out
}

// generated gives the one ConfigMap of a pod, and the pod.
func generated(t *testing.T, p pattern.PodBuilder) (*corev1.ConfigMap, *corev1.Pod) {
	t.Helper()
	objects, err := p.Objects()
	require.NoError(t, err)
	require.Equal(t, []string{"ConfigMap", "Pod"}, kinds(objects))
	return objects[0].(*corev1.ConfigMap), objects[1].(*corev1.Pod)
}

func TestConfigRidesInAnImmutableConfigMap(t *testing.T) {
	config, pod := generated(t, with(web().Config("/etc/app/app.conf", "a=1").Config("/etc/app/b.conf", "b=2")).Namespace("prod"))
	require.True(t, *config.Immutable)
	require.Equal(t, "prod", config.Namespace)
	require.Equal(t, map[string]string{"app.conf": "a=1", "b.conf": "b=2"}, config.Data)
	require.Regexp(t, `^web-web-[0-9a-f]{10}$`, config.Name)
	source := volume(t, &pod.Spec, "web-config").ConfigMap
	require.Equal(t, config.Name, source.Name)
	require.Equal(t, []corev1.KeyToPath{{Key: "app.conf", Path: "app.conf"}, {Key: "b.conf", Path: "b.conf"}}, source.Items)
	require.Equal(t, []corev1.VolumeMount{{Name: "web-config", MountPath: "/etc/app", ReadOnly: true}}, pod.Spec.Containers[0].VolumeMounts)
}

func TestANewContentIsANewConfigMap(t *testing.T) {
	name := func(file, content string) string {
		config, _ := generated(t, with(web().Config(file, content)))
		return config.Name
	}
	first := name("/etc/app/app.conf", "a=1")
	require.Equal(t, first, name("/etc/app/app.conf", "a=1"))
	require.NotEqual(t, first, name("/etc/app/app.conf", "a=2"))
	require.NotEqual(t, first, name("/etc/app/b.conf", "a=1"))
}

func TestBuildAloneLeavesTheConfigMapToObjects(t *testing.T) {
	p := with(web().Config("/etc/app/app.conf", "a=1"))
	config, want := generated(t, p)
	pod, err := p.Build()
	require.NoError(t, err)
	require.Equal(t, want, pod)
	require.Equal(t, config.Name, pod.Spec.Volumes[0].ConfigMap.Name)
}

// A folder of the root holds more than the app's files: /etc has the image's
// users and certificates.
func TestAFileInAFolderOfTheRootIsMountedAlone(t *testing.T) {
	_, pod := generated(t, with(web().Config("/etc/app.conf", "a=1").Config("/etc/b.conf", "b=2").Config("/opt/app/c.conf", "c=3")))
	require.Equal(t, []corev1.VolumeMount{
		{Name: "web-config", MountPath: "/etc/app.conf", SubPath: "app.conf", ReadOnly: true},
		{Name: "web-config", MountPath: "/etc/b.conf", SubPath: "b.conf", ReadOnly: true},
		{Name: "web-config-2", MountPath: "/opt/app", ReadOnly: true},
	}, pod.Spec.Containers[0].VolumeMounts)
	require.Equal(t, pod.Spec.Volumes[0].ConfigMap.Name, pod.Spec.Volumes[1].ConfigMap.Name)
}

func TestFilesOfOneNameInTwoFolders(t *testing.T) {
	config, pod := generated(t, with(web().Config("/etc/a/app.conf", "a").Config("/etc/b/app.conf", "b")))
	require.Len(t, config.Data, 2)
	for i, want := range []string{"a", "b"} {
		item := pod.Spec.Volumes[i].ConfigMap.Items[0]
		require.Equal(t, "app.conf", item.Path)
		require.Equal(t, want, config.Data[item.Key])
	}
}

func TestTwoContainersHaveTwoConfigMaps(t *testing.T) {
	objects, err := with(web().Config("/etc/app/app.conf", "a"), side("s").Config("/etc/app/app.conf", "a")).Objects()
	require.NoError(t, err)
	require.Equal(t, []string{"ConfigMap", "ConfigMap", "Pod"}, kinds(objects))
	require.NotEqual(t, objects[0].(*corev1.ConfigMap).Name, objects[1].(*corev1.ConfigMap).Name)
}

func TestInlineConfigRidesInAnnotations(t *testing.T) {
	p := with(web().Config("/etc/app/app.conf", "a=1").Config("/etc/app/b.conf", "b=2")).InlineConfig()
	objects, err := p.Objects()
	require.NoError(t, err)
	require.Equal(t, []string{"Pod"}, kinds(objects))
	pod := objects[0].(*corev1.Pod)
	require.Equal(t, map[string]string{"config.podpattern.dev/web.app.conf": "a=1", "config.podpattern.dev/web.b.conf": "b=2"}, pod.Annotations)
	require.Equal(t, []corev1.DownwardAPIVolumeFile{
		{Path: "app.conf", FieldRef: &corev1.ObjectFieldSelector{FieldPath: "metadata.annotations['config.podpattern.dev/web.app.conf']"}},
		{Path: "b.conf", FieldRef: &corev1.ObjectFieldSelector{FieldPath: "metadata.annotations['config.podpattern.dev/web.b.conf']"}},
	}, volume(t, &pod.Spec, "web-config").DownwardAPI.Items)
}

// Any name of a file must become keys that the API takes.
func TestConfigOfStrangeNames(t *testing.T) {
	for _, name := range []string{"a b", "backup~", "ünï", "-", "_", ".hidden", "a..b", strings.Repeat("long", 60), "UPPER", "a'b\"c", "%00"} {
		t.Run(name, func(t *testing.T) {
			p := with(web().Config("/etc/app/"+name, "content"))
			config, pod := generated(t, p)
			require.Len(t, config.Data, 1)
			for key := range config.Data {
				require.Empty(t, validation.IsConfigMapKey(key))
				require.Equal(t, []corev1.KeyToPath{{Key: key, Path: name}}, pod.Spec.Volumes[0].ConfigMap.Items)
			}
			for key := range build(t, p.InlineConfig()).Annotations {
				require.Empty(t, validation.IsQualifiedName(key), key)
			}
		})
	}
}

func TestConfigThatCantBe(t *testing.T) {
	big := strings.Repeat("x", 600<<10)
	for _, tt := range []struct {
		name string
		c    pattern.AppContainer
	}{
		{"one path twice", web().Config("/etc/app/app.conf", "a").Config("/etc/app/app.conf", "b")},
		{"one path twice, the same content", web().Config("/etc/app/app.conf", "a").Config("/etc/app/app.conf", "a")},
		{"more than 1 MiB in one file", web().Config("/etc/app/app.conf", big+big)},
		{"more than 1 MiB in two", web().Config("/etc/app/a", big).Config("/etc/app/b", big)},
		{"a relative path", web().Config("app.conf", "a")},
		{"a folder", web().Config("/etc/app/", "a")},
		{"a name that the kubelet keeps for itself", web().Config("/etc/app/..data", "a")},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := only(t, with(tt.c).Findings(), "config")
			require.NotEmpty(t, f.At)
		})
	}
}

func TestInlineConfigHasRoomFor256KiB(t *testing.T) {
	content := strings.Repeat("x", 200<<10)
	p := with(web().Config("/etc/app/a", content), side("s").Config("/etc/app/b", content))
	_, err := p.Objects()
	require.NoError(t, err)
	require.Equal(t, []string{"annotations-size"}, rules(p.InlineConfig().Findings()))
}

func TestInlineFilesNeverMeet(t *testing.T) {
	pod := build(t, with(pattern.App("a", "a:1").Config("/etc/x/b-c", "1"), side("a-b").Config("/etc/x/c", "2")).InlineConfig())
	require.Len(t, pod.Annotations, 2)
}

// A volume that the library makes must never be one of the user's, nor that of
// another container.
func TestGeneratedNamesNeverMeet(t *testing.T) {
	for _, tt := range []struct {
		name    string
		pod     pattern.PodBuilder
		volumes int
	}{
		{"a folder called config", with(web().Scratch("/cache/config", "1Mi").Config("/etc/app/app.conf", "a")), 2},
		{"a container called as another one's folder", with(web(), side("log").Scratch("/shipper-tmp", "1Mi"), side("log-shipper").Scratch("/tmp", "1Mi")), 2},
		{"a volume called as a container's folder", with(web().Writes(pattern.EmptyDir("web-tmp").SizeLimit("1Mi"), "/data").Scratch("/tmp", "1Mi")), 2},
		{"a volume called as a container's configuration", with(web().Writes(pattern.EmptyDir("web-config"), "/data").Config("/etc/app/app.conf", "a")), 2},
		{"a volume called as a container's token", with(web().Writes(pattern.EmptyDir("web-token"), "/data").NeedsAPI()), 2},
		{"a volume that is declared, called as a container's folder", with(web().Scratch("/tmp", "1Mi")).WithVolume(pattern.EmptyDir("web-tmp")), 2},
		{"two folders of one name", with(web().Scratch("/a/tmp", "1Mi").Scratch("/b/tmp", "1Mi")), 2},
		{"a volume called private", with(web().Writes(pattern.EmptyDir("private"), "/d"), side("s").Reads(pattern.EmptyDir("private"), "/d")), 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			require.Len(t, build(t, tt.pod).Spec.Volumes, tt.volumes)
		})
	}
}
