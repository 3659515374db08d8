package check_test

import (
	"testing"

	"github.com/podpattern/podpattern/pattern/check"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
)

func as(uid int64) corev1.SecurityContext { return corev1.SecurityContext{RunAsUser: &uid} }

// users gives the app and the native sidecar a user each, and a volume to share.
func users(web, side int64, change func(*corev1.Pod)) func(*corev1.Pod) {
	return func(p *corev1.Pod) {
		secured(webOf, as(web))(p)
		secured(sideOf, as(side))(p)
		p.Spec.SecurityContext = &corev1.PodSecurityContext{}
		webOf(p).VolumeMounts, sideOf(p).VolumeMounts = []corev1.VolumeMount{mount("data", "/d")}, []corev1.VolumeMount{mount("data", "/e")}
		change(p)
	}
}

func TestNonRoot(t *testing.T) {
	nonRoot := func(p *corev1.Pod) { p.Spec.SecurityContext = &corev1.PodSecurityContext{RunAsNonRoot: new(true)} }
	both := func(a, b func(*corev1.Pod)) func(*corev1.Pod) { return func(p *corev1.Pod) { a(p); b(p) } }
	const breaks = "Invalid value: 0: container's runAsUser breaks non-root policy"
	known := both(nonRoot, func(p *corev1.Pod) {
		webOf(p).Image, sideOf(p).Image = "docker.io/library/nginx:1", "memcached@sha256:0"
	})
	try(t,
		example{"nonroot-root", "one container", both(nonRoot, secured(sideOf, as(0))), []string{"E spec.initContainers[1].securityContext.runAsUser: " + breaks}},
		example{"nonroot-root", "the pod, once", both(nonRoot, func(p *corev1.Pod) { p.Spec.SecurityContext.RunAsUser = new(int64(0)) }), []string{"E spec.securityContext.runAsUser: " + breaks}},
		example{"nonroot-root", "a container against the pod's user", func(p *corev1.Pod) {
			p.Spec.SecurityContext = &corev1.PodSecurityContext{RunAsUser: new(int64(0))}
			secured(webOf, corev1.SecurityContext{RunAsNonRoot: new(true)})(p)
		}, []string{"E spec.containers[0].securityContext.runAsUser: " + breaks}},
		example{"nonroot-root", "a container that may", both(nonRoot, func(p *corev1.Pod) {
			secured(webOf, corev1.SecurityContext{RunAsNonRoot: new(false), RunAsUser: new(int64(0))})(p)
		}), nil},
		example{"nonroot-numeric", "images that nobody knows", nonRoot, nil},
		example{"nonroot-numeric", "root and a name", known, []string{
			"W spec.containers[0].securityContext.runAsUser: Required value: the user of image nginx is root, and with runAsNonRoot the kubelet doesn't start it",
			"W spec.initContainers[1].securityContext.runAsUser: Required value: the user of image memcached is a name, and with runAsNonRoot the kubelet starts only an image whose user is a number"}},
		example{"nonroot-numeric", "the pod says it", both(known, func(p *corev1.Pod) { p.Spec.SecurityContext.RunAsUser = new(int64(1)) }), nil},
		example{"nonroot-numeric", "the containers say it", both(known, both(secured(webOf, as(1)), secured(sideOf, as(1)))), nil},
		example{"nonroot-numeric", "nobody asks", both(known, func(p *corev1.Pod) { p.Spec.SecurityContext = nil }), nil},
		example{"nonroot-numeric", "Windows has no numbers", both(known, func(p *corev1.Pod) { p.Spec.OS = &corev1.PodOS{Name: corev1.Windows} }), nil},
		example{"nonroot-numeric", "images with names like them", both(nonRoot, func(p *corev1.Pod) {
			initOf(p).Image, sideOf(p).Image, webOf(p).Image = "nginxinc/nginx-unprivileged", "registry.example.com/nginx:1", "prom/prometheus:v3.9.0-distroless"
		}), nil},
		example{"nonroot-numeric", "another registry of the same image", both(nonRoot, func(p *corev1.Pod) { webOf(p).Image = "quay.io/prometheus/prometheus:v3.1.0" }), []string{
			"W spec.containers[0].securityContext.runAsUser: Required value: the user of image quay.io/prometheus/prometheus is a name, and with runAsNonRoot the kubelet starts only an image whose user is a number"}},
	)
}

func TestSharePID(t *testing.T) {
	share := func(p *corev1.Pod) { p.Spec.ShareProcessNamespace = new(true) }
	try(t,
		example{"sharepid", "with the node's processes", func(p *corev1.Pod) { share(p); p.Spec.HostPID = true },
			[]string{"A spec.shareProcessNamespace: Invalid value: true: ShareProcessNamespace and HostPID cannot both be enabled"}},
		example{"sharepid", "two at a time", share,
			[]string{"W spec.shareProcessNamespace: Invalid value: true: every container sees the command lines, the environment and the files of the others through /proc"}},
		example{"sharepid", "one at a time", func(p *corev1.Pod) { share(p); sideOf(p).RestartPolicy = nil }, nil},
		example{"sharepid", "not shared", func(p *corev1.Pod) { p.Spec.ShareProcessNamespace, p.Spec.HostPID = new(false), true }, nil},
	)
}

func TestUIDMismatch(t *testing.T) {
	plain := func(*corev1.Pod) {}
	say := func(w, r string, wu, ru string) []string {
		return []string{`W spec.containers[0].volumeMounts[0].name: Invalid value: "data": ` + w + " writes to data as user " + wu + ", and " + r + " as user " + ru + ": with the usual umask neither can change the files of the other"}
	}
	ofWeb := func(m corev1.VolumeMount) func(*corev1.Pod) {
		return func(p *corev1.Pod) { webOf(p).VolumeMounts[0] = m }
	}
	reads := corev1.VolumeMount{Name: "data", MountPath: "/d", ReadOnly: true}
	try(t,
		example{"uid-mismatch", "both may write", users(1, 2, plain), say("side", "web", "2", "1")},
		example{"uid-mismatch", "one user", users(1, 1, plain), nil},
		example{"uid-mismatch", "a group for the volume", users(1, 2, func(p *corev1.Pod) { p.Spec.SecurityContext.FSGroup = new(int64(3)) }), nil},
		example{"uid-mismatch", "a group for both", users(1, 2, func(p *corev1.Pod) { p.Spec.SecurityContext.RunAsGroup = new(int64(3)) }), nil},
		example{"uid-mismatch", "the reader has the writer's group", users(1, 2, func(p *corev1.Pod) {
			ofWeb(reads)(p)
			sideOf(p).SecurityContext.RunAsGroup, p.Spec.SecurityContext.SupplementalGroups = new(int64(3)), []int64{3}
		}), nil},
		example{"uid-mismatch", "one reads", users(1, 2, ofWeb(reads)), nil},
		example{"uid-mismatch", "root reads", users(0, 2, ofWeb(reads)), nil},
		example{"uid-mismatch", "root writes", users(1, 0, plain), say("side", "web", "0", "1")},
		example{"uid-mismatch", "both read", users(1, 2, func(p *corev1.Pod) { ofWeb(reads)(p); sideOf(p).VolumeMounts[0].ReadOnly = true }), nil},
		example{"uid-mismatch", "a root init container hands over", users(1, 1, func(p *corev1.Pod) {
			secured(initOf, as(0))(p)
			initOf(p).VolumeMounts = []corev1.VolumeMount{mount("data", "/d")}
		}), nil},
		example{"uid-mismatch", "a command opens the files", users(1, 2, func(p *corev1.Pod) { sideOf(p).Command = []string{"sh", "-c", "umask 0; exec agent"} }), nil},
		example{"uid-mismatch", "folders of their own", users(1, 2, func(p *corev1.Pod) {
			webOf(p).VolumeMounts[0].SubPath, sideOf(p).VolumeMounts[0].SubPath = "web", "side"
		}), nil},
		example{"uid-mismatch", "a user that isn't known", users(1, 2, func(p *corev1.Pod) { sideOf(p).SecurityContext = nil }), nil},
		example{"uid-mismatch", "files of the kubelet", users(1, 2, func(p *corev1.Pod) {
			p.Spec.Volumes[0].VolumeSource = corev1.VolumeSource{ConfigMap: &corev1.ConfigMapVolumeSource{}}
		}), nil},
	)
	p := goodPod()
	users(0, 2, plain)(p)
	require.NotEmpty(t, of(check.Pod(p), "uid-mismatch"))
	flows := []check.Flow{{Container: "web", Volume: "data"}, {Container: "side", Volume: "data", Writes: true}}
	require.Empty(t, of(check.Pod(p, check.Intended(check.Intent{Flows: flows})), "uid-mismatch"), "root only reads")
	found := of(check.Pod(p), "uid-mismatch")
	require.Len(t, found[0].Parties, 2)
}
