package check_test

import (
	"math/rand"
	"testing"

	"github.com/podpattern/podpattern/pattern/check"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

// Whatever stands in a pod, the rules about flows read it to its end and leave it
// as it was.
func TestStrangeFlows(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	parts := []string{"localhost", "127.0.0.1", "[::1]", ":", "8080", "99999", "0", "unix:", "//", "/", "run", "logs", "..", "=", "-", "--upstream", "--listen", " ", "\n", "\"", "$(A)", "*", "@tcp(", "postgres://",
		"curl", "nc ", "-p ", "multilog", "rotatelogs", " -n ", "s1", "n9", "10M", "filesize=", "filecount=", "file=", "--max-size", "--max-files", "wait", "ü", "\x00", "::", "a"}
	text := func() string {
		s := ""
		for range r.Intn(9) {
			s += parts[r.Intn(len(parts))]
		}
		return s
	}
	pick := func(names ...string) string { return names[r.Intn(len(names))] }
	volume := func() string { return pick("logs", "shared", "conf", "none", "") }
	container := func() corev1.Container {
		c := corev1.Container{Name: pick("web", "log-shipper", "wait", "migrate", "", "x"), Image: pick("web:1", "", "@", ":", "fluent/fluent-bit:5"), Command: []string{text(), text()}, Args: []string{text(), text(), text()}}
		for range r.Intn(3) {
			c.Env = append(c.Env, corev1.EnvVar{Name: text(), Value: text()})
			c.VolumeMounts = append(c.VolumeMounts, corev1.VolumeMount{Name: volume(), MountPath: text(), SubPath: pick("", text()), SubPathExpr: pick("", "", text()), ReadOnly: r.Intn(2) == 0})
			c.Ports = append(c.Ports, corev1.ContainerPort{ContainerPort: int32(r.Intn(3)*8080 - 1)})
		}
		if r.Intn(4) == 0 {
			c.Env = append(c.Env, corev1.EnvVar{Name: "A", ValueFrom: &corev1.EnvVarSource{FileKeyRef: &corev1.FileKeySelector{VolumeName: volume()}}})
		}
		if r.Intn(2) == 0 {
			c.RestartPolicy = new(corev1.ContainerRestartPolicyAlways)
		}
		return c
	}
	names := []string{"web", "log-shipper", "wait", "migrate", "", "x", "none"}
	for range 5000 {
		p := &corev1.Pod{}
		for range r.Intn(4) {
			p.Spec.InitContainers = append(p.Spec.InitContainers, container())
		}
		for range r.Intn(4) {
			p.Spec.Containers = append(p.Spec.Containers, container())
		}
		limited := emptyDir("logs")
		limited.EmptyDir.SizeLimit = resource.NewQuantity(int64(r.Intn(3)-1), resource.BinarySI)
		p.Spec.Volumes = []corev1.Volume{limited, emptyDir("shared"), {Name: "conf"}}
		intent := check.Intent{Helpers: []string{pick(names...)}}
		for range r.Intn(4) {
			intent.Flows = append(intent.Flows, check.Flow{Container: pick(names...), Volume: volume(), Writes: r.Intn(2) == 0})
			intent.Dials = append(intent.Dials, check.Dial{Container: pick(names...), Host: pick("localhost", "::1", "x", ""), Port: int32(r.Intn(3)*8080 - 1)})
			intent.Waits = append(intent.Waits, check.Wait{Container: pick(names...), For: pick(names...)})
		}
		before := p.DeepCopy()
		check.Template(&corev1.PodTemplateSpec{Spec: p.Spec}, check.Intended(intent), check.CarriedBy(pick("Job", "", "Deployment")))
		require.Equal(t, before, p, "a check must not write to the pod")
	}
}
