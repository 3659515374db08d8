package check_test

import (
	"testing"

	"github.com/podpattern/podpattern/pattern/check"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
)

func TestMounts(t *testing.T) {
	mounts := func(list string) func(*corev1.Pod) {
		return spec(t, "{volumes: [{name: a, emptyDir: {}}, {name: b, configMap: {name: b, items: [{key: k, path: x/k}, {key: l, path: l}]}}], containers: [{name: web, volumeMounts: ["+list+"]}]}")
	}
	const at = "spec.containers[0].volumeMounts"
	try(t,
		example{"mount-path-dup", "two containers", func(p *corev1.Pod) {
			webOf(p).VolumeMounts, sideOf(p).VolumeMounts = []corev1.VolumeMount{mount("data", "/d")}, []corev1.VolumeMount{mount("data", "/d")}
		}, nil},
		example{"mount-path-dup-normalised", "one folder in another", func(p *corev1.Pod) {
			webOf(p).VolumeMounts = []corev1.VolumeMount{mount("data", "/d"), mount("data", "/d/e")}
		}, nil},
		example{"mount-path-shape", "a colon", func(p *corev1.Pod) {
			webOf(p).VolumeMounts = []corev1.VolumeMount{mount("data", "/a:b")}
		}, []string{`W spec.containers[0].volumeMounts[0].mountPath: Invalid value: "/a:b": must not contain ':'`}},
		example{"mount-path-shape", "relative", func(p *corev1.Pod) {
			webOf(p).VolumeMounts = []corev1.VolumeMount{mount("data", "data")}
		}, []string{`W spec.containers[0].volumeMounts[0].mountPath: Invalid value: "data": is relative: the kubelet mounts it at /data`}},
		example{"mount-path-shape", "the root", func(p *corev1.Pod) {
			webOf(p).VolumeMounts = []corev1.VolumeMount{mount("data", "/")}
		}, []string{`E spec.containers[0].volumeMounts[0].mountPath: Invalid value: "/": hides the whole image`}},
		example{"subpath", "out of the volume", func(p *corev1.Pod) {
			webOf(p).VolumeMounts = []corev1.VolumeMount{{Name: "data", MountPath: "/d", SubPathExpr: "a/../$(B)"}}
		}, []string{`A spec.containers[0].volumeMounts[0].subPathExpr: Invalid value: "a/../$(B)": must not contain '..'`}},
		example{"subpath", "both", func(p *corev1.Pod) {
			webOf(p).VolumeMounts = []corev1.VolumeMount{{Name: "data", MountPath: "/d", SubPath: "a", SubPathExpr: "b"}}
		}, []string{`A spec.containers[0].volumeMounts[0].subPathExpr: Invalid value: "b": subPathExpr and subPath are mutually exclusive`}},
		example{"subpath", "a folder with dots", func(p *corev1.Pod) {
			webOf(p).VolumeMounts = []corev1.VolumeMount{{Name: "data", MountPath: "/d", SubPath: "a..b/...c"}}
		}, nil},
		example{"mount-path-dup-normalised", "there and back", mounts("{name: a, mountPath: /d}, {name: b, mountPath: /x/../d}"), []string{"E " + at + `[1].mountPath: Invalid value: "/x/../d": is the same folder as /d, where a is mounted`}},

		example{"mount-undeclared", "no name", mounts("{mountPath: /m}"), []string{"A " + at + "[0].name: Required value", "A " + at + `[0].name: Not found: ""`}},
		example{"mount-undeclared", "a volume that is refused", spec(t, "{volumes: [{name: v, nfs: {}}], containers: [{name: web, volumeMounts: [{name: v, mountPath: /v}]}]}"), []string{"A " + at + `[0].name: Not found: "v"`}},
		example{"mount-undeclared", "a volume that only breaks", spec(t, "{volumes: [{name: v, emptyDir: {medium: x}}], containers: [{name: web, volumeMounts: [{name: v, mountPath: /v}]}]}"), nil},
		example{"mount-undeclared", "a token without an account", spec(t, "{volumes: [{name: v, projected: {sources: [{serviceAccountToken: {path: t}}]}}], containers: [{name: web, volumeMounts: [{name: v, mountPath: /v}]}]}"), nil},
		example{"mount-undeclared", "one of two of a name is right", spec(t, "{volumes: [{name: v, nfs: {}}, {name: v, emptyDir: {}}], containers: [{name: web, volumeMounts: [{name: v, mountPath: /v}]}]}"), nil},

		example{"mount-path-dup", "no path twice", mounts("{name: a}, {name: b}"), []string{"A " + at + `[1].mountPath: Invalid value: "": must be unique`}},
		example{"mount-path-dup", "twice after another form", mounts("{name: a, mountPath: /m}, {name: a, mountPath: /m/}, {name: b, mountPath: /m/}"), []string{"A " + at + `[2].mountPath: Invalid value: "/m/": must be unique`}},
		example{"mount-path-dup-normalised", "what the API server refuses is said once", mounts("{name: a, mountPath: /m}, {name: a, mountPath: /m/}, {name: b, mountPath: /m/}"), []string{"E " + at + `[1].mountPath: Invalid value: "/m/": is the same folder as /m, where a is mounted`}},
		example{"mount-path-dup-normalised", "no path and a dot", mounts("{name: a}, {name: b, mountPath: .}"), nil},
		example{"mount-path-shape", "a drive of Windows", mounts(`{name: a, mountPath: 'C:\data'}`), nil},

		example{"subpath", "absolute and out of the volume", mounts("{name: a, mountPath: /m, subPath: /..}"), []string{"A " + at + `[0].subPath: Invalid value: "/..": must be a relative path`, "A " + at + `[0].subPath: Invalid value: "/..": must not contain '..'`}},

		example{"subpath-stale", "a file", mounts("{name: b, mountPath: /l, subPath: l}"), []string{"W " + at + `[0].subPath: Invalid value: "l": the container doesn't see changes of it before it starts again`}},
		example{"subpath-stale", "a volume that others write", mounts("{name: a, mountPath: /l, subPath: l}"), nil},
		example{"subpath-stale", "a token", spec(t, "{serviceAccountName: x, volumes: [{name: v, projected: {sources: [{serviceAccountToken: {path: t}}]}}], containers: [{name: web, volumeMounts: [{name: v, mountPath: /t, subPath: t}]}]}"), []string{"W " + at + `[0].subPath: Invalid value: "t": the token in it expires, and the container never gets the next one`}},
		example{"subpath-stale", "an init container", spec(t, "{volumes: [{name: v, secret: {secretName: s}}], initContainers: [{name: i, volumeMounts: [{name: v, mountPath: /t, subPath: t}]}]}"), nil},
		example{"subpath-stale", "a name with a hash of the content", spec(t, "{volumes: [{name: v, configMap: {name: web-9k2mh5t8hb}}], containers: [{name: web, volumeMounts: [{name: v, mountPath: /t, subPath: t}]}]}"), nil},

		example{"mount-propagation", "to the node", mounts("{name: a, mountPath: /m, mountPropagation: Bidirectional}"), []string{"A " + at + "[0].mountPropagation: Forbidden: Bidirectional mount propagation is available only to privileged containers"}},
		example{"mount-propagation", "no such way", mounts("{name: a, mountPath: /m, mountPropagation: Both}"), []string{"A " + at + `[0].mountPropagation: Unsupported value: "Both": supported values: "Bidirectional", "HostToContainer", "None"`}},
		example{"mount-propagation", "privileged", func(p *corev1.Pod) {
			mounts("{name: a, mountPath: /m, mountPropagation: Bidirectional}")(p)
			webOf(p).SecurityContext = &corev1.SecurityContext{Privileged: new(true)}
		}, nil},
		example{"rro-readonly", "neither", mounts("{name: a, mountPath: /m, recursiveReadOnly: IfPossible, mountPropagation: HostToContainer}"), []string{"A " + at + "[0].recursiveReadOnly: Forbidden: may only be specified when readOnly is true", "A " + at + "[0].recursiveReadOnly: Forbidden: may only be specified when mountPropagation is None or not specified"}},
		example{"rro-readonly", "disabled", mounts("{name: a, mountPath: /m, recursiveReadOnly: Disabled}"), nil},

		example{"mount-nested", "a volume in an empty one", mounts("{name: a, mountPath: /m}, {name: b, mountPath: /m/n}"), nil},
		example{"mount-nested", "a file in a folder", mounts("{name: a, mountPath: /m}, {name: b, mountPath: /m/l, subPath: l}"), nil},
		example{"mount-nested", "over the folder of a file, listed first", mounts("{name: a, mountPath: /m/x/}, {name: b, mountPath: /m}"), []string{"W " + at + `[0].mountPath: Invalid value: "/m/x/": hides x/k of b, which is mounted at /m`}},
		example{"mount-nested", "beside all files", mounts("{name: a, mountPath: /m/y}, {name: b, mountPath: /m}"), nil},
		example{"mount-nested", "a file over a file", mounts("{name: a, mountPath: /m/l, subPath: l}, {name: b, mountPath: /m}"), nil},
		example{"mount-nested", "in itself", mounts("{name: a, mountPath: /m}, {name: a, mountPath: /m/n}"), []string{"W " + at + `[1].mountPath: Invalid value: "/m/n": the volume a is mounted in itself, at /m`}},
		example{"mount-nested", "a folder of itself", mounts("{name: a, mountPath: /m}, {name: a, mountPath: /m/n, subPath: n}"), nil},
		example{"mount-nested", "names alike", mounts("{name: a, mountPath: /m}, {name: a, mountPath: /mn}"), nil},
	)
}

func TestWhoWritesBelowANestedMount(t *testing.T) {
	p := goodPod()
	p.Spec.Volumes = append(p.Spec.Volumes, emptyDir("logs"))
	webOf(p).VolumeMounts = []corev1.VolumeMount{mount("data", "/d"), mount("logs", "/d/logs")}
	sideOf(p).VolumeMounts = []corev1.VolumeMount{{Name: "data", MountPath: "/x", SubPath: "logs/a"}}
	find := func() check.Findings { return of(check.Pod(p), "mount-nested") }
	require.Len(t, find(), 1)
	require.Equal(t, "hides the folder of data that container side writes to", find()[0].Detail)
	require.Equal(t, "spec.initContainers[1].volumeMounts[0].subPath", find()[0].Parties[2].Path)
	sideOf(p).VolumeMounts[0].ReadOnly = true
	require.Empty(t, find())
	sideOf(p).VolumeMounts[0] = corev1.VolumeMount{Name: "data", MountPath: "/x", SubPath: "logs2"}
	require.Empty(t, find())
	sideOf(p).VolumeMounts[0] = mount("data", "/x")
	require.Empty(t, find(), "who knows where it writes")
}

func TestSubPathExpr(t *testing.T) {
	for expr, want := range map[string]string{
		"$(POD)": "container web has no variable POD", "a/$(A)/$(POD)": "container web has no variable POD", "$(EMPTY)": "the variable EMPTY is empty",
		"$(A)": "", "$(B)": "", "$$(POD)": "", "$(POD": "", "$POD": "", "$": "", "": "", "a": "", "$(KUBERNETES_SERVICE_HOST)": "", "$(DB_SERVICE_PORT_SQL)": "",
	} {
		p := goodPod()
		webOf(p).Env = []corev1.EnvVar{{Name: "A", Value: ""}, {Name: "A", Value: "a"}, {Name: "EMPTY"}, {Name: "B", ValueFrom: &corev1.EnvVarSource{}}}
		webOf(p).VolumeMounts = []corev1.VolumeMount{{Name: "data", MountPath: "/d", SubPathExpr: expr}}
		found := of(check.Pod(p), "subpathexpr-undefined")
		if want == "" {
			require.Empty(t, found, expr)
			continue
		}
		require.Len(t, found, 1, expr)
		require.Equal(t, want, found[0].Detail)
		webOf(p).EnvFrom = []corev1.EnvFromSource{{}}
		require.Empty(t, of(check.Pod(p), "subpathexpr-undefined"), "envFrom may bring it")
	}
}

func TestSubPathOfAPodThatIsMadeAnew(t *testing.T) {
	p := goodPod()
	p.Spec.Volumes[0].VolumeSource = corev1.VolumeSource{ConfigMap: &corev1.ConfigMapVolumeSource{LocalObjectReference: corev1.LocalObjectReference{Name: "web"}}}
	webOf(p).VolumeMounts = []corev1.VolumeMount{{Name: "data", MountPath: "/d", SubPath: "d"}}
	require.Len(t, of(check.Pod(p), "subpath-stale"), 1)
	for _, key := range []string{"checksum/config", "reloader.stakater.com/auto", "example.com/config-hash"} {
		p.Annotations = map[string]string{key: "x"}
		require.Empty(t, of(check.Pod(p), "subpath-stale"), key)
	}
	p.Annotations = nil
	for name, stale := range map[string]bool{"web-0123456789": false, "web-9k2mh5t8hb": false, "web-config": true, "web-database": true, "web-facade": true, "web-2": true} {
		p.Spec.Volumes[0].ConfigMap.Name = name
		require.Equal(t, stale, len(of(check.Pod(p), "subpath-stale")) > 0, name)
	}
}

func TestPathsOfWindows(t *testing.T) {
	p := goodPod()
	webOf(p).VolumeMounts = []corev1.VolumeMount{mount("data", `data\logs`)}
	require.Len(t, of(check.Pod(p), "mount-path-shape"), 1)
	p.Spec.OS = &corev1.PodOS{Name: corev1.Windows}
	require.Empty(t, of(check.Pod(p), "mount-path-shape"))
	p.Spec.OS, p.Spec.NodeSelector = nil, map[string]string{"kubernetes.io/os": "windows"}
	require.Empty(t, of(check.Pod(p), "mount-path-shape"))
}
