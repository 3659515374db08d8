package main

import (
	"github.com/podpattern/podpattern/pattern"
)

// lifecycle is 15: hooks that run after the start and before the stop.
func lifecycle() pattern.PodBuilder {
	return pattern.Pod("lifecycle-pod").
		WithApp(pattern.App("main-app", "nginx:1.25").
			PostStart(pattern.Exec("sh", "-c", `echo "Container started" > /usr/share/message`)).
			PreStop(pattern.Exec("sh", "-c", "nginx -s quit; sleep 10"))).
		WithSidecar(pattern.Sidecar("sidecar", "busybox:1.36").Classic().
			Shell("while true; do sleep 3600; done"))
}

// resources is 16: what each container asks for and may use at most.
func resources() pattern.PodBuilder {
	return pattern.Pod("resource-managed-pod").
		WithApp(pattern.App("main-app", "myapp:latest").
			Requests("500m", "512Mi").Limits("1000m", "1Gi")).
		WithSidecar(pattern.Sidecar("sidecar", "sidecar:latest").Classic().
			Requests("100m", "128Mi").Limits("200m", "256Mi"))
}

// probes is 25: how the kubelet asks whether the app lives and whether it is ready.
func probes() pattern.PodBuilder {
	return pattern.Pod("probed").
		WithApp(pattern.App("app", "myapp:1.0").Ports(8080).
			LivenessProbe(pattern.HTTPGet("/health", 8080)).
			ReadinessProbe(pattern.HTTPGet("/ready", 8080)))
}
