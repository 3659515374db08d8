package podgen

import (
	"fmt"
	"reflect"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

// Good gives a pod of a few containers that share volumes, with some optional
// fields. What it says mostly fits together.
func (g *Generator) Good() *corev1.Pod {
	g.bad = 0
	p := newPod()
	g.volumes(&p.Spec)
	always := corev1.ContainerRestartPolicyAlways
	number := int32(8080)
	for i := range g.r.IntN(3) {
		c := g.container(&p.Spec, fmt.Sprintf("init-%d", i), &number)
		if g.chance(0.5) {
			c.RestartPolicy = &always
			g.probes(&c)
		}
		p.Spec.InitContainers = append(p.Spec.InitContainers, c)
	}
	for i := range 1 + g.r.IntN(3) {
		c := g.container(&p.Spec, fmt.Sprintf("app-%d", i), &number)
		g.probes(&c)
		p.Spec.Containers = append(p.Spec.Containers, c)
	}
	g.options(&p.Spec)
	if g.chance(0.1) {
		g.metadata(p)
	}
	switch {
	case g.chance(0.03):
		g.windows(&p.Spec)
	case g.chance(0.05):
		pick(g, breakdowns)(g, &p.Spec)
	}
	return p
}

// sources are the fields of a volume source, the common ones more than once.
var sources = []string{"EmptyDir", "EmptyDir", "EmptyDir", "EmptyDir", "ConfigMap", "ConfigMap", "Secret", "Projected", "DownwardAPI", "PersistentVolumeClaim", "HostPath", "CSI", "Ephemeral", "Image", ""}

func (g *Generator) volumes(s *corev1.PodSpec) {
	for i := range g.r.IntN(4) {
		v := corev1.Volume{Name: fmt.Sprintf("volume-%d", i)}
		source := reflect.ValueOf(&v.VolumeSource).Elem()
		if name := pick(g, sources); name == "" {
			g.fillOne(source)
		} else {
			g.fill(source.FieldByName(name), "VolumeSource."+name)
		}
		s.Volumes = append(s.Volumes, v)
	}
}

// some fills fields of a struct, each with the same chance.
func (g *Generator) some(v any, likely float64, fields ...string) {
	s := reflect.ValueOf(v).Elem()
	for _, name := range fields {
		if g.chance(likely) {
			g.fill(s.FieldByName(name), s.Type().Name()+"."+name)
		}
	}
}

func (g *Generator) container(s *corev1.PodSpec, name string, number *int32) corev1.Container {
	c := corev1.Container{Name: name, Image: g.draw(image)}
	g.some(&c, 0.1, "Command", "Args", "WorkingDir", "TerminationMessagePath", "TerminationMessagePolicy", "ImagePullPolicy", "Stdin", "StdinOnce", "TTY", "EnvFrom", "ResizePolicy")
	g.some(&c, 0.25, "SecurityContext", "Env", "Resources")
	c.Resources.Claims = nil
	if len(c.ResizePolicy) > 1 {
		c.ResizePolicy = c.ResizePolicy[:1]
	}
	for i := range g.r.IntN(3) {
		*number++
		q := corev1.ContainerPort{ContainerPort: *number}
		g.some(&q, 0.3, "Protocol", "HostIP")
		if g.chance(0.4) {
			q.Name = fmt.Sprintf("port-%d", i)
		}
		if g.chance(0.1) {
			q.HostPort = *number
		}
		c.Ports = append(c.Ports, q)
	}
	for i, v := range s.Volumes {
		if !g.chance(0.6) {
			continue
		}
		m := corev1.VolumeMount{Name: v.Name, MountPath: fmt.Sprintf("/mnt/%d", i)}
		g.some(&m, 0.15, "ReadOnly", "SubPath", "SubPathExpr", "MountPropagation", "RecursiveReadOnly")
		g.repair(&m)
		c.VolumeMounts = append(c.VolumeMounts, m)
	}
	return c
}

func (g *Generator) probes(c *corev1.Container) {
	g.some(c, 0.15, "LivenessProbe", "ReadinessProbe", "StartupProbe", "Lifecycle")
	if c.ReadinessProbe != nil {
		c.ReadinessProbe.TerminationGracePeriodSeconds = nil
	}
}

// options fills fields of the pod, few enough that they seldom clash.
func (g *Generator) options(s *corev1.PodSpec) {
	v := reflect.ValueOf(s).Elem()
	for i := range v.NumField() {
		switch f := v.Type().Field(i).Name; f {
		case "Volumes", "InitContainers", "Containers", "EphemeralContainers":
		case "OS", "HostNetwork", "HostPID", "HostIPC", "HostUsers", "Resources", "NodeName", "SchedulingGates", "DNSPolicy", "HostnameOverride", "Overhead", "RestartPolicy", "ShareProcessNamespace":
			if g.chance(0.04) {
				g.fill(v.Field(i), "PodSpec."+f)
			}
		default:
			if g.chance(0.08) {
				g.fill(v.Field(i), "PodSpec."+f)
			}
		}
	}
	if s.Resources == nil {
		return
	}
	s.Resources.Claims = nil
	if g.chance(0.3) { // huge pages can't be overcommitted
		s.Resources.Limits = g.hugePages()
		for i := range s.Containers {
			s.Containers[i].Resources.Limits = g.hugePages()
		}
	}
}

func (g *Generator) hugePages() corev1.ResourceList {
	return corev1.ResourceList{"cpu": resource.MustParse("1"), "hugepages-2Mi": resource.MustParse(pick(g, []string{"2Mi", "4Mi", "8Mi", "3Mi"}))}
}

// metadata gives a pod labels and annotations, among them those that the API
// reads.
func (g *Generator) metadata(p *corev1.Pod) {
	if g.chance(0.2) {
		g.bad = 0.4
		g.some(&p.ObjectMeta, 0.3, "Name", "GenerateName", "Namespace", "OwnerReferences", "Finalizers")
	}
	g.bad = 0.1
	p.Labels = map[string]string{}
	for range g.r.IntN(3) {
		p.Labels[g.draw(labelKey)] = g.draw(labelText)
	}
	container := pick(g, p.Spec.Containers).Name
	if g.chance(0.1) {
		container = "nobody"
	}
	p.Annotations = map[string]string{}
	for range g.r.IntN(3) {
		a := pick(g, annotations)
		p.Annotations[strings.ReplaceAll(a.key, "NAME", container)] = pick(g, a.values)
	}
	if g.chance(0.03) {
		p.Annotations["example.com/large"] = large
	}
}

var large = strings.Repeat("x", 256*1024)

// annotations are those with a meaning, NAME is a container.
var annotations = []struct {
	key    string
	values []string
}{
	{"example.com/x", []string{"", "y"}},
	{"Bad Key", []string{""}},
	{"example.com/a/b", []string{""}},
	{"kubectl.kubernetes.io/default-container", []string{"app-0", "nobody"}},
	{"kubernetes.io/config.mirror", []string{"x"}},
	{"scheduler.alpha.kubernetes.io/tolerations", []string{"", "[]", "{", "{}", `[{"key":"a","operator":"Exists","value":"x"}]`, `[{},{"operator":"In"}]`, `[{"key":"-a","effect":"x","tolerationSeconds":1}]`}},
	{"controller.kubernetes.io/pod-deletion-cost", []string{"1", "-5", "+5", "05", "x", "2147483648"}},
	{"seccomp.security.alpha.kubernetes.io/pod", []string{"runtime/default", "docker/default", "unconfined", "localhost/profile", "localhost/../x", "other"}},
	{"container.seccomp.security.alpha.kubernetes.io/NAME", []string{"runtime/default", "docker/default", "unconfined", "localhost/profile", "localhost//x", "other"}},
	{"container.apparmor.security.beta.kubernetes.io/NAME", []string{"runtime/default", "unconfined", "localhost/profile", "localhost/", "", "other"}},
}

// windows makes a pod one for Windows nodes.
func (g *Generator) windows(s *corev1.PodSpec) {
	s.OS = &corev1.PodOS{Name: corev1.Windows}
	host := g.chance(0.5)
	s.HostNetwork = host
	s.SecurityContext = &corev1.PodSecurityContext{WindowsOptions: &corev1.WindowsSecurityContextOptions{}}
	for i := range s.Containers {
		s.Containers[i].SecurityContext = &corev1.SecurityContext{WindowsOptions: &corev1.WindowsSecurityContextOptions{}}
		g.some(s.Containers[i].SecurityContext.WindowsOptions, 0.3, "HostProcess", "RunAsUserName", "GMSACredentialSpec")
	}
	if g.chance(0.7) {
		s.SecurityContext.WindowsOptions.HostProcess = &host
	}
}

// wild gives a pod that is random from end to end.
func (g *Generator) wild() *corev1.Pod {
	g.bad = pick(g, []float64{0, 0.05, 0.2, 0.5})
	p := newPod()
	g.fill(reflect.ValueOf(&p.Spec).Elem(), "Pod.Spec")
	return p
}
