package e2e_test

import (
	"strings"
	"testing"
	"time"

	"github.com/podpattern/podpattern/pattern"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
)

// With SharePID a helper sees and signals the app's processes, as the same user; without
// it the helper sees its own only.
func TestSharedProcessesCanBeSignalled(t *testing.T) {
	s, start := newSpace(t), time.Now()
	app := pattern.App("web", busybox).RunAsUser(10001).
		Shell(`trap 'echo reread' HUP; trap 'exit 0' TERM; while true; do sleep 1000 & wait $!; done`)
	helper := pattern.Sidecar("helper", busybox).RunAsUser(10001).Shell(`trap 'exit 0' TERM; while true; do sleep 1 & wait $!; done`)
	pod := pattern.Pod("shared").TerminationGracePeriodSeconds(1)
	s.apply(pod.WithApp(app).WithSidecar(helper.SharePID()))
	s.apply(pattern.Pod("alone").TerminationGracePeriodSeconds(1).WithApp(app).WithSidecar(helper))
	s.ready("shared")
	s.ready("alone")
	require.Contains(t, s.run("shared", "helper", "ps"), "sleep 1000")
	require.NotContains(t, s.run("alone", "helper", "ps"), "sleep 1000")
	s.run("shared", "helper", "sh", "-c", `for p in $(pidof sh); do grep -q re[r]ead /proc/$p/cmdline && kill -HUP $p; done; true`)
	s.prints("shared", "web", "^reread$")
	s.observed(start, "with SharePID the helper saw the app's processes and its HUP arrived; without it the helper saw its own only")
}

// Endpoint and AppEnv give the apps variables, For those that it names.
func TestAppsGetTheVariablesOfTheirHelpers(t *testing.T) {
	s, start := newSpace(t), time.Now()
	idle := `trap 'exit 0' TERM; while true; do sleep 1 & wait $!; done`
	s.apply(pattern.Pod("web").TerminationGracePeriodSeconds(1).
		WithApp(pattern.App("web", busybox).Env("MODE", "own").Env("URL", "redis://$(CACHE_HOST):$(CACHE_PORT)/$(TIER)").Shell(idle),
			pattern.App("worker", busybox).Shell(idle)).
		WithAmbassador(pattern.Ambassador("cache", busybox).Port("redis", 6379).Endpoint("cache", "redis").For("web").
			AppEnv("MODE", "helper").AppEnv("TIER", "hot").Shell(idle)).
		WithSidecar(pattern.Sidecar("stats", busybox).AppEnv("STATS", "on").Shell(idle)))
	s.ready("web")
	web, worker, cache := s.variables("web", "web"), s.variables("web", "worker"), s.variables("web", "cache")
	require.Equal(t, "127.0.0.1:6379", web["CACHE_HOST"]+":"+web["CACHE_PORT"])
	require.Equal(t, "redis://127.0.0.1:6379/hot", web["URL"], "the app refers to what its helper gives")
	require.Equal(t, "own", web["MODE"], "the app's own value wins")
	require.Equal(t, "on", web["STATS"])
	require.Equal(t, "on", worker["STATS"])
	for _, name := range []string{"CACHE_HOST", "CACHE_PORT", "TIER", "MODE"} {
		require.NotContains(t, worker, name, "For names web only")
		require.NotContains(t, cache, name)
	}
	s.observed(start, "env in the app showed CACHE_HOST and CACHE_PORT, a variable made of them, and its own MODE; in the app that For leaves out it showed none of them")
}

// NeedsAPI gives the helper a token and just the rights that it asks for; the app has no
// token.
func TestOnlyTheHelperThatNeedsTheAPIHasAToken(t *testing.T) {
	s, start := newSpace(t), time.Now()
	rule := rbacv1.PolicyRule{APIGroups: []string{""}, Resources: []string{"configmaps"}, Verbs: []string{"list"}}
	s.apply(pattern.Pod("web").TerminationGracePeriodSeconds(1).
		WithApp(counting(pattern.App("web", busybox))).
		WithSidecar(counting(pattern.Sidecar("watcher", busybox)).NeedsAPI(rule)),
		pattern.ConfigMap("greeting").Data("greeting", "hello"))
	up := s.ready("web")
	const folder = "/var/run/secrets/kubernetes.io/serviceaccount"
	_, err := s.exec("web", "web", "test", "-e", folder)
	require.ErrorContains(t, err, "exit code 1")
	require.Equal(t, s.name, strings.TrimSpace(s.run("web", "watcher", "cat", folder+"/namespace")))

	token := s.run("web", "watcher", "cat", folder+"/token")
	require.Contains(t, s.asks(token, "GET", "configmaps"), "200 greeting")
	require.Contains(t, s.asks(token, "DELETE", "configmaps/greeting"), "403")
	require.Contains(t, s.asks(token, "GET", "secrets"), "403")
	require.Equal(t, "web", up.Spec.ServiceAccountName)
	s.observed(start, "the app had no token; the helper's could list ConfigMaps, and got 403 for deleting one and for listing Secrets")
}

// A bundle on somebody else's Deployment: the pod comes up with the helper, which the app
// was wired to.
func TestABundleOnADeploymentComesUp(t *testing.T) {
	s, start := newSpace(t), time.Now()
	deployment, err := pattern.Pod("web").TerminationGracePeriodSeconds(1).WithApp(counting(pattern.App("web", busybox))).Deployment(1).Build()
	require.NoError(t, err)
	s.applyObject(deployment)
	plain := s.podOf("app=web", "Ready", waitLong, isReady)
	require.Len(t, plain.Spec.InitContainers, 0)

	bundle := pattern.Bundle("cache", pattern.Sidecar("cache", busybox).Port("cache", 11211).Endpoint("cache", "cache").
		Config("/etc/cache/banner", "hello from the bundle").
		Shell(`printf '#!/bin/sh\ncat /etc/cache/banner\n' >/tmp/answer; chmod +x /tmp/answer; exec nc -ll -p 11211 -e /tmp/answer`).
		Health(pattern.TCPSocket("cache")))
	require.NoError(t, bundle.ApplyTo(&deployment.Spec.Template))
	s.applyObject(deployment)
	injected := s.podOf("app=web", "Ready, with the helper", waitLong, func(p *corev1.Pod) bool { return isReady(p) && status(p, "cache") != nil })
	require.Equal(t, "hello from the bundle", s.run(injected.Name, "web", "sh", "-c", `nc $CACHE_HOST $CACHE_PORT </dev/null`))

	require.NoError(t, bundle.RemoveFrom(&deployment.Spec.Template))
	s.applyObject(deployment)
	again := s.podOf("app=web", "Ready, as it was", waitLong, func(p *corev1.Pod) bool { return isReady(p) && status(p, "cache") == nil && p.DeletionTimestamp == nil })
	require.Equal(t, plain.Spec.Containers[0].Env, again.Spec.Containers[0].Env)
	s.observed(start, "a bundle on a running Deployment: its next pod came up with the helper, and the app read the helper's generated file through CACHE_HOST and CACHE_PORT; RemoveFrom gave a pod without it")
}
