// Package applied has the Deployment of the comparison as client-go's apply
// configurations.
package applied

import (
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/intstr"
	apps "k8s.io/client-go/applyconfigurations/apps/v1"
	core "k8s.io/client-go/applyconfigurations/core/v1"
	meta "k8s.io/client-go/applyconfigurations/meta/v1"
)

// Deployment is the one of package recorded.
func Deployment(name string) *apps.DeploymentApplyConfiguration {
	labels := map[string]string{"app": name}
	return apps.Deployment(name, "prod").WithLabels(labels).WithSpec(apps.DeploymentSpec().
		WithReplicas(3).
		WithSelector(meta.LabelSelector().WithMatchLabels(labels)).
		WithTemplate(core.PodTemplateSpec().WithLabels(labels).WithSpec(core.PodSpec().
			WithTerminationGracePeriodSeconds(45).
			WithAutomountServiceAccountToken(false).
			WithSecurityContext(core.PodSecurityContext().WithRunAsUser(10001).WithRunAsNonRoot(true).
				WithSeccompProfile(core.SeccompProfile().WithType(corev1.SeccompProfileTypeRuntimeDefault))).
			WithInitContainers(shipper(), proxy(), migration()).
			WithContainers(web()).
			WithVolumes(
				core.Volume().WithName("logs").WithEmptyDir(core.EmptyDirVolumeSource().WithSizeLimit(resource.MustParse("1Gi"))),
				core.Volume().WithName("proxy").WithConfigMap(core.ConfigMapVolumeSource().WithName("proxy"))))))
}

func web() *core.ContainerApplyConfiguration {
	return container("web", "web:1.2.3", resources("250m", "256Mi", "1", "512Mi")).
		WithPorts(core.ContainerPort().WithName("http").WithContainerPort(8080)).
		WithEnv(
			core.EnvVar().WithName("DB_HOST").WithValue("127.0.0.1"),
			core.EnvVar().WithName("DB_PORT").WithValue("5432")).
		WithVolumeMounts(core.VolumeMount().WithName("logs").WithMountPath("/var/log/web")).
		WithReadinessProbe(core.Probe().WithPeriodSeconds(5).
			WithHTTPGet(core.HTTPGetAction().WithPath("/ready").WithPort(intstr.FromString("http")))).
		WithLivenessProbe(core.Probe().
			WithHTTPGet(core.HTTPGetAction().WithPath("/live").WithPort(intstr.FromString("http"))))
}

func shipper() *core.ContainerApplyConfiguration {
	return container("logs", "shipper:2", resources("50m", "64Mi", "100m", "128Mi")).
		WithRestartPolicy(corev1.ContainerRestartPolicyAlways).
		WithArgs("-c", "/etc/shipper.yaml").
		WithPorts(core.ContainerPort().WithName("metrics").WithContainerPort(2020)).
		WithVolumeMounts(core.VolumeMount().WithName("logs").WithMountPath("/var/log/web").WithReadOnly(true))
}

func proxy() *core.ContainerApplyConfiguration {
	return container("db", "haproxy:3.4", resources("25m", "32Mi", "100m", "128Mi")).
		WithRestartPolicy(corev1.ContainerRestartPolicyAlways).
		WithPorts(core.ContainerPort().WithName("db").WithContainerPort(5432)).
		WithVolumeMounts(core.VolumeMount().WithName("proxy").WithMountPath("/usr/local/etc/haproxy").WithReadOnly(true)).
		WithStartupProbe(core.Probe().WithPeriodSeconds(1).WithFailureThreshold(60).
			WithTCPSocket(core.TCPSocketAction().WithPort(intstr.FromString("db"))))
}

func migration() *core.ContainerApplyConfiguration {
	return container("migrate", "web:1.2.3", resources("50m", "64Mi", "100m", "128Mi")).
		WithArgs("migrate", "--up").
		WithEnv(core.EnvVar().WithName("DB_HOST").WithValue("127.0.0.1"))
}

func container(name, image string, r *core.ResourceRequirementsApplyConfiguration) *core.ContainerApplyConfiguration {
	return core.Container().WithName(name).WithImage(image).WithResources(r).
		WithSecurityContext(core.SecurityContext().WithAllowPrivilegeEscalation(false).
			WithCapabilities(core.Capabilities().WithDrop("ALL")))
}

func resources(requestCPU, requestMemory, limitCPU, limitMemory string) *core.ResourceRequirementsApplyConfiguration {
	return core.ResourceRequirements().
		WithRequests(corev1.ResourceList{"cpu": resource.MustParse(requestCPU), "memory": resource.MustParse(requestMemory)}).
		WithLimits(corev1.ResourceList{"cpu": resource.MustParse(limitCPU), "memory": resource.MustParse(limitMemory)})
}
