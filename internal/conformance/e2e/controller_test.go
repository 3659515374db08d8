package e2e_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// logger is the name of the Deployment of examples/controller, and lease what its replicas
// lead by.
const (
	logger = "logging-controller"
	lease  = "podpattern-logging"
)

// The controller of examples/controller, run by its own manifests: what it does to
// Deployments, and that it goes on when the replica that leads goes.
func TestTheControllerInACluster(t *testing.T) {
	s := newSpace(t)
	s.applyYAML(plainDeployment("web", ""))
	was, template := s.podOf("app=web", "Ready", 2*waitLong, isReady), s.template("web")

	in := s.install(manifests(s, "controller"))
	replicas := in.settled(logger)
	led := in.leader("")
	require.True(t, slices.ContainsFunc(replicas, func(p corev1.Pod) bool { return p.Name == podIn(led) }), "%s leads", led)

	start := time.Now()
	s.label("web", `"enabled"`)
	with := s.podOf("app=web", "Ready with its helper", 2*waitLong, func(p *corev1.Pod) bool { return isReady(p) && status(p, "log-shipper") != nil })
	require.NotEqual(t, was.UID, with.UID)
	require.True(t, status(with, "log-shipper").Ready)
	s.prints(with.Name, "log-shipper", `^line of web$`)
	s.hasEvent("web", "HelpersUpdated: bundle logging")
	s.observed(start, "a Deployment that got the label had a pod with the helper, Ready, %.0f s later, and the helper read what the app wrote", time.Since(start).Seconds())

	start = time.Now()
	in.delete(podIn(led))
	next := in.leader(led)
	took := time.Since(start)
	s.handles("second")
	s.observed(start, "the replica that led was deleted: the other led %.1f s later, and a new Deployment had its helper %.1f s after the deletion", took.Seconds(), time.Since(start).Seconds())

	i := slices.IndexFunc(in.settled(logger), func(p corev1.Pod) bool { return p.Name == podIn(next) })
	require.GreaterOrEqual(t, i, 0)
	start = time.Now()
	in.crash(&in.settled(logger)[i], "controller")
	last := in.leader(next)
	took = time.Since(start)
	s.handles("third")
	require.Less(t, took, time.Minute)
	s.observed(start, "the program that led crashed, and left its lease: %s led %.0f s later, and a new Deployment had its helper %.0f s after the crash",
		whichReplica(next, last), took.Seconds(), time.Since(start).Seconds())

	start = time.Now()
	s.label("web", "null")
	s.podOf("app=web", "Ready without a helper", 2*waitLong, func(p *corev1.Pod) bool {
		return isReady(p) && p.DeletionTimestamp == nil && len(p.Spec.InitContainers) == 0
	})
	require.Equal(t, template, s.template("web"), "what the Deployment was")
	s.hasEvent("web", "HelpersRemoved: bundle logging")
	s.observed(start, "the label went: %.0f s later a pod without the helper was Ready, and the Deployment's template was, to the byte, what it had been", time.Since(start).Seconds())

	for _, p := range in.settled(logger) {
		log := in.logs(p.Name, "controller")
		require.NotContains(t, log, "forbidden", "the rights of the manifests")
		require.NotContains(t, log, "Reconciler error")
	}
}

// plainDeployment is somebody's Deployment, as text; labels are its own.
func plainDeployment(name, labels string) string {
	return fmt.Sprintf(`{apiVersion: apps/v1, kind: Deployment, metadata: {name: %[1]s, labels: {%[2]s}}, spec: {selector: {matchLabels: {app: %[1]s}}, template: {
metadata: {labels: {app: %[1]s}}, spec: {terminationGracePeriodSeconds: 1, containers: [{name: app, image: "busybox:1.36",
command: [sh, -c, 'mkdir -p /var/log/app; while :; do echo line of %[1]s >>/var/log/app/access.log; sleep 1; done']}]}}}}`, name, labels)
}

// label sets the label by which a Deployment asks for helpers, or takes it away.
func (s *space) label(deployment, value string) {
	s.Helper()
	s.patchDeployment(deployment, fmt.Sprintf(`{"metadata":{"labels":{"podpattern.dev/logging":%s}}}`, value))
}

// template gives that of a Deployment's pods, as JSON.
func (s *space) template(deployment string) string {
	s.Helper()
	d, err := s.AppsV1().Deployments(s.name).Get(s.ctx, deployment, metav1.GetOptions{})
	require.NoError(s, err)
	text, err := json.MarshalIndent(d.Spec.Template, "", " ")
	require.NoError(s, err)
	return string(text)
}

// handles makes a Deployment that asks for helpers, and waits for it to have them.
func (s *space) handles(name string) {
	s.Helper()
	s.applyYAML(plainDeployment(name, "podpattern.dev/logging: enabled"))
	s.until(name+" to have the helper", waitLong, func() (bool, string) {
		d, err := s.AppsV1().Deployments(s.name).Get(s.ctx, name, metav1.GetOptions{})
		return err == nil && slices.ContainsFunc(d.Spec.Template.Spec.InitContainers, func(c corev1.Container) bool { return c.Name == "log-shipper" }), fmt.Sprint(err)
	})
}

// leader waits for somebody to lead who isn't the one before, and gives its identity,
// which begins with the name of its pod.
func (s *space) leader(before string) string {
	s.Helper()
	var is string
	s.until("another leader than "+before, waitLong, func() (bool, string) {
		l, err := s.CoordinationV1().Leases(s.name).Get(s.ctx, lease, metav1.GetOptions{})
		if err != nil {
			return false, err.Error()
		}
		if l.Spec.HolderIdentity != nil {
			is = *l.Spec.HolderIdentity
		}
		return is != "" && is != before, is
	})
	return is
}

func podIn(identity string) string {
	pod, _, _ := strings.Cut(identity, "_")
	return pod
}

// whichReplica tells who leads after a crash: a program that was restarted may be first.
func whichReplica(before, now string) string {
	if podIn(before) == podIn(now) {
		return "the same replica, restarted,"
	}
	return "the other"
}
