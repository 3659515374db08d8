package check

import (
	"slices"
	"strings"
)

var outdatedRules = []Rule{
	{ID: "image-outdated", Level: Warning,
		Title: "an image that gets no updates, or has moved",
		Why:   "its security holes stay open, and some day it can't be pulled; this knows some images that tutorials still name",
		Fix:   "use the image that took its place",
		Bad:   `containers: [{name: web, image: "k8s.gcr.io/echoserver:1.4"}]`,
		Good:  `containers: [{name: web, image: "registry.k8s.io/echoserver:1.4"}]`,
		pod: func(x *index, r *Rule) {
			for _, c := range x.containers {
				if o := outdated(c.Image); o != nil {
					x.report(r, c, ".image", invalid(c.Image, o.why, o.now))
				}
			}
		}},
}

// outdatedImage is an image that tutorials still name.
type outdatedImage struct {
	// repository is without docker.io/ and library/. One that ends in / is
	// every repository below it.
	repository string
	tag        string // what the tag starts with; "" is any
	why, now   string
}

const (
	frozen    = "the registry is frozen since April 2023: registry.k8s.io took its place"
	neglected = "the image isn't maintained any more"
	moved     = "the image has moved, and gets no updates under this name"
)

// outdatedImages is sorted by repository.
//
// docs: https://kubernetes.io/blog/2023/02/06/k8s-gcr-io-freeze-announcement/ (k8s.gcr.io),
// https://github.com/bitnami/containers/issues/83267 (bitnami), and the README of
// each project.
var outdatedImages = [...]outdatedImage{
	{"appropriate/curl", "", neglected, "docker.io/curlimages/curl"},
	{"bitnami/", "", "Bitnami gave up its free images in 2025: those with a version have moved to bitnamilegacy and get no updates, and of the others only latest is built, for tests", "use the image of the project itself"},
	{"bitnamilegacy/", "", "gets no updates: it is where Bitnami keeps what it gave up in 2025", "use the image of the project itself"},
	{"boxfuse/flyway", "", moved, "docker.io/flyway/flyway"},
	{"busybox", "1.28", "BusyBox 1.28 is of 2018", "a current busybox, such as busybox:1.38.0"},
	{"byrnedo/alpine-curl", "", neglected, "docker.io/curlimages/curl"},
	{"envoyproxy/envoy-alpine", "", "the image was given up with Envoy 1.22", "docker.io/envoyproxy/envoy with a tag such as distroless-v1.39.1"},
	{"gcr.io/cloudsql-docker/gce-proxy", "", "version 1 of the Cloud SQL proxy is no longer developed", "gcr.io/cloud-sql-connectors/cloud-sql-proxy:2"},
	{"gcr.io/google-containers/", "", frozen, "the same image of registry.k8s.io"},
	{"gcr.io/google_containers/", "", frozen, "the same image of registry.k8s.io"},
	{"grafana/agent", "", "Grafana Agent has no support since November 2025", "docker.io/grafana/alloy"},
	{"grafana/promtail", "", "Promtail has no support since March 2026", "docker.io/grafana/alloy"},
	{"haproxy", "1", "HAProxy 1 has no support since 2022", "a current haproxy, such as haproxy:3.4.3"},
	{"jaegertracing/jaeger-agent", "", "the Jaeger agent is gone: applications send OTLP", "an OpenTelemetry collector"},
	{"jimmidyson/configmap-reload", "", moved, "ghcr.io/jimmidyson/configmap-reload"},
	{"jwilder/dockerize", "", neglected, "wait in a loop that ends: nc -z HOST PORT"},
	{"k8s.gcr.io/", "", frozen, "the same image of registry.k8s.io"},
	{"kiwigrid/k8s-sidecar", "1", moved, "quay.io/kiwigrid/k8s-sidecar"},
	{"otel/opentelemetry-collector-contrib-dev", "", neglected, "docker.io/otel/opentelemetry-collector-contrib"},
	{"otel/opentelemetry-collector-dev", "", neglected, "docker.io/otel/opentelemetry-collector"},
	{"prom/nginx-exporter", "", neglected, "docker.io/nginx/nginx-prometheus-exporter"},
	{"quay.io/coreos/configmap-reload", "", moved, "ghcr.io/jimmidyson/configmap-reload"},
	{"quay.io/coreos/prometheus-config-reloader", "", moved, "quay.io/prometheus-operator/prometheus-config-reloader"},
	{"quay.io/pusher/oauth2_proxy", "", moved, "quay.io/oauth2-proxy/oauth2-proxy"},
	{"radial/busyboxplus", "", neglected, "docker.io/curlimages/curl"},
	{"registry.k8s.io/git-sync/git-sync", "v3", "version 3 of git-sync is no longer developed", "registry.k8s.io/git-sync/git-sync:v4.7.1, whose flags have other names"},
	{"squareup/ghostunnel", "", moved, "docker.io/ghostunnel/ghostunnel"},
	{"tutum/curl", "", neglected, "docker.io/curlimages/curl"},
	{"vault", "", "the official image ended in 2023", "docker.io/hashicorp/vault"},
	{"wrouesnel/postgres_exporter", "", moved, "quay.io/prometheuscommunity/postgres-exporter"},
}

// outdated gives what is known of an image; nil is nothing bad.
func outdated(image string) *outdatedImage {
	repository, tag, _ := imageParts(image)
	repository = strings.TrimPrefix(repository, "index.")
	repository = strings.TrimPrefix(repository, "docker.io/")
	repository = strings.TrimPrefix(repository, "library/")
	o := lookUp(repository)
	for i := 0; o == nil && i < len(repository); i++ {
		if repository[i] == '/' {
			o = lookUp(repository[:i+1])
		}
	}
	if o == nil || !versionOf(tag, o.tag) {
		return nil
	}
	return o
}

func lookUp(repository string) *outdatedImage {
	i, found := slices.BinarySearchFunc(outdatedImages[:], repository, func(o outdatedImage, r string) int {
		return strings.Compare(o.repository, r)
	})
	if !found {
		return nil
	}
	return &outdatedImages[i]
}

// versionOf says whether tag is version or one of it: 1.28.4 is of 1.28, and 1.280
// isn't.
func versionOf(tag, version string) bool {
	rest, ok := strings.CutPrefix(tag, version)
	return ok && (version == "" || rest == "" || rest[0] == '.' || rest[0] == '-')
}
