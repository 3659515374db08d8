package operation

import (
	"fmt"

	"github.com/podpattern/podpattern/internal/measured/recorded"
	"github.com/podpattern/podpattern/pattern"
	"github.com/podpattern/podpattern/pattern/check"
	corev1 "k8s.io/api/core/v1"
)

// checksOfPods are the checks of pods in which there is nothing to find, of several sizes.
func checksOfPods() ([]Operation, error) {
	pod, err := recorded.Deployment("web").Build()
	if err != nil {
		return nil, err
	}
	all := []Operation{
		{Name: PodDeepCopy, Run: func() (any, error) { return pod.Spec.Template.DeepCopy(), nil }},
		{Name: Check, Run: checkOf(&pod.Spec.Template)},
	}
	for _, size := range []struct {
		name string
		n    int
	}{{Check25, 25}, {Check200, 200}} {
		large, err := ofContainers(size.n).Build()
		if err != nil {
			return nil, err
		}
		all = append(all, Operation{Name: size.name, Run: checkOf(&large.Spec.Template)})
	}
	return all, nil
}

// checkOf fails where there is anything to find: no finding is made, then.
func checkOf(t *corev1.PodTemplateSpec) func() (any, error) {
	carried := check.CarriedBy("Deployment")
	return func() (any, error) {
		if found := check.Template(t, carried); len(found) > 0 {
			return nil, fmt.Errorf("%v", found)
		}
		return nil, nil
	}
}

// ofContainers gives a Deployment of one app and native sidecars, n containers in all.
func ofContainers(n int) pattern.DeploymentBuilder {
	logs := pattern.EmptyDir("logs").SizeLimit("1Gi")
	p := pattern.Pod("web").Namespace("prod").Hardened().RunAsUser(10001).
		WithApp(pattern.App("web", "web:1.2.3").
			Port("http", 8080).
			Writes(logs, "/var/log/web").
			Requests("250m", "256Mi").Limits("1", "512Mi").
			ReadinessProbe(pattern.HTTPGet("/ready", "http")))
	for i := range n - 1 {
		p = p.WithSidecar(pattern.Sidecar(fmt.Sprintf("logs-%d", i), "shipper:2").
			Args("-c", "/etc/shipper.yaml").
			Port("metrics", 10000+i).
			Reads(logs, "/var/log/web").
			Requests("50m", "64Mi").Limits("100m", "128Mi"))
	}
	return p.Deployment(3)
}
