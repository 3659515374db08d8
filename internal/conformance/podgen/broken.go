package podgen

import (
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// breakdowns are changes that the API takes and that break a pod, where chance
// rarely brings together what that needs.
var breakdowns = []func(g *Generator, s *corev1.PodSpec){
	// One port of the node, asked for by a native sidecar and by an app.
	func(g *Generator, s *corev1.PodSpec) {
		side, app := g.sidecar(s), &s.Containers[0]
		side.Ports = append(side.Ports, corev1.ContainerPort{ContainerPort: 7001, HostPort: 7000})
		app.Ports = append(app.Ports, corev1.ContainerPort{ContainerPort: 7002, HostPort: 7000})
	},
	// One port of the pod.
	func(g *Generator, s *corev1.PodSpec) {
		side, app := g.sidecar(s), &s.Containers[0]
		side.Ports = append(side.Ports, corev1.ContainerPort{ContainerPort: 7001})
		app.Ports = append(app.Ports, corev1.ContainerPort{ContainerPort: 7001})
	},
	// A native sidecar that waits for who waits for it.
	func(g *Generator, s *corev1.PodSpec) {
		app := &s.Containers[0]
		app.Ports = append(app.Ports, corev1.ContainerPort{ContainerPort: 7003})
		g.sidecar(s).StartupProbe = &corev1.Probe{ProbeHandler: corev1.ProbeHandler{TCPSocket: &corev1.TCPSocketAction{Port: intstr.FromInt32(7003)}}}
	},
	// One folder in two spellings.
	func(g *Generator, s *corev1.PodSpec) {
		s.Volumes = append(s.Volumes, corev1.Volume{Name: "twice"})
		app := &s.Containers[0]
		app.VolumeMounts = append(app.VolumeMounts, corev1.VolumeMount{Name: "twice", MountPath: "/twice", SubPath: "a"}, corev1.VolumeMount{Name: "twice", MountPath: "/twice/"})
	},
	// A socket that each of two containers has for itself.
	func(g *Generator, s *corev1.PodSpec) {
		s.Volumes = append(s.Volumes, corev1.Volume{Name: "run"})
		s.Containers[0].VolumeMounts = append(s.Containers[0].VolumeMounts, corev1.VolumeMount{Name: "run", MountPath: "/run/app"})
		s.Containers[0].Args = []string{"--listen=unix:///run/app/app.sock"}
		g.sidecar(s).Args = []string{"--upstream=unix:///run/app/app.sock"}
	},
	// A medium that no node has.
	func(g *Generator, s *corev1.PodSpec) {
		s.Volumes = append(s.Volumes, corev1.Volume{Name: "disk", VolumeSource: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{Medium: "Disk"}}})
		s.Containers[0].VolumeMounts = append(s.Containers[0].VolumeMounts, corev1.VolumeMount{Name: "disk", MountPath: "/disk"})
	},
	// Rights that are had already.
	func(g *Generator, s *corev1.PodSpec) {
		yes, no := true, false
		s.Containers[0].SecurityContext = &corev1.SecurityContext{Privileged: &yes, AllowPrivilegeEscalation: &no}
	},
}

// sidecar gives the first init container, which becomes a native sidecar.
func (g *Generator) sidecar(s *corev1.PodSpec) *corev1.Container {
	if len(s.InitContainers) == 0 {
		s.InitContainers = []corev1.Container{{Name: "side", Image: g.draw(image)}}
	}
	always := corev1.ContainerRestartPolicyAlways
	s.InitContainers[0].RestartPolicy = &always
	return &s.InitContainers[0]
}
