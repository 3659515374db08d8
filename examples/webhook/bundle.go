package main

import (
	"github.com/podpattern/podpattern/adapter"
	"github.com/podpattern/podpattern/pattern"
)

// bundle is what each pod gets: an adapter to which its containers send statsd, by
// STATSD_HOST and STATSD_PORT, and where Prometheus finds metrics, at the port called
// statsd-metrics. It asks nothing of the pod, so it fits nearly any.
//
// A pod is brought to what stands here when it is made, whatever its template was given
// before, so a change reaches a workload with its next rollout.
func bundle() pattern.Injection {
	return pattern.Bundle("statsd", adapter.StatsD([]adapter.StatsDMapping{{
		Match:  "*.request.*.*",
		Type:   "observer",
		Name:   "app_request_duration_seconds",
		Labels: map[string]string{"app": "$1", "method": "$2", "code": "$3"},
		Help:   "How long the app took for a request.",
	}}, adapter.StatsDOptions{TTLSeconds: 600}))
}
