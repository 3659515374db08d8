// Package literal has the Deployment that is measured, as a struct literal. It is a package
// of its own so that a program with it has nothing of the library.
package literal

import (
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// Deployment is the one of package recorded.
func Deployment(name string) *appsv1.Deployment {
	always := corev1.ContainerRestartPolicyAlways
	labels := func() map[string]string { return map[string]string{"app": name} }
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
		ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: "prod", Labels: labels()},
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
