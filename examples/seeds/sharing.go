package main

import (
	"github.com/podpattern/podpattern/pattern"
)

// localhost is 01: the containers of a pod share one network.
func localhost() pattern.PodBuilder {
	return pattern.Pod("multi-container-pod").
		WithApp(pattern.App("web-app", "nginx:1.25").Ports(80)).
		WithSidecar(pattern.Sidecar("log-agent", "busybox:1.36").Classic().
			Shell("while true; do wget -q -O- http://localhost:80; sleep 5; done"))
}

// sharedVolume is 02: one container writes a volume, another reads it.
func sharedVolume() pattern.PodBuilder {
	data := pattern.EmptyDir("shared-data")
	return pattern.Pod("shared-volume-pod").
		WithApp(pattern.App("writer", "busybox:1.36").Writes(data, "/data").
			Shell("while true; do date >> /data/log.txt; sleep 5; done")).
		WithSidecar(pattern.Sidecar("reader", "busybox:1.36").Classic().Reads(data.ReadWrite(), "/data").
			Shell("tail -f /data/log.txt"))
}

// sharedEnv is 03: a variable that all containers of the pod have.
func sharedEnv() pattern.PodBuilder {
	return pattern.Pod("env-pod").Env("APP_PORT", "80").
		WithApp(pattern.App("app", "nginx:1.25")).
		WithSidecar(pattern.Sidecar("sidecar", "busybox:1.36").Classic())
}
