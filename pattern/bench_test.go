package pattern_test

import (
	"testing"

	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"sigs.k8s.io/yaml"
)

// The Deployment of these benchmarks has four containers: an app, a native
// sidecar, a native ambassador and an init container. It is written twice, by the
// builder and as a struct literal; TestBenchmarksCompareTheSame holds the two to
// one another.

func recorded() pattern.DeploymentBuilder {
	logs := pattern.EmptyDir("logs").SizeLimit("1Gi")
	conf := pattern.ConfigMap("proxy").Volume("proxy")
	return pattern.Pod("web").Namespace("prod").Hardened().RunAsUser(10001).
		TerminationGracePeriodSeconds(45).
		WithApp(pattern.App("web", "web:1.2.3").
			Port("http", 8080).
			Env("DB_HOST", "127.0.0.1").Env("DB_PORT", "5432").
			Writes(logs, "/var/log/web").
			Requests("250m", "256Mi").Limits("1", "512Mi").
			ReadinessProbe(pattern.HTTPGet("/ready", "http").PeriodSeconds(5)).
			LivenessProbe(pattern.HTTPGet("/live", "http"))).
		WithSidecar(pattern.Sidecar("logs", "shipper:2").
			Args("-c", "/etc/shipper.yaml").
			Port("metrics", 2020).
			Reads(logs, "/var/log/web").
			Requests("50m", "64Mi").Limits("100m", "128Mi")).
		WithAmbassador(pattern.Ambassador("db", "haproxy:3.4").
			Port("db", 5432).
			Reads(conf, "/usr/local/etc/haproxy").
			Requests("25m", "32Mi").Limits("100m", "128Mi").
			StartupProbe(pattern.TCPSocket("db").PeriodSeconds(1).FailureThreshold(60))).
		WithInit(pattern.Init("migrate", "web:1.2.3").
			Args("migrate", "--up").
			Env("DB_HOST", "127.0.0.1").
			Requests("50m", "64Mi").Limits("100m", "128Mi")).
		Deployment(3)
}

func literal() *appsv1.Deployment {
	always := corev1.ContainerRestartPolicyAlways
	labels := func() map[string]string { return map[string]string{"app": "web"} }
	resources := func(rc, rm, lc, lm string) corev1.ResourceRequirements {
		return corev1.ResourceRequirements{
			Requests: corev1.ResourceList{"cpu": resource.MustParse(rc), "memory": resource.MustParse(rm)},
			Limits:   corev1.ResourceList{"cpu": resource.MustParse(lc), "memory": resource.MustParse(lm)},
		}
	}
	restricted := func() *corev1.SecurityContext {
		return &corev1.SecurityContext{AllowPrivilegeEscalation: new(false), Capabilities: &corev1.Capabilities{Drop: []corev1.Capability{"ALL"}}}
	}
	return &appsv1.Deployment{
		TypeMeta:   metav1.TypeMeta{APIVersion: "apps/v1", Kind: "Deployment"},
		ObjectMeta: metav1.ObjectMeta{Name: "web", Namespace: "prod", Labels: labels()},
		Spec: appsv1.DeploymentSpec{
			Replicas: new(int32(3)),
			Selector: &metav1.LabelSelector{MatchLabels: labels()},
			Template: corev1.PodTemplateSpec{
				ObjectMeta: metav1.ObjectMeta{Labels: labels()},
				Spec: corev1.PodSpec{
					TerminationGracePeriodSeconds: new(int64(45)),
					AutomountServiceAccountToken:  new(false),
					SecurityContext:               &corev1.PodSecurityContext{RunAsUser: new(int64(10001)), RunAsNonRoot: new(true), SeccompProfile: &corev1.SeccompProfile{Type: corev1.SeccompProfileTypeRuntimeDefault}},
					InitContainers: []corev1.Container{{
						Name: "logs", Image: "shipper:2", RestartPolicy: &always,
						Args:            []string{"-c", "/etc/shipper.yaml"},
						Ports:           []corev1.ContainerPort{{Name: "metrics", ContainerPort: 2020}},
						VolumeMounts:    []corev1.VolumeMount{{Name: "logs", MountPath: "/var/log/web", ReadOnly: true}},
						Resources:       resources("50m", "64Mi", "100m", "128Mi"),
						SecurityContext: restricted(),
					}, {
						Name: "db", Image: "haproxy:3.4", RestartPolicy: &always,
						Ports:           []corev1.ContainerPort{{Name: "db", ContainerPort: 5432}},
						VolumeMounts:    []corev1.VolumeMount{{Name: "proxy", MountPath: "/usr/local/etc/haproxy", ReadOnly: true}},
						Resources:       resources("25m", "32Mi", "100m", "128Mi"),
						SecurityContext: restricted(),
						StartupProbe: &corev1.Probe{PeriodSeconds: 1, FailureThreshold: 60,
							ProbeHandler: corev1.ProbeHandler{TCPSocket: &corev1.TCPSocketAction{Port: intstr.FromString("db")}}},
					}, {
						Name: "migrate", Image: "web:1.2.3",
						Args:            []string{"migrate", "--up"},
						Env:             []corev1.EnvVar{{Name: "DB_HOST", Value: "127.0.0.1"}},
						Resources:       resources("50m", "64Mi", "100m", "128Mi"),
						SecurityContext: restricted(),
					}},
					Containers: []corev1.Container{{
						Name: "web", Image: "web:1.2.3",
						Ports:           []corev1.ContainerPort{{Name: "http", ContainerPort: 8080}},
						Env:             []corev1.EnvVar{{Name: "DB_HOST", Value: "127.0.0.1"}, {Name: "DB_PORT", Value: "5432"}},
						VolumeMounts:    []corev1.VolumeMount{{Name: "logs", MountPath: "/var/log/web"}},
						Resources:       resources("250m", "256Mi", "1", "512Mi"),
						SecurityContext: restricted(),
						ReadinessProbe: &corev1.Probe{PeriodSeconds: 5,
							ProbeHandler: corev1.ProbeHandler{HTTPGet: &corev1.HTTPGetAction{Path: "/ready", Port: intstr.FromString("http")}}},
						LivenessProbe: &corev1.Probe{
							ProbeHandler: corev1.ProbeHandler{HTTPGet: &corev1.HTTPGetAction{Path: "/live", Port: intstr.FromString("http")}}},
					}},
					Volumes: []corev1.Volume{
						{Name: "logs", VolumeSource: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{SizeLimit: new(resource.MustParse("1Gi"))}}},
						{Name: "proxy", VolumeSource: corev1.VolumeSource{ConfigMap: &corev1.ConfigMapVolumeSource{LocalObjectReference: corev1.LocalObjectReference{Name: "proxy"}}}},
					},
				},
			},
		},
	}
}

func TestBenchmarksCompareTheSame(t *testing.T) {
	got, err := recorded().Build()
	require.NoError(t, err)
	want := literal()
	gotYAML, err := yaml.Marshal(got)
	require.NoError(t, err)
	wantYAML, err := yaml.Marshal(want)
	require.NoError(t, err)
	require.Equal(t, string(wantYAML), string(gotYAML))
}

// Time is too noisy for a test; the allocations are what most of it goes to, and
// they are the same in every run.
func TestBuildAllocatesLittleMoreThanAStructLiteral(t *testing.T) {
	d := recorded()
	plain := testing.AllocsPerRun(10, func() { _ = literal() })
	build := testing.AllocsPerRun(10, func() { _, _ = d.Build() })
	both := testing.AllocsPerRun(10, func() { _, _ = recorded().Build() })
	t.Logf("allocations: struct literal %.0f, Build %.0f, recording and Build %.0f", plain, build, both)
	require.Less(t, build, 2*plain)
	require.Less(t, both, 4*plain)
}

func BenchmarkStructLiteral(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		_ = literal()
	}
}

func BenchmarkDeepCopy(b *testing.B) {
	b.ReportAllocs()
	d := literal()
	for b.Loop() {
		_ = d.DeepCopy()
	}
}

func BenchmarkRecordAndBuild(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := recorded().Build(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkBuild(b *testing.B) {
	b.ReportAllocs()
	d := recorded()
	for b.Loop() {
		if _, err := d.Build(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkYAML(b *testing.B) {
	b.ReportAllocs()
	d := recorded()
	for b.Loop() {
		if _, err := d.YAML(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSigsYAML(b *testing.B) {
	b.ReportAllocs()
	d := literal()
	for b.Loop() {
		if _, err := yaml.Marshal(d); err != nil {
			b.Fatal(err)
		}
	}
}
