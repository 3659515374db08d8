package check_test

import (
	"testing"

	corev1 "k8s.io/api/core/v1"
)

func TestScratch(t *testing.T) {
	readOnly := func(image string, change func(*corev1.Pod)) func(*corev1.Pod) {
		return func(p *corev1.Pod) {
			secured(webOf, corev1.SecurityContext{ReadOnlyRootFilesystem: new(true)})(p)
			webOf(p).Image = image
			change(p)
		}
	}
	plain := func(*corev1.Pod) {}
	mounts := func(ms ...corev1.VolumeMount) func(*corev1.Pod) {
		return func(p *corev1.Pod) { webOf(p).VolumeMounts = ms }
	}
	const path = "W spec.containers[0].securityContext.readOnlyRootFilesystem: Invalid value: true: "
	nginx := []string{path + "nginx writes to /var/cache/nginx and /var/run"}
	var cases []example
	for _, image := range []string{"nginx", "nginx:1.30", "nginx@sha256:0", "nginx:1.30@sha256:0", "library/nginx", "docker.io/library/nginx:1", "docker.io/nginx", "public.ecr.aws/docker/library/nginx", "mirror.gcr.io/library/nginx"} {
		cases = append(cases, example{"rorootfs-no-scratch", image, readOnly(image, plain), nginx})
	}
	for _, image := range []string{"", "registry.example.com/nginx", "localhost/nginx", "localhost:5000/nginx", "bitnami/nginx", "nginx/nginx-prometheus-exporter:1.5", "haproxy:3.4", "redis:8", "envoyproxy/envoy"} {
		cases = append(cases, example{"rorootfs-no-scratch", "not " + image, readOnly(image, plain), nil})
	}
	try(t, cases...)
	try(t,
		example{"rorootfs-no-scratch", "a writable root", func(p *corev1.Pod) { webOf(p).Image = "nginx:1.30" }, nil},
		example{"rorootfs-no-scratch", "both folders", readOnly("nginx:1", mounts(mount("data", "/var/cache/nginx"), mount("data", "/run"))), nil},
		example{"rorootfs-no-scratch", "one folder, and the other read-only", readOnly("nginx:1", mounts(mount("data", "/var/cache/"), corev1.VolumeMount{Name: "data", MountPath: "/var/run", ReadOnly: true})),
			[]string{path + "nginx writes to /var/run"}},
		example{"rorootfs-no-scratch", "a volume that nobody can write to", readOnly("nginxinc/nginx-unprivileged:1", func(p *corev1.Pod) {
			mounts(mount("data", "/tmp"))(p)
			p.Spec.Volumes[0].VolumeSource = corev1.VolumeSource{ConfigMap: &corev1.ConfigMapVolumeSource{}}
		}), []string{path + "nginx-unprivileged writes to /tmp"}},
		example{"rorootfs-no-scratch", "a folder beside", readOnly("nginxinc/nginx-unprivileged:1", mounts(mount("data", "/tmpfiles"))), []string{path + "nginx-unprivileged writes to /tmp"}},
		example{"rorootfs-no-scratch", "a configuration of its own", readOnly("nginx:1", mounts(mount("data", "/etc/nginx"))), nil},
		example{"rorootfs-no-scratch", "servers of its own", readOnly("nginx:1", mounts(mount("data", "/etc/nginx/conf.d"))), nginx},
		example{"rorootfs-no-scratch", "another program", readOnly("nginx:1", func(p *corev1.Pod) { webOf(p).Command = []string{"sleep", "inf"} }), nil},
		example{"rorootfs-no-scratch", "an argument that moves it", readOnly("mysql:9", func(p *corev1.Pod) { webOf(p).Args = []string{"--socket=/x"} }), nil},
		example{"rorootfs-no-scratch", "an argument that doesn't", readOnly("mysql:9", func(p *corev1.Pod) { webOf(p).Args = []string{"--skip-name-resolve"} }),
			[]string{path + "mysql writes to /tmp and /var/run/mysqld"}},
	)
}
