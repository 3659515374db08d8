package check_test

import (
	"strings"
	"testing"

	"github.com/podpattern/podpattern/pattern/check"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
)

func TestImages(t *testing.T) {
	image := func(image string) func(*corev1.Pod) { return func(p *corev1.Pod) { webOf(p).Image = image } }
	try(t,
		example{"image-missing", "an app", func(p *corev1.Pod) { webOf(p).Image = "" }, []string{"A spec.containers[0].image: Required value"}},
		example{"image-missing", "an init container", func(p *corev1.Pod) { initOf(p).Image = "" }, []string{"A spec.initContainers[0].image: Required value"}},
		example{"image-whitespace", "a space behind", func(p *corev1.Pod) { webOf(p).Image = "web:1 " }, []string{`A spec.containers[0].image: Invalid value: "web:1 ": must not have leading or trailing whitespace`}},
		example{"image-whitespace", "a digest", func(p *corev1.Pod) { webOf(p).Image = "web@sha256:" + strings.Repeat("0", 64) }, nil},

		example{"image-tag", "none", image("web"), []string{`W spec.containers[0].image: Invalid value: "web": has no tag, which means latest`}},
		example{"image-tag", "a port is no tag", image("registry.example.com:5000/web"), []string{`W spec.containers[0].image: Invalid value: "registry.example.com:5000/web": has no tag, which means latest`}},
		example{"image-tag", "latest", image("registry.example.com:5000/web:latest"), []string{`W spec.containers[0].image: Invalid value: "registry.example.com:5000/web:latest": the tag latest is another image every day`}},
		example{"image-tag", "a tag that begins so", image("web:latest-1.4"), nil},
		example{"image-tag", "a digest", image("web@sha256:" + strings.Repeat("0", 64)), nil},
		example{"image-tag", "latest and a digest", image("web:latest@sha256:" + strings.Repeat("0", 64)), nil},
		example{"image-tag", "what a tool replaces", image("ko://example.com/web"), nil},
		example{"image-tag", "a placeholder", image("${IMAGE}"), nil},
		example{"image-tag", "nothing", image(""), nil},
		example{"image-outdated", "any image of a registry", image("k8s.gcr.io/a/b:1"), []string{`W spec.containers[0].image: Invalid value: "k8s.gcr.io/a/b:1": the registry is frozen since April 2023: registry.k8s.io took its place`}},
		example{"image-outdated", "in full", image("docker.io/library/vault:1.13.3@sha256:0"), []string{`W spec.containers[0].image: Invalid value: "docker.io/library/vault:1.13.3@sha256:0": the official image ended in 2023`}},
		example{"image-outdated", "a version", image("busybox:1.28.4-musl"), []string{`W spec.containers[0].image: Invalid value: "busybox:1.28.4-musl": BusyBox 1.28 is of 2018`}},
		example{"image-outdated", "of Bitnami, without a version", image("bitnami/kubectl"), []string{`W spec.containers[0].image: Invalid value: "bitnami/kubectl": Bitnami gave up its free images in 2025: those with a version have moved to bitnamilegacy and get no updates, and of the others only latest is built, for tests`}},
		example{"image-tag", "of Bitnami, which has no other", image("bitnami/kubectl:latest"), nil},
		example{"image-outdated", "another version", image("busybox:1.38.0"), nil},
		example{"image-outdated", "no version", image("busybox@sha256:0"), nil},
		example{"image-outdated", "a mirror", image("registry.example.com/bitnami/redis:7"), nil},
		example{"image-outdated", "a name that begins so", image("hashicorp/vault:1.13.3"), nil},
	)
}

func TestEveryOutdatedImageIsFound(t *testing.T) {
	for image, now := range map[string]string{
		"appropriate/curl:1": "curlimages/curl", "bitnami/redis:7": "project itself", "wrouesnel/postgres_exporter:v0.8.0": "quay.io/prometheuscommunity",
		"k8s.gcr.io/git-sync:v3": "registry.k8s.io", "index.docker.io/vault:1": "hashicorp", "registry.k8s.io/git-sync/git-sync:v3.6.9": "v4",
		"gcr.io/google_containers/pause:3": "registry.k8s.io", "tutum/curl:1": "curlimages", "grafana/agent:v0.40.0": "alloy",
	} {
		p := goodPod()
		webOf(p).Image = image
		found := of(check.Pod(p), "image-outdated")
		require.Len(t, found, 1, image)
		require.Contains(t, found[0].Fix, now)
	}
}

// The API server looks at the space in an image of a pod only: in a template it is
// the node that fails.
func TestATemplatesImageIsBrokenNotRejected(t *testing.T) {
	p := goodPod()
	webOf(p).Image = "web:1 "
	require.Equal(t, check.Rejected, of(check.Pod(p), "image-whitespace")[0].Level)
	require.Equal(t, check.Broken, of(check.Template(&corev1.PodTemplateSpec{Spec: p.Spec}), "image-whitespace")[0].Level)
}
