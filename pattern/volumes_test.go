package pattern_test

import (
	"testing"

	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

func TestEachKindOfVolume(t *testing.T) {
	claim := func(mode corev1.PersistentVolumeAccessMode, class *string) corev1.PersistentVolumeClaimSpec {
		return corev1.PersistentVolumeClaimSpec{
			AccessModes:      []corev1.PersistentVolumeAccessMode{mode},
			StorageClassName: class,
			Resources:        corev1.VolumeResourceRequirements{Requests: corev1.ResourceList{"storage": resource.MustParse("10Gi")}},
		}
	}
	ephemeral := func(spec corev1.PersistentVolumeClaimSpec) corev1.VolumeSource {
		return corev1.VolumeSource{Ephemeral: &corev1.EphemeralVolumeSource{VolumeClaimTemplate: &corev1.PersistentVolumeClaimTemplate{Spec: spec}}}
	}
	named := func(name string) corev1.LocalObjectReference { return corev1.LocalObjectReference{Name: name} }
	items := []corev1.KeyToPath{{Key: "a", Path: "x"}, {Key: "b", Path: "y"}}
	for _, tt := range []struct {
		name   string
		volume pattern.Volume
		want   corev1.VolumeSource
	}{
		{"EmptyDir", pattern.EmptyDir("v"), corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}},
		{"EmptyDir with a limit", pattern.EmptyDir("v").SizeLimit("1Gi"), corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{SizeLimit: new(resource.MustParse("1Gi"))}}},
		{"EmptyDir in memory", pattern.EmptyDir("v").Memory(), corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{Medium: corev1.StorageMediumMemory}}},
		{"PVC", pattern.PVC("v", "claim"), corev1.VolumeSource{PersistentVolumeClaim: &corev1.PersistentVolumeClaimVolumeSource{ClaimName: "claim"}}},
		{"Ephemeral", pattern.Ephemeral("v", "10Gi"), ephemeral(claim(corev1.ReadWriteOnce, nil))},
		{"Ephemeral of a class", pattern.Ephemeral("v", "10Gi").StorageClass("fast").AccessModes(corev1.ReadWriteMany), ephemeral(claim(corev1.ReadWriteMany, new("fast")))},
		{"HostPath", pattern.HostPath("v", "/h"), corev1.VolumeSource{HostPath: &corev1.HostPathVolumeSource{Path: "/h"}}},
		{"HostPath of a type", pattern.HostPath("v", "/h").HostPathType(corev1.HostPathFile), corev1.VolumeSource{HostPath: &corev1.HostPathVolumeSource{Path: "/h", Type: new(corev1.HostPathFile)}}},
		{"NFS", pattern.NFS("v", "server", "/export"), corev1.VolumeSource{NFS: &corev1.NFSVolumeSource{Server: "server", Path: "/export"}}},
		{"CSI", pattern.CSI("v", "driver", map[string]string{"a": "b"}), corev1.VolumeSource{CSI: &corev1.CSIVolumeSource{Driver: "driver", VolumeAttributes: map[string]string{"a": "b"}}}},
		{"CSI without attributes", pattern.CSI("v", "driver", nil), corev1.VolumeSource{CSI: &corev1.CSIVolumeSource{Driver: "driver"}}},
		{"ImageVolume", pattern.ImageVolume("v", "files:1"), corev1.VolumeSource{Image: &corev1.ImageVolumeSource{Reference: "files:1"}}},
		{"ConfigMap", pattern.ConfigMap("c").Volume("v"), corev1.VolumeSource{ConfigMap: &corev1.ConfigMapVolumeSource{LocalObjectReference: named("c")}}},
		{"ConfigMap of some keys", pattern.ConfigMap("c").Optional().Volume("v").Key("a", "x").Key("b", "y").Mode(0o440),
			corev1.VolumeSource{ConfigMap: &corev1.ConfigMapVolumeSource{LocalObjectReference: named("c"), Items: items, DefaultMode: new(int32(0o440)), Optional: new(true)}}},
		{"Secret", pattern.Secret("s").Volume("v"), corev1.VolumeSource{Secret: &corev1.SecretVolumeSource{SecretName: "s"}}},
		{"Secret of some keys", pattern.Secret("s").Optional().Volume("v").Key("a", "x").Key("b", "y").Mode(0o400),
			corev1.VolumeSource{Secret: &corev1.SecretVolumeSource{SecretName: "s", Items: items, DefaultMode: new(int32(0o400)), Optional: new(true)}}},
		{"DownwardAPI", pattern.DownwardAPI("v", pattern.PodField("labels", "metadata.labels"), pattern.ResourceField("cpu", "web", "limits.cpu")).Mode(0o444),
			corev1.VolumeSource{DownwardAPI: &corev1.DownwardAPIVolumeSource{DefaultMode: new(int32(0o444)), Items: []corev1.DownwardAPIVolumeFile{
				{Path: "labels", FieldRef: &corev1.ObjectFieldSelector{FieldPath: "metadata.labels"}},
				{Path: "cpu", ResourceFieldRef: &corev1.ResourceFieldSelector{ContainerName: "web", Resource: "limits.cpu"}},
			}}}},
		{"Projected", pattern.Projected("v",
			pattern.ConfigMap("c"), pattern.Secret("s").Optional(),
			pattern.ServiceAccountToken("token").Audience("vault").ExpirationSeconds(600),
			pattern.PodField("name", "metadata.name")).Mode(0o440),
			corev1.VolumeSource{Projected: &corev1.ProjectedVolumeSource{DefaultMode: new(int32(0o440)), Sources: []corev1.VolumeProjection{
				{ConfigMap: &corev1.ConfigMapProjection{LocalObjectReference: named("c")}},
				{Secret: &corev1.SecretProjection{LocalObjectReference: named("s"), Optional: new(true)}},
				{ServiceAccountToken: &corev1.ServiceAccountTokenProjection{Path: "token", Audience: "vault", ExpirationSeconds: new(int64(600))}},
				{DownwardAPI: &corev1.DownwardAPIProjection{Items: []corev1.DownwardAPIVolumeFile{{Path: "name", FieldRef: &corev1.ObjectFieldSelector{FieldPath: "metadata.name"}}}}},
			}}}},
		{"RawVolume", pattern.RawVolume(corev1.Volume{Name: "v", VolumeSource: corev1.VolumeSource{ISCSI: &corev1.ISCSIVolumeSource{TargetPortal: "t", IQN: "iqn.2026-01.com.example:q"}}}),
			corev1.VolumeSource{ISCSI: &corev1.ISCSIVolumeSource{TargetPortal: "t", IQN: "iqn.2026-01.com.example:q"}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			want := []corev1.Volume{{Name: "v", VolumeSource: tt.want}}
			require.Equal(t, want, build(t, with(web().Mount(tt.volume, "/v"))).Spec.Volumes)
			require.Equal(t, want, build(t, with(web()).WithVolume(tt.volume)).Spec.Volumes, "declared without a mount")
		})
	}
}

func TestOptionsOfAMount(t *testing.T) {
	v := pattern.EmptyDir("v")
	type mounting func(pattern.AppContainer, pattern.Volume) pattern.AppContainer
	writes := func(c pattern.AppContainer, v pattern.Volume) pattern.AppContainer { return c.Writes(v, "/m") }
	reads := func(c pattern.AppContainer, v pattern.Volume) pattern.AppContainer { return c.Reads(v, "/m") }
	mounts := func(c pattern.AppContainer, v pattern.Volume) pattern.AppContainer { return c.Mount(v, "/m") }
	for _, tt := range []struct {
		name   string
		verb   mounting
		volume pattern.Volume
		want   corev1.VolumeMount
	}{
		{"Writes", writes, v, corev1.VolumeMount{}},
		{"Reads is read-only", reads, v, corev1.VolumeMount{ReadOnly: true}},
		{"Mount is neither", mounts, v, corev1.VolumeMount{}},
		{"Mount of a ReadOnly handle", mounts, v.ReadOnly(), corev1.VolumeMount{ReadOnly: true}},
		{"Reads of a ReadWrite handle", reads, v.ReadWrite(), corev1.VolumeMount{}},
		{"the last of ReadOnly and ReadWrite holds", mounts, v.ReadWrite().ReadOnly(), corev1.VolumeMount{ReadOnly: true}},
		{"SubPath", writes, v.SubPath("a/b"), corev1.VolumeMount{SubPath: "a/b"}},
		{"SubPathExpr", writes, v.SubPathExpr("$(POD)"), corev1.VolumeMount{SubPathExpr: "$(POD)"}},
		{"SubPathExpr replaces SubPath", writes, v.SubPath("a").SubPathExpr("b"), corev1.VolumeMount{SubPathExpr: "b"}},
		{"SubPath replaces SubPathExpr", writes, v.SubPathExpr("a").SubPath("b"), corev1.VolumeMount{SubPath: "b"}},
		{"MountPropagation", writes, v.MountPropagation(corev1.MountPropagationHostToContainer), corev1.VolumeMount{MountPropagation: new(corev1.MountPropagationHostToContainer)}},
		{"RecursiveReadOnly", reads, v.RecursiveReadOnly(corev1.RecursiveReadOnlyEnabled), corev1.VolumeMount{ReadOnly: true, RecursiveReadOnly: new(corev1.RecursiveReadOnlyEnabled)}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			pod := build(t, with(tt.verb(web().Env("POD", "p"), tt.volume), side("s").Writes(v, "/s")))
			tt.want.Name, tt.want.MountPath = "v", "/m"
			require.Equal(t, []corev1.VolumeMount{tt.want}, pod.Spec.Containers[0].VolumeMounts)
			require.Len(t, pod.Spec.Volumes, 1, "handles that differ in the mount are one volume")
		})
	}
}

func TestScratchIsPrivateAndNamedAfterItsContainer(t *testing.T) {
	pod := build(t, with(
		web().Scratch("/tmp", "16Mi").Scratch("/var/cache/nginx", "1Gi"),
		side("s").Scratch("/tmp", "16Mi"), side("t").Name("u").Scratch("/tmp", "16Mi")))
	var names []string
	for _, v := range pod.Spec.Volumes {
		names = append(names, v.Name)
		require.NotNil(t, v.EmptyDir.SizeLimit)
	}
	require.ElementsMatch(t, []string{"web-tmp", "web-nginx", "s-tmp", "u-tmp"}, names)
	require.False(t, pod.Spec.Containers[0].VolumeMounts[0].ReadOnly)

	long63 := long(63)
	cut := build(t, with(web().Name(long63).Scratch("/tmp", "1Mi")).WithApp(pattern.App("web", "web:1")))
	require.Len(t, cut.Spec.Volumes[0].Name, 63)
}

func TestOneNameIsOneVolumeWhereTheSourcesAreEqual(t *testing.T) {
	token := func() pattern.TokenProjection { return pattern.ServiceAccountToken("token") }
	downward := func(version string) pattern.Volume {
		return pattern.RawVolume(corev1.Volume{Name: "v", VolumeSource: corev1.VolumeSource{DownwardAPI: &corev1.DownwardAPIVolumeSource{
			Items: []corev1.DownwardAPIVolumeFile{{Path: "n", FieldRef: &corev1.ObjectFieldSelector{APIVersion: version, FieldPath: "metadata.name"}}},
		}}})
	}
	image := func(reference string, policy corev1.PullPolicy) pattern.Volume {
		return pattern.RawVolume(corev1.Volume{Name: "v", VolumeSource: corev1.VolumeSource{Image: &corev1.ImageVolumeSource{Reference: reference, PullPolicy: policy}}})
	}
	for _, tt := range []struct {
		name string
		a, b pattern.Volume
		same bool
	}{
		{"the same handle", pattern.EmptyDir("v"), pattern.EmptyDir("v"), true},
		{"one quantity in two ways", pattern.EmptyDir("v").SizeLimit("1Gi"), pattern.EmptyDir("v").SizeLimit("1024Mi"), true},
		{"two quantities", pattern.EmptyDir("v").SizeLimit("1Gi"), pattern.EmptyDir("v").SizeLimit("1G"), false},
		{"a limit and none", pattern.EmptyDir("v").SizeLimit("1Gi"), pattern.EmptyDir("v"), false},
		{"two media", pattern.EmptyDir("v").Memory(), pattern.EmptyDir("v"), false},
		{"two kinds", pattern.EmptyDir("v"), pattern.PVC("v", "c"), false},
		{"two claims", pattern.PVC("v", "c"), pattern.PVC("v", "d"), false},
		{"the default mode, said and unsaid", pattern.ConfigMap("c").Volume("v").Mode(0o644), pattern.ConfigMap("c").Volume("v"), true},
		{"another mode", pattern.ConfigMap("c").Volume("v").Mode(0o600), pattern.ConfigMap("c").Volume("v"), false},
		{"two lists of keys", pattern.Secret("s").Volume("v").Key("a", "a"), pattern.Secret("s").Volume("v"), false},
		{"no type of a HostPath, said and unsaid", pattern.HostPath("v", "/h").HostPathType(corev1.HostPathUnset), pattern.HostPath("v", "/h"), true},
		{"a token's hour, said and unsaid", pattern.Projected("v", token().ExpirationSeconds(3600)), pattern.Projected("v", token()), true},
		{"two times of a token", pattern.Projected("v", token().ExpirationSeconds(600)), pattern.Projected("v", token()), false},
		{"the version of a field, said and unsaid", downward("v1"), downward(""), true},
		{"the pull policy of a tag, said and unsaid", image("files:1", corev1.PullIfNotPresent), image("files:1", ""), true},
		{"the pull policy of latest, said and unsaid", image("files:latest", corev1.PullAlways), image("files:latest", ""), true},
		{"another pull policy", image("files:1", corev1.PullNever), image("files:1", ""), false},
		{"two sizes of a claim", pattern.Ephemeral("v", "1Gi"), pattern.Ephemeral("v", "2Gi"), false},
		{"one claim", pattern.Ephemeral("v", "1Gi"), pattern.Ephemeral("v", "1024Mi"), true},
		{"mounts that differ", pattern.EmptyDir("v").SubPath("a"), pattern.EmptyDir("v").ReadWrite(), true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, p := range []pattern.PodBuilder{
				with(web().Mount(tt.a, "/a"), side("s").Mount(tt.b, "/b")),
				with(web().Mount(tt.b, "/b"), side("s").Mount(tt.a, "/a")),
				with(web().Mount(tt.a, "/a")).WithVolume(tt.b),
			} {
				if tt.same {
					require.Len(t, build(t, p).Spec.Volumes, 1)
				} else {
					require.Equal(t, []string{"volume-source"}, rules(p.Findings()))
				}
			}
		})
	}
}

func TestTwoClaimTemplatesOfOneName(t *testing.T) {
	p := func(a, b pattern.Volume) pattern.StatefulSetBuilder {
		return with(web().Writes(a, "/a"), side("s").Writes(b, "/b")).StatefulSet(1)
	}
	same, err := p(pattern.ClaimTemplate("v", "1Gi"), pattern.ClaimTemplate("v", "1024Mi")).Build()
	require.NoError(t, err)
	require.Len(t, same.Spec.VolumeClaimTemplates, 1)
	require.Equal(t, []string{"volume-source"}, rules(p(pattern.ClaimTemplate("v", "1Gi"), pattern.ClaimTemplate("v", "2Gi")).Findings()))
	require.Equal(t, []string{"volume-source"}, rules(p(pattern.ClaimTemplate("v", "1Gi"), pattern.EmptyDir("v")).Findings()))
}

// What is wrong with a handle is said whether its volume is there already or not.
func TestTheSecondHandleIsLookedAtToo(t *testing.T) {
	good, bad := pattern.EmptyDir("d"), pattern.EmptyDir("d").SizeLimit("bogus")
	require.Equal(t, []string{"quantity"}, rules(with(web().Writes(good, "/a").Writes(bad, "/b")).Findings()))
	require.Equal(t, []string{"quantity"}, rules(with(web().Writes(bad, "/a").Writes(good, "/b")).Findings()))
	require.Equal(t, []string{"quantity"}, rules(with(web().Writes(bad, "/a").Writes(bad, "/b")).Findings()), "and once")

	reference, data := pattern.ConfigMap("c").Volume("v"), pattern.ConfigMap("c").Data("k", "v").Volume("v")
	objects, err := with(web().Mount(reference, "/a").Mount(data, "/b")).Objects()
	require.NoError(t, err)
	require.Equal(t, []string{"ConfigMap", "Pod"}, kinds(objects))
}

func TestABlockDevice(t *testing.T) {
	pod := build(t, with(web().Device(pattern.PVC("disk", "disk"), "/dev/xvda")))
	require.Equal(t, []corev1.VolumeDevice{{Name: "disk", DevicePath: "/dev/xvda"}}, pod.Spec.Containers[0].VolumeDevices)
	require.Len(t, pod.Spec.Volumes, 1)
}

func TestAnEnvFileDeclaresItsVolume(t *testing.T) {
	dir := pattern.EmptyDir("d")
	pod := build(t, with(web().EnvFile("A", dir, "app.env", "KEY")).WithInit(setup("i").Writes(dir, "/d")))
	require.Equal(t, &corev1.FileKeySelector{VolumeName: "d", Path: "app.env", Key: "KEY"}, pod.Spec.Containers[0].Env[0].ValueFrom.FileKeyRef)
	require.Empty(t, pod.Spec.Containers[0].VolumeMounts)
	require.Len(t, pod.Spec.Volumes, 1)
}

func TestWhoWritesAVolume(t *testing.T) {
	d := pattern.EmptyDir("d")
	for _, tt := range []struct {
		name string
		pod  pattern.PodBuilder
		good bool
	}{
		{"the app", with(web().Writes(d, "/d"), side("s").Reads(d, "/d")), true},
		{"the reader itself, elsewhere", with(web().Writes(d, "/a").Reads(d, "/b")), true},
		{"the reader itself, elsewhere and first", with(web().Reads(d, "/b").Writes(d, "/a")), true},
		{"an init container", with(web().Reads(d, "/d")).WithInit(setup("i").Writes(d, "/d")), true},
		{"somebody who doesn't say", with(web().Mount(d, "/d"), side("s").Reads(d, "/d")), true},
		{"a helper, for the app", with(web(), side("s").Writes(d, "/d").AppReads(d, "/d")), true},
		{"nobody", with(web().Reads(d, "/d")), false},
		{"nobody: a mount that may write says that it reads", with(web().Reads(d.ReadWrite(), "/d")), false},
		{"nobody: somebody who doesn't say can't", with(web().Mount(d.ReadOnly(), "/d")), false},
		{"whoever made the claim", with(web().Reads(pattern.PVC("d", "claim"), "/d")), true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.good {
				require.Empty(t, own(tt.pod.Findings()))
				return
			}
			only(t, tt.pod.Findings(), "reader-without-writer")
		})
	}
}
